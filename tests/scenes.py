"""Takes pictures of the canvas in many states, to look at after a change: ``python -m tests.scenes FOLDER [SCENE …]``.

Every scene is taken in the appearances, window sizes and text sizes that matter for it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtWidgets import QDialog

from studio.core.graph import Graph
from studio.core.project import Project
from studio.gui.inspector.stage_choices import LEARNS, OWN, RUNS
from studio.gui.style.tokens import THEMES
from studio.gui.window import Window
from tests import run_states, states
from tests.screenshots import SIZE, Script, Steps, run


class View(NamedTuple):
    """How the window is looked at."""

    look: str = "dark"
    size: tuple[int, int] = SIZE
    text: float = 1.0

    @property
    def suffix(self) -> str:
        """What tells a picture from the one in the plain view."""
        look = "" if self.look == "dark" else f"-{self.look}"
        size = "" if self.size == SIZE else "-{}x{}".format(*self.size)
        return look + size + ("" if self.text == 1.0 else f"-text-{round(100 * self.text)}")


SMALL, LARGE = (1280, 720), (2560, 1440)
LOOKS = tuple(View(look) for look in THEMES)
BOTH = (View(), View("light"))
TEXTS = (View(text=1.5), View("light", text=1.5), View(text=3.0), View(size=LARGE, text=3.0))
ALL = (*LOOKS, View(size=SMALL), View(size=SMALL, text=1.5), View(size=LARGE), *TEXTS)
SIZES = (*BOTH, View(size=SMALL), View(text=1.5), View(text=3.0))
PANELS = (*BOTH, View(size=SMALL), View(size=LARGE))

EMPTY = Project(name="Empty", graphs={"Network": Graph()})

SCENES: dict[str, tuple[tuple[View, ...], Callable[[Window], None]]] = {
    "resnet-far": (ALL, states.resnet_152),
    "resnet-near": (ALL, partial(states.resnet_152, at="layer3.17 add")),
    "resnet-cost": (LOOKS, partial(states.resnet_152, colors="multiply-adds")),
    "resnet-state": (BOTH, partial(states.resnet_152, colors="state")),
    "block-outside": (SIZES, states.blocks),
    "block-inside": (ALL, lambda window: states.blocks(window, "Stage", "Blocks")),
    "problem": (ALL, states.problem),
    "problem-preview": (LOOKS, partial(states.problem, previews=True)),
    "problems": (ALL, states.problems),
    "digits": (ALL, lambda window: states.digits(window, "C1")),
    "selection": (LOOKS, lambda window: states.digits(window, "C1", "Tanh", "S2")),
    "reroute-points": (LOOKS, states.reroute_points),
    "frame": (LOOKS, states.frame_selected),
    "search": (ALL, states.search),
    "search-nothing": (BOTH, partial(states.search, text="xyzzy")),
    "nodes": (ALL, states.palette),
    "blocks": (SIZES, partial(states.palette, page=1)),
    "templates": (SIZES, partial(states.palette, page=2)),
    "card": (ALL, lambda window: states.over(window, "Teaching card", "C1")),
    "find": (SIZES, states.found),
    "palette": (ALL, lambda window: states.over(window, "Search everything")),
    "history": (SIZES, states.history),
    "code": (SIZES, partial(states.panel, title="Code")),
    "samples": (SIZES, partial(states.panel, title="Samples & predictions")),
    "previews-pictures": (PANELS, partial(states.previews, what="pictures")),
    "previews-film": (PANELS, partial(states.previews, what="film", step=8)),
    "previews-points": (PANELS, partial(states.previews, what="points")),
    "previews-codes": (PANELS, partial(states.previews, what="codes", step=3)),
    "previews-scores": (PANELS, partial(states.previews, what="scores")),
    "choosing-learns": (SIZES, partial(states.choosing, title=LEARNS)),
    "choosing-learns-gan": (BOTH, partial(states.choosing, title=LEARNS, template="gan")),
    "choosing-runs": (SIZES, partial(states.choosing, title=RUNS, template="latent-diffusion")),
    "choosing-runs-gan": (BOTH, partial(states.choosing, title=RUNS, template="dcgan")),
    "choosing-own": (SIZES, partial(states.choosing, title=OWN, template="dcgan")),
    "choosing-own-transfer": (BOTH, partial(states.choosing, title=OWN, template="transfer-learning")),
    "rates": (SIZES, states.rates),
    "steering": (SIZES, states.steering),
    "activation": (PANELS, partial(states.passage, what="activation")),
    "dropout": (PANELS, partial(states.passage, what="dropout")),
    "norm": (PANELS, partial(states.passage, what="norm")),
    "adversaries": (PANELS, states.adversaries),
    "runs-empty": (BOTH, partial(states.panel, title="Runs")),
    "runs": (SIZES, run_states.table),
    "runs-overlaid": (SIZES, run_states.overlaid),
    "runs-compared": (SIZES, run_states.compared),
    "checkpoints": (SIZES, run_states.checkpoints),
    "empty": (SIZES, partial(states.show, project=EMPTY)),
    "stages": (SIZES, states.stages),
    "objective-gan": (SIZES, partial(states.objective, template="gan", name="Discriminator's turn")),
    "objective-latent": (SIZES, partial(states.objective, template="latent-diffusion", name="Denoising")),
    "network-page": (SIZES, partial(states.inspector, page=1)),
    "training-page": (SIZES, partial(states.inspector, page=2)),
    "shortcuts": (ALL, lambda window: states.over(window, "Shortcuts…")),
    "gestures": (SIZES, lambda window: states.over(window, "Gestures and keys")),
    "descent": (SIZES, states.descent),
    "drawing": (SIZES, lambda window: states.over(window, "Export drawing…")),
    "export": (SIZES, lambda window: states.over(window, "Export…")),
}


class Scenes(Script):
    """Shows one scene after the other in each of its views."""

    def __init__(self, window: Window, folder: Path, wanted: tuple[str, ...] = ()) -> None:
        super().__init__(window, folder)
        self._wanted = wanted or tuple(SCENES)

    def _walk(self) -> Steps:
        yield self._rest()
        taken = [(view, name) for name in self._wanted for view in SCENES[name][0]]
        for view, name in sorted(taken, key=lambda each: each[0]):  # as few changes of the window as may be
            self._look(view)
            yield self._rest(2)
            states.tidy_away(self.window)
            SCENES[name][1](self.window)
            yield self._rest(4)
            self._shoot(name + view.suffix)

    def _look(self, view: View) -> None:
        """Change the running window as a person would."""
        if self.window.preferences.appearance != view.look:
            self.window.set_appearance(view.look)
        if self.window.preferences.text_scale != view.text:
            self.window.set_text_scale(view.text)
        self.window.resize(*view.size)

    def _shoot(self, name: str) -> None:
        """The window, or the dialog over it."""
        dialogs = [dialog for dialog in self.window.findChildren(QDialog) if dialog.isVisible()]
        if dialogs:
            dialogs[-1].grab().save(str(self.folder / f"{name}.png"))
        else:
            super()._shoot(name)


if __name__ == "__main__":
    sys.exit(run(partial(Scenes, wanted=tuple(sys.argv[2:])), Path(sys.argv[1]), worker=False))
