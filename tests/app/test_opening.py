"""Opening what is slow to open, nets that take long, and leaving them."""

import threading
from collections.abc import Callable, Iterator
from time import sleep

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app import bridge as bridges
from app import waiting
from app.errand import StoppedWaiting
from app.window import Window
from core.errors import PoseDeskError
from core.network import Network
from core.settings import NetworkSettings
from core.sources import ArraySource
from tests.app.window_scene import SOON, banner


def test_opening_is_cancelled_with_esc(window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_open, closed = threading.Event(), threading.Event(), threading.Event()

    class Late(ArraySource):
        def close(self) -> None:
            closed.set()
            super().close()

    def hang(text: str, on_event: object, turning: object) -> ArraySource:
        begun.set()
        may_open.wait(SOON / 1000)
        return Late([np.zeros((96, 160, 3), np.uint8)])

    try:
        with monkeypatch.context() as patch:
            patch.setattr(bridges, "open_for_viewing", hang)
            window.open("camera:0")
            assert banner(window) == "Opening camera:0 ..."
            assert window.banner.is_busy
            assert window.actions_by_name["leave"].isEnabled()
            qtbot.waitUntil(begun.is_set, timeout=SOON)
            window.activateWindow()
            qtbot.keyClick(window, Qt.Key.Key_Escape)
        assert banner(window) == ""
        assert not window.bridge.is_opening
        window.open("demo:walk?size=160x96")  # and the next one does not wait for the one that hangs
        qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
    finally:
        may_open.set()
    qtbot.waitUntil(closed.is_set, timeout=SOON)
    assert window.source_name == "demo:walk"


def test_the_newest_opening_wins(window: Window, qtbot: QtBot) -> None:
    for name in ("fall", "cross", "walk"):
        window.open(f"demo:{name}?size=160x96")
    qtbot.waitUntil(lambda: window.has_picture and not window.bridge.is_opening, timeout=SOON)
    assert window.source_name == "demo:walk"


@pytest.fixture
def may_load(window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A picture is on screen, and further nets come only after this is set."""
    window.open("demo:walk?size=160x96")
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
    may_load, load = threading.Event(), window.bridge._load

    def slow(settings: NetworkSettings) -> Network:
        assert may_load.wait(SOON / 1000)
        return load(settings)

    monkeypatch.setattr(window.bridge, "_load", slow)
    yield may_load
    may_load.set()


def test_a_net_that_takes_long_is_said_and_can_be_left(window: Window, may_load: threading.Event, qtbot: QtBot) -> None:
    bridge, before = window.bridge, window.bridge.settings
    bridge.change_network(backend="auto")
    qtbot.waitUntil(lambda: banner(window) == "Getting the net ready ...", timeout=SOON)
    assert window.banner.is_busy
    assert window.actions_by_name["leave"].isEnabled()
    window.activateWindow()
    with qtbot.waitSignal(bridge.settings_changed, timeout=SOON) as changed:
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        assert banner(window) == ""
    assert changed.args == [before], "panels show what holds"
    assert not window.actions_by_name["leave"].isEnabled()
    may_load.set()
    bridge.change_network(backend="auto")
    qtbot.waitUntil(lambda: not bridge.is_changing, timeout=SOON)
    assert bridge.settings.network.backend == "auto"
    qtbot.waitUntil(lambda: not window.banner.is_busy, timeout=SOON)


def test_all_nets_that_are_on_their_way_are_left(window: Window, may_load: threading.Event, qtbot: QtBot) -> None:
    bridge, before, done = window.bridge, window.bridge.settings, threading.Event()
    bridge.change_network(backend="auto")
    bridge.change_network(input_height=96)
    qtbot.waitUntil(lambda: banner(window) == "Getting the net ready ...", timeout=SOON)
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.actions_by_name["leave"].isEnabled()
    may_load.set()
    bridge.submit(done.set)
    qtbot.waitUntil(done.is_set, timeout=SOON)
    assert bridge.settings == before


def test_getting_ready_is_shown(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    window.waiting._prepared_since = -100.0
    monkeypatch.setattr(waiting, "is_first_time", lambda: False)
    window.waiting._preparing(0.2)
    assert banner(window) == "Getting ready, 20 %."
    monkeypatch.setattr(waiting, "is_first_time", lambda: True)
    window.waiting._preparing(0.25)
    assert banner(window) == "Getting ready, 25 %. Only the first start takes so long."
    assert window.banner.busy.maximum() == 0, "it moves, also while the share stands still"
    window.waiting._preparing(1.0)
    assert banner(window) == ""


def test_how_far_what_draws_a_demo_is_compiled_is_shown_and_it_ends_with_the_opening(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, left = threading.Event(), threading.Event()

    def compile_slowly(progress: Callable[[float], None]) -> None:
        progress(0.0)
        progress(0.4)
        go_on.wait(SOON / 1000)
        try:
            progress(0.5)
        except StoppedWaiting:
            left.set()
            raise

    monkeypatch.setattr(waiting, "LONG", 0.01)
    monkeypatch.setattr(waiting, "is_first_time", lambda: True)
    monkeypatch.setattr(bridges, "prepare_demo", compile_slowly)
    try:
        window.open("demo:walk?size=160x96")
        said = "Opening demo:walk, 40 %. Only the first time takes so long."
        qtbot.waitUntil(lambda: banner(window) == said, timeout=SOON)
        window.waiting._prepared_since = -100.0
        window.waiting._preparing(0.9)
        assert banner(window).startswith("Getting ready, 90 %.")
        window.waiting._preparing(1.0)
        assert banner(window) == said
        window.bridge.cancel_opening()
        assert banner(window) == ""
    finally:
        go_on.set()
    qtbot.waitUntil(left.is_set, timeout=SOON)


def test_what_waits_for_its_turn_does_not_begin_when_the_window_is_closed(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A camera that does not answer would keep the window from closing, though nobody waits for it any more."""
    bridge, begun = window.bridge, list[str]()

    def begin(text: str, on_event: object, turning: object) -> ArraySource:
        begun.append(text)
        return ArraySource([np.zeros((96, 160, 3), np.uint8)])

    def be_busy() -> None:
        while not bridge._ending:
            sleep(0.01)

    def load(settings: NetworkSettings) -> Network:
        begun.append("a net")
        raise PoseDeskError("There is none.")

    monkeypatch.setattr(bridges, "open_for_viewing", begin)
    monkeypatch.setattr(bridge, "_load", load)
    bridge.submit(be_busy)
    window.open("camera:0")
    bridge.change_network(backend="auto")
    bridge.change_network(input_height=96)
    assert bridge.shutdown()
    assert begun == []
