"""Commands of the table that no other test gives: what each of them does in a window with a film."""

from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QAbstractItemView, QMessageBox
from pytestqt.qtbot import QtBot

from app.settings_dialog import SettingsDialog
from app.window import Window
from core import skeleton
from tests.app.film_scene import open_film, until_analysed
from tests.tiny_net import write_video

SOON = 60_000  # milliseconds, far more than anything here takes; a test that needs them fails


@pytest.fixture
def film(window: Window, tmp_path: Path, qtbot: QtBot) -> Window:
    """The film stands on its tenth frame, and who is there is chosen."""
    window.film_view.analysing.toggle()  # IDs do not change meanwhile
    open_film(window, write_video(tmp_path / "arm.mp4", [[(30.0 + 3 * n, 25.0)] for n in range(20)]), qtbot)
    window.playing.seek(10)
    qtbot.waitUntil(lambda: pose(window) == 10 and len(window.view.ids) > 0, timeout=SOON)
    window.casting.choose(*window.view.ids.tolist())
    window.refresh()
    return window


def pose(window: Window) -> int:
    """The frame whose people are on screen."""
    result = window.pipeline.newest.result if window.pipeline is not None else None
    frame = window.view.frame
    return frame.index if result is not None and frame is not None and result.frame is frame else -1


def do(window: Window, name: str) -> None:
    assert window.actions_by_name[name].isEnabled()
    window.actions_by_name[name].trigger()


@pytest.mark.parametrize(
    ("name", "panel"),
    [("detection", "Detection"), ("overlays", "Overlays"), ("people", "People"), ("timeline", "Timeline")],
)
def test_panels_go_and_come_back(film: Window, name: str, panel: str, qtbot: QtBot) -> None:
    [dock] = [dock for dock in film.docks._wanted if dock.objectName() == panel]
    action = film.actions_by_name[name]
    film.docks.show(dock)  # another may lie over it
    qtbot.waitUntil(lambda: film.docks.is_shown(dock), timeout=SOON)
    assert (film.docks.is_shown(dock), action.isChecked()) == (True, True)
    do(film, name)
    assert (film.docks.is_shown(dock), dock.isVisible(), action.isChecked()) == (False, False, False)
    do(film, name)
    qtbot.waitUntil(lambda: film.docks.is_shown(dock), timeout=SOON)
    assert (film.docks.is_shown(dock), action.isChecked()) == (True, True)


def test_the_picture_is_copied_without_marks_of_who_is_chosen(film: Window) -> None:
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    film.casting.choose()
    do(film, "copy")
    plain = clipboard.image()
    assert (plain.width(), plain.height()) == (160, 128)
    film.casting.choose(*film.view.ids.tolist())
    do(film, "copy")
    assert clipboard.image() == plain
    assert film.banner.label.text() == "Copied."


def test_about(film: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(QMessageBox, "about", lambda parent, title, text: said.append(text))
    do(film, "about")
    assert "General Public License" in said[0]


def test_a_camera_can_be_chosen(film: Window, qtbot: QtBot) -> None:
    with qtbot.waitSignal(film.bridge.cameras_told, timeout=SOON):
        do(film, "choose-camera")
    assert film.live.dialog is not None
    assert film.live.dialog.isVisible()


def test_people_are_hidden_and_shown_chosen_and_not(film: Window, qtbot: QtBot) -> None:
    do(film, "hide-person")
    assert film.actions_by_name["hide-person"].isChecked()
    do(film, "show-everyone")
    qtbot.waitUntil(lambda: not film.casting.is_hidden, timeout=SOON)
    do(film, "choose-nobody")
    assert film.casting.chosen == ()
    assert not film.actions_by_name["choose-nobody"].isEnabled()


def test_from_here_on_two_have_each_others_ids(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    two = write_video(tmp_path / "two.mp4", [[(20.0 + n, 25.0), (100.0 + n, 25.0)] for n in range(20)])
    open_film(window, two, qtbot)
    until_analysed(window, qtbot)

    def until_seen(frame: int, *ids: int) -> None:
        """From left to right."""

        def seen() -> bool:
            order = np.argsort(window.view.people.keypoints[:, skeleton.R_SHOULDER, 0])
            return pose(window) == frame and tuple(window.view.ids[order].tolist()) == ids

        qtbot.waitUntil(seen, timeout=SOON)

    window.playing.seek(12)
    until_seen(12, 1, 2)
    window.casting.choose(1)
    assert not window.actions_by_name["swap-people"].isEnabled(), "it takes two"
    window.casting.choose(1, 2)
    do(window, "swap-people")
    until_seen(12, 2, 1)
    for frame, ids in ((11, (1, 2)), (19, (2, 1))):
        window.playing.seek(frame)
        until_seen(frame, *ids)
    do(window, "undo")
    until_seen(19, 1, 2)
    assert window.banner.label.text() == "Undone: Swap #1 and #2 from frame 12 on."


def test_a_name_is_typed_in_the_list(film: Window, qtbot: QtBot) -> None:
    film._slow_tick()  # fills the list
    film.docks.toggle(film.people_dock)
    do(film, "rename-person")
    assert film.docks.is_shown(film.people_dock), "the list comes back"
    assert film.people_panel.table.state() == QAbstractItemView.State.EditingState


def test_what_is_undone_is_said_with_names(film: Window) -> None:
    film.casting.rename(1, "Anna")
    assert film.actions_by_name["undo"].text() == "&Undo: Name #1 Anna"
    film.casting.choose(1)
    do(film, "hide-person")
    assert film.actions_by_name["undo"].text() == "&Undo: Hide Anna"
    do(film, "undo")
    assert film.banner.label.text() == "Undone: Hide Anna."
    assert film.actions_by_name["redo"].text() == "Red&o: Hide Anna"


def test_only_frames_with_their_own_pose(film: Window) -> None:
    do(film, "own-pose")
    assert film.overlays.needs_own_pose
    assert film.actions_by_name["own-pose"].isChecked()
    do(film, "own-pose")
    assert not film.overlays.needs_own_pose


def test_the_picture_is_made_smaller_and_as_large_as_it_is(film: Window) -> None:
    before = film.view.placement.zoom
    do(film, "zoom-out")
    assert film.view.placement.zoom == pytest.approx(0.8 * before)
    do(film, "actual-size")
    assert film.view.placement.zoom == pytest.approx(1.0)
    assert not film.view.fitted


def test_the_timeline_shows_less_and_more(film: Window) -> None:
    axis = film.film_view.axis
    whole = axis.span
    do(film, "timeline-in")
    do(film, "timeline-in")
    near = axis.span
    do(film, "timeline-out")
    assert near < axis.span < whole


def test_full_screen_and_back(film: Window) -> None:
    do(film, "full-screen")
    assert film.isFullScreen()
    assert film.docks.is_bare
    do(film, "full-screen")
    assert not film.isFullScreen()
    assert not film.docks.is_bare


@pytest.mark.parametrize(
    ("name", "there"),
    [("back", 9), ("back-10", 0), ("forward-10", 19), ("back-tenth", 8), ("last", 19), ("first", 0)],
)
def test_ways_through_the_film(film: Window, name: str, there: int, qtbot: QtBot) -> None:
    do(film, name)
    qtbot.waitUntil(lambda: pose(film) == there, timeout=SOON)


def test_quit_closes_the_window(film: Window) -> None:
    do(film, "quit")
    assert not film.isVisible()


def test_the_keys_of_leaving_work_in_a_dialog_too(window: Window, qtbot: QtBot) -> None:
    do(window, "settings")
    dialog = window.around.dialog(SettingsDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.isActiveWindow, timeout=SOON)
    qtbot.keyClick(dialog, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert not window.isVisible()
