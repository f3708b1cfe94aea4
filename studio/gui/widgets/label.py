"""Text in one of the few roles that the style sheet knows."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QWidget


class Role(Enum):
    """What a text is for, which decides its size and its colour."""

    BODY = "body"
    TITLE = "title"
    HEADING = "heading"
    LABEL = "label"
    CAPTION = "caption"
    HINT = "hint"
    MONO = "mono"
    PROBLEM = "problem"
    SUCCESS = "success"
    WARN = "warn"


def label(text: str, role: Role = Role.BODY, *, wrap: bool = False, parent: QWidget | None = None) -> QLabel:
    """A label in a role; its text is shown as it is, never read as markup."""
    result = QLabel(text, parent)
    result.setTextFormat(Qt.TextFormat.PlainText)
    result.setProperty("role", role.value)
    result.setWordWrap(wrap)
    return result


def set_role(shown: QLabel, role: Role) -> None:
    """Give a label another role."""
    if shown.property("role") != role.value:
        shown.setProperty("role", role.value)
        shown.style().unpolish(shown)
        shown.style().polish(shown)


def rule(parent: QWidget | None = None) -> QFrame:
    """A thin line between two parts of a panel."""
    result = QFrame(parent)
    result.setProperty("role", "rule")
    return result
