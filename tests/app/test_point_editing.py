"""Points are corrected by hand in the window: dragged, moved by keys, taken away, taken from other frames."""

from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.window import Window
from core import skeleton
from core.analysis import Analysis
from core.measure import Place
from tests.app.film_scene import SOON, go, is_saved, until_on_screen
from tests.app.marking_scene import analysis_of, do, known_film, video_of_an_arm  # noqa: F401

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SHOULDER, ELBOW, WRIST, KNEE = skeleton.R_SHOULDER, skeleton.R_ELBOW, skeleton.R_WRIST, skeleton.L_KNEE


@pytest.fixture
def editing(film: Window, qtbot: QtBot) -> Window:
    """The mode is on in frame 10, with the one person whom the tiny net finds."""
    go(film, 10, qtbot)
    qtbot.waitUntil(lambda: is_saved(film), timeout=SOON)
    do(film, "correct-points")
    assert film.casting.chosen, "the only one who is there"
    assert film.point_editing.pose is not None
    return film


def at(window: Window, point: int, frame: int | None = None) -> Place | None:
    """Where a point is in the analysis; None where it was not found."""
    frame = window.view.frame.index if frame is None and window.view.frame is not None else frame
    assert frame is not None
    x, y, score = analysis_of(window).trace(window.casting.chosen[0], frame, frame + 1).points[0, point].tolist()
    return (x, y) if score > 0 else None


def handle(window: Window, point: int) -> QPoint:
    return window.point_editing.handles.places()[point].toPoint()


def drag(window: Window, point: int, to: Place) -> None:
    handles = window.point_editing.handles
    begin, end = handle(window, point), window.view.point_at(to).toPoint()
    QTest.mousePress(handles, LEFT, NONE, begin)
    QTest.mouseMove(handles, (begin + end) / 2)
    QTest.mouseMove(handles, end)
    QTest.mouseRelease(handles, LEFT, NONE, end)


def choose(window: Window, point: int) -> None:
    QTest.mouseClick(window.point_editing.handles, LEFT, NONE, handle(window, point))
    assert window.point_editing.chosen == point


def shown(window: Window, point: int) -> Place:
    """Where the picture on screen has it."""
    x, y = window.view.people.keypoints[0, point].tolist()
    return x, y


@pytest.mark.parametrize("zoom", [1.0, 3.0])
def test_a_point_is_dragged_to_its_place_at_any_zoom(editing: Window, zoom: float, qtbot: QtBot) -> None:
    if zoom != 1:
        editing.view.zoom(zoom, QPointF(handle(editing, WRIST)))
    placement = editing.view.placement
    before = at(editing, WRIST)
    assert before is not None
    target = (before[0] + 9, before[1] + 7)
    drag(editing, WRIST, target)
    assert at(editing, WRIST) == pytest.approx(target, abs=1 / placement.zoom)
    assert shown(editing, WRIST) == pytest.approx(at(editing, WRIST)), "at once"
    assert editing.view.placement == placement, "the picture stays"
    assert analysis_of(editing).by_hand() == {(10, editing.casting.chosen[0], WRIST)}
    qtbot.waitUntil(lambda: window_result(editing, WRIST) == pytest.approx(at(editing, WRIST)), timeout=SOON)
    do(editing, "undo")
    assert at(editing, WRIST) == before
    assert shown(editing, WRIST) == pytest.approx(before)
    do(editing, "redo")
    assert at(editing, WRIST) == pytest.approx(target, abs=1 / placement.zoom)


def window_result(window: Window, point: int) -> Place:
    """Where what runs behind the window has found it."""
    result = window.pipeline.newest.result if window.pipeline is not None else None
    assert result is not None
    x, y = result.people.keypoints[0, point].tolist()
    return x, y


def test_on_a_screen_with_more_pixels_places_are_the_same(editing: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editing.view, "devicePixelRatioF", lambda: 2.0)
    place = (41.0, 22.0)
    there = editing.view.point_at(place)
    assert there.x() * 2 == pytest.approx((place[0] + 0.5) * editing.view.placement.zoom + editing.view.placement.left)
    assert editing.view.place_at(there) == pytest.approx(place)


def test_what_was_not_found_lies_beside_and_is_added(editing: Window) -> None:
    assert at(editing, KNEE) is None
    assert editing.view.rect().contains(handle(editing, KNEE))
    places = [(point.x(), point.y()) for point in editing.point_editing.handles.places().values()]
    assert len(set(places)) == skeleton.POINTS, "each has a place of its own"
    drag(editing, KNEE, (50, 90))
    assert at(editing, KNEE) == pytest.approx((50, 90), abs=1)
    do(editing, "undo")
    assert at(editing, KNEE) is None


def test_a_click_chooses_and_moves_nothing_and_a_trembling_hand_neither(editing: Window) -> None:
    before = at(editing, ELBOW)
    choose(editing, ELBOW)
    handles, here = editing.point_editing.handles, handle(editing, ELBOW)
    QTest.mousePress(handles, LEFT, NONE, here)
    QTest.mouseMove(handles, here + QPoint(1, 1))
    QTest.mouseRelease(handles, LEFT, NONE, here + QPoint(1, 1))
    assert at(editing, ELBOW) == before
    assert analysis_of(editing).by_hand() == frozenset()


def test_arrows_move_the_point_that_is_chosen_and_are_one_step(editing: Window, qtbot: QtBot) -> None:
    before = at(editing, WRIST)
    assert before is not None
    choose(editing, WRIST)
    QTest.keyClick(editing.view, Qt.Key.Key_Right)
    QTest.keyClick(editing.view, Qt.Key.Key_Right)
    QTest.keyClick(editing.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    there = (before[0] + 2, before[1] + 10)
    assert shown(editing, WRIST) == pytest.approx(there), "at once"
    qtbot.waitUntil(lambda: at(editing, WRIST) == pytest.approx(there), timeout=SOON)
    assert editing.view.frame is not None
    assert editing.view.frame.index == 10, "they are no frames now"
    QTest.keyClick(editing.view, Qt.Key.Key_Up)
    do(editing, "undo")  # which ends the step first
    assert at(editing, WRIST) == pytest.approx(there)
    do(editing, "undo")
    assert at(editing, WRIST) == before
    do(editing, "leave")
    assert editing.point_editing.chosen is None
    assert editing.point_editing.is_on
    QTest.keyClick(editing.view, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: editing.view.frame is not None and editing.view.frame.index == 11, timeout=SOON)


def test_arrows_of_one_frame_are_kept_when_the_next_comes(editing: Window, qtbot: QtBot) -> None:
    before = at(editing, WRIST)
    assert before is not None
    choose(editing, WRIST)
    QTest.keyClick(editing.view, Qt.Key.Key_Left)
    go(editing, 11, qtbot)
    assert at(editing, WRIST, 10) == pytest.approx((before[0] - 1, before[1]))
    pose = editing.point_editing.pose
    assert pose is not None
    assert (pose.frame, editing.point_editing.chosen) == (11, WRIST), "the next frame keeps the mode and the point"
    assert pose.at(WRIST) == at(editing, WRIST, 11)


def test_arrows_are_kept_when_another_net_is_chosen(editing: Window, qtbot: QtBot) -> None:
    analysing, before, [person] = editing.film_view.analysing, at(editing, WRIST), editing.casting.chosen
    saved, told = analysing.saved, list[str]()
    assert before is not None
    assert saved is not None
    analysing.told.connect(told.append)
    choose(editing, WRIST)
    QTest.keyClick(editing.view, Qt.Key.Key_Left)
    settings = editing.bridge.settings
    network = settings.network.model_copy(update={"input_height": 256})
    analysing.change_settings(settings.model_copy(update={"network": network}))
    assert any("Marks and edits belong to" in text for text in told), "the arrows are the only edit"
    qtbot.waitUntil(lambda: analysing.saved not in (None, saved), timeout=SOON)
    with Analysis.open(saved.analysis.path, write=False) as kept:
        x, y, _ = kept.trace(person, 10, 11).points[0, WRIST].tolist()
    assert (x, y) == pytest.approx((before[0] - 1, before[1]))


def test_a_point_is_not_to_be_seen_and_comes_back(editing: Window) -> None:
    before = at(editing, WRIST)
    choose(editing, WRIST)
    QTest.keyClick(editing.view, Qt.Key.Key_Delete)
    assert at(editing, WRIST) is None
    assert np.isnan(editing.view.people.keypoints[0, WRIST]).all()
    do(editing, "point-back")
    assert at(editing, WRIST) == before
    assert analysis_of(editing).by_hand() == frozenset()
    do(editing, "point-back")
    assert editing.banner.label.text() == "The right wrist is as it was found."
    do(editing, "point-away")
    assert at(editing, WRIST) is None


def test_the_last_point_of_somebody_stays(editing: Window) -> None:
    pose = editing.point_editing.pose
    assert pose is not None
    for point in [point for point in range(skeleton.POINTS) if pose.at(point) is not None]:
        editing.point_editing.choose(point)
        editing.point_editing.steps.take_away()
    left = editing.point_editing.pose
    assert left is not None
    assert [left.at(point) is not None for point in range(skeleton.POINTS)].count(True) == 1
    assert "has to stay" in editing.banner.label.text()


def test_a_point_is_taken_from_the_frames_beside(editing: Window) -> None:
    choose(editing, WRIST)
    before, after = at(editing, WRIST, 9), at(editing, WRIST, 11)
    assert before is not None
    assert after is not None
    do(editing, "point-before")
    assert at(editing, WRIST) == pytest.approx(before)
    do(editing, "point-after")
    assert at(editing, WRIST) == pytest.approx(after)
    do(editing, "point-between")
    assert at(editing, WRIST) == pytest.approx(np.mean([before, after], axis=0))
    editing.point_editing.choose(KNEE)
    for command in ("point-before", "point-between"):
        do(editing, command)
        assert editing.banner.label.text() == "The left knee of #1 is in no frame of the second before."
    assert at(editing, KNEE) is None


def test_a_point_is_put_on_a_line_in_all_frames_between(editing: Window, qtbot: QtBot) -> None:
    choose(editing, KNEE)
    do(editing, "point-fill")
    assert "Correct the left knee in two frames first" in editing.banner.label.text()
    drag(editing, KNEE, (50, 90))
    go(editing, 14, qtbot)
    drag(editing, KNEE, (58, 94))
    do(editing, "point-fill")
    assert editing.banner.label.text() == "3 frames between 10 and 14 filled."
    first, last = at(editing, KNEE, 10), at(editing, KNEE, 14)
    assert at(editing, KNEE, 12) == pytest.approx(np.mean([first, last], axis=0))  # type: ignore[arg-type]
    assert at(editing, KNEE, 15) is None
    do(editing, "undo")
    assert at(editing, KNEE, 12) is None
    assert at(editing, KNEE, 14) == last
    go(editing, 12, qtbot)
    do(editing, "point-fill")
    assert at(editing, KNEE, 11) is not None, "from between the two as well"


def test_the_right_button_has_what_can_be_done_with_a_point(editing: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(
        "app.point_handles.QMenu.popup", lambda menu, place: asked.append([a.text() for a in menu.actions()])
    )
    QTest.mouseClick(editing.point_editing.handles, Qt.MouseButton.RightButton, NONE, handle(editing, WRIST))
    assert editing.point_editing.chosen == WRIST
    [texts] = asked
    assert [text.replace("&", "") for text in texts if text] == [
        "As in the frame before", "As in the frame after", "Between both",
        "On a line up to the last that was corrected", "Not seen in this frame", "As it was found",
    ]  # fmt: skip
    QTest.mouseClick(editing.point_editing.handles, Qt.MouseButton.RightButton, NONE, QPoint(3, 3))
    assert len(asked) == 1, "beside the handles there is nothing to ask"


def test_the_handle_under_the_mouse_is_larger_and_has_its_name(editing: Window, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: editing.view.settled, timeout=SOON)
    plain = editing.view.grab().toImage()
    QTest.mouseMove(editing.point_editing.handles, handle(editing, WRIST))
    assert editing.point_editing.handles.cursor().shape() == Qt.CursorShape.SizeAllCursor
    over = editing.view.grab().toImage()
    assert over != plain
    QTest.mouseMove(editing.point_editing.handles, QPoint(3, 3))
    assert editing.view.grab().toImage() == plain
    assert editing.point_editing.handles.cursor().shape() != Qt.CursorShape.SizeAllCursor


def test_what_was_put_by_hand_looks_different(editing: Window, qtbot: QtBot) -> None:
    place = at(editing, WRIST)
    assert place is not None
    qtbot.waitUntil(lambda: editing.view.settled, timeout=SOON)
    before = editing.view.grab().toImage()
    analysis_of(editing).editor.move_point(10, editing.casting.chosen[0], WRIST, place)
    editing.point_editing.read()
    qtbot.waitUntil(lambda: editing.view.settled, timeout=SOON)
    assert editing.view.grab().toImage() != before


def test_traces_and_snapshots_follow_and_have_no_handles(editing: Window, qtbot: QtBot) -> None:
    person = editing.casting.chosen[0]
    traces = editing.film_view.analysing.traces()
    assert traces is not None
    qtbot.waitUntil(lambda: len(traces.trace(person, WRIST)[0]) > 0, timeout=SOON)
    drag(editing, WRIST, (70, 60))
    picture = editing.view.shown
    assert picture is not None
    place = at(editing, WRIST)

    def follows() -> bool:
        times, xy = traces.trace(person, WRIST)
        return xy[np.searchsorted(times, 10 / 25 - 1e-6)].tolist() == pytest.approx(place)

    qtbot.waitUntil(follows, timeout=SOON)
    with_handles = picture.drawn()
    do(editing, "correct-points")
    without = editing.view.shown
    assert without is not None
    np.testing.assert_array_equal(without.drawn(), with_handles)


def test_the_mode_pauses_a_film_and_is_not_there_while_it_plays(film: Window, qtbot: QtBot) -> None:
    go(film, 3, qtbot)
    do(film, "play")
    assert film.playing.is_playing
    do(film, "correct-points")
    assert not film.playing.is_playing
    qtbot.waitUntil(lambda: film.point_editing.handles.isVisible(), timeout=SOON)
    do(film, "play")
    assert not film.point_editing.handles.isVisible()
    assert film.point_editing.is_on
    assert film.point_editing.hint.text() == "Space pauses the film; then points can be corrected."
    do(film, "play")
    qtbot.waitUntil(lambda: film.point_editing.handles.isVisible(), timeout=SOON)


def test_the_status_bar_says_what_to_do(editing: Window) -> None:
    hint = editing.point_editing.hint
    assert hint.isVisible()
    beside = "What was not found lies beside the body."
    assert hint.text() == f"Drag a point of #1 to its place. {beside} The keys , and . go a frame. Esc ends."
    choose(editing, WRIST)
    assert hint.text().startswith(
        "Right wrist: arrows move it (Shift: by 10); Del: not to be seen; right button: more."
    )
    editing.casting.choose()
    assert hint.text() == "Click the person whose points are to be corrected. Esc ends."
    assert not editing.point_editing.handles.isVisible()
    assert not editing.actions_by_name["point-away"].isVisible()
    editing.casting.choose(99)
    assert hint.text() == "#99 is not in this frame. The keys , and . go a frame."
    editing.casting.choose(1)
    do(editing, "hide-person")
    assert hint.text() == "#1 is hidden. Show everyone, in the menu People, brings them back."
    do(editing, "show-everyone")
    assert hint.text().startswith("Right wrist: arrows")
    do(editing, "leave")
    assert hint.text().startswith("Drag a point of #1"), "the point is let go first"
    editing.casting.choose(99)
    do(editing, "leave")
    assert not editing.point_editing.is_on
    assert not hint.isVisible()


def test_a_click_beside_the_handles_is_the_pictures(editing: Window) -> None:
    QTest.mouseClick(editing.point_editing.handles, LEFT, NONE, QPoint(3, 3))
    assert editing.casting.chosen == ()
    assert editing.point_editing.is_on


def test_esc_drops_what_is_dragged(editing: Window) -> None:
    before = at(editing, WRIST)
    handles, here = editing.point_editing.handles, handle(editing, WRIST)
    QTest.mousePress(handles, LEFT, NONE, here)
    QTest.mouseMove(handles, here + QPoint(30, 20))
    assert shown(editing, WRIST) != pytest.approx(before)
    do(editing, "leave")
    assert shown(editing, WRIST) == pytest.approx(before)
    QTest.mouseRelease(handles, LEFT, NONE, here + QPoint(30, 20))
    assert at(editing, WRIST) == before
    assert editing.point_editing.is_on


def test_measuring_and_correcting_are_not_on_at_once(editing: Window) -> None:
    do(editing, "measure")
    assert (editing.measuring.is_on, editing.point_editing.is_on) == (True, False)
    do(editing, "correct-points")
    assert (editing.measuring.is_on, editing.point_editing.is_on) == (False, True)


def test_another_source_ends_it(editing: Window) -> None:
    editing.go_to_start()
    assert not editing.point_editing.is_on
    assert not editing.actions_by_name["correct-points"].isEnabled()


def test_what_is_live_or_has_no_analysis_cannot_be_corrected(
    window: Window, video: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    def said() -> str:
        do(window, "correct-points")
        assert not window.point_editing.is_on
        return window.banner.label.text()

    window.film_view.analysing.toggle()
    window.open(str(video))
    qtbot.waitUntil(lambda: window.film_view.analysing.saved is not None and window.has_picture, timeout=SOON)
    window.refresh()
    assert said() == ("Nobody in this film is known yet. Switch on Analyse in the background, in the menu Analyse.")
    monkeypatch.setattr(window.film_view.analysing, "saved", None)
    assert said() == "The film is not ready to be corrected. Try again in a moment."
    monkeypatch.setattr(type(window), "playback", None)
    assert said().startswith("Points of what is live cannot be corrected")


def test_beyond_the_analysed_part_that_is_said(
    film: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    film.casting.choose(1)
    do(film, "correct-points")
    monkeypatch.setattr(analysis_of(film), "people", lambda frame: None)
    monkeypatch.setattr(film.film_view.analysing, "knows", lambda frame: False)
    film.point_editing.read()
    assert film.point_editing.pose is None
    assert film.point_editing.hint.text().startswith("This frame is not analysed yet.")
    QApplication.processEvents()
    assert not film.point_editing.handles.isVisible()


def test_keys_go_through_the_frames_that_were_corrected(editing: Window, qtbot: QtBot) -> None:
    assert not editing.actions_by_name["next-corrected"].isEnabled()
    person, analysing = editing.casting.chosen[0], editing.film_view.analysing
    for frame in (5, 10, 20):
        analysis_of(editing).editor.move_point(frame, person, WRIST, (40.0, 40.0))
    qtbot.waitUntil(lambda: analysing.content.lanes[0].corrected.frames.tolist() == [5, 10, 20], timeout=SOON)
    assert editing.actions_by_name["next-corrected"].isEnabled()
    editing.banner.hide()
    for command, frame in (("next", 20), ("previous", 10), ("previous", 5)):
        do(editing, f"{command}-corrected")
        until_on_screen(editing, frame, qtbot)
    assert editing.banner.isHidden()
    do(editing, "previous-corrected")
    assert "Nothing was corrected by hand before" in editing.banner.label.text()
