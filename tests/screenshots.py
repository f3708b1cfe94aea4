"""Takes the pictures of the README from the running program: ``python -m tests.screenshots [FOLDER]``.

A real training runs for a while, so that curves, feature maps and predictions are those of a network that learns.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from studio.core.project import Project
from studio.gui import asking
from studio.gui.assets import ASSETS
from studio.gui.preferences import Preferences
from studio.gui.training.session import Session
from studio.gui.training.state import State
from studio.gui.window import Window, dress
from studio.training.messages import EpochEnded, Event
from tests.networks import on_digits, resnet

SIZE = (1600, 1000)
EPOCHS = 8
"""The training is shown after so many."""

Steps = Iterator[Callable[[], bool]]
"""What the script waits for, one after the other."""


class Script:
    """Walks a window through what the pictures show."""

    def __init__(self, window: Window, folder: Path) -> None:
        self.window, self.folder = window, folder
        self.epochs = 0
        self._steps = self._walk()
        self._wait: Callable[[], bool] = lambda: True
        self._timer = QTimer(window)
        self._timer.timeout.connect(self._go_on)

    def start(self) -> None:
        self.window.session.told.connect(self._count)
        self._timer.start(200)

    def _walk(self) -> Steps:
        gallery = self.window.start.gallery
        yield lambda: all(card.facts is not None for card in gallery.cards.values())
        yield from self._in_both_looks("start")
        yield from self._large()
        self.window.show_start()
        gallery.cards["lenet5"].click()
        yield from self._card()
        yield from self._problem()
        yield from self._training()

    def _large(self) -> Steps:
        """A large network from afar, its nodes coloured by what they cost."""
        self._show(on_digits("ResNet-152", **{"ResNet-152": resnet(152)}))
        self.window.run("Colour by multiply-adds")
        yield self._rest()
        self._shoot("large")
        self.window.run("Colour by family")

    def _card(self) -> Steps:
        self.window.workspace.canvas.select({"C1"})
        self.window.run("Teaching card")
        yield self._rest()
        self._shoot("card")
        self.window.run("Teaching card")

    def _problem(self) -> Steps:
        """A flattening is missing: the node says so and offers to put it back."""
        document, place = self.window.document, self.window.workspace.place
        document.apply_graph(place.root, place.graph.remove(["Flatten"], heal=True), "Delete Flatten")
        self.window.workspace.canvas.select({"C5"})
        self.window.workbench.show_panel("Problems")
        yield self._rest()
        self._shoot("problem")
        document.undo()

    def _training(self) -> Steps:
        bench, canvas = self.window.workbench, self.window.workspace.canvas
        canvas.select({"C1"})
        bench.show_panel("Layer view")
        self.window.run("Train")
        yield lambda: self.epochs >= EPOCHS
        yield from self._in_both_looks("training")
        bench.show_panel("Samples & predictions")
        yield self._rest()
        self._shoot("layer-view")
        canvas.select({"C3"})
        bench.show_panel("Code")
        yield self._rest()
        self._shoot("code")
        self.window.run("Stop")
        yield lambda: self.window.session.state is State.FINISHED

    def _show(self, project: Project) -> None:
        self.window.document.open(project)
        self.window.show_work()
        self.window.workspace.canvas.lens.fit()

    def _in_both_looks(self, name: str) -> Steps:
        for look, suffix in (("light", "-light"), ("dark", "")):
            self.window.set_appearance(look)
            yield self._rest()
            self._shoot(name + suffix)

    def _rest(self, turns: int = 8) -> Callable[[], bool]:
        """So many fifths of a second, in which all that was asked for arrives."""
        ticks = iter(range(turns))
        return lambda: next(ticks, None) is None

    def _shoot(self, name: str) -> None:
        if self.window.at_work:
            self.window.workspace.canvas.finish()
        path = self.folder / f"{name}.png"
        if not self.window.grab().save(str(path)):
            raise OSError(f"{path} cannot be written")

    def _count(self, event: Event) -> None:
        self.epochs += isinstance(event, EpochEnded)

    def _go_on(self) -> None:
        if not self._wait():
            return
        step = next(self._steps, None)
        if step is None:
            self._timer.stop()
            self.window.close()
        else:
            self._wait = step


def run(script: Callable[[Window, Path], Script], folder: Path, *, worker: bool = True) -> int:
    """Take all pictures of a script into the folder, with or without a training process; the exit status."""
    if not worker:
        Session.warm = lambda self: None  # type: ignore[method-assign]
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["LAYERLOOM_HOME"] = home
        os.environ["XDG_STATE_HOME"] = home
        app = QApplication(["layerloom"])
        asking.ask = lambda *_: "Discard"
        preferences = Preferences(Path(home) / "window.ini")
        preferences.appearance = "dark"
        dress(preferences)
        window = Window(None, preferences)
        window.resize(*SIZE)
        walk = script(window, folder)
        window.prepared.connect(walk.start)
        window.show()
        return app.exec()


if __name__ == "__main__":
    sys.exit(run(Script, Path(sys.argv[1]) if len(sys.argv) > 1 else ASSETS / "screenshots"))
