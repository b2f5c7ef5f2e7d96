"""The window, used as people use it: keys, clicks, files; without a screen."""

import itertools
from collections.abc import Callable
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from PyQt6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QWheelEvent
from PyQt6.QtWidgets import QDoubleSpinBox, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from app.commands import COMMANDS
from app.shortcuts import Shortcuts
from app.window import Window
from core.settings import NetworkSettings, Settings
from core.sources import open_source
from tests.app.film_scene import open_film
from tests.app.window_scene import until_laid_out
from tests.tiny_net import Place, points_of, write_picture, write_video

FRAMES = 30
SOON = 90_000  # milliseconds, far more than anything here takes; a test that needs them fails

Make = Callable[[Settings], Window]


def arm(frame: int) -> list[Place]:
    return [(30 + 3 * frame, 25)]


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_video(tmp_path_factory.mktemp("video") / "arm.mp4", map(arm, range(FRAMES)))


@pytest.fixture
def film(window: Window, video: Path, qtbot: QtBot) -> Window:
    """A window with a film that stands on its first frame, whose arm was found; nothing goes on in the background."""
    do(window, "analyse")
    open_film(window, video, qtbot)
    qtbot.waitUntil(lambda: window.film_view.analysing.saved is not None, timeout=SOON)
    until_pose_of(window, 0, qtbot)
    return window


def do(window: Window, name: str) -> None:
    """A command, as its menu entry or key does it."""
    window.actions_by_name[name].trigger()


def until_pose_of(window: Window, index: int, qtbot: QtBot) -> None:
    """Wait for a frame that is on screen with its own person on it."""

    def there() -> bool:
        frame, people = window.view.frame, window.view.people
        if frame is None or frame.index != index or len(people) != 1:
            return False
        return bool(np.abs(people.keypoints[0, 2] - arm(index)[0]).max() < 1.5)

    qtbot.waitUntil(there, timeout=SOON)


def canvas(window: Window, qtbot: QtBot) -> np.ndarray:  # type: ignore[type-arg]
    qtbot.waitUntil(lambda: window.view.settled, timeout=SOON)
    picture = window.view.picture()
    assert picture is not None
    return picture.copy()


def banner(window: Window) -> str:
    return window.banner.label.text() if window.banner.isVisible() else ""


# -- opening --


def test_it_starts_with_what_can_be_opened(window: Window) -> None:
    texts = [button.text() for button in window.start_page.findChildren(QPushButton)]
    for text in ("Camera", "Open file", "Walking", "Two who cross", "Tennis", "A fall"):
        assert text in texts
    assert not window.has_picture
    assert not window.detection_dock.isVisible()


def test_a_demo_plays_over_and_over(window: Window, qtbot: QtBot) -> None:
    window.open("demo:walk?size=160x96&seconds=0.2&fps=20")
    seen: list[int] = []

    def twice() -> bool:
        if window.view.frame is not None and (not seen or seen[-1] != window.view.frame.index):
            seen.append(window.view.frame.index)
        return any(b < a for a, b in itertools.pairwise(seen))

    qtbot.waitUntil(twice, timeout=SOON)
    assert window.windowTitle() == "demo:walk - PoseDesk"
    assert window.transport.isVisible()
    assert window.playing.is_looping


def test_a_film_plays_to_its_end_with_poses(window: Window, video: Path, qtbot: QtBot) -> None:
    window.open(str(video))
    qtbot.waitUntil(lambda: window.has_picture and not window.playing.is_playing, timeout=SOON)
    until_pose_of(window, FRAMES - 1, qtbot)
    assert window.transport.number.text() == f"frame {FRAMES - 1}"
    assert window.transport.time.text() == "00:01.160 / 00:01.200"
    assert not window.actions_by_name["play"].isChecked()


def drop(window: Window, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)


def test_while_a_file_is_dragged_over_the_window_it_says_what_letting_go_does(window: Window, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "arm.mp4"))])

    def enter() -> None:
        window.dragEnterEvent(
            QDragEnterEvent(
                QPoint(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
            )
        )

    window.banner.hide()
    enter()
    assert banner(window) == "Let go to open arm.mp4."
    window.dragLeaveEvent(QDragLeaveEvent())
    assert banner(window) == ""
    window.banner.warn("The disk is full.")
    enter()
    window.dragLeaveEvent(QDragLeaveEvent())
    assert banner(window) == "The disk is full.", "what is to be read stays"


@pytest.mark.parametrize(("others", "rest"), [(1, "The other one is not"), (2, "The 2 others are not")])
def test_of_several_that_are_dropped_the_first_is_opened_which_is_said(
    window: Window, tmp_path: Path, qtbot: QtBot, others: int, rest: str
) -> None:
    drop(window, *(write_picture(tmp_path / f"{n}.png", arm(0)[0]) for n in range(1 + others)))
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
    assert window.source_name == "0.png"
    assert banner(window) == f"0.png is opened. {rest}: one can be open at a time."


def test_a_picture_that_is_dropped(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    drop(window, write_picture(tmp_path / "arm.png", arm(0)[0]))
    until_pose_of(window, 0, qtbot)
    assert window.view.ids.tolist() == [1], "people in a picture have numbers: nobody is followed"


def test_what_was_opened_is_offered_again(film: Window, video: Path) -> None:
    do(film, "start")
    texts = [button.text() for button in film.start_page.findChildren(QPushButton) if button.toolTip() == str(video)]
    assert texts == ["arm.mp4"]
    assert not film.has_picture
    assert not film.transport.isVisible()


def test_what_cannot_be_opened_is_said_and_leaves_what_is_open(film: Window, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    film.open(str(tmp_path / "broken.mp4"))
    qtbot.waitUntil(lambda: "cannot be read as a video" in banner(film), timeout=SOON)
    assert film.banner.trouble
    do(film, "forward")
    until_pose_of(film, 1, qtbot)


def test_a_camera_that_is_not_there(window: Window, qtbot: QtBot) -> None:
    window.open("camera:63")
    qtbot.waitUntil(lambda: "amera 63" in banner(window) and window.banner.trouble, timeout=SOON)


def test_without_a_net_pictures_are_shown(make_window: Make, video: Path, qtbot: QtBot) -> None:
    window = make_window(Settings(network=NetworkSettings(model="/no/where.toml")))
    window.open(str(video))
    qtbot.waitUntil(lambda: window.has_picture and not window.playing.is_playing, timeout=SOON)
    assert "nobody is found" in banner(window)
    assert len(window.view.people) == 0


def test_closed_in_the_middle_nothing_is_left(make_window: Make, tiny_settings: Settings, qtbot: QtBot) -> None:
    window = make_window(tiny_settings)
    window.open("demo:walk?size=160x96")
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
    do(window, "record")
    window.open("demo:fall?size=160x96")  # and while another is being opened
    window.close()


# -- playback --


def test_jumps_are_exact(film: Window, video: Path, qtbot: QtBot) -> None:
    with open_source(str(video)) as source:
        images = [frame.image for frame in iter(source.read, None) if frame is not None]
    for index in (17, 3, 29, 11, 0):
        film.playing.seek(index)
        until_pose_of(film, index, qtbot)
        assert film.view.frame is not None
        np.testing.assert_array_equal(film.view.frame.image, images[index])
        assert film.transport.slider.value() == index


@pytest.mark.parametrize(
    ("key", "modifier", "index"),
    [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 11),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, 9),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, 20),
        (Qt.Key.Key_PageUp, Qt.KeyboardModifier.NoModifier, 7),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, 0),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, FRAMES - 1),
    ],
)
def test_keys_go_through_the_film(
    film: Window, qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier, index: int
) -> None:
    film.playing.seek(10)
    until_pose_of(film, 10, qtbot)
    film.activateWindow()
    qtbot.keyClick(film.view, key, modifier)
    until_pose_of(film, index, qtbot)


def test_space_plays_and_pauses_also_while_a_number_is_edited(film: Window, qtbot: QtBot) -> None:
    film.activateWindow()
    box = film.detection_dock.findChildren(QSpinBox)[0]
    box.setFocus()
    assert film.playback is not None
    film.playback.set_speed(0.1)
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert film.playing.is_playing
    qtbot.waitUntil(lambda: film.actions_by_name["play"].isChecked(), timeout=SOON)
    qtbot.keyClick(film.view, Qt.Key.Key_Space)
    assert not film.playing.is_playing


def test_a_click_on_the_slider_goes_there(film: Window, qtbot: QtBot) -> None:
    slider = film.transport.slider
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 1, slider.height() // 2))
    until_pose_of(film, FRAMES - 1, qtbot)


def test_speed_and_loop(film: Window) -> None:
    do(film, "faster")
    assert film.playback is not None
    assert film.playback.speed == 1.5
    assert film.transport.speed.currentText() == "1.5x"
    for _ in range(9):
        do(film, "slower")
    assert film.playback.speed == 0.1
    assert film.transport.speed.currentText() == "0.1x"
    do(film, "loop")
    assert film.playback.loop
    assert film.actions_by_name["loop"].isChecked()


# -- the picture --


@pytest.mark.parametrize("name", ["show-skeleton", "show-points", "show-ids", "show-boxes", "show-dimmed"])
def test_overlays_change_the_picture_and_back(film: Window, name: str, qtbot: QtBot) -> None:
    before, checked = canvas(film, qtbot), film.actions_by_name[name].isChecked()
    do(film, name)
    assert film.actions_by_name[name].isChecked() is not checked
    assert (canvas(film, qtbot) != before).any()
    do(film, name)
    np.testing.assert_array_equal(canvas(film, qtbot), before)


def test_the_wheel_zooms_to_the_pointer_and_fit_goes_back(film: Window, qtbot: QtBot) -> None:
    whole = canvas(film, qtbot)
    at, before = QPointF(100, 60), film.view.placement
    film.view.wheelEvent(
        QWheelEvent(
            at, at, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )
    )  # fmt: skip
    after = film.view.placement
    assert after.zoom == pytest.approx(1.25 * before.zoom)
    assert (at.x() - after.left) / after.zoom == pytest.approx((at.x() - before.left) / before.zoom)
    assert (canvas(film, qtbot) != whole).any()
    do(film, "fit")
    np.testing.assert_array_equal(canvas(film, qtbot), whole)


def test_a_picture_is_painted_only_when_something_changed(film: Window, qtbot: QtBot) -> None:
    until_laid_out(film, qtbot)
    for _ in range(50):  # its people may come from the analysis yet
        painted = film.view.painted
        qtbot.wait(200)
        if film.view.painted == painted:
            return
    pytest.fail("it is painted all the time")


def test_picture_only_and_back(film: Window) -> None:
    do(film, "picture-only")
    assert not film.detection_dock.isVisible()
    assert not film.toolbar.isVisible()
    assert not film.transport.isVisible()
    do(film, "leave")
    assert film.detection_dock.isVisible()
    assert film.toolbar.isVisible()
    assert film.transport.isVisible()


def test_a_panel_that_is_closed_stays_closed(film: Window) -> None:
    do(film, "traces")
    do(film, "picture-only")
    do(film, "picture-only")
    assert not film.traces_dock.isVisible()


# -- settings --


def test_a_threshold_acts_on_what_stands_on_screen(film: Window, qtbot: QtBot) -> None:
    [box] = [box for box in film.detection_dock.findChildren(QDoubleSpinBox) if box.accessibleName() == "Min score"]
    box.setValue(2.0)
    qtbot.waitUntil(lambda: film.view.frame is not None and len(film.view.people) == 0, timeout=SOON)
    [reset] = [button for button in film.detection_dock.findChildren(QPushButton) if "OpenPose" in button.text()]
    reset.click()
    until_pose_of(film, 0, qtbot)
    assert box.value() == 0.4


def test_the_size_of_the_input_changes(film: Window, qtbot: QtBot) -> None:
    height = film.detection_dock.findChildren(QSpinBox)[0]
    result = film.pipeline.newest.result if film.pipeline is not None else None
    assert result is not None
    height.setValue(256)

    def larger() -> bool:
        newest = film.pipeline.newest.result if film.pipeline is not None else None
        return newest is not None and newest.maps.confidence.shape[1] == 2 * result.maps.confidence.shape[1]

    qtbot.waitUntil(larger, timeout=SOON)
    until_pose_of(film, 0, qtbot)


def test_a_model_that_cannot_be_opened_leaves_the_one_that_runs(film: Window, net: Path, qtbot: QtBot) -> None:
    film.bridge.change_network(model="/no/where.toml")
    qtbot.waitUntil(lambda: "/no/where.toml" in banner(film), timeout=SOON)
    assert film.bridge.settings.network.model == str(net)
    do(film, "forward")
    until_pose_of(film, 1, qtbot)


# -- recording --


def test_a_recording_can_be_played(film: Window, places_of_user: Path, qtbot: QtBot) -> None:
    do(film, "record")
    qtbot.waitUntil(lambda: film.keeping.is_recording and film.actions_by_name["record"].isChecked(), timeout=SOON)
    for index in range(1, 6):
        do(film, "forward")
        until_pose_of(film, index, qtbot)
    do(film, "record")
    qtbot.waitUntil(lambda: banner(film).startswith("Recorded to"), timeout=SOON)
    assert not film.keeping.is_recording
    [path] = places_of_user.glob("arm_*.mp4")
    with av.open(str(path)) as file:
        assert len(list(file.decode(video=0))) == 5


def test_a_recording_that_cannot_be_written(film: Window, places_of_user: Path, qtbot: QtBot) -> None:
    places_of_user.write_text("a file where the folder should be")
    do(film, "record")
    qtbot.waitUntil(lambda: film.banner.trouble and "Cannot write" in banner(film), timeout=SOON)
    assert not film.keeping.is_recording
    assert not film.actions_by_name["record"].isChecked()


def test_a_snapshot_is_what_is_on_screen(film: Window, places_of_user: Path, qtbot: QtBot) -> None:
    do(film, "snapshot")
    qtbot.waitUntil(lambda: banner(film).startswith("Saved"), timeout=SOON)
    [path] = places_of_user.glob("arm_*.png")
    picture = cv2.imread(str(path))
    assert picture is not None
    assert film.view.frame is not None
    assert picture.shape == film.view.frame.image.shape
    (x, y), (_, below) = points_of(arm(0)[0])[:2]
    assert picture[int(y + below) // 2, int(x)].max() > 100, "a link is drawn between the points"


# -- traces --


def test_traces_follow_the_right_wrist(film: Window, qtbot: QtBot) -> None:
    for index in range(1, 5):
        do(film, "forward")
        until_pose_of(film, index, qtbot)

    def drawn() -> bool:
        _times, values = film.traces.curves[0].getData()
        return values is not None and len(values) >= 5 and bool(np.isfinite(values).all())

    qtbot.waitUntil(drawn, timeout=SOON)
    times, values = film.traces.curves[0].getData()
    np.testing.assert_allclose(values, [arm(round(25 * time))[0][0] for time in times], atol=1.5)


def test_a_click_on_a_trace_goes_there(film: Window, qtbot: QtBot) -> None:
    film.traces.sought.emit(0.2)
    until_pose_of(film, 5, qtbot)


# -- commands --


def test_no_two_commands_share_a_key() -> None:
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)


def test_every_command_says_what_it_does(window: Window) -> None:
    for command in COMMANDS:
        assert command.tip.endswith(".")
        tip = window.actions_by_name[command.name].toolTip()
        assert tip.startswith(command.tip)


def test_the_list_of_keys_has_every_command(window: Window) -> None:
    do(window, "shortcuts")
    keys = window.around.dialog(Shortcuts)
    assert isinstance(keys, Shortcuts)
    assert keys.isVisible()
    assert keys.table.rowCount() == len(COMMANDS)


def test_what_needs_a_picture_waits_for_one(window: Window) -> None:
    for name in ("record", "snapshot", "play", "forward", "zoom-in", "start"):
        assert not window.actions_by_name[name].isEnabled()
