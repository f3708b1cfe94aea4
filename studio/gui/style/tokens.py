"""The one table of colours, each with its value in every appearance: dark and light, in normal and high contrast."""

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
    """A colour with a value for each appearance; read from a theme, it is that theme's `QColor`.

    The `QColor` is made at the first reading and shared: copy it before changing it.
    """

    dark: str
    light: str
    contrast_dark: str
    contrast_light: str

    def of(self, theme: Theme) -> QColor:
        """The colour in a theme."""
        if theme.has_contrast:
            return _color(self.contrast_dark if theme.is_dark else self.contrast_light)
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
    "Data": Family(Token("#E0E9F3", "#1E2A36", "#D0FDFF", "#354747"), "data"),
    "Convolution": Family(Token("#8299DD", "#3141BB", "#88A3DA", "#3133AC"), "convolution"),
    "Pooling & resize": Family(Token("#68DAFE", "#097899", "#7CE2FF", "#0D6076"), "pooling"),
    "Activation": Family(Token("#ED8A11", "#8E6540", "#B7A22C", "#5D593B"), "activation"),
    "Norm & dropout": Family(Token("#BCFAC9", "#154E38", "#E2FF8E", "#022200"), "norm"),
    "Linear & embedding": Family(Token("#B67CFF", "#3B0060", "#C486FF", "#390060"), "linear"),
    "Combine & reshape": Family(Token("#90A64F", "#564600", "#93AF5F", "#493500"), "combine"),
    "Sequence": Family(Token("#C18BB6", "#7F2F67", "#D68EB1", "#69328C"), "sequence"),
    "Attention": Family(Token("#F4BD8E", "#431C03", "#FBC897", "#180010"), "attention"),
    "Detection": Family(Token("#DEDD58", "#6C7300", "#D2D640", "#785100"), "detection"),
    "Loss & metrics": Family(Token("#D7868E", "#AC4666", "#EF828C", "#45023D"), "loss"),
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
    has_contrast: bool = False
    """Whether everything that is read or told apart keeps a contrast of 7:1."""

    canvas = Token("#14171B", "#F2F4F6", "#000000", "#FFFFFF")
    window = Token("#1B1F24", "#E6E9ED", "#000000", "#FFFFFF")
    panel = Token("#20252B", "#FBFCFD", "#080A0C", "#FFFFFF")
    raised = Token("#2A3037", "#FFFFFF", "#101418", "#FFFFFF")
    control = Token("#343B44", "#ECEFF2", "#1A2026", "#F0F2F4")
    line = Token("#323942", "#D5D9DF", "#A8B0BA", "#4A525C")
    grid_dot = Token("#20242A", "#DFE3E8", "#2A3036", "#C8CDD3")
    line_strong = Token("#7B8695", "#7C8592", "#C4CCD6", "#3C434C")
    node_line = Token("#3E4651", "#C9CED6", "#C4CCD6", "#3C434C")
    shadow = Token("#0D0F12", "#DDE1E6", "#000000", "#FFFFFF")
    text1 = Token("#ECEFF3", "#1A1E24", "#FFFFFF", "#000000")
    text2 = Token("#B4BCC8", "#4A5361", "#E6EAF0", "#1C2127")
    text3 = Token("#9CA6B5", "#5F6977", "#D2D8E0", "#2E353E")
    accent = Token("#5AA9FF", "#1466CC", "#8CC8FF", "#00418F")
    accent_text = Token("#0B1522", "#FFFFFF", "#000000", "#FFFFFF")
    accent_bg = Token("#203A57", "#E3EDFB", "#06294A", "#DCEBFF")
    problem = Token("#FF8A7A", "#C2321F", "#FFB3A8", "#8F1508")
    problem_bg = Token("#3A2427", "#FCEBE8", "#2E0F0B", "#FFF1EE")
    success = Token("#4CC9A0", "#0A7453", "#7CE8C0", "#00513A")
    warn = Token("#E8B44C", "#8A5A00", "#FFD479", "#5E3C00")
    series2 = Token("#F0A54A", "#A85500", "#FFC685", "#6E3700")

    @property
    def name(self) -> str:
        """ "dark", "light", "contrast-dark" or "contrast-light", as files and settings spell it."""
        return ("contrast-" if self.has_contrast else "") + ("dark" if self.is_dark else "light")

    def family(self, title: str) -> QColor:
        """The colour of a family of nodes; one that the table lacks is drawn as plain text."""
        family = FAMILIES.get(title)
        return family.color.of(self) if family else self.text2

    def flow(self, kind: str) -> QColor:
        """The colour of a link through which this kind of value flows (`image`, `vector`, ...)."""
        return self.family(FLOWS.get(kind, ""))

    def link_opacity(self) -> float:
        """How opaque a link is drawn, from 0 to 1, so that it keeps a contrast of 3:1, or of 7:1 in high contrast."""
        return 1.0 if self.has_contrast else 0.75 if self.is_dark else 0.85

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
CONTRAST_DARK = Theme(is_dark=True, has_contrast=True)
CONTRAST_LIGHT = Theme(is_dark=False, has_contrast=True)
THEMES = {theme.name: theme for theme in (DARK, LIGHT, CONTRAST_DARK, CONTRAST_LIGHT)}


def mix(ground: QColor, over: QColor, share: float) -> QColor:
    """The opaque colour that `over` makes on `ground` when it covers `share` of it, from 0 to 1."""
    parts = (
        (ground.red(), over.red()),
        (ground.green(), over.green()),
        (ground.blue(), over.blue()),
    )
    return QColor(*(round(low + (high - low) * share) for low, high in parts))
