"""What one .loom file holds: graphs, variables, data and the training, as one immutable value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, ClassVar, Literal

from studio.core.declaration import Count, Declaration, Fraction, NotNegative, Positive, Raw, Whole
from studio.core.graph import FILE_RULES, Graph, Node, Role
from studio.core.problem import ProjectError

OptimizerName = Literal[
    "gradient-descent",
    "sgd",
    "momentum",
    "classical-momentum",
    "nesterov",
    "adam",
    "adamw",
    "rmsprop",
    "adagrad",
    "lbfgs",
]
"""Gradient descent looks at all examples before each step. Momentum is PyTorch's, which keeps a mean of gradients;
classical momentum is the lecture's, which keeps the last step: they are the same while the learning rate is."""

ScheduleName = Literal["constant", "step", "cosine", "one-cycle", "plateau"]
Precision = Literal["32-bit", "bf16-mixed", "16-mixed"]
TargetName = Literal["data", "input"]


class Optimization(Declaration):
    """How the gradient changes the weights."""

    optimizer: Annotated[OptimizerName, "rule by which the gradient changes the weights"] = "adam"
    learning_rate: Annotated[Positive, "size of a step"] = 0.001
    momentum: Annotated[
        Fraction, "share of the last step that is kept; of Adam and AdamW their first beta, of the mean gradient"
    ] = 0.9
    second_momentum: Annotated[
        Fraction, "second beta of Adam and AdamW: the share of the mean squared gradient that is kept"
    ] = 0.999
    weight_decay: Annotated[NotNegative, "pull of the weights towards zero, as PyTorch has it"] = 0.0
    l2: Annotated[
        NotNegative, "the lecture's weight decay: so many times the sum of squared weights joins the loss"
    ] = 0.0
    decay_all: Annotated[bool, "whether biases and norms decay too"] = False
    clip: Annotated[NotNegative, "largest norm of the gradient; 0 means no clipping"] = 0.0


class Stage(Optimization):
    """One part of a training: which objectives run, what learns, how, and when it ends.

    ``learns`` names networks or nodes, ``Classifier/Head``, or those of one objective, ``Critic: Discriminator``.
    ``takes`` and ``own`` speak of the same parts.
    """

    name: Annotated[str, "shown in the curves and in the log"] = "training"
    objectives: Annotated[tuple[str, ...], "objective graphs; none means the one the studio makes"] = ()
    every: Annotated[tuple[Count, ...], "run each objective at every so many steps; none means at each"] = ()
    learns: Annotated[tuple[str, ...], "networks, or nodes as network/node, that learn; none means all"] = ()
    takes: Annotated[
        Mapping[str, str], "parts that begin with the weights of another part: what was learned is reused"
    ] = field(default_factory=dict, hash=False)
    own: Annotated[
        Mapping[str, Mapping[str, Raw]], "settings of the optimizer that an objective, a network or a node has alone"
    ] = field(default_factory=dict, hash=False)
    measures: Annotated[tuple[str, ...], "objectives that only measure and show, when an epoch ends"] = ()
    measure_every: Annotated[Count, "epochs from one such look to the next; the last epoch is always looked at"] = 1
    epochs: Annotated[Whole, "passes over the training part; 0 means no limit"] = 10
    steps: Annotated[Whole, "steps at most; 0 means no limit"] = 0
    minutes: Annotated[NotNegative, "minutes at most; 0 means no limit"] = 0.0
    accumulate: Annotated[Count, "batches whose gradients are averaged for one step"] = 1
    average: Annotated[
        Fraction, "share that a running mean of the weights keeps at each step; the mean is the result; 0 means none"
    ] = 0.0
    schedule: Annotated[ScheduleName, "how the learning rate changes"] = "constant"
    warm_up: Annotated[Fraction, "share of the steps over which the learning rate grows from zero"] = 0.0
    drop_every: Annotated[Count, "epochs between two drops (step), or without improvement before one (plateau)"] = 10
    drop_to: Annotated[Fraction, "what a drop leaves of the learning rate (step, plateau)"] = 0.1
    prune: Annotated[Fraction, "share of the weights, the smallest, that become zero at the start and stay so"] = 0.0
    patience: Annotated[Whole, "epochs without improvement before the stage ends; 0 means never"] = 0
    min_delta: Annotated[NotNegative, "what counts as an improvement"] = 0.0
    restore_best: Annotated[bool, "end with the weights of the best epoch"] = True

    def optimization(self, *parts: str) -> Optimization:
        """How the last of these learns: an objective, a network or a node, named behind those that it lies in.

        What it does not say itself, it has of the one before. Raises Mismatch where a setting of its own is no such.
        """
        shared = {setting.name: getattr(self, setting.name) for setting in Optimization.settings()}
        own = {name: value for part in parts for name, value in self.own.get(part, {}).items()}
        return Optimization.of({**shared, **own})

    def around(self, part: str) -> tuple[str, ...]:
        """The networks and nodes with settings of their own that a part lies in, from the outside in."""
        return tuple(sorted((each for each in self.own if part.startswith(f"{each}/")), key=len))


@dataclass(frozen=True)
class Training:
    """How the project is trained: what all stages share, and the stages in order.

    ``loss``, ``metrics`` and ``target`` serve the objective that the studio makes where none is drawn. The target is
    what the data gives beside the inputs, or, as an autoencoder has it, the input itself. ``weights`` says with which a
    network, by name, begins: those of a file, ``torchvision:resnet18``, those of an installed ``package:NAME``, or
    ``normal:0.02``, drawn with that deviation. The others begin as PyTorch makes them. ``fast`` lets a training measure
    before it begins how it computes fastest, and ``tensorboard`` lets it write files for TensorBoard beside its events.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = FILE_RULES

    batch: Raw = 64
    seed: int = 0
    precision: Precision = "32-bit"
    fast: bool = False
    loss: Node | None = None
    metrics: tuple[Node, ...] = ()
    target: TargetName = "data"
    stages: tuple[Stage, ...] = (Stage(),)
    checkpoint_seconds: float = 30.0
    tensorboard: bool = False
    weights: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Goal:
    """What a training should reach on held-out data: ``accuracy >= 0.97`` within so many seconds."""

    __pydantic_config__: ClassVar[dict[str, Any]] = FILE_RULES

    metric: str
    op: Literal[">=", "<="]
    value: float
    seconds: float

    def reached(self, measured: float) -> bool:
        return measured >= self.value if self.op == ">=" else measured <= self.value


@dataclass(frozen=True)
class Project:
    """Everything a person makes, as a value: an edit gives a new project, undo keeps the old one."""

    __pydantic_config__: ClassVar[dict[str, Any]] = FILE_RULES

    name: str = "Untitled"
    graphs: Mapping[str, Graph] = field(default_factory=dict)
    variables: Mapping[str, Raw] = field(default_factory=dict)
    data: Node | None = None
    training: Training = field(default_factory=Training)
    goal: Goal | None = None
    template: str = ""

    def of_role(self, role: Role) -> dict[str, Graph]:
        """The graphs of this role by name."""
        return {name: graph for name, graph in self.graphs.items() if graph.role == role}

    @property
    def networks(self) -> dict[str, Graph]:
        return self.of_role("network")

    def network_called(self, name: str | None) -> str:
        """The name if there is such a network; the only network where none is asked for. Raises ProjectError."""
        there = ", ".join(self.networks)
        if not there:
            raise ProjectError(f"{self.name} holds no network.")
        if name is None:
            if len(self.networks) > 1:
                raise ProjectError(f"{self.name} holds several networks: {there}. Say which one is meant.")
            return there
        if name not in self.networks:
            raise self._unknown("network", name, self.networks)
        return name

    def graph_called(self, name: str | None) -> str:
        """The name if there is such a graph; the only network where none is asked for. Raises ProjectError."""
        if name is None:
            return self.network_called(None)
        if name not in self.graphs:
            raise self._unknown("graph", name, self.graphs)
        return name

    def _unknown(self, what: str, name: str, there: Iterable[str]) -> ProjectError:
        return ProjectError(f"{self.name} holds no {what} {name!r:.80}. It holds: {', '.join(there)}.")

    def with_stages(self, stages: tuple[Stage, ...]) -> Project:
        """The project with these stages."""
        return replace(self, training=replace(self.training, stages=stages))

    def with_stage(self, number: int, stage: Stage) -> Project:
        """The project with this stage in place of the one of that number, counted from 0."""
        stages = self.training.stages
        return self.with_stages((*stages[:number], stage, *stages[number + 1 :]))

    def with_graph(self, name: str, graph: Graph) -> Project:
        """The project with this graph in place of the one of the same name, or added.

        Where an Input or Output of it is gone, so are the links to that port wherever the graph is placed.
        """
        before = self.graphs.get(name)
        graphs = {**self.graphs, name: graph}
        if before is not None and (gone := _lost_ports(before, graph)):
            graphs = {key: _without_ports(each, name, gone) for key, each in graphs.items()}
        return replace(self, graphs=graphs)


def _lost_ports(before: Graph, after: Graph) -> frozenset[str]:
    if before.nodes is after.nodes:
        return frozenset()
    ports = (*before.inputs(), *before.outputs())
    return frozenset(
        name for name in ports if name not in after.nodes or after.nodes[name].type != before.nodes[name].type
    )


def _without_ports(graph: Graph, placed: str, gone: frozenset[str]) -> Graph:
    """The graph without the links to these ports of the nodes that stand for the other graph."""
    there = {name for name, node in graph.nodes.items() if node.graph == placed}
    lost = [
        k for k in graph.links if (k.source in there and k.output in gone) or (k.target in there and k.input in gone)
    ]
    return graph.disconnect(*lost) if lost else graph
