"""The theme that is on: put it on, ask for it, and hear when it changes."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from studio.gui import fonts
from studio.gui.style import measures
from studio.gui.style.palette import palette, style_sheet
from studio.gui.style.tokens import CONTRAST_DARK, CONTRAST_LIGHT, DARK, FAMILIES, FLOWS, LIGHT, THEMES, Family, Theme

__all__ = [
    "CONTRAST_DARK",
    "CONTRAST_LIGHT",
    "DARK",
    "FAMILIES",
    "FLOWS",
    "LIGHT",
    "THEMES",
    "Family",
    "Theme",
    "apply",
    "current",
    "follow_system",
    "switch",
]


class Switch(QObject):
    """Says when the theme changes, for what keeps drawn colours; plain widgets are repainted by Qt."""

    changed = Signal(object)
    theme: Theme = DARK
    scale = 1.0
    follows_system = False

    def system_changed(self) -> None:
        """Put on what the system asks for now, if the person left the choice to it."""
        app = QApplication.instance()
        if self.follows_system and isinstance(app, QApplication):
            follow_system(app, self.scale)


@cache
def switch() -> Switch:
    """The one switch of the program: connect to `switch().changed`, which carries the new `Theme`."""
    return Switch()


def current() -> Theme:
    """The theme that is on."""
    return switch().theme


def system_theme() -> Theme:
    """What the system asks for: light or dark, with high contrast or without; dark where it does not say."""
    hints = QGuiApplication.styleHints()
    has_contrast = hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast
    is_light = hints.colorScheme() == Qt.ColorScheme.Light
    if has_contrast:
        return CONTRAST_LIGHT if is_light else CONTRAST_DARK
    return LIGHT if is_light else DARK


def apply(app: QApplication, theme: Theme, scale: float = 1.0) -> None:
    """Put a theme on the whole program, at once and at any time, with text `scale` times its designed size."""
    fonts.set_scale(scale)
    # Set first: the widgets that Qt repaints for the palette ask which theme is on.
    switch().theme, switch().scale, switch().follows_system = theme, scale, False
    if app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    app.setFont(fonts.interface(measures.BODY))
    app.setPalette(palette(theme))
    app.setStyleSheet(style_sheet(theme))
    switch().changed.emit(theme)


def follow_system(app: QApplication, scale: float = 1.0) -> None:
    """Put on the system's theme and change with it, until `apply` chooses one."""
    apply(app, system_theme(), scale)
    switch().follows_system = True
    hints = app.styleHints()
    for signal in (hints.colorSchemeChanged, hints.accessibility().contrastPreferenceChanged):
        signal.connect(switch().system_changed, Qt.ConnectionType.UniqueConnection)
