"""Brings a window into the states that people meet at a canvas, so that pictures can be taken of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QTabBar, QWidget

from studio.core.catalog import catalog
from studio.core.graph import Graph, Links
from studio.core.project import Project
from studio.core.surfaces import SURFACES, valley
from studio.gui.descent.dialog import DescentDialog
from studio.gui.palette.popup import SearchPopup
from studio.gui.palette.tree import OfferTree
from studio.gui.panels.passage.panel import PASSAGE, PassagePanel
from studio.gui.panels.previews.panel import PreviewsPanel
from studio.gui.rates.dialog import RatesDialog
from studio.gui.training.state import State
from studio.gui.window import Window
from studio.training.answers import Descended, RatesTried
from studio.training.messages import EpochEnded, StageEnded, StepDone
from studio.training.run import Run
from studio.training.slots import Picture
from tests.networks import nested, on_digits, resnet, unequal
from tests.previews import finished, looks, showing, started


def show(window: Window, project: Project) -> None:
    """Open a project, all of it in view."""
    window.document.open(project)
    window.show_work()
    window.workspace.canvas.lens.fit()


def tidy_away(window: Window) -> None:
    """Close what lies over the window, and bring the panels to the front that are there at first."""
    for over in (*window.findChildren(SearchPopup), *window.findChildren(QDialog)):
        over.close()
    window.activateWindow()
    bench, canvas = window.workbench, window.workspace.canvas
    bench.teacher.card.hide()
    bench.find_bar.hide()
    canvas.highlight.show_found(frozenset())
    canvas.hovered = None
    window.run("Colour by family")
    for panel in ("Curves", "Layer view"):
        bench.show_panel(panel)
    for dock in ("Palette", "Inspector"):
        _page(window, dock, 0)
    for tree in bench.palette_panel.findChildren(OfferTree):
        tree.collapseAll()


def resnet_152(window: Window, *, at: str = "", colors: str = "family") -> None:
    """Every layer a node, from afar or near one of them."""
    show(window, on_digits("ResNet-152", **{"ResNet-152": resnet(152)}))
    window.run(f"Colour by {colors}")
    if at:
        window.workspace.canvas.lens.zoom_fully()
        window.workspace.canvas.commands.go_to(at)


def blocks(window: Window, *entered: str) -> None:
    """A network with a block in a block, looked at from outside or inside."""
    show(window, nested())
    window.workspace.canvas.select({"Stage"})
    for block in entered:
        window.workspace.enter(block)


def digits(window: Window, *selected: str) -> None:
    """LeNet-5 with nodes selected."""
    show(window, catalog().make_project("lenet5"))
    window.workspace.canvas.select(selected)


def problem(window: Window, *, previews: bool = False) -> None:
    """A sum of unequal shapes; the pointer may rest on the first repair."""
    show(window, unequal())
    canvas = window.workspace.canvas
    canvas.commands.go_to("Add")
    if previews:
        canvas.hovered = canvas.lens.from_room(canvas.callout.targets()[0].rect).center()
        canvas.point_out()


def problems(window: Window) -> None:
    """Several problems at once, in the list and on the canvas."""
    digits(window)
    graph = window.workspace.place.graph
    broken = graph.remove(["Flatten", "S2"], heal=False)
    window.document.apply_graph(window.workspace.place.graph_name, broken, "Delete Flatten and S2")
    window.workspace.canvas.select({"C5"})
    window.workbench.show_panel("Problems")


def reroute_points(window: Window) -> None:
    """A link that is led through two points, selected."""
    show(window, unequal())
    place = window.workspace.place
    graph = place.graph
    skip = next(link for link in graph.links if (link.source, link.target) == ("x", "Add"))
    led = replace(skip, via=((240.0, -120.0), (720.0, -120.0)))
    edited = Graph(graph.nodes, Links(led if link == skip else link for link in graph.links), frames=graph.frames)
    window.document.apply_graph(place.graph_name, edited, "Add reroute points")
    window.workspace.canvas.lens.fit()
    window.workspace.canvas.commands.select_link(led)


def frame_selected(window: Window) -> None:
    digits(window)
    window.workspace.canvas.framing.select(0)


def search(window: Window, text: str = "fc") -> None:
    """The search that adds a node."""
    digits(window)
    _press(window.workspace.canvas, Qt.Key.Key_Tab)
    _type(window, text)


def palette(window: Window, page: int = 0) -> None:
    """A page of the palette, with its groups open."""
    (blocks if page == 1 else digits)(window)
    _page(window, "Palette", page)
    for tree in window.workbench.palette_panel.findChildren(OfferTree):
        tree.expandAll()


def found(window: Window, text: str = "tanh") -> None:
    """The bar that finds nodes, with what it found."""
    digits(window)
    window.run("Find in the graph…")
    _type(window, text)


def history(window: Window) -> None:
    """A few edits, one of them undone."""
    digits(window, "Tanh")
    for title in ("Duplicate", "Delete", "Tidy up", "Undo"):
        window.run(title)
    window.workbench.show_panel("History")


def panel(window: Window, title: str) -> None:
    digits(window, "C1")
    window.workbench.show_panel(title)


def inspector(window: Window, page: int) -> None:
    digits(window)
    _page(window, "Inspector", page)


def over(window: Window, title: str, *selected: str) -> None:
    """What an action opens over LeNet-5."""
    digits(window, *selected)
    window.run(title)


def previews(window: Window, what: str, *, step: int = -1) -> None:
    """A run that is over and what it showed: ``pictures``, ``film``, ``points``, ``codes`` or ``scores``."""
    run = Run.create(showing("Generated"))
    finished(run, looks(what))
    window.opener.open_run(run.folder)
    panel = window.workbench.panels["Previews"]
    assert isinstance(panel, PreviewsPanel)
    window.workbench.show_panel(panel.title)
    if step >= 0:
        panel.steps.slider.setValue(step)
    panel.loader.wait()


def adversaries(window: Window) -> None:
    """Curves of two objectives over two stages, the first of which was stopped early."""
    show(window, showing("Generated"))
    names = ("Critic's: loss", "Generator's: loss")
    measures = {name: {"title": "Loss", "percent": False, "higher_is_better": False} for name in names}
    run = Run.create(showing("Generated"))
    begun = replace(started(run), series=names, measures=measures, steps=300, stages=("warm up", "play"))
    window.session.told.emit(begun)
    for epoch in range(1, 26):
        losses = dict(zip(names, (0.4 + 1 / epoch, 2.4 - 2 / epoch), strict=True))
        held = {name: value * 1.1 for name, value in losses.items()}
        window.session.told.emit(StepDone(10 * epoch, epoch, 0, losses, 0.001, 100.0))
        window.session.told.emit(EpochEnded(epoch, 30, 0, 10 * epoch, held, losses, 1.0, epoch == 7))
        if epoch == 10:
            window.session.told.emit(StageEnded(0, "warm up", 100, 10, "no improvement for 3 epochs", 70))
    window.workbench.show_panel("Curves")


def descent(window: Window) -> None:
    """Ways down a narrow valley, with momentum and without."""
    over(window, "Ways down an error…")
    (dialog,) = (each for each in window.findChildren(DescentDialog) if each.isVisible())
    for at, (rate, momentum) in enumerate(((0.09, 0.0), (0.03, 0.8))):
        place, step = np.array(SURFACES["valley"].start), np.zeros(2)
        path = [place]
        for _ in range(60):
            step = momentum * step - rate * place * [1, 20]
            path.append(place := path[-1] + step)
        errors = tuple(float(valley(*each)) for each in path)
        pairs = tuple((float(first), float(second)) for first, second in path)
        window.session.told.emit(Descended(dialog._number + at, pairs, errors))


def passage(window: Window, what: str) -> None:
    """What a training told of an activation, of dropout or of a norm."""
    digits(window, "C1")
    panel = window.workbench.panels["In and out"]
    assert isinstance(panel, PassagePanel)
    window.workbench.show_panel(panel.title)
    random = np.random.default_rng(0)
    inputs, x = random.standard_normal(2000) * 1.3, np.linspace(-16, 16, 401)
    kept = (random.random(120) > 0.5).astype(float)
    rows = {
        "activation": {"in": inputs, "out": np.tanh(inputs), "x": x, "y": np.tanh(x)},
        "dropout": {"in": inputs, "out": inputs, "trained": inputs * 2 * (random.random(2000) > 0.5), "kept": kept},
        "norm": {"in": inputs * 3 + 2, "out": inputs + 0.2, "trained": inputs},
    }[what]
    table = np.full((len(rows), 2000), np.nan, np.float32)
    for filled, row in zip(table, rows.values(), strict=True):
        filled[: len(row)] = row
    about = {"node": what.capitalize(), "rows": list(rows), "units": [120], "share": 0.504}
    panel.squares.clear()
    for epoch in range(1, 9):
        panel.squares.append("LeNet-5", epoch, 40 + 9 * epoch**0.5)
    panel.context.views.pictured.emit(PASSAGE, Picture(table, 120, about))


def _page(window: Window, dock: str, page: int) -> None:
    bar = window.workbench.docks[dock].titleBarWidget()
    assert bar is not None
    tabs = bar.findChild(QTabBar)
    assert isinstance(tabs, QTabBar)
    tabs.setCurrentIndex(page)


def _press(widget: QWidget, key: Qt.Key) -> None:
    widget.setFocus()
    QTest.keyClick(widget, key)


def _type(window: Window, text: str) -> None:
    QTest.keyClicks(window.focusWidget(), text)


def steering(window: Window) -> None:
    """The first of two stages runs, and may be changed."""
    show(window, catalog().make_project("transfer-learning"))
    window.session.project = window.document.project
    window.session._enter(State.TRAINING)
    window.run("Steer the training…")


def rates(window: Window) -> None:
    """Rates were tried on LeNet-5, and one is suggested."""
    show(window, catalog().make_project("lenet5"))
    window.run("Find a learning rate…")
    dialog = window.findChildren(RatesDialog)[-1]
    grown = [float(10 ** (-6 + 7 * number / 139)) for number in range(110)]
    losses = [2.3 / (1 + (rate / 0.004) ** 1.2) + 3 * rate**1.5 for rate in grown]
    window.session.told.emit(
        RatesTried(dialog.asked.number, tuple(grown), tuple(losses), 140, suggested=0.0034, over=True)
    )


def choosing(window: Window, title: str, template: str = "stacked-autoencoder-classifier", stage: int = -1) -> None:
    """Something is being chosen for a stage."""
    objective(window, template)
    stages = window.document.project.training.stages
    window.workbench.place.choose_stage(stage % len(stages))
    window.run(title)


def stages(window: Window) -> None:
    """The stages of a stacked autoencoder that becomes a classifier, the second of which runs."""
    objective(window, "stacked-autoencoder-classifier")
    run = Run.create(window.document.project)
    window.workbench.show_panel("Stages")
    _page(window, "Inspector", 2)
    window.session.told.emit(started(run))
    window.session.told.emit(StageEnded(0, "first", 100, 10, "all epochs"))
    window.session.told.emit(EpochEnded(3, 6, 1, 130, {}, {}, 1.0))
    window.workbench.place.choose_stage(1)


def objective(window: Window, template: str, name: str = "") -> None:
    """A template with one of its objectives in view."""
    show(window, catalog().make_project(template))
    if name:
        window.workbench.place.go_to(name, "")
