"""Poses served from the window: to readers of a real socket, whatever is open, and told where it cannot be."""

import itertools
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import pytest
from PyQt6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app import places
from app.serving.server import PoseServer
from app.settings_dialog import SettingsDialog
from app.steered_estimator import NO_LINKS, NO_MAPS, NO_PEAKS
from app.store import Store
from app.window import Window
from core.types import Frame, People, Result
from tests.app.film_scene import FRAMES, SOON, arm, do, go, open_film, until_analysed
from tests.tiny_net import write_video


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_video(tmp_path_factory.mktemp("video") / "arm.mp4", map(arm, range(FRAMES)))


@pytest.fixture
def serving(window: Window, qtbot: QtBot) -> Window:
    """A window that serves at a port that the system chose."""
    window.serving.change(address="tcp://127.0.0.1:0", serve=True)
    qtbot.waitUntil(lambda: window.serving.target != "", timeout=SOON)
    return window


@contextmanager
def reading(window: Window) -> Iterator[Any]:
    host, _, port = window.serving.target.removeprefix("tcp://").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=SOON / 1000) as reader, reader.makefile() as lines:
        yield lines


def until_connected(window: Window, qtbot: QtBot) -> None:
    """The film is looked at again until the server has noticed the reader."""
    deadline, frames = monotonic() + SOON / 1000, itertools.cycle(range(FRAMES))
    while not window.serving._server.figures.readers:
        assert monotonic() < deadline, "the server does not notice the reader"
        go(window, next(frames), qtbot)


def nobody() -> Result:
    return Result(
        Frame(np.zeros((8, 8, 3), np.uint8), 0, 0.0), NO_MAPS, NO_PEAKS, NO_LINKS, People.empty(), np.empty(0, np.int32)
    )


def line_of(lines: Any, frame: int) -> dict[str, Any]:
    """The next line that is of this frame."""
    while (line := json.loads(lines.readline()))["frame"] != frame:
        pass
    found: dict[str, Any] = line
    return found


def test_a_reader_gets_what_is_on_screen(serving: Window, video: Path, qtbot: QtBot) -> None:
    open_film(serving, video, qtbot)
    until_analysed(serving, qtbot)
    with reading(serving) as lines:
        until_connected(serving, qtbot)
        go(serving, FRAMES - 1, qtbot)
        line = line_of(lines, FRAMES - 1)
        [person] = line["people"]
        assert (person["id"], line["size"]) == (1, [160, 128])
        x, y, _ = person["points"][2]
        assert (x, y) == pytest.approx(arm(FRAMES - 1)[0], abs=1)
        saved = serving.film_view.analysing.saved
        assert saved is not None
        saved.analysis.editor.hide(1)
        go(serving, 3, qtbot)
        go(serving, 5, qtbot)
        assert line_of(lines, 5)["people"] == [], "who is hidden is told to nobody"
    assert serving.serving.sign.isVisible()
    serving.serving.tick()
    assert "1 readers so far" in serving.serving.sign.toolTip()


def test_a_reader_stays_when_another_film_is_opened(serving: Window, video: Path, tmp_path: Path, qtbot: QtBot) -> None:
    open_film(serving, video, qtbot)
    other = write_video(tmp_path / "other.mp4", [[(100, 40)]] * 5)
    with reading(serving) as lines:
        until_connected(serving, qtbot)
        before = serving.playback
        serving.open(str(other))
        qtbot.waitUntil(lambda: serving.playback not in (None, before) and serving.has_picture, timeout=SOON)
        until_analysed(serving, qtbot)
        go(serving, 4, qtbot)
        while not (people := line_of(lines, 4)["people"]) or abs(people[0]["points"][2][0] - 100) > 1:
            pass  # the first film had such a frame too


def test_off_unless_asked_for_and_remembered(window: Window, qtbot: QtBot) -> None:
    assert window.serving.target == ""
    assert not window.actions_by_name["serve"].isChecked()
    window.serving.change(address="tcp://127.0.0.1:0")
    do(window, "serve")
    qtbot.waitUntil(lambda: window.serving.target != "", timeout=SOON)
    assert window.banner.label.text() == f"Serving poses at {window.serving.target}."
    assert window.actions_by_name["serve"].isChecked()
    window.around.finish()
    assert Store(places.settings_file()).preferences.serving.serve
    target = window.serving.target
    do(window, "serve")
    qtbot.waitUntil(lambda: window.serving.target == "", timeout=SOON)
    assert not window.serving.sign.isVisible()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(target.rpartition(":")[2])))


def test_the_page_says_where_and_why_not(window: Window, qtbot: QtBot) -> None:
    do(window, "settings")
    dialog = window.around.dialog(SettingsDialog)
    assert isinstance(dialog, SettingsDialog)
    page = window.serving._page
    assert page is not None
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        address = page.form.controls["address"]
        assert isinstance(address, QLineEdit)
        address.setText(f"tcp://127.0.0.1:{port}")
        address.setModified(True)
        address.editingFinished.emit()
        do(window, "serve")
        qtbot.waitUntil(lambda: "another program uses this port" in page.said.text(), timeout=SOON)
        assert window.banner.trouble
        assert not window.actions_by_name["serve"].isChecked()
    do(window, "serve")  # the port is free by now
    qtbot.waitUntil(lambda: page.said.text() == f"Serving at tcp://127.0.0.1:{port}.", timeout=SOON)


def test_after_an_address_that_is_taken_another_one_serves(window: Window, qtbot: QtBot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        window.serving.change(address=f"tcp://127.0.0.1:{taken.getsockname()[1]}", serve=True)
        qtbot.waitUntil(lambda: window.banner.trouble, timeout=SOON)
        window.serving.change(address="tcp://127.0.0.1:0")  # the box on the page is ticked all the time
        qtbot.waitUntil(lambda: window.serving.target != "", timeout=SOON)
    assert window.actions_by_name["serve"].isChecked()


def test_an_address_that_is_corrected_at_once_is_not_held_against_the_new_one(window: Window, qtbot: QtBot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        window.serving.change(address=f"tcp://127.0.0.1:{taken.getsockname()[1]}", serve=True)
        window.serving.change(address="tcp://127.0.0.1:0")  # before the first answer
        qtbot.waitUntil(lambda: window.serving.target != "", timeout=SOON)
    assert window.actions_by_name["serve"].isChecked()
    assert not window.banner.trouble


def test_a_server_that_fails_while_another_is_asked_for_is_forgotten(
    serving: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("core.outputs.live._Tcp.wanted", lambda self: 1 / 0)
        results = threading.Thread(target=serving.serving._server.take, args=(nobody(),))
        results.start()
        results.join()
    serving.serving.change(address="udp://127.0.0.1:9")  # the window has not heard of the failure yet
    qtbot.waitUntil(lambda: serving.serving.target == "udp://127.0.0.1:9", timeout=SOON)
    assert serving.actions_by_name["serve"].isChecked()
    assert not serving.banner.trouble


def test_that_other_machines_can_read_is_said(window: Window, qtbot: QtBot) -> None:
    window.serving.change(address="tcp://0.0.0.0:0", serve=True)
    qtbot.waitUntil(lambda: window.serving.target != "", timeout=SOON)
    assert "Other machines can read these poses" in window.banner.label.text()
    QApplication.processEvents()
    assert window.banner.trouble


def test_a_fault_of_the_server_ends_nothing_but_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    told = list[Exception]()
    server = PoseServer()
    server.use("tcp://127.0.0.1:0", told.append)
    monkeypatch.setattr("core.outputs.live._Tcp.wanted", lambda self: 1 / 0)
    server.take(nobody())
    server.take(nobody())
    assert len(told) == 1
    assert not server.is_on
    server.close()
