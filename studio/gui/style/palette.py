"""The theme in Qt's own terms: its palette and its style sheet."""

from __future__ import annotations

from functools import cache
from string import Template

from PySide6.QtGui import QColor, QPalette

from studio.gui import fonts
from studio.gui.assets import ASSETS
from studio.gui.style import measures
from studio.gui.style.tokens import Theme

_Role = QPalette.ColorRole


def palette(theme: Theme) -> QPalette:
    """Qt's palette for a theme."""
    result = QPalette()
    for role, color in _roles(theme).items():
        result.setColor(role, color)
    disabled = QPalette.ColorGroup.Disabled
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.HighlightedText):
        result.setColor(disabled, role, theme.line_strong)
    result.setColor(disabled, _Role.Highlight, theme.control)
    return result


def _roles(theme: Theme) -> dict[QPalette.ColorRole, QColor]:
    return {
        _Role.Window: theme.panel,
        _Role.WindowText: theme.text1,
        _Role.Base: theme.panel,
        _Role.AlternateBase: theme.window,
        _Role.Text: theme.text1,
        _Role.PlaceholderText: theme.text3,
        _Role.Button: theme.control,
        _Role.ButtonText: theme.text1,
        _Role.BrightText: theme.problem,
        _Role.ToolTipBase: theme.raised,
        _Role.ToolTipText: theme.text1,
        _Role.Highlight: theme.accent,
        _Role.HighlightedText: theme.accent_text,
        _Role.Accent: theme.accent,
        _Role.Link: theme.accent,
        _Role.LinkVisited: theme.accent,
        _Role.Light: theme.raised,
        _Role.Midlight: theme.control,
        _Role.Mid: theme.line,
        _Role.Dark: theme.line,
        _Role.Shadow: theme.shadow,
    }


@cache
def _sheet_template(*, has_contrast: bool) -> Template:
    """The rules for every theme; in high contrast also what is outlined there."""
    names = ("studio.qss", "contrast.qss") if has_contrast else ("studio.qss",)
    return Template("".join((ASSETS / "style" / name).read_text(encoding="utf-8") for name in names))


def style_sheet(theme: Theme) -> str:
    """The style sheet for a theme at the person's text size."""
    values = {name: getattr(theme, name).name() for name in theme.tokens()}
    sizes = {
        "display": measures.DISPLAY,
        "title": measures.TITLE,
        "body": measures.BODY,
        "label": measures.LABEL,
        "hint": measures.HINT,
        "field_height": measures.FIELD_HEIGHT,
        "button_height": measures.BUTTON_HEIGHT,
        "tabs_height": measures.TABS_HEIGHT,
        "palette_row": measures.PALETTE_ROW,
        "menu_row": measures.MIN_TARGET,
        "menu_pad": measures.MENU_PADDING,
        "tab_height": measures.TABS_HEIGHT - measures.HALF_GRID,
        "spin_width": 20,
        "arrow": 12,
        "chevron": 14,
        "mark": 16,
        "mark_radius": 9,
        "scroller": 2 * measures.MIN_TARGET,
    }
    values |= {name: f"{fonts.scaled(pixels)}px" for name, pixels in sizes.items()}
    fixed = {
        "radius_field": measures.RADIUS_FIELD,
        "radius_button": measures.RADIUS_BUTTON,
        "radius_card": measures.RADIUS_CARD,
        "ring": measures.FOCUS_RING,
        "underline": measures.TAB_UNDERLINE,
    }
    values |= {name: f"{pixels}px" for name, pixels in fixed.items()}
    # A field's ring lies around it, so that its corners are the field's plus the ring's width.
    values["radius_ring"] = f"{measures.RADIUS_FIELD + measures.FOCUS_RING}px"
    values |= {"mono": fonts.MONO, "art": (ASSETS / "style" / theme.name).as_posix()}
    return _sheet_template(has_contrast=theme.has_contrast).substitute(values)
