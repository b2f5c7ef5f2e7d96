"""What the view of how people are found explains: sentences, tips, numbers, and what a row that is chosen shows."""

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.lecture import About, Page, Question, answer
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
