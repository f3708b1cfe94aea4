"""Whether something can be done now, and the sentence that says why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.gui.actions.host import Host

Test = Callable[["Host"], bool]


class Condition:
    """A test of the window with the sentence for where it fails; ``first`` is asked before it."""

    def __init__(self, test: Test, sentence: str, first: Condition | None = None) -> None:
        self._test, self._sentence, self._first = test, sentence, first

    def __call__(self, host: Host) -> bool:
        return not self.why_not(host)

    def why_not(self, host: Host) -> str:
        """The first sentence that stands against it; empty where nothing does."""
        if self._first is not None and (reason := self._first.why_not(host)):
            return reason
        return "" if self._test(host) else self._sentence


def needs(sentence: str, first: Condition | None = None) -> Callable[[Test], Condition]:
    """Makes a condition of a test: ``@needs("Select a node first.", at_work)``."""
    return lambda test: Condition(test, sentence, first)
