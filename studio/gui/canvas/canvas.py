"""The canvas as the window uses it: a view of a graph with gestures, keys and drops."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QMenu, QWidget

from studio.compiler import ports
from studio.compiler.results import GraphResult
from studio.core.project import Project
from studio.gui import theme
from studio.gui.canvas import accessibility
from studio.gui.canvas.beginnings import Beginnings
from studio.gui.canvas.canvas_bar import COLOR_ACTIONS, CanvasBar, Legend
from studio.gui.canvas.card import Knowledge
from studio.gui.canvas.chosen import Chosen
from studio.gui.canvas.commands import Commands
from studio.gui.canvas.drops import Drops
from studio.gui.canvas.framing import Framing
from studio.gui.canvas.glide import Glide
from studio.gui.canvas.keyboard import Keyboard
from studio.gui.canvas.leading import Leading
from studio.gui.canvas.lessons import NO_LESSONS, Lessons
from studio.gui.canvas.linking import KeyboardLinking
from studio.gui.canvas.pointer import Pointer
from studio.gui.canvas.view import GraphView
from studio.gui.canvas.ways import Ways
from studio.gui.keymap.combination import pressed
from studio.gui.style.measures import FOCUS_RING

EventType = QEvent.Type
BEGINNINGS = (
    EventType.MouseButtonPress,
    EventType.MouseButtonDblClick,
    EventType.Wheel,
    EventType.NativeGesture,
    EventType.DragEnter,
)
"""Whatever moves by itself has arrived when a person begins something."""
KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class Canvas(GraphView):
    """Shows a graph and edits it. Edits leave as ``commands.edited`` and come back by ``show_graph``."""

    # Qt sends events before the handlers are there.
    _handlers: Mapping[EventType, Callable[[Any], object]] = MappingProxyType({})

    def __init__(self, knowledge: Knowledge = ports, parent: QWidget | None = None) -> None:
        super().__init__(knowledge, parent)
        self.commands = Commands(self)
        self.framing, self.leading = Framing(self, self.commands), Leading(self, self.commands)
        self.chosen = Chosen(self, self.commands, self.framing, self.leading)
        beginnings = Beginnings(self, self.commands, self.framing, self.leading)
        self._pointer = Pointer(self, self.commands, self.framing, self.leading, beginnings)
        self.said = ""
        """What the keyboard's ways over the graph said last."""
        self.ways = Ways(self, self.commands, self.framing, self.leading, self._say)
        self.linking = KeyboardLinking(self, self.commands, self._say)
        self._keyboard = Keyboard(self, self.ways, self.commands, self.chosen, self._pointer)
        self.act_on_key: Callable[[str], bool] = lambda _: False
        """Does what a key such as ``Ctrl+Del`` is given to; answers whether it is given to anything."""
        self._drops = Drops(self, self.commands)
        self.glide = Glide(self)
        pointer, drops = self._pointer, self._drops
        self._shows_focus = False
        self._add_bar()
        self._handlers = {
            EventType.MouseButtonPress: pointer.press,
            EventType.MouseMove: pointer.move,
            EventType.MouseButtonRelease: pointer.release,
            EventType.MouseButtonDblClick: pointer.double_click,
            EventType.Wheel: pointer.wheel,
            EventType.NativeGesture: pointer.native,
            EventType.ToolTip: pointer.tip,
            EventType.Leave: lambda _: pointer.hover(None),
            EventType.DragEnter: drops.move,
            EventType.DragMove: drops.move,
            EventType.DragLeave: lambda _: drops.leave(),
            EventType.Drop: drops.drop,
            # A right press has opened the menu already; the key for it is read with the others.
            EventType.ContextMenu: QEvent.accept,
        }
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.setAcceptDrops(True)
        accessibility.install()
        self.selection_changed.connect(lambda _: accessibility.tell_focus(self))

    def _add_bar(self) -> None:
        """Lay the bar and the legend over the graph, below the minimap."""
        commands, coloring = self.commands, lambda: self.scene().coloring
        bar = CanvasBar(self.lens, lambda: self.look, commands.action_wanted.emit, self._choose_colors)
        legend = Legend(self.lens, coloring)
        self.overlays[-1:-1] = [bar, legend]  # a problem is said above all else
        self.minimap.bottom = lambda: legend.bottom

    def _choose_colors(self, at: QPointF) -> None:
        """Open the menu of ways to colour nodes at a point of the view."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for by, title in COLOR_ACTIONS.items():
            row = menu.addAction(title)
            row.setCheckable(True)
            row.setChecked(self.look.colors == by)
            row.triggered.connect(lambda _=False, title=title: self.commands.action_wanted.emit(title))
        corner = self.lens.from_room(QRectF(at, at)).topLeft().toPoint()
        menu.popup(self.viewport().mapToGlobal(corner) - QPoint(0, menu.sizeHint().height()))

    def show_graph(
        self,
        project: Project,
        name: str,
        result: GraphResult | None,
        *,
        fit: bool = False,
        lessons: Lessons = NO_LESSONS,
    ) -> None:
        # A gesture speaks of the graph it began with.
        self._pointer.cancel()
        self.linking.end()
        self.glide.finish()
        super().show_graph(project, name, result, fit=fit, lessons=lessons)

    def viewportEvent(self, event: QEvent) -> bool:
        handler = self._handlers.get(event.type())
        if handler is None:
            return super().viewportEvent(event)
        if event.type() in BEGINNINGS:
            self.glide.finish()
            self.lens.halt()
        if event.type() == EventType.MouseButtonPress:
            self.linking.end()
        handler(event)
        return True

    def paint_over(self, painter: QPainter) -> None:
        super().paint_over(painter)
        if self._pointer.gesture is not None:
            self._pointer.gesture.paint(painter)
        self._drops.paint(painter)
        self.linking.paint(painter)
        if self._shows_focus:
            painter.setPen(QPen(theme.current().accent, FOCUS_RING))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.glide.finish()
        if self.linking.is_on:
            self.linking.press(event)
            return
        event.setAccepted(self._keyboard.press(event) or any(map(self.act_on_key, pressed(event))))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.setAccepted(self._keyboard.release(event))

    def _say(self, sentence: str) -> None:
        self.said = sentence
        accessibility.announce(self, sentence)

    def step_repairs(self) -> None:
        """Go to the next button of the callout."""
        if self.callout.step(1):
            self.point_out()
            self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._shows_focus = event.reason() in KEYBOARD
        self.viewport().update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._pointer.pans = self._shows_focus = False
        self.viewport().update()
        super().focusOutEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab opens the search box; Shift+Tab leaves the canvas."""
        return False if next else super().focusNextPrevChild(next)
