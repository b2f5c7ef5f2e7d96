"""The window's picture: choosing people, the overlay panel, blurred faces, how people are found, traces of several."""

import re
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtWidgets import QComboBox, QMenu
from pytestqt.qtbot import QtBot

from app import trace_saving
from app.canvas import Picture
from app.people_panel import NAME, SHOWN
from app.video_view import VideoView
from app.window import Window
from core import skeleton
from core.analysis.edits import GONE
from core.types import Frame
from tests.app.test_window import SOON, arm, canvas, do, film, until_pose_of, video  # noqa: F401
from tests.app.window_scene import until_laid_out
from tests.tiny_net import write_video

FRAMES = 8  # after which the person has an ID


@pytest.fixture
def tracked(film: Window, qtbot: QtBot) -> Window:  # noqa: F811
    """A film that stands where its person has an ID."""
    for index in range(1, FRAMES):
        do(film, "forward")
        until_pose_of(film, index, qtbot)
    assert film.view.ids.tolist() == [1]
    qtbot.waitUntil(lambda: len(film.traces.series) == 2, timeout=SOON)
    until_laid_out(film, qtbot)
    return film


def on_screen(window: Window, point: int) -> QPoint:
    """Where a point of the person is, in pixels of the view."""
    at, (x, y) = window.view.placement, window.view.people.keypoints[0, point].tolist()
    return QPoint(round((x + 0.5) * at.zoom + at.left), round((y + 0.5) * at.zoom + at.top))


def known(window: Window) -> tuple[dict[int, str], frozenset[int]]:
    """Names and hidden people, as they are drawn."""
    assert window.view.shown is not None
    return dict(window.view.shown.context.names), window.view.shown.context.hidden - {GONE}


def test_a_click_chooses_a_person_and_marks_them(tracked: Window, qtbot: QtBot) -> None:
    before = canvas(tracked, qtbot)
    qtbot.mouseClick(tracked.view, Qt.MouseButton.LeftButton, pos=on_screen(tracked, skeleton.R_ELBOW))
    assert tracked.casting.chosen == (1,)
    assert not np.array_equal(canvas(tracked, qtbot), before)
    model = tracked.people_panel.table.selectionModel()
    assert model is not None
    assert [index.row() for index in model.selectedRows()] == [0]
    assert tracked.actions_by_name["split-person"].isEnabled()
    assert not tracked.actions_by_name["join-people"].isEnabled()
    qtbot.mouseClick(tracked.view, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert tracked.casting.chosen == ()
    np.testing.assert_array_equal(canvas(tracked, qtbot), before)


def test_people_are_hidden_and_renamed_and_that_is_undone(tracked: Window, qtbot: QtBot) -> None:
    plain, table = canvas(tracked, qtbot), tracked.people_panel.table
    tracked.people_panel.show_cast(tracked.casting.cast)
    eye, name = table.item(0, SHOWN), table.item(0, NAME)
    assert eye is not None
    assert name is not None
    assert name.text() == "#1"
    name.setText("Anna")
    named = canvas(tracked, qtbot)
    assert (named != plain).any(), "the name is written"
    eye.setCheckState(Qt.CheckState.Unchecked)
    hidden = canvas(tracked, qtbot)
    assert hidden[..., :3].max(axis=2).mean() < named[..., :3].max(axis=2).mean(), "nothing is drawn over dark"
    tracked.casting.choose(1)
    assert tracked.actions_by_name["hide-person"].isChecked()
    tracked.casting.choose()
    do(tracked, "undo")
    assert known(tracked) == ({1: "Anna"}, frozenset())
    assert tracked.banner.label.text() == "Undone: Hide Anna."
    do(tracked, "undo")
    assert known(tracked) == ({}, frozenset())
    assert not tracked.actions_by_name["undo"].isEnabled()
    do(tracked, "redo")
    assert known(tracked) == ({1: "Anna"}, frozenset())


def test_from_here_on_somebody_else(tracked: Window, qtbot: QtBot) -> None:
    do(tracked, "next-person")
    do(tracked, "split-person")
    [other] = tracked.view.ids.tolist()
    assert other > 500
    assert tracked.people_panel.table.rowCount() == 2
    tracked.casting.choose(1, other)
    do(tracked, "join-people")
    assert tracked.view.ids.tolist() == [1]
    assert tracked.casting.chosen == (1,)
    do(tracked, "start")
    assert tracked.casting.chosen == ()


@pytest.mark.parametrize("name", ["show-map", "show-field", "show-trail", "show-black"])
def test_maps_fields_trails_and_black_come_and_go(tracked: Window, qtbot: QtBot, name: str) -> None:
    before = canvas(tracked, qtbot)
    do(tracked, name)
    assert tracked.actions_by_name[name].isChecked()
    qtbot.waitUntil(lambda: not np.array_equal(canvas(tracked, qtbot), before), timeout=SOON)  # maps take the net
    do(tracked, name)
    qtbot.waitUntil(lambda: np.array_equal(canvas(tracked, qtbot), before), timeout=SOON)


def test_the_panel_shows_what_keys_do_and_the_other_way_round(window: Window) -> None:
    boxes = window.overlay_dock.findChildren(QComboBox)
    [box] = [box for box in boxes if box.accessibleName() == "Map of"]
    box.setCurrentIndex(1 + skeleton.NECK)
    box.activated.emit(1 + skeleton.NECK)
    assert window.overlays.overlay.map_of == skeleton.NECK
    window.overlays.toggle_choice("map_of")
    assert box.currentText() == "none"
    window.overlays.toggle_choice("map_of")
    assert box.currentText() == "neck"


def test_while_faces_are_blurred_no_picture_is_shown_that_nobody_looked_at(tracked: Window, qtbot: QtBot) -> None:
    do(tracked, "show-blur")
    assert tracked.overlays.needs_own_pose
    frame = tracked.view.frame
    assert frame is not None
    tracked.display.frame, tracked.display.result = Frame(frame.image, 99, 9.9), None
    tracked.display.redraw()
    assert tracked.view.frame is None
    until_pose_of(tracked, FRAMES - 1, qtbot)
    assert tracked.view.shown is not None
    assert tracked.view.shown.overlay.blur


# -- composing --


def test_the_newest_picture_is_shown_however_many_came(tracked: Window, qtbot: QtBot) -> None:
    view: VideoView = tracked.view
    painted = view.painted
    frames = [Frame(np.full((128, 160, 3), shade, np.uint8), shade) for shade in range(200)]
    tracked._timer.stop()
    for frame in frames:
        view.show_picture(Picture(frame, *VideoView.NOBODY))
    shown = canvas(tracked, qtbot)
    assert shown[shown.shape[0] // 2, shown.shape[1] // 2, 0] == 199
    assert view.painted - painted < 100
    view.clear()
    view.show_picture(Picture(frames[7], *VideoView.NOBODY))
    assert view.picture() is None, "nothing of what was cleared"
    assert canvas(tracked, qtbot)[view.height() // 2, view.width() // 2, 0] == 7


def test_a_picture_that_cannot_be_composed_is_told_and_the_next_is_shown(
    tracked: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object) -> None:
        raise ValueError("no such picture")

    with monkeypatch.context() as patch, qtbot.waitSignal(tracked.view.failed, timeout=SOON):
        patch.setattr("app.video_view.compose", fault)
        do(tracked, "zoom-in")
    assert "no such picture" in tracked.banner.label.text()
    do(tracked, "fit")
    canvas(tracked, qtbot)


# -- how people are found --


def test_how_a_point_and_a_link_were_found(tracked: Window, qtbot: QtBot) -> None:
    do(tracked, "lecture")
    view = tracked.lecturing.view
    assert view is not None
    qtbot.waitUntil(lambda: view.table.rowCount() == 1, timeout=SOON)
    assert view.said.text() == "1 region of the right wrist above 0.05, 1 peak found in it."
    x, y = (float(item.text()) for column in (1, 2) if (item := view.table.item(0, column)) is not None)
    assert (x, y) == pytest.approx((arm(FRAMES - 1)[0][0], 25 + 64), abs=1.5)
    owner = view.table.item(0, 4)
    assert owner is not None
    assert owner.text() == "#1"
    view.what.setCurrentIndex(skeleton.POINTS + 3)
    qtbot.waitUntil(lambda: view.said.text().startswith("1 pair, 1 candidate, 1 won"), timeout=SOON)
    outcome = view.table.item(0, 4)
    assert outcome is not None
    assert outcome.text() == "won"
    view.table.selectRow(0)
    qtbot.waitUntil(lambda: view._page is not None and view._page.question.marked == 0, timeout=SOON)


# -- traces --


def saved(window: Window, ending: str) -> bool:
    """It is said that such a file was saved."""
    told = window.banner.label.text()
    return told.startswith("Saved") and ending in told


def test_several_points_are_plotted_and_saved(
    tracked: Window, places_of_user: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers: list[str] = []

    def noted(make: Callable[..., object]) -> Callable[..., object]:
        def made(*values: object) -> object:
            makers.append(threading.current_thread().name)
            return make(*values)

        return made

    for name in ("csv_of_film", "as_png", "as_svg"):
        monkeypatch.setattr(trace_saving, name, noted(getattr(trace_saving, name)))
    menu = tracked.traces.which.menu()
    assert isinstance(menu, QMenu)
    menu.actions()[skeleton.R_ELBOW].trigger()
    qtbot.waitUntil(lambda: len(tracked.traces.series) == 4, timeout=SOON)
    assert tracked.traces.which.text() == "Right elbow and 1 more"
    assert "Right elbow x #1" in tracked.traces.legend.text()
    tracked.traces.quantity.activated.emit(4)
    qtbot.waitUntil(lambda: [one.name for one in tracked.traces.series] == ["right elbow angle #1"], timeout=SOON)
    begins = {"csv": b"time (seconds),right elbow angle #1 (degrees)\n", "png": b"\x89PNG", "svg": b"<?xml"}
    for kind, begin in begins.items():
        do(tracked, f"traces-{kind}")
        qtbot.waitUntil(partial(saved, tracked, f".{kind}."), timeout=SOON)
        [path] = places_of_user.glob(f"arm-traces_*.{kind}")
        assert path.read_bytes().startswith(begin)
    assert makers == ["posedesk-tables"] * 3, "the window has its thread to itself"


def test_saving_traces_says_how_far_it_is_holds_nothing_up_and_can_be_cancelled(
    tracked: Window, places_of_user: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, banner = threading.Event(), tracked.banner

    def slowly(
        series: object, unit: str, frames: object, end: float, known: object, tell: Callable[[float], object]
    ) -> tuple[bytes, str]:
        tell(0.5)
        go_on.wait(SOON / 1000)
        return b"numbers", ""

    monkeypatch.setattr(trace_saving, "csv_of_film", slowly)
    try:
        do(tracked, "traces-csv")
        qtbot.waitUntil(lambda: banner.is_busy and banner.busy.value() == 50, timeout=SOON)
        saving = banner.label.text()
        assert re.fullmatch(r"Saving arm-traces_\S+\.csv \.\.\.", saving)
        assert tracked.actions_by_name["leave"].isEnabled()
        other = write_video(tmp_path / "other.mp4", [[(30.0, 25.0)]] * 5)
        tracked.open(str(other))
        qtbot.waitUntil(lambda: tracked.source_name == other.name, timeout=SOON)
        banner.work(saving, 0.5)  # which was said until the other was opened
        banner.cancel.click()
        assert "was cancelled" in banner.label.text()
        assert not tracked.waiting.is_waiting
    finally:
        go_on.set()
    tracked.works.shutdown()
    assert not [*places_of_user.glob("*.csv")]
