"""What must hold of the settings of the optimizer: which go together, and which a part can have alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from studio.compiler.objective import objectives_of_stage
from studio.compiler.parts import Graphs, sizes_of
from studio.compiler.stage_problem import change, stage_problem
from studio.core.declaration import Raw
from studio.core.problem import Mismatch, Problem, Repair
from studio.core.project import Optimization, Stage

WHOLE = frozenset({"optimizer", "clip"})
"""Settings that an objective has as a whole."""


def at_odds(how: Optimization) -> str:
    """Why these settings cannot hold together; empty where they can."""
    if how.l2 and how.optimizer == "adamw":
        return "AdamW keeps weight decay out of the gradient: set weight decay, or L2 with Adam."
    if how.optimizer == "lbfgs" and (how.weight_decay or how.l2):
        return "L-BFGS has no weight decay: set it and L2 to 0, or choose another optimizer."
    return ""


def inseparable(how: Optimization, own: Optimization) -> str:
    """Why a part cannot learn in its own way while its objective learns in another; empty where it can."""
    if how.optimizer == "lbfgs":
        return "L-BFGS looks at all weights together: no part can have settings of its own."
    if any(getattr(how, name) != getattr(own, name) for name in WHOLE):
        return "Rule and clipping are an objective's: a part of it can have a rate and decays alone."
    return ""


def own_problems(number: int, stage: Stage, graphs: Graphs) -> Iterator[Problem]:
    """What is wrong with how the objectives of a stage, and parts of their networks, learn."""
    wrong = {part: message for part in stage.own if (message := _wrong(stage, part, graphs))}
    for part, message in wrong.items():
        yield stage_problem(number, message, _left_out(stage, part))
    if not wrong:
        for objective in objectives_of_stage(stage):
            yield from _conflicts(number, stage, objective)


def _wrong(stage: Stage, part: str, graphs: Graphs) -> str:
    """Why settings are none of this part; empty where they are."""
    if part not in objectives_of_stage(stage) and sizes_of(graphs, part) is None:
        return f"The stage {stage.name!r} has settings for {part!r:.60}, but nothing of that name has weights."
    try:
        stage.optimization(part)
    except Mismatch as error:
        return f"In the stage {stage.name!r}, for {part!r}: {error.message}"
    return ""


def _conflicts(number: int, stage: Stage, objective: str) -> Iterator[Problem]:
    """Settings that an optimizer cannot have together, those of an objective before those of its parts."""
    how = stage.optimization(objective)
    if reason := at_odds(how):
        whose = f", for {objective!r}" if objective in stage.own else ""
        yield stage_problem(number, f"In the stage {stage.name!r}{whose}: {reason}", *_mending(how, stage, objective))
        return
    for part in stage.own:
        if part not in objectives_of_stage(stage):
            own = stage.optimization(objective, *stage.around(part), part)
            if reason := inseparable(how, own) or at_odds(own):
                message = f"In the stage {stage.name!r}, for {part!r}: {reason}"
                yield stage_problem(number, message, _left_out(stage, part))


def _mending(how: Optimization, stage: Stage, objective: str) -> tuple[Repair, ...]:
    """Settings that do go together, of the objective where it has some of its own, else of the stage."""
    ways: Mapping[str, Mapping[str, Raw]] = {"Use Adam": {"optimizer": "adam"}, "Set L2 to 0": {"l2": 0.0}}
    if how.optimizer == "lbfgs":
        ways = {"Set both to 0": {"weight_decay": 0.0, "l2": 0.0}}
    if objective not in stage.own:
        return tuple(change(label, stage, **values) for label, values in ways.items())
    own = {label: {**stage.own, objective: {**stage.own[objective], **values}} for label, values in ways.items()}
    return tuple(change(label, stage, own=each) for label, each in own.items())


def _left_out(stage: Stage, part: str) -> Repair:
    return change("Leave them out", stage, own={key: value for key, value in stage.own.items() if key != part})
