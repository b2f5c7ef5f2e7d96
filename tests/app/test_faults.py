"""What goes wrong behind the window's back: it says so, goes back to what worked, and goes on."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.pipeline import Pipeline
from app.steered_estimator import no_net
from app.viewing import open_for_viewing
from app.window import Window
from core.errors import PoseDeskError
from core.network import EngineReport, Network
from core.outputs import Overlay
from core.settings import NetworkSettings, Settings
from core.sources import ignore
from core.types import Floats, Image
from models import registry
from tests.tiny_net import write_tiny_net, write_video

SOON = 90_000  # milliseconds, far more than anything here takes; a test that needs them fails

MakeWindow = Callable[[Settings], Window]


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_video(tmp_path / "arm.mkv", [[(30.0 + frame, 25.0)] for frame in range(40)])


def banner(window: Window) -> str:
    return window.banner.label.text() if window.banner.isVisible() else ""


def play_over_and_over(window: Window, film: Path, qtbot: QtBot) -> None:
    window.open(str(film))
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
    assert window.playback is not None
    window.playback.set_loop(True)
    window.playback.play()
    until_a_new_pose(window, qtbot)


def until_a_new_pose(window: Window, qtbot: QtBot) -> None:
    before = window.pipeline.newest.result if window.pipeline is not None else None

    def there() -> bool:
        now = window.pipeline.newest.result if window.pipeline is not None else None
        return now is not None and now is not before and len(now.people) == 1

    qtbot.waitUntil(there, timeout=SOON)


def test_a_net_whose_files_are_gone(make_window: MakeWindow, film: Path, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "net").mkdir()
    manifest = write_tiny_net(tmp_path / "net")
    settings = Settings(network=NetworkSettings(model=str(manifest), backend="cpu", input_height=128))
    window = make_window(settings)
    play_over_and_over(window, film, qtbot)
    shutil.rmtree(tmp_path / "net")
    until_a_new_pose(window, qtbot)  # it lies in memory
    window.bridge.change_network(backend="auto")
    qtbot.waitUntil(lambda: str(manifest) in banner(window) and window.banner.trouble, timeout=SOON)
    assert window.bridge.settings == settings
    until_a_new_pose(window, qtbot)


class Narrow:
    """An engine that runs pictures up to a height, and loses its nerve when it is told to."""

    report = EngineReport("cpu", "narrow", ())
    broken = False

    def __init__(self, network: Network) -> None:
        self._engine = network.engine

    def infer(self, picture: Image) -> Floats:
        if picture.shape[0] > 200:
            raise PoseDeskError(f"{picture.shape[0]} rows do not fit. Choose a lower input height.")
        if type(self).broken:
            raise PoseDeskError("The device is gone. Plug it in.")
        return self._engine.infer(picture)


def narrow(settings: NetworkSettings) -> Network:
    model = registry.find(settings.model)
    return Network(model.manifest, Narrow(Network.open(model, settings)), settings)


@pytest.fixture
def narrow_window(qapp: QApplication, places_of_user: Path, tiny_settings: Settings) -> Iterator[Window]:
    window = Window(tiny_settings, load=narrow)
    window.film_view.analysing.wanted = False  # what is known already would not need the engine
    window.show()
    yield window
    Narrow.broken = False
    window.close()
    window.deleteLater()


def test_a_size_that_cannot_be_run_goes_back_and_says_why(narrow_window: Window, film: Path, qtbot: QtBot) -> None:
    window = narrow_window
    play_over_and_over(window, film, qtbot)
    before = window.bridge.settings
    with qtbot.waitSignal(window.bridge.settings_changed, timeout=SOON) as changed:
        window.bridge.change_network(input_height=256)
    assert changed.args == [before], "the panel shows what holds"
    qtbot.waitUntil(lambda: "256 rows do not fit" in banner(window), timeout=SOON)
    until_a_new_pose(window, qtbot)


def test_ids_live_through_changes(narrow_window: Window, film: Path, qtbot: QtBot) -> None:
    window = narrow_window
    play_over_and_over(window, film, qtbot)
    assert window.playback is not None
    window.playback.set_loop(False)
    window.playback.set_speed(0.1)
    window.playing.seek(0)
    until_a_new_pose(window, qtbot)

    def ids() -> list[int]:
        result = window.pipeline.newest.result if window.pipeline is not None else None
        return [int(each) for each in result.ids] if result is not None else []

    qtbot.waitUntil(lambda: ids() == [1], timeout=SOON)
    window.bridge.change_network(input_height=192)
    qtbot.waitUntil(lambda: window.bridge.settings.network.input_height == 192, timeout=SOON)
    until_a_new_pose(window, qtbot)
    window.bridge.change_decoding(peak_threshold=0.2)
    until_a_new_pose(window, qtbot)
    assert ids() == [1]


def test_a_device_that_dies_in_mid_record_leaves_a_recording(
    narrow_window: Window, film: Path, places_of_user: Path, qtbot: QtBot
) -> None:
    window = narrow_window
    play_over_and_over(window, film, qtbot)
    window.actions_by_name["record"].trigger()
    qtbot.waitUntil(lambda: window.keeping.is_recording, timeout=SOON)
    until_a_new_pose(window, qtbot)
    until_a_new_pose(window, qtbot)
    Narrow.broken = True
    qtbot.waitUntil(lambda: not window.keeping.is_recording, timeout=SOON)
    qtbot.waitUntil(lambda: len(list(places_of_user.glob("arm_*.mp4"))) == 1, timeout=SOON)
    Narrow.broken = False
    play_over_and_over(window, film, qtbot)


def test_a_film_that_ends_too_soon(window: Window, film: Path, qtbot: QtBot) -> None:
    data = film.read_bytes()
    film.write_bytes(data[: len(data) * 6 // 10])
    window.open(str(film))
    qtbot.waitUntil(lambda: "ends" in banner(window), timeout=SOON)
    qtbot.waitUntil(lambda: window.has_picture and not window.playing.is_playing, timeout=SOON)
    assert 5 < window.playing.length < 40
    qtbot.waitUntil(lambda: len(window.view.people) == 1, timeout=SOON)


@pytest.mark.parametrize("name", ["recent.json", "live.json"])
def test_broken_notes_stop_nothing(make_window: MakeWindow, tiny_settings: Settings, home: Path, name: str) -> None:
    home.mkdir()
    (home / name).write_bytes(b'{"half')
    assert not make_window(tiny_settings).has_picture


def test_three_hundred_films_leave_nothing_behind(tmp_path: Path) -> None:
    """All threads of a pipeline end with it, and its frames go; large ones, so that those of a few would be seen."""
    resource = pytest.importorskip("resource", reason="this system does not tell how much memory is used")
    film = write_video(tmp_path / "arm.mp4", [[(60.0, 50.0)]] * 3, size=(640, 480))

    def once() -> None:
        pipeline = Pipeline(open_for_viewing(str(film), ignore), no_net, Settings(), Overlay())
        until(lambda: pipeline.newest.result is not None)
        pipeline.close()

    for _ in range(30):  # what is reserved once is no growth
        once()
    threads, before = threading.active_count(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(300):
        once()
    assert threading.active_count() <= threads
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 130_000, "kB; a frame of each is 276,000"


def until(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(SOON):
        if condition():
            return
        pause.wait(0.001)
    raise AssertionError("it does not come to that")
