"""The project that the command line names, again and again with other values: of a file, or of a template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from studio.cli.arguments import given_project, given_settings, given_template
from studio.core.opening import open_project
from studio.core.project import Project
from studio.training.options import with_weights
from studio.training.sweeps.varying import Values, Varied, present_values, refuse_unknown, suited, with_values


@dataclass(frozen=True)
class Subject:
    """What is varied. A template is drawn anew for values of its settings; of a file, what was read at first counts."""

    base: Project
    """Without any other values."""
    source: str
    preset: str | None
    settings: Mapping[str, Any]
    """Those that the command line gives the template."""
    own: Values
    """Every setting of the template with its present value; none of a file."""
    finish: Callable[[Project], Project]
    """Puts in what else the command line says."""

    def project(self, values: Values) -> Project:
        """The project with these values. Raises ProjectError where it cannot have them."""
        drawn = {name: value for name, value in values.items() if name in self.own}
        base = self.base
        if drawn:
            base = self.finish(open_project(self.source, preset=self.preset, settings={**self.settings, **drawn}))
        return with_values(base, {name: value for name, value in values.items() if name not in self.own})

    def varied(self, texts: list[str]) -> tuple[Varied, ...]:
        """What the command line says of what varies. Raises ProjectError where there is nothing of such a name."""
        found = [Varied.of(text) for text in texts]
        for each in found:
            if each.name not in self.own:
                refuse_unknown(self.base, each.name)
        return tuple(suited(each, {**present_values(self.base), **self.own}) for each in found)


def given_subject(
    source: str,
    preset: str | None,
    assignments: list[str] | None,
    weights: list[str] | None,
    options: Callable[[Project], Project],
) -> Subject:
    """What the command line names, with its settings, first weights and options. Raises ProjectError."""
    base = options(given_project(source, preset, assignments, weights))
    settings, template = given_settings(source, assignments), given_template(source)
    own: dict[str, Any] = {}
    if template is not None:
        drawn = template.of({**template.presets[preset or "laptop"], **settings})
        own = {setting.name: getattr(drawn, setting.name) for setting in template.settings()}
    return Subject(base, source, preset, settings, own, lambda project: options(with_weights(project, weights or ())))
