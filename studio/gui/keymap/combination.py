"""A key with its modifiers, as text: ``Ctrl+Shift+Z``. Texts are compared after ``normal`` only."""

from __future__ import annotations

import re

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

Key, Modifier = Qt.Key, Qt.KeyboardModifier
_PORTABLE, _NATIVE = QKeySequence.SequenceFormat.PortableText, QKeySequence.SequenceFormat.NativeText
_ALONE = frozenset(
    [
        Key.Key_Control,
        Key.Key_Shift,
        Key.Key_Alt,
        Key.Key_Meta,
        Key.Key_AltGr,
        Key.Key_CapsLock,
        Key.Key_NumLock,
        Key.Key_ScrollLock,
        Key.Key_unknown,
    ]
)
"""Keys that say nothing by themselves."""

_FUNCTION = re.compile(r"(Shift\+)?F\d+")


def normal(text: str) -> str:
    """The one spelling of a combination. Raises ValueError, with a sentence, where the text is none."""
    sequence = QKeySequence(text.strip())
    spelled = sequence.toString(_PORTABLE)
    if sequence.count() != 1 or not spelled:
        raise ValueError(f"“{text:.40}” is no key.")
    return spelled.replace("Backtab", "Tab")


def shown(key: str) -> str:
    """A combination as this system writes it."""
    return QKeySequence(key).toString(_NATIVE)


def types_text(key: str) -> bool:
    """Whether pressing this in a text field writes or deletes there, so that it must never do anything else."""
    return not key.startswith(("Meta+", "Ctrl+", "Alt+")) and not _FUNCTION.fullmatch(key)


def pressed(event: QKeyEvent) -> tuple[str, ...]:
    """What a key event can be called, the most exact first; nothing for a modifier alone.

    A key of the number pad is itself first and the plain key next; a sign that is typed with Shift is also that sign.
    """
    code, modifiers = Key(event.key()), event.modifiers()
    if code in _ALONE:
        return ()
    if code == Key.Key_Backtab:
        code = Key.Key_Tab
    plain = modifiers & ~(Modifier.KeypadModifier | Modifier.GroupSwitchModifier)
    tried = [modifiers, plain]
    if Key.Key_Space < code < Key.Key_Escape and not chr(code).isalnum():
        tried.append(plain & ~Modifier.ShiftModifier)
    texts = (QKeySequence(QKeyCombination(each, code)).toString(_PORTABLE) for each in tried)
    return tuple(dict.fromkeys(texts))
