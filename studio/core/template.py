"""The base class of templates: an architecture as a function of typed settings, with presets."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, ClassVar

from studio.core.declaration import Declaration
from studio.core.project import Goal, Project


class Template(Declaration):
    """A recipe for a project. The docstring is the text on its card, the fields are what ``--set`` reaches.

    A module of templates/ names the chapter section of its cards in a constant ``SECTION``.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    paper: ClassVar[str] = ""
    slide: ClassVar[str] = ""
    goal: ClassVar[Goal]
    """What the laptop preset reaches on held-out data."""
    torchvision: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    """Settings, beside those of the paper preset, at which what torchvision publishes under this name fits."""
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {"laptop": {}, "paper": {}}

    @classmethod
    def section(cls) -> str:
        return str(getattr(sys.modules[cls.__module__], "SECTION", "Other"))

    def build(self) -> Project:
        """The project with these settings."""
        raise NotImplementedError
