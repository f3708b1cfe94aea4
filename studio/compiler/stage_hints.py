"""What is rarely meant by the stages of a training, though it can be: it is said, and keeps nothing from running."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from studio.compiler.learned import Entry, Learned, networks_in, within
from studio.compiler.objective import objectives_of_stage
from studio.compiler.parts import Graphs
from studio.compiler.stage_problem import change, stage_problem, takes_nothing
from studio.core.drawn_weights import is_drawn
from studio.core.graph import Graph
from studio.core.problem import Problem
from studio.core.project import Project


def stage_hints(project: Project, graphs: Graphs, objectives: Mapping[str, Graph]) -> Iterator[Problem]:
    """What experience has against stages that can be trained."""
    stages = [Learned(stage, project.networks, objectives) for stage in project.training.stages]
    asked: set[str] = set()
    for number, learned in enumerate(stages):
        fresh = [network for network in _asked(learned) if network not in asked]
        asked.update(fresh)
        for network in fresh:
            if network in graphs and graphs[network].weights and not _is_made(project, network, stages):
                yield _untaught(number, learned, network)
        yield from _begins_untaught(number, learned, project, stages[:number])


def _untaught(number: int, learned: Learned, network: str) -> Problem:
    """A network that is asked, and that nothing teaches."""
    stage = learned.stage
    message = f"{network} keeps the random weights it begins with: no stage teaches it, and none are loaded."
    entries = {name: Entry(name if stage.objectives[1:] else "", network).text for name in learned.holding(network)}
    teach = (
        change(f"Teach {network} through {name}", stage, learns=(*stage.learns, entry))
        for name, entry in entries.items()
    )
    return stage_problem(number, message, *teach)


def _begins_untaught(number: int, learned: Learned, project: Project, before: Sequence[Learned]) -> Iterator[Problem]:
    """Parts that take what nothing has taught by then."""
    stage = learned.stage
    for part, source in stage.takes.items():
        if not _is_made(project, source, before):
            message = (
                f"In the stage {stage.name!r} {part} takes the weights of {source}, which nothing has taught by then."
            )
            yield stage_problem(number, message, takes_nothing(stage, part))


def _asked(learned: Learned) -> dict[str, None]:
    """The networks that a stage asks, to teach or to measure, each once."""
    names = (*objectives_of_stage(learned.stage), *learned.stage.measures)
    graphs = [learned.objectives[name] for name in names if name in learned.objectives]
    return dict.fromkeys(network for graph in graphs for network in networks_in(graph))


def _is_made(project: Project, part: str, stages: Sequence[Learned]) -> bool:
    """Whether at least some weights of a part are more than random: loaded, or taught or taken in these stages."""
    network, path = within(part, project.networks)
    if network in project.training.weights and not is_drawn(project.training.weights[network]):
        return True
    taken = (each for learned in stages for each in learned.stage.takes)
    if any(f"{part}/".startswith(f"{each}/") or each.startswith(f"{part}/") for each in taken):
        return True
    return any(learned.share(network, path) != "none" for learned in stages)
