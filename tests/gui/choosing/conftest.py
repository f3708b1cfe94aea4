"""A window for dialogs to lie over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot


@pytest.fixture
def below(qtbot: QtBot) -> Iterator[QWidget]:
    """An empty window, which goes with all that lies over it."""
    found = QWidget()
    yield found
    found.deleteLater()
