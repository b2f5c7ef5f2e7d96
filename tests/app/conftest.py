"""The command line in this process: a call, its exit code, and what it said. The window, without a screen."""

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PyQt6 import sip
from PyQt6.QtCore import QAbstractEventDispatcher, QCoreApplication, QEvent, QObject
from PyQt6.QtWidgets import QApplication, QDialog

from app import places
from app.main import main
from app.window import Window
from core.kernel import warm_up
from core.settings import NetworkSettings, Settings
from tests.app.window_scene import Shown, do
from tests.tiny_net import write_tiny_net


class Answer(NamedTuple):
    """What a command did. code: as the shell sees it; out, err: what it printed, every gap made one blank."""

    code: int
    out: str
    err: str


Command = Callable[..., Answer]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder of PoseDesk, in place of the user's."""
    monkeypatch.setenv("POSEDESK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="session")
def net(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The manifest of the tiny net."""
    return write_tiny_net(tmp_path_factory.mktemp("net"))


@pytest.fixture
def posedesk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    """`posedesk ...` through `app.main.main`, as the shell calls it."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # typer puts its own there
    monkeypatch.setenv("TERMINAL_WIDTH", "200")
    terminate = signal.getsignal(signal.SIGTERM)

    def call(*words: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["posedesk", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        assert isinstance(ended.value.code, int | None)
        return Answer(ended.value.code or 0, " ".join(out.split()), " ".join(err.split()))

    yield call
    signal.signal(signal.SIGTERM, terminate)


@pytest.fixture
def run(posedesk: Command, net: Path) -> Command:
    """`posedesk run` with the tiny net, at the size that its pictures have."""
    return lambda *words: posedesk("run", *words, "--model", net, "--input-height", 128)


# -- the window --


@pytest.fixture(scope="session")
def settled() -> None:
    """What is there before the first test with Qt stays to the end: to look through it after each would take longer
    than most of them."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def no_qt_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a window or a running timer behind."""
    if "qapp" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("settled")
    yield
    look_for_qt()


def look_for_qt() -> None:
    """Raises AssertionError where a window or a running timer is left."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    QCoreApplication.processEvents()
    windows = [type(widget).__name__ for widget in QApplication.topLevelWidgets()]
    assert not windows, f"windows left behind: {', '.join(windows)}"
    timers = [type(each).__name__ for each in gc.get_objects() if _has_timer(each)]
    assert not timers, f"timers left behind: {', '.join(timers)}"


def _has_timer(each: object) -> bool:
    """Whether it is an object of Qt with a timer that runs."""
    if not issubclass(type(each), QObject) or sip.isdeleted(each):  # a proxy of something that is gone cannot be asked
        return False
    dispatcher = QAbstractEventDispatcher.instance()
    return dispatcher is not None and bool(dispatcher.registeredTimers(each))


@pytest.fixture
def places_of_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where recordings and snapshots go, in place of the user's folders."""
    folder = tmp_path / "user"
    monkeypatch.setattr(places, "recordings", lambda: folder)
    monkeypatch.setattr(places, "pictures", lambda: folder)
    return folder


@pytest.fixture
def tiny_settings(net: Path) -> Settings:
    """The tiny net, at the size that its pictures have."""
    return Settings(network=NetworkSettings(model=str(net), backend="cpu", input_height=128))


@pytest.fixture(scope="session")
def compiled() -> None:
    """Kernels that are ready: on a new checkout they take longer than a window waits for its threads."""
    import core.sources.synthetic  # noqa: F401  its kernels are loaded with the first demo

    warm_up()
    # What is there by now stays to the end. To look through it after every window would take longer than most tests.
    gc.collect()
    gc.freeze()


@pytest.fixture
def make_window(compiled: None, qapp: QApplication, places_of_user: Path) -> Iterator[Callable[[Settings], Window]]:
    """A window on no screen; it is closed after the test, and nothing of it may be left then."""
    made: list[Window] = []

    def make(settings: Settings) -> Window:
        window = Window(settings)
        window.show()
        made.append(window)
        return window

    yield make
    for window in made:
        window.close()
        window.deleteLater()


@pytest.fixture
def window(make_window: Callable[[Settings], Window], tiny_settings: Settings) -> Window:
    """A window with the tiny net."""
    return make_window(tiny_settings)


@pytest.fixture
def shown(window: Window) -> Shown:
    """The dialog that a command opens."""

    def show(command: str, kind: type[QDialog]) -> QDialog:
        do(window, command)
        dialog = window.around.dialog(kind)
        assert dialog is not None
        assert dialog.isVisible()
        return dialog

    return show
