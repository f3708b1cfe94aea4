"""What a project still needs before it can be trained, and the click that brings it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from studio.compiler.begun import with_begun_objective
from studio.compiler.ports import node_class
from studio.core.catalog import catalog
from studio.core.dataset import Dataset
from studio.core.graph import Graph, Link, Links, Node
from studio.core.node_class import shapes_of
from studio.core.problem import Edit, Mismatch, Problem, Repair
from studio.core.project import Project
from studio.core.shape import Shape

MOST_DATASETS = 3
NETWORK = Graph(
    {"Input": Node("Input"), "Output": Node("Output", {}, (240.0, 0.0))},
    Links([Link("Input", "out", "Output", "value")]),
)


def lacking(project: Project) -> Problem | None:
    """What a project still needs so that an objective can be made for it."""
    networks = project.networks
    if not networks:
        message = "There is no network yet: draw one, or begin with a template."
        return Problem(message, repairs=(Repair("Add a network", lambda project: _begun(project)),))
    if len(networks) > 1:
        message = "There are several networks: draw an objective that says how they are trained."
        return Problem(message, repairs=(Repair("Begin an objective", lambda project: _with_objective(project)),))
    ((name, graph),) = networks.items()
    if not graph.inputs() or not graph.outputs():
        return Problem(f"{name} needs an Input and an Output before it can be trained.")
    if project.data is None:
        repairs = (Repair(f"Use {cls.title()}", _with_data(type_name)) for type_name, cls in _fitting(graph))
        return Problem("No data is chosen: pick a dataset in the Training tab.", repairs=tuple(repairs))
    if project.training.loss is None:
        return Problem("No loss is chosen: pick one in the Training tab.", repairs=tuple(_losses(project.data)))
    return None


def _begun(project: Project) -> Project:
    name = "Network"
    return project.with_graph(Graph(dict.fromkeys(project.graphs, Node(""))).free_name(name), NETWORK)


def _with_objective(project: Project) -> Project:
    """The project with an objective for every stage that has none."""
    for number, stage in enumerate(project.training.stages):
        if not stage.objectives:
            project, _ = with_begun_objective(project, number)
    return project


def _fitting(graph: Graph) -> list[tuple[str, type[Dataset]]]:
    """Datasets that come with the studio and give what the network expects."""
    wanted = _shapes(graph.nodes[graph.inputs()[0]])
    known = ((name, cls) for name, cls in catalog().datasets.items() if cls().known_classes())
    return [(name, cls) for name, cls in known if _shapes(Node(name))[:1] == wanted[:1] != ()][:MOST_DATASETS]


def _losses(data: Node) -> Iterator[Repair]:
    """The usual loss for what the data gives as a target."""
    *_, target = _shapes(data) or (None,)
    if target is not None:
        loss = "CrossEntropy" if target.dtype == "int" else "SquaredError"
        cls = node_class(loss)
        yield Repair(f"Use {cls.title() if cls else loss}", _with_loss(loss))


def _with_data(name: str) -> Edit:
    return lambda project: replace(project, data=Node(name))


def _with_loss(name: str) -> Edit:
    return lambda project: replace(project, training=replace(project.training, loss=Node(name)))


def _shapes(node: Node) -> tuple[Shape, ...]:
    """What leaves a node without inputs; nothing where its settings are wrong or computed."""
    cls = node_class(node.type)
    try:
        return shapes_of(cls.of(node.settings).infer()) if cls is not None else ()
    except Mismatch:
        return ()
