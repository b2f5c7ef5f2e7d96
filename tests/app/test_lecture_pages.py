"""What the view of how people are found explains: sentences, tips, numbers, and what a row that is chosen shows."""

from dataclasses import replace

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, QSize, Qt
from PyQt6.QtGui import QScreen, QWheelEvent
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.lecture import About, Label, Page, Question, answer
from app.lecture_picture import Eye, LecturePicture
from app.lecture_view import LectureView
from core import skeleton
from core.decode import assemble_people, find_peaks, score_links
from core.settings import LECTURE, OPENPOSE, DecodeSettings
from core.types import Frame, Result
from tests.core.outputs_scene import backdrop, crowd, maps_of

SIZE = (640, 360)
SOON = 60_000  # milliseconds, far more than anything here takes; a test that needs them fails
KINDS: list[tuple[About, int]] = [("point", 4), ("link", 3), ("points", 0), ("links", 0), ("people", 0)]


@pytest.fixture(scope="module")
def result() -> Result:
    """Three people."""
    maps = maps_of(crowd(3, *SIZE), SIZE)
    peaks = find_peaks(maps.confidence, OPENPOSE)
    links = score_links(peaks, maps.affinity, OPENPOSE)
    people = assemble_people(peaks, links, maps.transform, OPENPOSE)
    return Result(Frame(backdrop(*SIZE)), maps, peaks, links, people, np.arange(1, len(people) + 1, dtype=np.int32))


def page(
    result: Result, about: About, number: int = 0, marked: int = -1, settings: DecodeSettings = OPENPOSE
) -> Page:  # fmt: skip
    return answer(Question(result, about, number, settings, False, marked))


@pytest.mark.parametrize(("about", "number"), KINDS)
def test_every_page_says_what_is_seen_and_what_its_columns_are(result: Result, about: About, number: int) -> None:
    plain, chosen = page(result, about, number), page(result, about, number, 0)
    assert plain.explained.endswith(".")
    assert chosen.explained.endswith(".")
    assert chosen.explained != plain.explained, "it says what the row shows"
    assert len(plain.tips) == len(plain.head) == len(plain.rows[0])
    assert all(plain.tips)
    assert (plain.pictures[-1][1] != chosen.pictures[-1][1]).any(), "the row is seen in the picture"


def test_why_a_score_may_exceed_1(result: Result) -> None:
    strong = replace(result, maps=replace(result.maps, affinity=1.2 * result.maps.affinity))
    shown = page(strong, "link", 3)
    score = shown.head.index("Score")
    assert float(shown.rows[0][score]) > 1
    assert "may give a little more" in shown.tips[score]
    assert "the samples that count" in shown.tips[score]
    assert "all samples" in page(strong, "link", 3, settings=LECTURE).tips[score]


@pytest.mark.parametrize("settings", [OPENPOSE, LECTURE], ids=["openpose", "lecture"])
def test_the_row_of_a_pair_shows_each_sample(result: Result, settings: DecodeSettings) -> None:
    from core.decode import contest

    for pair in contest(result.peaks, result.maps.affinity, 3, settings):
        assert len(pair.reads) == pair.samples
        assert sum(counts for _, counts in pair.reads) == pair.counting
        ways = [way for way, _ in pair.reads]
        assert ways[0] == 0
        assert ways[-1] == pytest.approx(1 if settings.link_samples else 1 - 1 / pair.samples)


def test_the_last_steps_are_those_of_the_decoder(result: Result) -> None:
    points, links, people = page(result, "points"), page(result, "links"), page(result, "people")
    assert [row[0] for row in points.rows] == [str(peak) for peak in range(len(result.peaks))]
    assert {row[1] for row in points.rows} == set(skeleton.POINT_NAMES)
    assert [(int(row[1]), int(row[2])) for row in links.rows] == [tuple(pair) for pair in result.links.pairs.tolist()]
    assert [row[0] for row in people.rows] == ["#1", "#2", "#3"]
    for row, total in zip(people.rows, result.people.totals.tolist(), strict=True):
        assert float(row[2]) + float(row[3]) == pytest.approx(float(row[4]), abs=0.02)
        assert float(row[4]) == pytest.approx(total, abs=0.01)


def test_a_row_stays_chosen_while_its_frame_is_looked_at_again(no_qt_left: None, result: Result, qtbot: QtBot) -> None:
    view = LectureView()
    view.show()
    view.follow(result, OPENPOSE, False)
    qtbot.waitUntil(lambda: view.table.rowCount() > 1, timeout=SOON)
    view.table.selectRow(1)
    for frame, marked in ((result.frame, 1), (replace(result.frame, index=7), -1)):
        now = replace(result, frame=frame)
        view.follow(now, OPENPOSE, False)
        qtbot.waitUntil(lambda now=now: view._page is not None and view._page.question.result is now, timeout=SOON)
        assert view._page is not None
        assert view._page.question.marked == marked
    view.close_down()
    view.deleteLater()


def test_the_view_shows_tips_and_sentence(no_qt_left: None, result: Result, qtbot: QtBot) -> None:
    view = LectureView()
    view.show()
    view.follow(result, OPENPOSE, False)
    for index, (about, _) in enumerate(KINDS[2:]):
        view.what.setCurrentIndex(view.what.count() - 3 + index)
        qtbot.waitUntil(
            lambda about=about: view._page is not None and view._page.question.about == about
            and view.table.rowCount() == len(view._page.rows) and view.explained.text() == view._page.explained,
            timeout=SOON,
        )  # fmt: skip
        shown = view._page
        assert shown is not None
        titles = [view.table.horizontalHeaderItem(column) for column in range(view.table.columnCount())]
        assert [title.toolTip() for title in titles if title is not None] == list(shown.tips)
    view.close_down()
    view.deleteLater()


def test_who_has_won_is_named_first_and_before_that_the_row_that_is_chosen(result: Result) -> None:
    plain, chosen = page(result, "link", 3), page(result, "link", 3, 1)
    assert {label.text for label in plain.labels[:6]} == {end for row in plain.won for end in plain.rows[row][:2]}
    assert {label.text for label in chosen.labels[:2]} == set(chosen.rows[1][:2])
    point = page(result, "point", 4)
    assert [label.won for label in point.labels] == sorted((label.won for label in point.labels), reverse=True)
    assert point.labels[0].text == f"{point.rows[0][0]}: {float(point.rows[0][3]):.2f}"


@pytest.fixture
def picture(qtbot: QtBot) -> LecturePicture:
    """Of 100 x 50 pixels, shown twice as large, with more places near each other than labels have room."""
    picture = LecturePicture(Eye())
    qtbot.addWidget(picture)
    picture.resize(200, 200)
    labels = [Label(44 + i, 25, f"{i}: 0.{90 - i}", i == 0) for i in range(12)]
    picture.show_image(np.full((50, 100, 3), 90, np.uint8), labels)
    picture.show()
    qtbot.waitExposed(picture)
    return picture


def wheel(picture: LecturePicture, at: QPointF, notches: int) -> None:
    event = QWheelEvent(
        at, picture.mapToGlobal(at), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(picture, event)


def named(picture: LecturePicture) -> list[str]:
    return [label.text for _, _, label in picture.shown_labels(picture.fontMetrics())]


def test_the_wheel_makes_room_and_the_pointer_names_the_rest(picture: LecturePicture, qtbot: QtBot) -> None:
    assert named(picture)[0] == "0: 0.90"
    hidden = next(label for label in picture._labels if label.text not in named(picture))
    place = picture.place_of(hidden.x, hidden.y)
    qtbot.mouseMove(picture, place.toPoint())
    assert named(picture)[0] == hidden.text
    qtbot.mouseMove(picture, QPoint(2, 2))
    assert hidden.text not in named(picture)
    wheel(picture, place, 12)
    assert (picture.place_of(hidden.x, hidden.y) - place).manhattanLength() < 0.1  # it stays under the pointer
    assert hidden.text in named(picture)
    wheel(picture, place, -20)
    assert (picture.place_of(hidden.x, hidden.y) - place).manhattanLength() < 0.1


def test_the_picture_is_dragged_and_does_not_leave(picture: LecturePicture, qtbot: QtBot) -> None:
    middle = picture.rect().center()
    wheel(picture, QPointF(middle), 6)
    before = picture.place_of(50, 25)
    qtbot.mousePress(picture, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(picture, middle + QPoint(20, 0))
    assert (picture.place_of(50, 25) - before - QPointF(20, 0)).manhattanLength() < 0.1
    qtbot.mouseMove(picture, middle + QPoint(5000, 0))
    qtbot.mouseRelease(picture, Qt.MouseButton.LeftButton, pos=middle)
    assert picture.place_of(-0.5, 0).x() == pytest.approx(0.0)  # its left edge is at that of the view
    qtbot.mouseDClick(picture, Qt.MouseButton.LeftButton, pos=middle)
    assert picture.place_of(-0.5, -0.5) == QPointF(0, 50)


def test_the_view_is_no_larger_than_the_screen(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QScreen, "availableSize", lambda self: QSize(1024, 600))
    view = LectureView()
    try:
        view.show()
        assert (view.width(), view.height()) == (1008, 552)
    finally:
        view.close_down()
        view.deleteLater()
