"""How well a text fits what a person types, letter by letter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

EXACT, PREFIX, WORD, WORDS, INSIDE, SCATTERED = 100.0, 80.0, 60.0, 50.0, 40.0, 20.0


@dataclass(frozen=True, slots=True)
class Words:
    """What an entry is found by: its title first, other names of it next, what it is about last."""

    title: str
    synonyms: tuple[str, ...] = ()
    about: str = ""


def score(query: str, words: Words) -> float:
    """How well the words fit, 0 where they do not; a fitting title outdoes a synonym, a synonym what it is about."""
    wanted = query.strip().lower()
    if not wanted:
        return 1.0
    best = max(_fit(wanted, words.title), max((_fit(wanted, name) - 5 for name in words.synonyms), default=0.0))
    about = words.about.lower()
    if best < INSIDE and all(part in about for part in wanted.split()):
        best = max(best, INSIDE / 2)
    return max(best, 0.0)


def best_first(query: str, entries: Iterable[tuple[Words, object]]) -> list[object]:
    """The entries that fit, the best first; equals keep their order."""
    scored = [(score(query, words), entry) for words, entry in entries]
    return [entry for value, entry in sorted(scored, key=lambda pair: -pair[0]) if value > 0]


def _fit(wanted: str, text: str) -> float:
    """The fit of one name; among equals the shorter name is the better one."""
    name = text.lower()
    shortness = 10 / (1 + len(name))
    if name == wanted:
        return EXACT
    if name.startswith(wanted):
        return PREFIX + shortness
    parts = name.replace("-", " ").split()
    if any(part.startswith(wanted) for part in parts):
        return WORD + shortness
    if all(any(part.startswith(word) for part in parts) for word in wanted.split()):
        return WORDS + shortness
    if wanted in name:
        return INSIDE + shortness
    return SCATTERED + shortness if len(wanted) > 1 and _scattered(wanted, name) else 0.0


def _scattered(wanted: str, name: str) -> bool:
    """Whether the letters occur in this order, beginning with the first of the name."""
    if not name or wanted[0] != name[0]:
        return False
    rest = iter(name)
    return all(letter in rest for letter in wanted if letter != " ")
