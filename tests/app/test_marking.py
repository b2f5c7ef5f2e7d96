"""Marking in the window: labels, begin and end of marks, what is done with those that are there, tables of them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtWidgets import QApplication, QFileDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app import places
from app.label_menu import mark_menu
from app.label_panel import COUNT, KEY, NAME
from app.labels import LabelRow
from app.marking import Marking
from app.store import Store
from app.timeline.painting import MARK
from app.window import Window
from core.analysis import LABEL_COLORS, Analysis, Mark, NewMark
from core.analysis.mark_table import mark_table, read_mark_table
from core.settings import Settings
from tests.app.test_film import FRAMES, SOON, arm, do, go, is_saved, open_film, until_analysed
from tests.tiny_net import write_picture, write_video

Make = Callable[[Settings], Window]
STEP = 1 / 25


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_video(tmp_path_factory.mktemp("video") / "arm.mp4", map(arm, range(FRAMES)))


@pytest.fixture
def film(window: Window, video: Path, qtbot: QtBot) -> Window:
    """A film of one person, known from begin to end, on its first frame."""
    open_known(window, video, qtbot)
    return window


def open_known(window: Window, video: Path, qtbot: QtBot) -> None:
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    qtbot.waitUntil(lambda: is_saved(window) and window.marking.why_not == "", timeout=SOON)


def analysis_of(window: Window) -> Analysis:
    saved = window.film_view.analysing.saved
    assert saved is not None
    return saved.analysis


def done(window: Window, qtbot: QtBot) -> list[Mark]:
    """The marks, when all that was asked for is written and shown."""
    window.marking.settle()
    QApplication.processEvents()
    window.marking.look()
    window.marking.settle()
    QApplication.processEvents()
    shown = {(mark.number, mark.begin, mark.end) for mark in window.film_view.timeline.stack.marks}
    marks = list(window.marking.marks.values())
    assert shown == {(mark.id, mark.start, mark.end) for mark in marks}, "the timeline shows what there is"
    assert marks == analysis_of(window).marks.all()
    return marks


def label(window: Window, qtbot: QtBot, *names: str) -> None:
    for name in names:
        window.marking.labels.add(name)
        done(window, qtbot)


def mark(window: Window, qtbot: QtBot, first: int, last: int) -> Mark:
    """Mark what the one person does from a frame to another."""
    before = set(window.marking.marks)
    go(window, first, qtbot)
    do(window, "mark")
    assert window.marking.open is not None
    go(window, last, qtbot)
    do(window, "mark")
    [new] = [each for each in done(window, qtbot) if each.id not in before]
    return new


def names(window: Window) -> list[str]:
    return [row.name for row in window.marking.labels.rows]


def edges(film: Window) -> list[float]:
    return [round(each, 6) for each in film.film_view.timeline.edges.tolist()]


# -- labels --


def test_labels_are_added_renamed_recoloured_and_removed(film: Window, qtbot: QtBot) -> None:
    panel, marking = film.marking.panel, film.marking
    assert "Name an action" in panel.hint.text()
    do(film, "new-label")
    qtbot.keyClicks(panel.field, " forehand ")
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    done(film, qtbot)
    label(film, qtbot, "serve", "forehand")  # it is there: it is chosen
    assert marking.labels.current == "forehand"
    assert [(row.name, row.color) for row in marking.labels.rows] == [
        ("forehand", LABEL_COLORS[0]),
        ("serve", LABEL_COLORS[1]),
    ]
    item = panel.table.item(1, NAME)
    assert item is not None
    item.setText("smash")
    done(film, qtbot)
    marking.labels.recolor("smash", "#123456")
    done(film, qtbot)
    assert marking.labels.rows[1] == LabelRow("smash", "#123456", 0, 2)
    panel.table.selectRow(1)
    mark(film, qtbot, 3, 6)
    texts = [[panel.table.item(row, column).text() for column in (NAME, KEY, COUNT)] for row in range(2)]  # type: ignore[union-attr]
    assert texts == [["forehand", "1", "0"], ["smash", "2", "1"]]
    panel.remove.click()
    assert film.banner.label.text() == "The label smash and 1 mark of it are removed. Ctrl+Z brings them back."
    assert done(film, qtbot) == []
    assert (names(film), marking.labels.current) == (["forehand"], "forehand")
    for what in ("Remove the label smash and its 1 mark", "Mark smash of #1", "Recolour the label smash"):
        assert film.casting.next_undo == what
        do(film, "undo")
    done(film, qtbot)
    assert [(row.name, row.color) for row in marking.labels.rows][1] == ("smash", LABEL_COLORS[1])


def test_a_name_that_is_taken_is_said_and_taken_back(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand", "serve")
    film.marking.labels.rename("serve", "forehand")
    qtbot.waitUntil(lambda: "already" in film.banner.label.text(), timeout=SOON)
    done(film, qtbot)
    assert names(film) == ["forehand", "serve"]
    item = film.marking.panel.table.item(1, NAME)
    assert item is not None
    qtbot.waitUntil(lambda: item.text() == "serve", timeout=SOON)


def test_number_keys_choose_labels_and_the_menu_names_them(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand", "R & B")
    film.activateWindow()
    qtbot.keyClick(film.view, Qt.Key.Key_1)
    assert film.marking.labels.current == "forehand"
    qtbot.keyClick(film.view, Qt.Key.Key_2)
    assert film.marking.labels.current == "R & B"
    actions = [film.actions_by_name[f"label-{number}"] for number in (1, 2, 3)]
    assert [action.isVisible() for action in actions] == [True, True, False]
    assert [action.text() for action in actions][:2] == ["forehand", "R && B"]
    assert [action.isChecked() for action in actions] == [False, True, False]


def test_labels_of_the_last_film_are_offered_in_the_next(film: Window, tmp_path: Path, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand", "serve")
    film.marking.labels.recolor("serve", "#123456")
    done(film, qtbot)
    other = write_video(tmp_path / "other.mp4", map(arm, range(FRAMES - 1)))
    film.open(str(other))
    qtbot.waitUntil(lambda: film.windowTitle().startswith("other"), timeout=SOON)
    assert film.playback is not None
    film.playback.pause()
    qtbot.waitUntil(lambda: film.marking.why_not == "", timeout=SOON)
    qtbot.waitUntil(lambda: film.film_view.analysing.content.share == 1, timeout=SOON)
    offered = [LabelRow("forehand", LABEL_COLORS[0], 0, 0), LabelRow("serve", "#123456", 0, 0)]
    assert film.marking.labels.rows == offered
    assert analysis_of(film).marks.labels() == []
    film.marking.labels.rename("forehand", "serve")
    assert "There is a label serve already" in film.banner.label.text()
    assert done(film, qtbot) == []
    assert film.marking.labels.rows == offered, "none is lost"
    film.marking.labels.choose(1)
    go(film, 0, qtbot)
    qtbot.waitUntil(lambda: is_saved(film), timeout=SOON)
    assert mark(film, qtbot, 2, 5).label == 2
    assert [(each.name, each.count) for each in film.marking.labels.rows] == [("forehand", 0), ("serve", 1)]
    do(film, "undo")
    assert done(film, qtbot) == []
    assert film.marking.labels.rows == offered, "one step"
    film.marking.labels.rename("forehand", "backhand")
    done(film, qtbot)
    assert names(film) == ["backhand", "serve"]


def test_labels_are_remembered_and_those_that_were_removed_are_not(
    make_window: Make, tiny_settings: Settings, video: Path, qtbot: QtBot
) -> None:
    first = make_window(tiny_settings)
    open_known(first, video, qtbot)
    label(first, qtbot, "forehand")
    first.close()
    assert Store(places.settings_file()).preferences.labels == (("forehand", LABEL_COLORS[0]),)
    second = make_window(tiny_settings)
    open_known(second, video, qtbot)
    qtbot.waitUntil(lambda: names(second) == ["forehand"], timeout=SOON)
    second.marking.labels.remove("forehand")
    done(second, qtbot)
    assert names(second) == []


# -- begin and end --


def test_a_key_begins_and_ends_a_mark(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand", "serve")
    film.marking.labels.choose(0)
    film.activateWindow()
    timeline = film.film_view.timeline
    go(film, 10, qtbot)
    qtbot.keyClick(film.view, Qt.Key.Key_M)
    assert film.actions_by_name["mark"].text() == "End the &mark"
    assert "forehand of #1 since" in film.marking.panel.hint.text()
    for frame in (12, 16, 5):  # it grows with the film, to both sides
        go(film, frame, qtbot)
        growing = timeline._growing
        assert growing is not None
        assert [growing.begin, growing.end] == pytest.approx(sorted((10 * STEP, frame * STEP)))
    go(film, 16, qtbot)
    qtbot.keyClick(film.view, Qt.Key.Key_M)
    [new] = done(film, qtbot)
    assert (new.label, new.person) == (1, 1)
    assert (new.start, new.end) == pytest.approx((10 * STEP, 16 * STEP))
    assert film.marking.chosen == new.id
    assert timeline._growing is None


def test_backwards_begin_and_end_are_put_in_order(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand")
    new = mark(film, qtbot, 12, 4)
    assert (new.start, new.end) == pytest.approx((4 * STEP, 12 * STEP))
    one = mark(film, qtbot, 20, 20)
    assert (one.start, one.end) == pytest.approx((20 * STEP, 21 * STEP)), "a frame at least"
    last = mark(film, qtbot, 25, FRAMES - 1)
    assert film.playback is not None
    assert last.end == pytest.approx(film.playback.duration), "up to the end of the film"


def test_while_it_plays_a_mark_is_made_too(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand")
    assert film.playback is not None
    film.playback.set_speed(0.25)
    do(film, "mark")
    do(film, "play")
    qtbot.waitUntil(lambda: film.view.frame is not None and film.view.frame.index > 3, timeout=SOON)
    do(film, "mark")
    [new] = done(film, qtbot)
    assert new.start == 0
    assert new.end > 3 * STEP - 1e-6
    assert round(new.end, 6) in edges(film)


def test_what_was_begun_can_be_dropped_and_gets_another_label(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand", "serve")
    assert not film.actions_by_name["cancel-mark"].isEnabled()
    do(film, "mark")
    do(film, "cancel-mark")
    assert film.marking.open is None
    assert done(film, qtbot) == []
    do(film, "mark")
    do(film, "label-1")
    go(film, 5, qtbot)
    do(film, "mark")
    [new] = done(film, qtbot)
    assert film.marking.label_of(new.id) == "forehand"


def test_what_was_begun_goes_with_its_label(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand", "serve")
    do(film, "mark")
    film.marking.labels.rename("serve", "smash")
    done(film, qtbot)
    film.marking.labels.recolor("smash", "#123456")
    done(film, qtbot)
    growing = film.film_view.timeline._growing
    assert growing is not None
    assert (growing.name, growing.color) == ("smash", "#123456")
    for _ in range(3):  # up to where the label was not there
        do(film, "undo")
    done(film, qtbot)
    assert names(film) == ["forehand"]
    go(film, 5, qtbot)
    do(film, "mark")
    [new] = done(film, qtbot)
    assert film.marking.label_of(new.id) == "smash", "what was marked is not lost"
    film.marking.labels.choose(1)
    do(film, "mark")
    film.marking.labels.remove("smash")
    assert film.marking.open is None
    assert done(film, qtbot) == []


def test_what_was_begun_ends_with_its_film(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand")
    do(film, "mark")
    do(film, "start")
    assert film.marking.open is None
    assert film.film_view.timeline._growing is None


def test_without_a_label_one_is_asked_for(film: Window, qtbot: QtBot) -> None:
    film.activateWindow()
    do(film, "labels")
    assert not film.docks.is_shown(film.marking.dock)
    do(film, "mark")
    assert "Name an action" in film.banner.label.text()
    assert film.docks.is_shown(film.marking.dock)
    assert film.marking.panel.field.hasFocus()
    qtbot.keyClick(film.marking.panel.field, Qt.Key.Key_Escape)
    assert film.view.hasFocus(), "keys are commands again"


def test_of_several_people_one_has_to_be_clicked(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand")
    film.casting.choose(1, 2)
    do(film, "mark")
    assert "Click the person" in film.banner.label.text()
    other = analysis_of(film).editor.split(1, 20)
    film.casting.choose(other)  # somebody who is elsewhere in the film
    do(film, "mark")
    assert film.marking.open is not None
    assert film.marking.open.person == other


def test_what_was_begun_goes_with_its_person(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand")
    go(film, 10, qtbot)
    film.casting.choose(1)
    do(film, "mark")
    go(film, 5, qtbot)
    do(film, "split-person")
    begun = film.marking.open
    assert begun is not None
    assert begun.person not in (0, 1)
    film.casting.choose(begun.person)
    do(film, "undo")
    assert film.marking.open is not None
    assert film.marking.open.person == 1
    do(film, "cancel-mark")
    do(film, "mark")  # who is chosen is gone
    assert film.marking.open is None
    assert f"#{begun.person} is nobody any more" in film.banner.label.text()


def test_what_was_begun_of_somebody_elsewhere_who_is_gone_is_dropped(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand")
    film.casting.choose(analysis_of(film).editor.split(1, 20))
    do(film, "mark")
    assert film.marking.open is not None
    do(film, "undo")
    assert film.marking.open is None
    assert "The mark of forehand is dropped" in film.banner.label.text()


def test_nobody_on_screen_is_said(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand")
    film.casting.hide(1, True)
    do(film, "mark")
    assert "Nobody is on screen" in film.banner.label.text()
    assert film.marking.open is None


def test_where_people_are_not_known_nothing_is_marked(window: Window, video: Path, qtbot: QtBot) -> None:
    do(window, "analyse")
    open_film(window, video, qtbot)
    qtbot.waitUntil(lambda: window.film_view.analysing.saved is not None, timeout=SOON)
    do(window, "mark")
    assert "Switch on Analyse in the background" in window.banner.label.text()
    assert window.marking.panel.hint.text() == window.marking.why_not
    assert not window.marking.panel.field.isEnabled()


def test_a_film_that_is_open_elsewhere_says_why_it_cannot_be_marked(
    make_window: Make, tiny_settings: Settings, video: Path, qtbot: QtBot
) -> None:
    first = make_window(tiny_settings)
    open_film(first, video, qtbot)
    qtbot.waitUntil(lambda: first.film_view.analysing.saved is not None, timeout=SOON)
    second = make_window(tiny_settings)
    open_film(second, video, qtbot)
    qtbot.waitUntil(lambda: "not kept this time" in second.marking.why_not, timeout=SOON)
    second.banner.hide()
    do(second, "mark")
    assert "not kept this time" in second.banner.label.text()


def test_a_picture_cannot_be_marked(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    window.open(str(write_picture(tmp_path / "arm.png", arm(0)[0])))
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
    do(window, "mark")
    assert "Open a film" in window.banner.label.text()
    assert not window.marking.dock.isVisible()


# -- on the timeline --


@pytest.fixture
def marked(film: Window, qtbot: QtBot) -> Window:
    """Two marks: forehand from frame 5 to 10, serve from 15 to 20."""
    label(film, qtbot, "forehand", "serve")
    film.marking.labels.choose(0)
    mark(film, qtbot, 5, 10)
    film.marking.labels.choose(1)
    mark(film, qtbot, 15, 20)
    film.marking.choose(0)
    go(film, 0, qtbot)
    return film


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


def until_at(window: Window, index: int, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.view.frame is not None and window.view.frame.index == index, timeout=SOON)


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
    offered = list[tuple[int, ...]]()

    def menu(marking: Marking, number: int, before: tuple[int, ...], parent: QWidget) -> QMenu:
        offered.append(before)
        return QMenu(parent)

    monkeypatch.setattr("app.marking.mark_menu", menu)
    marked.casting.choose(2)
    timeline = marked.film_view.timeline
    qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=spot(marked, 7.5))
    qtbot.mouseDClick(timeline, Qt.MouseButton.LeftButton, pos=spot(marked, 7.5))
    assert marked.casting.chosen == (1,)
    assert offered == [(2,)]


def press(menu: QMenu, text: str) -> None:
    [action] = [action for action in menu.actions() if action.text() == text]
    action.trigger()


def test_marks_go_with_people_who_are_joined(marked: Window, qtbot: QtBot) -> None:
    marked.casting.choose(4, 1)
    do(marked, "join-people")
    assert {each.person for each in done(marked, qtbot)} == {4}
    do(marked, "undo")
    assert {each.person for each in done(marked, qtbot)} == {1}


# -- tables --


def answer(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    def choose(dialog: QFileDialog) -> bool:
        dialog.selectFile(str(path))
        assert not dialog.testOption(QFileDialog.Option.DontConfirmOverwrite)
        [chosen] = dialog.selectedFiles()
        assert Path(chosen).suffix, "what the dialog asks about is what is written"
        return True

    monkeypatch.setattr(QFileDialog, "exec", choose)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))


def test_marks_are_exported_and_imported(
    marked: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "marks"
    answer(monkeypatch, path)
    do(marked, "export-marks")
    qtbot.waitUntil(lambda: "Saved" in marked.banner.label.text(), timeout=SOON)
    table = path.with_suffix(".csv")
    assert table.read_text() == "label,person,start,end\nforehand,1,0.2,0.4\nserve,1,0.6,0.8\n"
    table.write_text(table.read_text() + "lob,,0.1,0.3\n")
    answer(monkeypatch, table)
    do(marked, "import-marks")
    qtbot.waitUntil(lambda: "3 marks and 1 new label" in marked.banner.label.text(), timeout=SOON)
    assert len(done(marked, qtbot)) == 5
    assert names(marked) == ["forehand", "serve", "lob"]
    assert marked.casting.next_undo == "Add 3 marks"
    do(marked, "undo")
    assert len(done(marked, qtbot)) == 2
    assert names(marked) == ["forehand", "serve"]


@pytest.mark.parametrize("digits", [6, 17])
def test_at_30_frames_a_second_an_imported_mark_begins_with_its_frame(
    window: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, digits: int
) -> None:
    """Thirds of a frame are no decimals: rounded ones lie before their frame."""
    open_known(window, write_video(tmp_path / "arm.mp4", map(arm, range(FRAMES)), rate=30), qtbot)
    table = tmp_path / "marks.csv"
    table.write_text(f"label,person,start,end\nlob,1,{10 / 30:.{digits}f},{16 / 30:.{digits}f}\n")
    answer(monkeypatch, table)
    do(window, "import-marks")
    qtbot.waitUntil(lambda: len(done(window, qtbot)) == 1, timeout=SOON)
    do(window, "next-mark")
    until_at(window, 10, qtbot)
    window.marking.choose(0)
    go(window, 10, qtbot)
    do(window, "next-mark")
    assert window.marking.chosen == 0, "it is the one that begins here"
    go(window, 0, qtbot)
    window.marking.choose(*window.marking.marks)
    do(window, "loop-mark")
    assert window.playback is not None
    assert window.playback.span == (10, 15)
    exported = mark_table(*window.marking.known)
    assert read_mark_table(written(tmp_path / "again.csv", exported), 1.0) == [
        NewMark("lob", 1, each.start, each.end) for each in window.marking.marks.values()
    ]


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_a_bad_row_is_said_and_nothing_is_changed(
    marked: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "marks.csv"
    table.write_text("label,person,start,end\nlob,1,0.1,0.3\nlob,1,0.3,0.1\n")
    answer(monkeypatch, table)
    do(marked, "import-marks")
    qtbot.waitUntil(lambda: "line 3: a mark from 0.3 to 0.1 s is none" in marked.banner.label.text(), timeout=SOON)
    assert marked.banner.trouble
    assert len(done(marked, qtbot)) == 2
    assert names(marked) == ["forehand", "serve"]


def test_marks_that_cannot_be_written_are_not_said_to_be_there(
    marked: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = list[str]()
    monkeypatch.setattr(marked.banner, "tell", lambda text, *_: said.append(text))
    monkeypatch.setattr(analysis_of(marked)._database, "write", False)
    answer(monkeypatch, written(tmp_path / "marks.csv", "label,person,start,end\nlob,1,0.1,0.3\n"))
    do(marked, "import-marks")
    qtbot.waitUntil(lambda: "opened for reading only" in marked.banner.label.text(), timeout=SOON)
    assert said == []


# -- the end --


def test_what_was_marked_last_is_in_the_file(film: Window, video: Path, home: Path, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand")
    do(film, "mark")
    do(film, "mark")
    film.close()
    [path] = home.rglob("*.posedesk")
    with Analysis.open(path) as analysis:
        assert len(analysis.marks.all()) == 1


def test_a_disk_that_does_not_take_a_mark_is_said(film: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    label(film, qtbot, "forehand")
    analysis = analysis_of(film)
    monkeypatch.setattr(analysis._database, "write", False)
    do(film, "mark")
    do(film, "mark")
    qtbot.waitUntil(lambda: "opened for reading only" in film.banner.label.text(), timeout=SOON)
    qtbot.waitUntil(lambda: film.film_view.timeline._growing is None, timeout=SOON)
    assert isinstance(film.marking, Marking)
    assert replace(film.marking.labels.rows[0]).count == 0
