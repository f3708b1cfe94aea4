"""Colours Python source by its words."""

from __future__ import annotations

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from studio.gui import theme
from studio.gui.style.tokens import Theme

_STYLES = (
    ("Comment", "text3", ""),
    ("Literal.String.Doc", "text3", ""),
    ("Literal.String", "", "Norm & dropout"),
    ("Literal.Number", "", "Activation"),
    ("Keyword", "", "Linear & embedding"),
    ("Name.Class", "", "Pooling & resize"),
    ("Name.Function", "", "Pooling & resize"),
    ("Name.Builtin", "", "Convolution"),
)


class PythonHighlighter(QSyntaxHighlighter):
    """Follows the theme. The whole text is read at once, so that strings over several lines are seen as such."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._spans: dict[int, list[tuple[int, int, str]]] = {}
        theme.switch().changed.connect(self._dress)
        self._formats = _formats(theme.current())

    def read(self, text: str) -> None:
        """Find the words of a text that is about to be shown."""
        from pygments.lexers.python import PythonLexer  # late: only who looks at the code needs it

        self._spans = {}
        line, column = 0, 0
        for kind, value in PythonLexer(stripnl=False, ensurenl=False).get_tokens(text):
            style = next((name for name, _, _ in _STYLES if f"Token.{name}" in str(kind)), "")
            for at, part in enumerate(value.split("\n")):
                if at:
                    line, column = line + 1, 0
                if style and part:
                    self._spans.setdefault(line, []).append((column, len(part), style))
                column += len(part)

    def highlightBlock(self, text: str) -> None:
        for start, length, style in self._spans.get(self.currentBlock().blockNumber(), ()):
            self.setFormat(start, length, self._formats[style])

    def _dress(self, colors: Theme) -> None:
        self._formats = _formats(colors)
        self.rehighlight()


def _formats(colors: Theme) -> dict[str, QTextCharFormat]:
    formats = {}
    for name, token, family in _STYLES:
        formats[name] = QTextCharFormat()
        formats[name].setForeground(colors.named(token) if token else colors.family(family))
    return formats
