"""Takes pictures of the canvas in many states, to be looked at after a change: ``python -m tests.scenes FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from nodes.activation import ReLU
from nodes.combine import Add
from nodes.convolution import Conv2d
from nodes.inputs import Input, Output
from nodes.norm import BatchNorm2d
from nodes.pooling_adaptive import GlobalAvgPool2d
from studio.core.builder import GraphBuilder
from studio.core.catalog import catalog
from studio.core.project import Project
from tests.networks import on_digits, resnet
from tests.screenshots import Script, Steps, run

LOOKS = ("dark", "light", "contrast-dark", "contrast-light")


def nested() -> Project:
    """Residual blocks in a stage, and stages in a network."""
    block = GraphBuilder("block", width=16)
    image = block.add(Input(kind="image", sizes=(16, 28, 28)), name="Image")
    inner = block.chain(image, Conv2d(filters=16, kernel=3, padding=1), BatchNorm2d(), ReLU())
    inner = block.chain(inner, Conv2d(filters=16, kernel=3, padding=1), BatchNorm2d())
    block.add(Output(), block.chain(block.add(Add(), inner, image), ReLU()), name="Maps")
    residual = block.graph()
    outer = GraphBuilder("block")
    image = outer.add(Input(kind="image", sizes=(16, 28, 28)), name="Image")
    outer.add(Output(), outer.add_graph("Blocks", "Residual", residual, image, repeat=3), name="Maps")
    stage = outer.graph()
    net = GraphBuilder()
    stem = net.chain(net.add(Input(kind="image", sizes=(1, 28, 28)), name="Image"), Conv2d(filters=16), ReLU())
    maps = net.add_graph("Stage", "Stage", stage, stem)
    net.add(Output(), net.chain(maps, GlobalAvgPool2d()), name="Features")
    return on_digits("Nested", Network=net.graph(), Stage=stage, Residual=residual)


class Scenes(Script):
    """Walks a window through what people see of a canvas."""

    def _walk(self) -> Steps:
        yield self._rest()
        yield from self._large()
        yield from self._blocks()
        yield from self._digits()
        yield from self._sizes()

    def _large(self) -> Steps:
        canvas = self.window.workspace.canvas
        self._show(on_digits("ResNet-152", **{"ResNet-152": resnet(152)}))
        yield from self._in_both_looks("resnet-far")
        canvas.lens.zoom_fully()
        canvas.commands.go_to("layer3.17 add")
        yield from self._in_both_looks("resnet-near")
        self.window.run("Colour by multiply-adds")
        canvas.lens.fit()
        yield self._rest()
        self._shoot("resnet-cost")
        self.window.run("Colour by family")

    def _blocks(self) -> Steps:
        workspace = self.window.workspace
        self._show(nested())
        workspace.canvas.select({"Stage"})
        yield self._rest()
        self._shoot("block-outside")
        workspace.enter("Stage")
        workspace.enter("Blocks")
        yield from self._in_both_looks("block-inside")

    def _digits(self) -> Steps:
        window, canvas = self.window, self.window.workspace.canvas
        self._show(catalog().make_project("lenet5"))
        for look in LOOKS:
            window.set_appearance(look)
            canvas.select({"C1"})
            yield self._rest()
            self._shoot(f"digits-{look}")
        window.set_appearance("dark")
        canvas.setFocus()
        QTest.keyClick(canvas, Qt.Key.Key_Tab)
        QTest.keyClicks(window.focusWidget(), "fc")
        yield self._rest()
        self._shoot("search")
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
        for title, name in (
            ("Teaching card", "card"),
            ("Find in the graph…", "find"),
            ("Search everything", "palette"),
        ):
            window.run(title)
            yield self._rest()
            self._shoot(name)
            QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)

    def _sizes(self) -> Steps:
        window, canvas = self.window, self.window.workspace.canvas
        for width, height in ((1280, 720), (2560, 1440)):
            window.resize(width, height)
            yield self._rest()
            canvas.lens.fit()
            yield self._rest()
            self._shoot(f"digits-{width}x{height}")
        window.resize(1600, 1000)
        window.set_text_scale(1.5)
        yield self._rest()
        self._shoot("digits-text-150")
        window.set_text_scale(1.0)


if __name__ == "__main__":
    sys.exit(run(Scenes, Path(sys.argv[1]), worker=False))
