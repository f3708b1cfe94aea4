"""Which parts of a stage learn in their own way: the settings that each can have, and what it follows in the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from studio.compiler.learned import Learned
from studio.compiler.objective import objectives_of_stage
from studio.compiler.own_rules import WHOLE
from studio.compiler.results import Diagnosis
from studio.core.declaration import Setting
from studio.core.problem import Mismatch
from studio.core.project import Optimization, Project, Stage
from studio.gui.choosing.parts import Part, part_of

Own = Mapping[str, Mapping[str, Any]]
"""Settings by part, as ``Stage.own`` has them."""


@dataclass(frozen=True)
class Followed:
    """Parts of a stage, each of which follows its objective and what it lies in where it has no settings of its own."""

    learned: Learned
    parts: tuple[Part, ...]
    """The objectives, where there are several, and each network once."""

    @classmethod
    def of(cls, project: Project, diagnosis: Diagnosis, stage: Stage) -> Followed:
        learned = Learned(stage, project.networks, diagnosis.objectives)
        names = objectives_of_stage(stage)
        objectives = [Part(name, "", "", f"Through {name}") for name in names if names[1:] or name in stage.own]
        asked = {name: result for name, result in diagnosis.networks.items() if learned.holding(name)}
        networks = (part_of(name, result) for name, result in asked.items() if result.weights)
        return cls(learned, (*objectives, *networks))

    def learns(self, part: Part) -> bool:
        """Whether anything of a part learns in the stage."""
        return not part.network or self.learned.share(part.network, part.path) != "none"

    def settings(self, part: Part, own: Own) -> tuple[Setting, ...]:
        """What a part can have alone, each with what the part follows as its default."""
        how = self._following(part, own)
        return tuple(
            replace(setting, default=getattr(how, setting.name))
            for setting in Optimization.settings()
            if not part.network or setting.name not in WHOLE
        )

    def _following(self, part: Part, own: Own) -> Optimization:
        """How a part would learn without settings of its own; as the stage, where what it follows is no way at all."""
        stage = replace(self.learned.stage, own=own)
        through = self.learned.teaching(part.network, part.path) if part.network else ()
        objective = through if len(through) == 1 else ()
        try:
            return stage.optimization(*objective, *stage.around(part.name))
        except Mismatch:
            return stage.optimization()


def complaints(stage: Stage, part: str) -> dict[str, str]:
    """What is wrong with a part's own settings: a sentence by the name of a setting, or by nothing."""
    try:
        stage.optimization(part)
    except Mismatch as error:
        return {error.port or "": error.message}
    return {}


def with_own(own: Own, part: str, setting: Setting, value: object) -> Own:
    """The settings of parts with one of them changed; what a part would follow anyway is none of its own."""
    values = {**own.get(part, {}), setting.name: value}
    if value == setting.default:
        del values[setting.name]
    return without(own, part) if not values else {**own, part: values}


def without(own: Own, part: str) -> Own:
    """The settings of all other parts."""
    return {key: values for key, values in own.items() if key != part}
