"""Train, pause, stop."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from studio.compiler.objective import sources_of
from studio.core.problem import ProjectError
from studio.gui.actions.action import Action
from studio.gui.actions.condition import needs
from studio.gui.actions.file_actions import at_work
from studio.gui.actions.host import Host
from studio.gui.training.state import State
from studio.training.commands import FinishStage


def _train(host: Host) -> None:
    """Begin; after a pause or a death go on."""
    session = host.session
    try:
        if session.state is State.PAUSED or session.can_resume:
            session.resume()
        elif not session.state.is_busy:
            session.start(host.document.project)
    except ProjectError as error:
        host.say(str(error))


def _train_anew(host: Host, *, download: bool = False) -> None:
    try:
        host.session.start(host.document.project, download=download)
    except ProjectError as error:
        host.say(str(error))


def _pause(host: Host) -> None:
    if host.session.state is State.TRAINING:
        host.session.pause()
    else:
        _train(host)


def _fork(host: Host) -> None:
    if host.session.run is not None:
        host.opener.show_checkpoints(host.session.run)


def _choose_runs(host: Host) -> None:
    from studio.gui.choosing.runs_dialog import RunsDialog

    _open(RunsDialog(host.widget, host.document, host.workbench.place.stage))


def _choose_parts(host: Host) -> None:
    from studio.gui.choosing.parts_dialog import PartsDialog

    _open(PartsDialog(host.widget, host.document, host.workbench.place.stage))


def _choose_own(host: Host) -> None:
    from studio.gui.choosing.own_dialog import OwnDialog

    _open(OwnDialog(host.widget, host.document, host.workbench.place.stage))


def _find_rate(host: Host) -> None:
    from studio.gui.rates.dialog import RatesDialog

    _open(RatesDialog(host.widget, host.document, host.session, host.workbench.place.stage))


def _steer(host: Host) -> None:
    from studio.gui.steering.dialog import SteeringDialog

    dialog = SteeringDialog(host.widget, host.session)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.show()


def _open(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


@needs("The problems have to be mended first.", at_work)
def _can_train(host: Host) -> bool:
    return host.document.diagnosis.can_run


@needs("The training that runs has to end first.", _can_train)
def _can_begin(host: Host) -> bool:
    return not host.session.state.is_busy


@needs("The training that runs has to end first.", at_work)
def _is_idle(host: Host) -> bool:
    return not host.session.state.is_busy


@needs("Train the network, or open a run, first.", _is_idle)
def _has_run(host: Host) -> bool:
    return host.session.run is not None


@needs(State.ELSEWHERE.value)
def _is_here(host: Host) -> bool:
    return not host.ready or host.session.state is not State.ELSEWHERE


@needs(State.ELSEWHERE.value, _can_train)
def _can_go_on(host: Host) -> bool:
    return host.session.state is not State.ELSEWHERE


@needs("Nothing is being trained.", _is_here)
def _can_pause(host: Host) -> bool:
    return host.ready and host.session.state in (State.TRAINING, State.PAUSED)


@needs("Nothing is being trained.", _is_here)
def _is_busy(host: Host) -> bool:
    return host.ready and host.session.state.is_busy


@needs("There is no network in this project yet.", at_work)
def _has_network(host: Host) -> bool:
    return bool(host.document.project.networks)


@needs("There is no objective in this project yet.", at_work)
def _has_objective(host: Host) -> bool:
    return bool(host.document.diagnosis.objectives)


@needs("There is no data yet: choose a dataset in the Training tab.", at_work)
def _has_data(host: Host) -> bool:
    project = host.document.project
    return project.data is not None or any(map(sources_of, project.of_role("objective").values()))


TRAIN = (
    Action(
        title="Train",
        keys=("F5",),
        icon="play",
        do=_train,
        when=_can_go_on,
        typing=True,
        words="run start learn fit resume",
    ),
    Action(
        title="Pause", keys=("F6",), icon="pause", do=_pause, when=_can_pause, typing=True, words="resume continue wait"
    ),
    Action(
        title="Stop",
        keys=("F7",),
        icon="stop",
        do=lambda host: host.session.stop(),
        when=_is_busy,
        typing=True,
        words="end finish keep",
    ),
    Action(
        title="Choose what runs…",
        icon="loss",
        do=_choose_runs,
        when=_has_objective,
        apart=True,
        words="objectives stage order often every steps turns measure teach",
    ),
    Action(
        title="Choose what learns…",
        icon="frozen",
        do=_choose_parts,
        when=_has_network,
        words="freeze parts weights stage transfer reuse grow take layers",
    ),
    Action(
        title="Choose what learns in its own way…",
        icon="settings",
        do=_choose_own,
        when=_has_network,
        words="own settings learning rate decay part layer network discriminative optimizer groups",
    ),
    Action(
        title="Find a learning rate…",
        icon="search",
        do=_find_rate,
        when=_can_begin,
        words="learning rate range finder test suggest lr",
    ),
    Action(
        title="Finish this stage",
        icon="check",
        do=lambda host: host.session.send(FinishStage()),
        when=_is_busy,
        words="end now next skip early",
    ),
    Action(
        title="Steer the training…",
        icon="settings",
        do=_steer,
        when=_is_busy,
        words="learning rate epochs patience early stopping stop rule live change",
    ),
    Action(
        title="Train from the beginning",
        icon="play",
        do=_train_anew,
        apart=True,
        words="restart anew reset",
        when=_can_begin,
    ),
    Action(
        title="Get the data and train",
        icon="download",
        do=lambda host: _train_anew(host, download=True),
        when=_can_begin,
        words="download fetch dataset",
    ),
    Action(
        title="Fork from a checkpoint…",
        icon="fork",
        do=_fork,
        when=_has_run,
        words="branch checkpoints resume earlier",
    ),
    Action(
        title="Sweep…",
        icon="search",
        do=lambda host: host.workbench.sweeps.open(),
        when=_can_train,
        words="search hyperparameters optuna tune tuning vary grid random trials best",
    ),
    Action(
        title="Load pretrained weights…",
        icon="layers",
        do=lambda host: host.workbench.load_weights(),
        when=_has_network,
        apart=True,
        words="torchvision imagenet safetensors pth checkpoint begin transfer first",
    ),
    Action(
        title="Look at the data…",
        icon="eye",
        do=lambda host: host.workbench.look_at_data(),
        when=_has_data,
        words="dataset samples images points table classes view browse card licence",
    ),
)
