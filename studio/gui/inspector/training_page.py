"""The inspector's page of the training: data, loss, figures to measure, and the stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from studio.compiler.scope import scope_of
from studio.core.catalog import catalog
from studio.core.declaration import Setting
from studio.core.graph import Graph, Node
from studio.core.node_class import Loss, Metric, NodeClass
from studio.core.problem import Mismatch
from studio.core.project import Precision, Project, Stage, TargetName, Training
from studio.gui.document import Document
from studio.gui.inspector.cost_card import CostCard
from studio.gui.inspector.form import Form
from studio.gui.inspector.node_settings import settings_of, with_value
from studio.gui.inspector.page import ScrollPage, chain
from studio.gui.inspector.stage_choices import StageChoices
from studio.gui.style.measures import CARD_GAP
from studio.gui.training.estimate import Estimate
from studio.gui.weights.card import FirstWeights
from studio.gui.widgets.button import Button
from studio.gui.widgets.choice import ChoiceBox
from studio.gui.widgets.label import Role, label, rule
from studio.gui.widgets.section import CollapsibleSection
from studio.gui.widgets.toggle import Toggle

NONE = "None"
LOAD_WEIGHTS, LOOK = "Load pretrained weights…", "Look at the data…"
FIND_RATE = "Find a learning rate…"
TARGET = Setting(
    "target",
    str,
    Training().target,
    "what the answer shall be: what the data says, or the input again",
    get_args(TargetName),
)
TRAINING = (
    Setting("batch", int, Training().batch, "samples in one step", (), 1, 1_000_000),
    Setting(
        "seed", int, Training().seed, "which random numbers: the same seed gives the same figures", (), 0, 2**31 - 1
    ),
    Setting("precision", str, Training().precision, "how numbers are kept while training", get_args(Precision)),
    Setting("fast", bool, Training().fast, "first measure how steps are computed fastest here, then train so"),
    Setting("tensorboard", bool, Training().tensorboard, "also write files for TensorBoard into the run's folder"),
    Setting(
        "checkpoint_seconds", float, Training().checkpoint_seconds, "seconds between two checkpoints", (), 1.0, 86400.0
    ),
)
CHOSEN = frozenset(["objectives", "every", "measures", "learns", "takes", "own"])
"""Settings of a stage that are chosen in dialogs."""
ADVANCED = frozenset(
    [
        "steps",
        "minutes",
        "momentum",
        "decay_all",
        "warm_up",
        "drop_every",
        "drop_to",
        "clip",
        "prune",
        "min_delta",
        "restore_best",
        "measure_every",
        "accumulate",
        "average",
        "second_momentum",
    ]
)


class TrainingPage(ScrollPage):
    """Forms of the project's data, training and one of its stages; edits go to the document.

    ``stage_chosen`` carries the number of another stage that shall be looked at, ``wanted`` the title of an action.
    """

    stage_chosen = Signal(int)
    wanted = Signal(str)

    def __init__(self, document: Document, estimate: Estimate) -> None:
        super().__init__()
        self._document = document
        self.cost = CostCard(document, estimate)
        self.look = Button(LOOK, icon="eye", small=True, cuts=True)
        self._data = _TypedNode("Data", "Dataset", self.look)
        self._loss = _TypedNode("Loss", "Loss")
        self._data.box.activated.connect(lambda _: self._set_data(self._data.chosen()))
        self._loss.box.activated.connect(lambda _: self._set(loss=self._loss.chosen()))
        self._target, self._training = Form((TARGET,)), Form(TRAINING)
        for form in (self._target, self._training):
            form.edited.connect(lambda name, value: self._set(**{name: value}))
        self._metrics: dict[str, Toggle] = {}
        self._stage_title = label("", Role.CAPTION)
        self._stage = Form([setting for setting in Stage.settings() if setting.name not in ADVANCED | CHOSEN])
        self._more = Form([setting for setting in Stage.settings() if setting.name in ADVANCED])
        for form in (self._stage, self._more):
            form.edited.connect(self._edit_stage)
        self.find_rate = Button(FIND_RATE, icon="search", small=True, cuts=True)
        self.weights = FirstWeights()
        self.choices = StageChoices()
        self.choices.wanted.connect(self.wanted)
        asks = (
            (self.weights.wanted, LOAD_WEIGHTS),
            (self.look.clicked, LOOK),
            (self.find_rate.clicked, FIND_RATE),
        )
        for asked, title in asks:
            asked.connect(lambda *_, title=title: self.wanted.emit(title))
        self._complaint: QLabel = label("", Role.PROBLEM, wrap=True)
        self._at = 0
        self._stages = ChoiceBox("Stage")
        self._stages.activated.connect(self.stage_chosen)
        self._lay_out()

    def _lay_out(self) -> None:
        for above in (self.cost, self._data, rule(), self._loss, self._target):
            self.column.addWidget(above)
        self.column.addWidget(label("Measured on held-out samples", Role.CAPTION, wrap=True))
        for name, cls in catalog().nodes.items():
            if issubclass(cls, Metric):
                toggle = self._metrics[name] = Toggle(cls.title(), name=f"Measure {cls.title()}")
                toggle.setToolTip(cls.doc())
                toggle.clicked.connect(self._choose_metrics)
                self.column.addWidget(toggle)
        more = CollapsibleSection("More", self._more, is_open=False)
        for part in (
            rule(),
            self.weights,
            rule(),
            self._stage_title,
            self._stages,
            self._complaint,
            self.choices,
            self._stage,
            self.find_rate,
            more,
            rule(),
            self._training,
        ):
            self.column.addWidget(part)
        self.column.addStretch()

    def show_project(self) -> None:
        """Show the forms of the project as it is now."""
        project = self._document.project
        training = project.training
        scope = _scope(project)
        self._data.show_node(project, project.data, scope, self._edit_data)
        self.look.setVisible(project.data is not None)
        self._loss.show_node(project, training.loss, scope, self._edit_loss)
        chosen = {node.type for node in training.metrics}
        for name, toggle in self._metrics.items():
            toggle.setChecked(name in chosen)
        for form, settings in ((self._target, (TARGET,)), (self._training, TRAINING)):
            form.show_values({setting.name: getattr(training, setting.name) for setting in settings}, scope)
        self.weights.show_project(project)
        self._at = min(self._at, len(training.stages) - 1)
        stage = training.stages[self._at]
        self._stage_title.setText("How it learns" if len(training.stages) == 1 else "Stages")
        self._stages.setVisible(len(training.stages) > 1)
        self._stages.clear()
        self._stages.addItems([f"{at}  {one.name}" for at, one in enumerate(training.stages, 1)])
        self._stages.setCurrentIndex(self._at)
        self._complaint.hide()
        for form in (self._stage, self._more):
            form.show_values(stage.values(), scope)
        self.choices.show_stage(stage)
        chain(self.column)

    def show_stage(self, at: int) -> None:
        """Show the form of another stage, counted from 0."""
        self._at = at
        self.show_project()

    def _set(self, what: str = "", **changes: Any) -> None:
        project = self._document.project
        text = f"Training: {what or ' '.join(changes)}".replace("_", " ")
        self._document.apply(replace(project, training=replace(project.training, **changes)), text, merge=True)

    def _edit_stage(self, name: str, value: object) -> None:
        stages = list(self._document.project.training.stages)
        try:
            stages[self._at] = Stage.of({**stages[self._at].values(), name: value})
        except Mismatch as error:
            self._complaint.setText(error.message)
            self._complaint.show()
            return
        self._set(name, stages=tuple(stages))

    def _set_data(self, node: Node | None) -> None:
        self._document.apply(replace(self._document.project, data=node), "Choose data")

    def _edit_data(self, setting: Setting, value: Any) -> None:
        project = self._document.project
        if project.data is not None:
            edited = replace(project, data=with_value(project.data, setting, value))
            self._document.apply(edited, f"Data: {setting.title}", merge=True)

    def _edit_loss(self, setting: Setting, value: Any) -> None:
        loss = self._document.project.training.loss
        if loss is not None:
            self._set(loss=with_value(loss, setting, value))

    def _choose_metrics(self) -> None:
        present = {node.type: node for node in self._document.project.training.metrics}
        chosen = [present.get(name, Node(name)) for name, toggle in self._metrics.items() if toggle.isChecked()]
        self._set(metrics=tuple(chosen))


class _TypedNode(QWidget):
    """A node that stands beside the graphs: which class it is, and its settings."""

    def __init__(self, title: str, kind: str, *further: QWidget) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(CARD_GAP)
        self._types = _types(kind)
        self.box = ChoiceBox(title)
        self.box.addItems([NONE, *(cls.title() for cls in self._types)])
        self._doc = label("", Role.HINT, wrap=True)
        self._form: Form | None = None
        self._key: object = None
        for part in (label(title, Role.CAPTION), self.box, self._doc, *further):
            self._column.addWidget(part)

    def chosen(self) -> Node | None:
        """A node of the class that was picked, with its defaults."""
        index = self.box.currentIndex()
        return Node(self._types[index - 1].__name__) if index else None

    def show_node(self, project: Project, node: Node | None, scope: dict[str, Any], edit: Any) -> None:
        names = [cls.__name__ for cls in self._types]
        known = node is not None and node.type in names
        self.box.setCurrentIndex(names.index(node.type) + 1 if node and known else 0)
        self._doc.setText(self._types[names.index(node.type)].doc() if node and known else "")
        self._doc.setVisible(known)
        settings: Sequence[Setting] = settings_of(project, node) if node else ()
        if settings != self._key:
            if self._form is not None:
                self._form.hide()
                self._form.deleteLater()
            self._form, self._key = Form(settings), settings
            by_name = {setting.name: setting for setting in settings}
            self._form.edited.connect(lambda name, value: edit(by_name[name], value))
            self._column.addWidget(self._form)
        if self._form is not None:
            self._form.show_values(node.settings if node else {}, scope)


def _types(kind: str) -> list[type[NodeClass]]:
    found = catalog()
    if kind == "Dataset":
        return list(found.datasets.values())
    losses = [cls for cls in found.nodes.values() if issubclass(cls, Loss)]
    return [cls for cls in losses if all(port.name != "loss" for port in cls.inputs())]


def _scope(project: Project) -> dict[str, Any]:
    """Values of the project's variables; none where one of them is wrong, which is a Problem of its own."""
    try:
        return scope_of(project, Graph())
    except Mismatch:
        return {}
