"""The one table of colours, each with its dark and its light value."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import overload

from PySide6.QtGui import QColor


@cache
def _color(code: str) -> QColor:
    return QColor(code)


@dataclass(frozen=True)
class Token:
    """A colour with a dark and a light value; read from a theme, it is that theme's `QColor`.

    The `QColor` is made at the first reading and shared: copy it before changing it.
    """

    dark: str
    light: str

    def of(self, theme: Theme) -> QColor:
        """The colour in a theme."""
        return _color(self.dark if theme.is_dark else self.light)

    @overload
    def __get__(self, theme: None, owner: type) -> Token: ...
    @overload
    def __get__(self, theme: Theme, owner: type) -> QColor: ...
    def __get__(self, theme: Theme | None, owner: type) -> Token | QColor:
        return self if theme is None else self.of(theme)


@dataclass(frozen=True)
class Family:
    """How a family of nodes looks: its colour and the name of its icon."""

    color: Token
    icon: str


FAMILIES = {
    "Data": Family(Token("#E0E9F3", "#1E2A36"), "data"),
    "Convolution": Family(Token("#8299DD", "#3141BB"), "convolution"),
    "Pooling & resize": Family(Token("#68DAFE", "#097899"), "pooling"),
    "Activation": Family(Token("#ED8A11", "#8E6540"), "activation"),
    "Norm & dropout": Family(Token("#BCFAC9", "#154E38"), "norm"),
    "Linear & embedding": Family(Token("#B67CFF", "#3B0060"), "linear"),
    "Combine & reshape": Family(Token("#90A64F", "#564600"), "combine"),
    "Sequence": Family(Token("#C18BB6", "#7F2F67"), "sequence"),
    "Attention": Family(Token("#F4BD8E", "#431C03"), "attention"),
    "Detection": Family(Token("#DEDD58", "#6C7300"), "detection"),
    "Loss & metrics": Family(Token("#D7868E", "#AC4666"), "loss"),
}

# A link wears the colour of the family that makes what flows through it.
FLOWS = {
    "image": "Pooling & resize",
    "vector": "Linear & embedding",
    "sequence": "Sequence",
    "tokens": "Attention",
    "boxes": "Detection",
    "loss": "Loss & metrics",
}


@dataclass(frozen=True)
class Theme:
    """All colours of one appearance, by the name of what they are for."""

    is_dark: bool

    canvas = Token("#14171B", "#F2F4F6")
    window = Token("#1B1F24", "#E6E9ED")
    panel = Token("#20252B", "#FBFCFD")
    raised = Token("#2A3037", "#FFFFFF")
    control = Token("#343B44", "#ECEFF2")
    line = Token("#323942", "#D5D9DF")
    grid_dot = Token("#20242A", "#DFE3E8")
    line_strong = Token("#7B8695", "#7C8592")
    node_line = Token("#3E4651", "#C9CED6")
    shadow = Token("#0D0F12", "#DDE1E6")
    text1 = Token("#ECEFF3", "#1A1E24")
    text2 = Token("#B4BCC8", "#4A5361")
    text3 = Token("#9CA6B5", "#5F6977")
    accent = Token("#5AA9FF", "#1466CC")
    accent_text = Token("#0B1522", "#FFFFFF")
    accent_bg = Token("#203A57", "#E3EDFB")
    problem = Token("#FF8A7A", "#C2321F")
    problem_bg = Token("#3A2427", "#FCEBE8")
    success = Token("#4CC9A0", "#0A7453")
    warn = Token("#E8B44C", "#8A5A00")
    series2 = Token("#F0A54A", "#A85500")

    @property
    def name(self) -> str:
        """ "dark" or "light", as files and settings spell it."""
        return "dark" if self.is_dark else "light"

    def family(self, title: str) -> QColor:
        """The colour of a family of nodes; one that the table lacks is drawn as plain text."""
        family = FAMILIES.get(title)
        return family.color.of(self) if family else self.text2

    def flow(self, kind: str) -> QColor:
        """The colour of a link through which this kind of value flows (`image`, `vector`, ...)."""
        return self.family(FLOWS.get(kind, ""))

    def link_opacity(self) -> float:
        """How opaque a link is drawn, from 0 to 1, so that it keeps a contrast of 3:1."""
        return 0.75 if self.is_dark else 0.85

    def named(self, token: str) -> QColor:
        """A colour by the name of its token, for what is drawn later in whichever theme is on."""
        color = getattr(self, token)
        if not isinstance(color, QColor):
            raise KeyError(f"no colour is named {token}")
        return color

    @classmethod
    def tokens(cls) -> dict[str, Token]:
        """Every colour that is not a family's, by name, as the style sheet needs them."""
        return {name: value for name, value in vars(cls).items() if isinstance(value, Token)}


DARK = Theme(is_dark=True)
LIGHT = Theme(is_dark=False)


def mix(ground: QColor, over: QColor, share: float) -> QColor:
    """The opaque colour that `over` makes on `ground` when it covers `share` of it, from 0 to 1."""
    parts = (
        (ground.red(), over.red()),
        (ground.green(), over.green()),
        (ground.blue(), over.blue()),
    )
    return QColor(*(round(low + (high - low) * share) for low, high in parts))
