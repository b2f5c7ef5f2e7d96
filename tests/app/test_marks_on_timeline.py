"""Marks on the timeline: chosen, dragged, removed, gone through, given to others."""

from collections.abc import Iterable

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.label_menu import mark_menu
from app.marking import Marking
from app.timeline.rows import MARK
from app.window import Window
from core.analysis import Mark
from tests.app.film_scene import FRAMES, SOON, do, go
from tests.app.marking_scene import (  # noqa: F401
    STEP,
    analysis_of,
    done,
    known_film,
    label,
    marked_film,
    names,
    until_at,
    video_of_an_arm,
)


def spot(window: Window, frame: float) -> QPoint:
    timeline = window.film_view.timeline
    return QPoint(round(timeline.x_of(frame * STEP)), timeline.height() - MARK // 2)


def drag(window: Window, first: QPoint, last: QPoint, qtbot: QtBot) -> None:
    timeline = window.film_view.timeline
    qtbot.mouseMove(timeline, first)
    qtbot.mousePress(timeline, Qt.MouseButton.LeftButton, pos=first)
    middle = QPoint((first.x() + last.x()) // 2, first.y())
    for place in (middle, last):
        qtbot.mouseMove(timeline, place)
    qtbot.mouseRelease(timeline, Qt.MouseButton.LeftButton, pos=last)


def frames(mark: Mark) -> tuple[float, float]:
    return round(mark.start / STEP, 3), round(mark.end / STEP, 3)


def test_a_click_chooses_a_mark_and_its_person_and_goes_there(marked: Window, qtbot: QtBot) -> None:
    marked.casting.choose()
    first, second = marked.marking.marks
    qtbot.mouseClick(marked.film_view.timeline, Qt.MouseButton.LeftButton, pos=spot(marked, 7.5))
    assert (marked.marking.chosen, marked.casting.chosen) == (first, (1,))
    until_at(marked, 5, qtbot)
    qtbot.mouseClick(marked.film_view.timeline, Qt.MouseButton.LeftButton, pos=spot(marked, 17.5))
    assert marked.marking.chosen == second
    qtbot.mouseClick(marked.film_view.timeline, Qt.MouseButton.LeftButton, pos=spot(marked, 25.5))
    assert marked.marking.chosen == 0
    until_at(marked, 25, qtbot)


@pytest.mark.parametrize(
    ("at", "to", "expected", "seen"),
    [
        (5, 7, (7, 10), 7),
        (5, 7.3, (7, 10), 7),
        (10, 13, (5, 13), 13),
        (7.5, 10.5, (8, 13), 8),
        (5, 25, (9, 10), 9),
        (10, 0, (5, 6), 6),
        (7.5, 60, (FRAMES - 5, FRAMES), FRAMES - 5),
    ],
)
def test_ends_and_the_whole_of_a_mark_are_dragged(
    marked: Window, qtbot: QtBot, at: float, to: float, expected: tuple[float, float], seen: int
) -> None:
    drag(marked, spot(marked, at), spot(marked, to), qtbot)
    until_at(marked, seen, qtbot)
    moved = marked.marking.marks[min(marked.marking.marks)]
    marks = {each.id: frames(each) for each in done(marked, qtbot)}
    assert marks == {moved.id: expected, max(marks): (15, 20)}
    assert marked.casting.next_undo == "Move a mark of forehand", "in one step"
    do(marked, "undo")
    assert [frames(each) for each in done(marked, qtbot)] == [(5, 10), (15, 20)]
    assert marked.casting.next_undo == "Mark serve of #1"


def test_while_a_mark_is_dragged_the_film_stands(marked: Window, qtbot: QtBot) -> None:
    assert marked.playback is not None
    marked.playback.set_loop(True)
    marked.playback.set_speed(0.1)
    do(marked, "play")
    timeline = marked.film_view.timeline
    qtbot.mousePress(timeline, Qt.MouseButton.LeftButton, pos=spot(marked, 10))
    assert marked.playing.is_playing, "a click stops nothing"
    qtbot.mouseMove(timeline, spot(marked, 13))
    assert not marked.playing.is_playing
    until_at(marked, 13, qtbot)
    qtbot.mouseRelease(timeline, Qt.MouseButton.LeftButton, pos=spot(marked, 13))
    assert marked.playing.is_playing


def test_shades_behind_the_traces_go_with_a_mark_that_is_dragged(marked: Window, qtbot: QtBot) -> None:
    def shaded() -> list[list[float]]:
        return sorted((band.edges / STEP).round(3).tolist() for band in marked.shading.shades.bands.bands)[0]

    marked.shading.tick()
    assert shaded() == [[5, 10], [15, 20]]
    timeline = marked.film_view.timeline
    qtbot.mousePress(timeline, Qt.MouseButton.LeftButton, pos=spot(marked, 10))
    qtbot.mouseMove(timeline, spot(marked, 13))
    assert shaded() == [[5, 13], [15, 20]], "at once"
    qtbot.mouseRelease(timeline, Qt.MouseButton.LeftButton, pos=spot(marked, 13))
    marked.shading.tick()
    assert shaded() == [[5, 13], [15, 20]], "while it is written"
    done(marked, qtbot)
    do(marked, "undo")
    done(marked, qtbot)
    marked.shading.tick()
    assert shaded() == [[5, 10], [15, 20]]


def test_what_the_pointer_can_take_is_shown(marked: Window, qtbot: QtBot) -> None:
    timeline = marked.film_view.timeline
    for frame, shape in (
        (5, Qt.CursorShape.SizeHorCursor), (7.5, Qt.CursorShape.PointingHandCursor), (10, Qt.CursorShape.SizeHorCursor),
        (12.5, Qt.CursorShape.ArrowCursor),
    ):  # fmt: skip
        qtbot.mouseMove(timeline, spot(marked, frame))
        assert timeline.cursor().shape() == shape, frame


def test_ends_of_the_stretch_that_plays_over_and_over_are_dragged(marked: Window, qtbot: QtBot) -> None:
    assert marked.playback is not None
    marked.playing.set_span_seconds(5 * STEP, 10 * STEP)
    marked.refresh()
    assert marked.playback.span == (5, 9)
    x = marked.film_view.timeline.x_of
    drag(marked, QPoint(round(x(10 * STEP)), 4), QPoint(round(x(14 * STEP)), 4), qtbot)
    assert marked.playback.span == (5, 13)
    until_at(marked, 13, qtbot)
    drag(marked, QPoint(round(x(5 * STEP)), 4), QPoint(round(x(2 * STEP)), 4), qtbot)
    assert marked.playback.span == (2, 13)
    until_at(marked, 2, qtbot)
    drag(marked, QPoint(round(x(14 * STEP)), 4), QPoint(round(x(0)), 4), qtbot)
    assert marked.playback.span == (2, 2), "a frame at least"


def test_the_chosen_mark_is_removed_and_comes_back(marked: Window, qtbot: QtBot) -> None:
    marked.activateWindow()
    assert not marked.actions_by_name["remove-mark"].isEnabled()
    do(marked, "next-mark")
    do(marked, "next-mark")
    qtbot.keyClick(marked.view, Qt.Key.Key_Delete)
    [left] = done(marked, qtbot)
    assert marked.marking.label_of(left.id) == "forehand"
    assert marked.marking.chosen == 0
    assert marked.actions_by_name["undo"].text() == "&Undo: Remove a mark of serve"
    do(marked, "undo")
    assert len(done(marked, qtbot)) == 2


def test_undo_right_after_a_mark_takes_that_back(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand")
    do(film, "mark")
    do(film, "mark")
    do(film, "undo")  # nothing was waited for
    assert done(film, qtbot) == []
    assert names(film) == ["forehand"]
    do(film, "redo")
    assert len(done(film, qtbot)) == 1


def test_from_mark_to_mark(marked: Window, qtbot: QtBot) -> None:
    first, second = marked.marking.marks
    go(marked, 0, qtbot)
    for name, number, index in (("next-mark", first, 5), ("next-mark", second, 15), ("previous-mark", first, 5)):
        do(marked, name)
        assert marked.marking.chosen == number
        until_at(marked, index, qtbot)
    do(marked, "previous-mark")
    assert "first mark" in marked.banner.label.text()
    marked.marking.choose(0)
    go(marked, 25, qtbot)
    do(marked, "previous-mark")
    assert marked.marking.chosen == second


def test_a_mark_plays_over_and_over(marked: Window, qtbot: QtBot) -> None:
    assert marked.playback is not None
    do(marked, "next-mark")
    do(marked, "next-mark")
    do(marked, "loop-mark")
    assert marked.playback.span == (15, 19)
    assert marked.playing.is_playing
    assert marked.actions_by_name["loop-mark"].isChecked()
    do(marked, "loop-mark")
    assert marked.playback.span is None


def test_a_menu_gives_a_mark_another_label_or_person(marked: Window, qtbot: QtBot) -> None:
    first, second = marked.marking.marks
    asked: list[int] = []
    marked.film_view.timeline.mark_asked.disconnect()
    marked.film_view.timeline.mark_asked.connect(lambda number, place: asked.append(number))
    timeline = marked.film_view.timeline
    qtbot.mouseDClick(timeline, Qt.MouseButton.LeftButton, pos=spot(marked, 7.5))
    qtbot.mouseClick(timeline, Qt.MouseButton.RightButton, pos=spot(marked, 17.5))
    qtbot.mouseClick(timeline, Qt.MouseButton.RightButton, pos=spot(marked, 25))
    assert asked == [first, second]
    menu = mark_menu(marked.marking, first, (1, 2), marked.film_view.timeline)
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert texts == ["forehand", "serve", "It is of #2", "&Loop this mark", "&Remove this mark"]
    press(menu, "serve")
    done(marked, qtbot)
    press(menu, "It is of #2")
    done(marked, qtbot)
    assert (marked.marking.label_of(first), marked.marking.marks[first].person) == ("serve", 2)
    assert marked.casting.next_undo == "Make a mark of serve one of #2"
    menu.deleteLater()


def test_a_double_click_offers_who_was_chosen_before_it(
    marked: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered = list[list[int]]()

    def menu(marking: Marking, number: int, people: Iterable[int], parent: QWidget) -> QMenu:
        offered.append(list(people))
        return QMenu(parent)

    monkeypatch.setattr("app.marking.mark_menu", menu)
    marked.casting.choose(2)
    timeline = marked.film_view.timeline
    qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=spot(marked, 7.5))
    qtbot.mouseDClick(timeline, Qt.MouseButton.LeftButton, pos=spot(marked, 7.5))
    assert marked.casting.chosen == (1,)
    assert offered == [[2, 1]]
    analysis_of(marked).editor.split(1, 7)
    qtbot.waitUntil(lambda: len(marked.film_view.analysing.content.lanes) == 2, timeout=SOON)
    done(marked, qtbot)
    marked.casting.choose()
    qtbot.mouseDClick(timeline, Qt.MouseButton.LeftButton, pos=spot(marked, 6))
    [other] = {person.id for person in analysis_of(marked).persons()} - {1}
    assert offered[1] == [1], "the other is seen later"
    qtbot.mouseDClick(timeline, Qt.MouseButton.LeftButton, pos=spot(marked, 16.5))
    assert offered[2] == [1, other]


def press(menu: QMenu, text: str) -> None:
    [action] = [action for action in menu.actions() if action.text() == text]
    action.trigger()


def test_marks_go_with_people_who_are_joined(marked: Window, qtbot: QtBot) -> None:
    marked.casting.choose(1)
    go(marked, 25, qtbot)
    do(marked, "split-person")  # after both marks, which stay
    [other] = {person.id for person in analysis_of(marked).persons()} - {1}
    marked.casting.choose(other, 1)
    do(marked, "join-people")
    assert {each.person for each in done(marked, qtbot)} == {other}
    do(marked, "undo")
    assert {each.person for each in done(marked, qtbot)} == {1}
