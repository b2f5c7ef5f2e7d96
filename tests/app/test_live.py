"""The window with a camera: chosen, turned, lost and found, recorded."""

import re
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import av
import cv2
import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from app.falls import falls
from app.live_notes import LiveNotes
from app.screens import Body
from app.window import Window
from core.motion import Fall
from core.sources import CameraInfo, CameraMode, Turning, persistent
from core.types import Image, Maps
from tests.app import film_scene
from tests.app.cameras import SHOULDER, FakeCamera
from tests.tiny_net import write_picture, write_video

SOON = 90_000  # milliseconds, far more than anything here takes; a test that needs them fails
WIDTH = 160


@pytest.fixture
def plugged(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[FakeCamera]]:
    monkeypatch.setattr(cv2, "VideoCapture", FakeCamera)
    monkeypatch.setattr(persistent, "PAUSE", 0.02)
    FakeCamera.plugged.set()
    yield FakeCamera
    FakeCamera.plugged.set()


@pytest.fixture
def live(window: Window, plugged: type[FakeCamera], qtbot: QtBot) -> Window:
    """A window that shows a camera, and the arm that is before it."""
    window.open("camera:0")
    until_arm_at(window, SHOULDER[0], qtbot)
    return window


def do(window: Window, name: str) -> None:
    window.actions_by_name[name].trigger()


def until_arm_at(window: Window, x: float, qtbot: QtBot) -> None:
    def there() -> bool:
        people = window.view.people
        return len(people) == 1 and bool(np.abs(people.keypoints[0, 2:5, 0] - x).max() < 1.5)

    qtbot.waitUntil(there, timeout=SOON)


def banner(window: Window) -> str:
    return window.banner.label.text() if window.banner.isVisible() else ""


def frames_of(path: Path) -> int:
    with av.open(str(path)) as file:
        return len(list(file.decode(video=0)))


# -- lost and found --


def test_a_lost_camera_is_looked_for_until_it_is_back(live: Window, plugged: type[FakeCamera], qtbot: QtBot) -> None:
    live.bridge.change_tracking(lifetime=60.0)  # on a slow machine too it is not away for longer than that
    [before] = live.view.ids.tolist()
    plugged.plugged.clear()
    qtbot.waitUntil(lambda: "Lost camera 0. Trying again (" in banner(live), timeout=SOON)
    assert live.banner.trouble
    qtbot.waitUntil(lambda: live.hud.labels["frames"].text().startswith("lost, try"), timeout=SOON)
    last = live.view.frame
    assert last is not None
    plugged.plugged.set()
    qtbot.waitUntil(lambda: "camera 0 is back" in banner(live), timeout=SOON)
    assert not live.banner.trouble
    qtbot.waitUntil(lambda: live.view.frame is not None and live.view.frame.index > last.index + 5, timeout=SOON)
    assert live.view.frame is not None
    assert live.view.frame.time > last.time
    until_arm_at(live, SHOULDER[0], qtbot)
    assert live.view.ids.tolist() == [before], "the tracker was kept"


def test_a_recording_goes_on_over_a_loss(
    live: Window, plugged: type[FakeCamera], places_of_user: Path, qtbot: QtBot
) -> None:
    do(live, "record-both")
    do(live, "record")
    qtbot.waitUntil(lambda: _written(live) > 0, timeout=SOON)
    plugged.plugged.clear()
    qtbot.waitUntil(lambda: "Lost camera" in banner(live), timeout=SOON)
    do(live, "record")  # and is finished while the camera is gone
    qtbot.waitUntil(lambda: not live.keeping.is_recording, timeout=SOON)
    assert sorted(path.stem.endswith("_raw") for path in places_of_user.glob("camera*.mp4")) == [False, True]
    for path in places_of_user.glob("camera*.mp4"):
        assert frames_of(path) > 0


def _written(window: Window) -> int:
    recording = window.pipeline.recording if window.pipeline is not None else None
    return recording.progress.size if recording is not None else 0


def test_who_lies_does_so_while_the_camera_is_gone(
    live: Window, plugged: type[FakeCamera], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = live.pipeline
    assert pipeline is not None
    fall = Fall(1, 0.1, 0.2, None, 0.8, *SHOULDER, 100.0)
    monkeypatch.setattr(pipeline.falls, "lying", lambda time: [fall])
    do(live, "falls")
    qtbot.waitUntil(lambda: live.falls.has_alarm, timeout=SOON)
    plugged.plugged.clear()
    qtbot.waitUntil(lambda: "Lost camera" in banner(live), timeout=SOON)
    qtbot.waitUntil(lambda: live.view.frame is pipeline.newest.frame, timeout=SOON)
    assert live.view.frame is not None
    ago, later = re.compile(r"#1 fell (\d+) s ago"), int(live.view.frame.time + 2 - fall.time)

    def goes_on() -> bool:
        said = ago.fullmatch(live.falls.banner.rows[0].text())
        return said is not None and int(said[1]) >= later

    qtbot.waitUntil(goes_on, timeout=SOON)
    assert live.view.frame is pipeline.newest.frame, "although no picture came"


def test_nobody_is_said_to_watch_for_falls_while_the_camera_is_gone(
    live: Window, plugged: type[FakeCamera], qtbot: QtBot
) -> None:
    do(live, "falls")
    qtbot.waitUntil(lambda: live.falls.sign.text() == "watching for falls", timeout=SOON)
    plugged.plugged.clear()
    qtbot.waitUntil(lambda: "nobody watches" in live.falls.sign.text(), timeout=SOON)
    plugged.plugged.set()
    qtbot.waitUntil(lambda: live.falls.sign.text() == "watching for falls", timeout=SOON)


def test_a_machine_that_is_too_slow_to_see_falls_is_told_of(
    live: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = live.pipeline
    assert pipeline is not None
    net, rates = pipeline._estimator.network, pipeline.rates

    def slow(image: Image) -> Maps:
        sleep(0.5)
        return net(image)

    monkeypatch.setattr(falls, "SLOW", 0.5)
    do(live, "falls")
    qtbot.waitUntil(lambda: rates().analysed > falls.LEAST_RATE, timeout=SOON)
    qtbot.waitUntil(lambda: live.falls.sign.text() == "watching for falls", timeout=SOON)
    pipeline.use(network=slow)
    qtbot.waitUntil(lambda: live.falls.sign.text() == "too slow to see falls", timeout=SOON)
    assert "Fewer than 3 frames a second" in live.falls.sign.toolTip()
    pipeline.use(network=net)
    qtbot.waitUntil(lambda: live.falls.sign.text() == "watching for falls", timeout=SOON)


def test_closing_while_the_camera_is_gone(live: Window, plugged: type[FakeCamera], qtbot: QtBot) -> None:
    plugged.plugged.clear()
    qtbot.waitUntil(lambda: "Lost camera" in banner(live), timeout=SOON)
    live.close()
    assert plugged.open_now <= 0


# -- another one --


def test_what_does_not_open_leaves_the_camera_on_screen(live: Window, tmp_path: Path, qtbot: QtBot) -> None:
    live.open(str(tmp_path / "no.mp4"))
    qtbot.waitUntil(lambda: "no.mp4" in banner(live) and live.banner.trouble, timeout=SOON)
    last = live.view.frame
    assert last is not None
    qtbot.waitUntil(lambda: live.view.frame is not None and live.view.frame.index > last.index + 3, timeout=SOON)
    assert live.source_text == "camera:0"


def test_a_camera_that_was_closed_for_nothing_is_not_shown_as_if_it_went_on(
    live: Window, plugged: type[FakeCamera], qtbot: QtBot
) -> None:
    plugged.plugged.clear()
    live.open("camera:0?fps=30")
    qtbot.waitUntil(lambda: live.pipeline is None, timeout=SOON)
    qtbot.waitUntil(lambda: "camera" in banner(live).lower() and live.banner.trouble, timeout=SOON)
    assert not live.has_picture
    assert not live.actions_by_name["record"].isEnabled()
    assert live.windowTitle() == "PoseDesk"


# -- turned --


def test_mirrored_and_turned_at_once_and_next_time(live: Window, qtbot: QtBot) -> None:
    assert not live.actions_by_name["mirror"].isChecked()
    do(live, "mirror")
    assert live.actions_by_name["mirror"].isChecked()
    until_arm_at(live, WIDTH - 1 - SHOULDER[0], qtbot)
    live.open("camera:0?fps=30")
    qtbot.waitUntil(lambda: (cv2.CAP_PROP_FPS, 30.0) in FakeCamera.asked, timeout=SOON)
    qtbot.waitUntil(lambda: live.live.is_mirrored and live.has_picture, timeout=SOON)
    until_arm_at(live, WIDTH - 1 - SHOULDER[0], qtbot)
    assert live.windowTitle() == "camera:0 - PoseDesk"
    do(live, "turn")
    qtbot.waitUntil(lambda: live.view.frame is not None and live.view.frame.size == (128, WIDTH), timeout=SOON)


def test_a_film_is_turned_where_it_stands_and_so_is_what_is_kept_of_it(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.chdir(tmp_path)
    video = write_video(tmp_path / "arm.mp4", [[SHOULDER]] * 9)
    film_scene.open_film(window, video, qtbot)
    film_scene.until_analysed(window, qtbot)
    film_scene.go(window, 4, qtbot)
    until_arm_at(window, SHOULDER[0], qtbot)
    first = window.film_view.analysing.saved
    do(window, "mirror")
    until_arm_at(window, WIDTH - 1 - SHOULDER[0], qtbot)
    film_scene.until_on_screen(window, 4, qtbot)
    assert window.actions_by_name["mirror"].isChecked()
    assert window.playback is not None
    assert not window.playback.playing
    film_scene.until_analysed(window, qtbot)
    second = window.film_view.analysing.saved
    assert first is not None
    assert second is not None
    assert second.analysis.path != first.analysis.path
    second.analysis.copy_to(tmp_path / "mirrored.posedesk")

    window.open("arm.mp4")  # named otherwise
    qtbot.waitUntil(lambda: window.source_text == "arm.mp4" and window.has_picture, timeout=SOON)
    assert window.live.is_mirrored
    do(window, "mirror")
    until_arm_at(window, SHOULDER[0], qtbot)

    window.open(str(tmp_path / "mirrored.posedesk"))
    qtbot.waitUntil(lambda: window.source_name == "mirrored.posedesk" and window.has_picture, timeout=SOON)
    until_arm_at(window, WIDTH - 1 - SHOULDER[0], qtbot)
    qtbot.waitUntil(lambda: film_scene.is_saved(window), timeout=SOON)
    assert not window.actions_by_name["mirror"].isEnabled()


def test_a_film_that_is_not_turned_after_all_is_opened_as_it_was(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    video = write_video(tmp_path / "arm.mp4", [[SHOULDER]] * 9)
    film_scene.open_film(window, video, qtbot)
    film_scene.go(window, 4, qtbot)
    do(window, "mirror")
    window.bridge.cancel_opening()
    film_scene.open_film(window, video, qtbot)
    film_scene.until_on_screen(window, 0, qtbot)
    assert not window.live.is_mirrored


def test_a_film_is_turned_as_often_as_it_is_asked_for(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    film_scene.open_film(window, write_video(tmp_path / "arm.mp4", [[SHOULDER]] * 9), qtbot)
    film_scene.go(window, 4, qtbot)
    for _ in range(3):
        do(window, "turn")
    qtbot.waitUntil(lambda: window.live.turning == Turning(270), timeout=SOON)
    film_scene.until_on_screen(window, 4, qtbot)


def test_a_film_is_turned_where_that_cannot_be_remembered_and_it_is_said_once(
    window: Window, home: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    (home / "live.json").mkdir(parents=True)  # a name that cannot be written, whoever tries
    film_scene.open_film(window, write_video(tmp_path / "arm.mp4", [[SHOULDER]] * 9), qtbot)
    film_scene.go(window, 4, qtbot)
    do(window, "mirror")
    until_arm_at(window, WIDTH - 1 - SHOULDER[0], qtbot)
    film_scene.until_on_screen(window, 4, qtbot)
    qtbot.waitUntil(lambda: banner(window).startswith("How this is turned will not be remembered. "), timeout=SOON)
    assert str(home / "live.json") in banner(window)
    window.banner.hide()
    do(window, "mirror")
    until_arm_at(window, SHOULDER[0], qtbot)
    assert banner(window) == ""


def test_pictures_are_not_turned(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    window.open(str(write_picture(tmp_path / "arm.png", SHOULDER)))
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
    assert not window.actions_by_name["mirror"].isEnabled()
    assert not window.actions_by_name["turn"].isEnabled()


# -- chosen --


def test_the_dialog_asks_for_what_the_camera_can_do(
    window: Window, plugged: type[FakeCamera], home: Path, qtbot: QtBot
) -> None:
    window.live.choose()
    dialog = window.live.dialog
    assert dialog is not None
    assert dialog.isVisible()
    dialog.set_cameras(
        [CameraInfo(0, "Desk"), CameraInfo(2, "Door")],
        [[CameraMode(320, 240, 30.0, "MJPG")], [CameraMode(640, 480, 15.0, "YUYV"), CameraMode(320, 240)]],
    )
    dialog.by_camera.setChecked(True)
    dialog.camera.setCurrentIndex(1)
    texts = [dialog.mode.itemText(row) for row in range(dialog.mode.count())]
    assert texts == ["As the camera likes", "640 x 480, 15 fps, YUYV", "320 x 240"]
    dialog.mode.setCurrentIndex(1)
    dialog.mirror.setChecked(True)
    with qtbot.waitSignal(dialog.chosen, timeout=SOON) as chosen:
        dialog.accept()
    assert chosen.args == ["camera:2?size=640x480&fps=15&format=YUYV", Turning(0, True)]
    qtbot.waitUntil(lambda: (cv2.CAP_PROP_FRAME_WIDTH, 640.0) in FakeCamera.asked, timeout=SOON)
    until_arm_at(window, WIDTH - 1 - SHOULDER[0], qtbot)


def test_without_a_camera_the_address_is_typed_at_once(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window.bridge, "ask_cameras", lambda: None)  # it is answered below
    window.live.choose()
    dialog = window.live.dialog
    assert dialog is not None
    qtbot.waitUntil(dialog.isActiveWindow, timeout=SOON)
    assert dialog.focusWidget() is dialog.address
    before = dialog.height()
    dialog.set_cameras([], [])
    qtbot.waitUntil(dialog.none.isVisible, timeout=SOON)
    assert dialog.height() > before, "what was not there before needs room"
    bar = dialog.findChildren(Body)[0].verticalScrollBar()
    assert bar is not None
    qtbot.waitUntil(lambda: not bar.isVisible(), timeout=SOON)
    qtbot.keyClicks(dialog.focusWidget(), "http://gate.local/video")
    with qtbot.waitSignal(dialog.chosen, timeout=SOON) as chosen:
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert chosen.args is not None
    assert chosen.args[0] == "http://gate.local/video"


def test_the_dialog_takes_addresses_and_nothing_else(window: Window, home: Path, qtbot: QtBot) -> None:
    LiveNotes(home / "live.json").add_address("rtsp://gate.local/1")
    window.live.choose()
    dialog = window.live.dialog
    assert dialog is not None
    dialog.set_cameras([], [])
    button = dialog.buttons.button(QDialogButtonBox.StandardButton.Open)
    assert button is not None
    assert dialog.by_address.isChecked(), "there is no camera"
    assert dialog.address.itemText(0) == "rtsp://gate.local/1"
    for text, good in (("gate.local", False), ("rtsp://", False), ("http://gate.local/video", True)):
        dialog.address.setEditText(text)
        assert button.isEnabled() is good
    dialog.reject()
    assert not dialog.isVisible()


def test_an_address_that_does_not_answer_is_told(window: Window, qtbot: QtBot) -> None:
    window.open("http://user:secret@127.0.0.1:9/video")
    qtbot.waitUntil(lambda: "cannot be opened" in banner(window), timeout=SOON)
    assert "secret" not in banner(window)


# -- what is remembered --


def test_notes_survive_a_restart_and_what_is_broken(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "live.json"
    notes = LiveNotes(file)
    for address in ("rtsp://a/1", "rtsp://b/1", "rtsp://a/1"):
        notes.add_address(address)
    notes.set_turning("camera:0", Turning(90, True))
    again = LiveNotes(file)
    assert again.addresses() == ["rtsp://a/1", "rtsp://b/1"]
    assert again.turning("camera:0") == Turning(90, True)
    assert again.turning("camera:1") == Turning()
    for content in ("no json", "[]", '{"addresses": 3, "turnings": {"camera:0": {"angle": 45}}}', '{"turnings": []}'):
        file.write_text(content)
        assert (again.addresses(), again.turning("camera:0")) == ([], Turning())
    again.add_address("rtsp://c/1")
    assert again.addresses() == ["rtsp://c/1"]


def test_notes_that_cannot_be_written_hold_until_the_end_and_are_written_once_they_can(tmp_path: Path) -> None:
    file = tmp_path / "live.json"
    file.mkdir()
    notes = LiveNotes(file)
    assert notes.trouble == ""
    notes.set_turning("camera:0", Turning(90))
    notes.add_address("rtsp://a/1")
    assert (notes.turning("camera:0"), notes.addresses()) == (Turning(90), ["rtsp://a/1"])
    assert str(file) in notes.trouble
    file.rmdir()
    notes.add_address("rtsp://b/1")
    assert notes.trouble == ""
    assert LiveNotes(file).addresses() == ["rtsp://b/1", "rtsp://a/1"]
    assert LiveNotes(file).turning("camera:0") == Turning(90)
