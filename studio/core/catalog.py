"""Finds every node class, dataset and template that is installed, by looking into the packages nodes and templates."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from types import ModuleType
from typing import Any, TypeVar

from studio.core.dataset import Dataset
from studio.core.declaration import Declaration
from studio.core.node_class import NodeClass
from studio.core.problem import Mismatch, ProjectError
from studio.core.project import Project
from studio.core.template import Template

D = TypeVar("D", bound=Declaration)

PRESETS = ("laptop", "paper")


@dataclass(frozen=True)
class Catalog:
    """Node classes by type name (datasets among them) and templates by name."""

    nodes: Mapping[str, type[NodeClass]]
    templates: Mapping[str, type[Template]]
    renamed: Mapping[str, str]
    """Present type name by the names a class had formerly."""

    @property
    def datasets(self) -> dict[str, type[Dataset]]:
        return {name: cls for name, cls in self.nodes.items() if issubclass(cls, Dataset)}

    def families(self) -> dict[str, list[type[NodeClass]]]:
        """Node classes by palette section, in the order of the files."""
        families: dict[str, list[type[NodeClass]]] = {}
        for cls in self.nodes.values():
            families.setdefault(cls.family(), []).append(cls)
        return families

    def make_project(self, name: str, *, preset: str = "laptop", settings: Mapping[str, Any] | None = None) -> Project:
        """The project of a template. Raises ProjectError for an unknown template, preset or setting."""
        template = self.templates.get(name)
        if template is None:
            near = get_close_matches(name, self.templates, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(self.templates)}."
            raise ProjectError(f"There is no template {name!r:.80}. {hint} The name of a file ends with .loom.")
        if preset not in template.presets:
            raise ProjectError(f"{template.title} has no preset {preset!r:.80}; it has {', '.join(template.presets)}.")
        try:
            return template.of({**template.presets[preset], **(settings or {})}).build()
        except Mismatch as error:
            raise ProjectError(error.message) from None


@cache
def catalog() -> Catalog:
    """The catalog of what is installed; imported once."""
    nodes = {cls.__name__: cls for cls in _declared("nodes", NodeClass)}
    templates = {cls.name: cls for cls in _declared("templates", Template)}
    renamed = {old: name for name, cls in nodes.items() for old in cls.formerly}
    return Catalog(nodes, templates, renamed)


def _declared(package: str, base: type[D]) -> Iterator[type[D]]:
    """Every public subclass that a module of the package itself declares, in order of file and line."""
    for module in _modules(importlib.import_module(package)):
        for value in list(vars(module).values()):
            own = isinstance(value, type) and issubclass(value, base) and value.__module__ == module.__name__
            if own and not value.__name__.startswith("_"):
                yield value


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    """Modules of the package and of its folders, but for the torch code of layers in ``modules``."""
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
        if info.name == "modules":
            continue
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        if info.ispkg:
            yield from _modules(module)
        else:
            yield module
