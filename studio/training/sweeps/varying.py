"""What a sweep varies: the values that a variable of a project, or a setting of its training, may take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import product
from typing import Any

from studio.core.declaration import Raw, Setting
from studio.core.expressions import is_expression
from studio.core.literals import number_of, value_of
from studio.core.problem import Mismatch, ProjectError
from studio.core.project import Project, Stage

Values = Mapping[str, Raw]
"""A value for each name that is varied."""

OF_TRAINING = ("batch", "seed", "precision")
"""What all stages share, and may be varied."""

LOG = ":log"
RANGE = ".."
EXAMPLE = "Write, for example, learning_rate=0.0001..0.01:log, width=16..64 or optimizer=adam,sgd."


@dataclass(frozen=True)
class Varied:
    """A name with its values: those that are listed, or all from ``low`` to ``high``, whole numbers where both are.

    With ``log`` a range is even in the logarithm: from 0.001 to 0.1, half of it lies below 0.01.
    """

    name: str
    listed: tuple[bool | int | float | str, ...] = ()
    low: float = 0
    high: float = 0
    log: bool = False

    @classmethod
    def of(cls, text: str) -> Varied:
        """What ``NAME=LOW..HIGH``, ``NAME=LOW..HIGH:log`` or ``NAME=a,b,c`` says. Raises ProjectError."""
        name, _, values = (part.strip() for part in text.partition("="))
        if not name or not values:
            raise ProjectError(f"{text!r:.80} does not say what varies. {EXAMPLE}")
        if RANGE in values:
            return _range(name, values)
        listed = tuple(dict.fromkeys(value_of(part.strip()) for part in values.split(",") if part.strip()))
        if len(listed) < 2:
            raise ProjectError(f"{name} would not vary: list several values, or give a range such as 16..64.")
        return cls(name, listed)

    @property
    def is_whole(self) -> bool:
        """Whether a range holds whole numbers alone."""
        return isinstance(self.low, int) and isinstance(self.high, int)

    def __str__(self) -> str:
        if self.listed:
            return f"{self.name}={','.join(map(_written, self.listed))}"
        return f"{self.name}={self.low}{RANGE}{self.high}{LOG if self.log else ''}"


def _range(name: str, values: str) -> Varied:
    ends = [number_of(part.strip()) for part in values.removesuffix(LOG).split(RANGE, 1)]
    low, high = ends
    for end in ends:
        if isinstance(end, str):
            raise ProjectError(f"{name} cannot go from {values!r:.60}: {end!r:.40} is no number. {EXAMPLE}")
    assert not isinstance(low, str)
    assert not isinstance(high, str)
    if not low < high:
        raise ProjectError(f"{name} cannot go from {low} to {high}: give the lower end first.")
    log = values.endswith(LOG)
    if log and low <= 0:
        raise ProjectError(f"{name} cannot go from {low} evenly in the logarithm: begin above 0.")
    return Varied(name, (), low, high, log)


def with_values(project: Project, values: Values) -> Project:
    """The project with these values of what is varied; a bare name of a setting means that of every stage.

    ``STAGE: SETTING`` is that of one stage, and ``PART: SETTING`` that which an objective, a network or a node has
    alone, as ``Stage.own`` names them. Raises ProjectError where there is no such name, or it cannot have such a value.
    """
    for name, value in values.items():
        try:
            project = _with_value(project, name, value)
        except Mismatch as error:
            raise ProjectError(f"{name} cannot be {_written(value)}: {error.message}") from None
    return project


def _with_value(project: Project, name: str, value: Raw) -> Project:
    training = project.training
    if name in project.variables:
        return replace(project, variables={**project.variables, name: value})
    if name in OF_TRAINING:
        shared: dict[str, Any] = {name: value}
        return replace(project, training=replace(training, **shared))
    owner, _, setting = (part.strip() for part in name.rpartition(":"))
    if setting not in {each.name for each in Stage.settings()}:
        raise ProjectError(_unknown(project, name))
    if owner in (stage.name for stage in training.stages) or not owner:
        stages = tuple(
            _with_setting(stage, setting, value) if owner in ("", stage.name) else stage for stage in training.stages
        )
    elif _is_part(project, owner):
        stages = tuple(_with_own(stage, owner, setting, value) for stage in training.stages)
    else:
        raise ProjectError(_unknown(project, name))
    return replace(project, training=replace(training, stages=stages))


def _with_setting(stage: Stage, setting: str, value: Raw) -> Stage:
    return Stage.of({**stage.values(), setting: value})


def _with_own(stage: Stage, part: str, setting: str, value: Raw) -> Stage:
    """The stage in which a part learns otherwise than the rest. Raises Mismatch."""
    edited = _with_setting(stage, "own", {**stage.own, part: {**stage.own.get(part, {}), setting: value}})  # type: ignore[arg-type]
    edited.optimization(part)
    return edited


def _is_part(project: Project, owner: str) -> bool:
    """Whether this names an objective, a network or a node: ``Critic``, ``Classifier/Head``, ``Fool: Generator``."""
    return owner.rpartition(": ")[2].partition("/")[0] in project.graphs


def _unknown(project: Project, name: str) -> str:
    known = [*present_values(project), *(setting.name for setting in Stage.settings())]
    near = get_close_matches(name, known, n=1)
    there = ", ".join((*project.variables, *OF_TRAINING))
    hint = f"Did you mean {near[0]}?" if near else f"There are: {there}, learning_rate and other settings of stages."
    return f"{project.name} has nothing called {name!r:.80} that could vary. {hint}"


def present_values(project: Project) -> dict[str, Raw]:
    """Everything of a project that a sweep may vary, by name, with the value that it has now."""
    found = {name: value for name, value in project.variables.items() if not is_expression(value)}
    for name in OF_TRAINING:
        found.setdefault(name, getattr(project.training, name))
    stages = project.training.stages
    for setting in settings_of_stages():
        if stages:
            found.setdefault(setting.name, getattr(stages[0], setting.name))
    for stage in stages if len(stages) > 1 else ():
        found |= {f"{stage.name}: {setting.name}": getattr(stage, setting.name) for setting in settings_of_stages()}
    return {name: value for name, value in found.items() if not is_expression(value)}


def grid_of(varied: Iterable[Varied]) -> list[Values]:
    """Every combination of listed values, the last name varying first. Raises ProjectError where one has a range."""
    given = tuple(varied)
    for each in given:
        if not each.listed:
            raise ProjectError(f"All combinations need values that are listed, as in 16,32: {each.name} has a range.")
    names = [each.name for each in given]
    return [dict(zip(names, row, strict=True)) for row in product(*(each.listed for each in given))]


def suited(varied: Varied, present: Values) -> Varied:
    """A range with fractions between its ends, even if these are whole, where there is a fraction at present."""
    setting = setting_of(varied.name)
    fractions = isinstance(present.get(varied.name), float) or (setting is not None and setting.type is float)
    return replace(varied, low=float(varied.low), high=float(varied.high)) if fractions else varied


def refuse_unknown(project: Project, name: str) -> None:
    """Raises ProjectError where nothing of this name could vary."""
    setting = setting_of(name)
    if name not in present_values(project):
        with_values(project, {name: setting.default if setting else 0})


def settings_of_stages() -> Iterator[Setting]:
    """The settings of a stage that are numbers, switches or choices; those of its optimizer come first."""
    for setting in Stage.settings():
        if setting.choices or setting.type in (bool, int, float):
            yield setting


def setting_of(name: str) -> Setting | None:
    """The setting of stages that a name means; None where it is a variable, or all stages share it."""
    bare = name.rpartition(":")[2].strip()
    return next((setting for setting in settings_of_stages() if setting.name == bare), None)


def in_words(values: Values) -> str:
    """``width 32, learning rate 0.003``"""
    return ", ".join(f"{name.replace('_', ' ')} {short(value)}" for name, value in values.items())


def short(value: Raw) -> str:
    """A value in few letters: ``0.003123``"""
    return f"{value:.4g}" if isinstance(value, float) else _written(value)


def _written(value: Raw) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
