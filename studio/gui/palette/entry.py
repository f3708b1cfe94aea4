"""What can be found: a title with its icon, a hint, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from studio.core.node_class import NodeClass
from studio.gui.palette.matching import Words


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a list that is searched."""

    words: Words
    choose: Callable[[], object]
    icon: str = ""
    family: str = ""
    hint: str = ""
    key: str = ""
    tip: str = ""
    enabled: bool = True
    type_name: str = ""
    """The node type whose teaching card F1 shows."""
    identity: str = ""
    """What tells it from all others and stays the same from one start to the next; made of title and hint."""

    def __post_init__(self) -> None:
        if not self.identity:
            object.__setattr__(self, "identity", f"{self.words.title} ({self.hint})")

    @property
    def title(self) -> str:
        return self.words.title


def words_of(cls: type[NodeClass]) -> Words:
    """What a node class is found by."""
    return Words(cls.__name__, (cls.title(), *cls.synonyms), f"{cls.family()} {cls.doc()}")
