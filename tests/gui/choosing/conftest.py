"""A window for dialogs to lie over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from studio.gui.document import Document
from tests.compiler.test_stage_rules import GAN


@pytest.fixture
def below(qtbot: QtBot) -> Iterator[QWidget]:
    """An empty window, which goes with all that lies over it."""
    found = QWidget()
    yield found
    found.deleteLater()


@pytest.fixture
def document(qapp: QApplication) -> Document:
    """A project of two networks, which two objectives teach in turn."""
    return Document(GAN)
