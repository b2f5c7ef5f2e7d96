"""The timeline by itself: from seconds to columns, the axis, what is painted where."""

import itertools
import threading
from pathlib import Path
from time import sleep

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtCore import QEvent, QPoint
from PyQt6.QtGui import QColor, QHelpEvent, QImage
from PyQt6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from app.courtesy import Courtesy
from app.timeline import Content, Corrected, EventRows, Lane, MarkedRange, TimeAxis, Timeline
from app.timeline.columns import bars, most, tick_text, ticks
from app.timeline.content import UNKNOWN, read
from app.timeline.marks import Stack, dragged
from app.timeline.rows import EVENT, GAP, LANE, MARK, PEOPLE, RULER, Counts, Rows, least_height
from core.analysis import Analysis, Found, ModelInfo, SourceInfo
from core.outputs import person_color
from core.settings import Settings
from core.types import Frame, People
from tests.app.test_desktop_parts import person

WIDTH = 40


def most_slowly(times: np.ndarray, counts: np.ndarray, begin: float, end: float, width: int) -> list[int]:  # type: ignore[type-arg]
    """As `most`, column by column and frame by frame."""
    last = times[-1] + (times[-1] - times[-2] if len(times) > 1 else 1)
    edges, result = np.linspace(begin, end, width + 1), []
    for left, right in itertools.pairwise(edges.tolist()):
        ends = [*times[1:], last]
        seen = [n for n, a, b in zip(counts, times, ends, strict=True) if a <= right and b > left]
        result.append(max(seen, default=UNKNOWN))
    return result


@given(
    st.lists(st.floats(0.01, 2.0), min_size=1, max_size=60),
    st.lists(st.integers(UNKNOWN, 5), min_size=60, max_size=60),
    st.floats(0, 1),
    st.floats(0.01, 1),
)
def test_the_most_people_of_each_column(steps: list[float], people: list[int], at: float, part: float) -> None:
    times = np.concatenate([[0.0], np.cumsum(steps)])[:-1]
    counts = np.array(people[: len(times)], np.int16)
    whole = float(times[-1]) + 0.5
    begin = at * whole * (1 - part)
    end = begin + max(part * whole, 0.05)
    assert most(times, counts, begin, end, WIDTH).tolist() == most_slowly(times, counts, begin, end, WIDTH)


def test_a_stretch_tells_its_length_wherever_it_lies(qtbot: QtBot) -> None:
    axis = TimeAxis()
    axis.start(10.0)
    timeline = Timeline(axis)
    qtbot.addWidget(timeline)
    timeline.resize(600, 120)
    timeline.show_frames(np.concatenate([[0.0, 0.5, 0.52], np.arange(2, 21) / 2]))  # uneven
    assert timeline.span_length == ""
    text = timeline.palette().color(timeline.palette().ColorRole.WindowText)

    def written() -> int:
        """Pixels of the ruler's row in the colour of text, in which no number of the ruler is."""
        image = timeline.grab().toImage()
        row = [image.pixelColor(x, y) for x in range(90, image.width()) for y in range(4, RULER - 4)]
        return sum(abs(color.lightness() - text.lightness()) < 12 for color in row)

    assert written() == 0
    spans = {(0.0, 1.0): "1.000 s, 3 frames", (3.0, 9.0): "6.000 s, 12 frames", (9.5, 10.0): "0.500 s, 1 frame"}
    for span, length in spans.items():
        timeline.show_span(span)
        assert timeline.span_length == length
        assert written() > 0


def test_no_frames_no_people() -> None:
    assert most(np.empty(0), np.empty(0, np.int16), 0, 1, 3).tolist() == [UNKNOWN] * 3


def test_bars_that_touch_are_one_and_none_is_too_thin_to_see() -> None:
    spans = np.array([[0, 10], [10, 20], [50, 50.001], [50.002, 50.01], [90, 200], [300, 400]], np.float64)
    assert bars(spans, 0, 100, 100).tolist() == [[0, 20], [50, pytest.approx(2.0, abs=0.1)], [90, pytest.approx(12)]]
    assert bars(spans, 20, 40, 100).tolist() == []
    many = np.sort(np.random.default_rng(1).uniform(0, 100, 100_000)).reshape(-1, 2)
    assert len(bars(many, 0, 100, 500)) <= 250


def test_ticks_are_where_people_count() -> None:
    seconds, step = ticks(0, 60, 1200)
    assert (step, seconds[:3].tolist()) == (5, [0, 5, 10])
    assert [tick_text(second, step) for second in (0, 65, 3725)] == ["0:00", "1:05", "1:02:05"]
    assert [tick_text(second, 0.1) for second in (0.0, 1.2, 59.999)] == ["0:00", "0:01.2", "1:00"]


def test_marks_that_overlap_lie_in_rows() -> None:
    a, b, c = (MarkedRange("x", "#e69f00", None, begin, end) for begin, end in ((0, 2), (1, 3), (2, 4)))
    stack = Stack([c, b, a])
    assert (stack.marks, stack.rows.tolist(), stack.height) == ((a, b, c), [0, 1, 0], 2)


@given(st.tuples(*[st.integers(0, 9)] * 3), st.floats(0, 400))
def test_rows_of_each_kind_have_their_share_of_the_room(wanted: Counts, most: float) -> None:
    lanes, marks, events = wanted
    height = least_height(wanted, most)
    assert least_height((0, 0, 0)) <= height <= least_height(wanted)
    once = RULER + PEOPLE + 3 * GAP + max(LANE + MARK, LANE * (lanes > 0) + MARK * (marks > 0) + EVENT * (events > 0))
    assert height <= max(most, once)
    there = [Lane(n, "", (0, 0, 0), np.array([[0.0, 10.0]])) for n in range(lanes)]
    content = Content(np.empty(0), np.empty(0, np.int16), np.empty((0, 2)), tuple(there))
    found = EventRows.of([MarkedRange("x", "#e69f00", n, 0, 9) for n in range(events)])
    axis = TimeAxis()
    axis.start(10)
    rows = Rows.of(content, axis, height, 0, marks, 0, found)
    shown = len(rows.lanes), rows.marks, len(rows.events)
    assert all(some >= min(all_, 1) for some, all_ in zip(shown, wanted, strict=True)), "something of everything"
    assert rows.lanes_top + len(rows.lanes) * LANE <= rows.marks_top <= rows.events_top
    assert rows.events_top + len(rows.events) * EVENT == height
    hidden = rows.hidden, rows.hidden_marks, rows.hidden_events
    assert tuple(map(sum, zip(shown, hidden, strict=True))) == wanted


# -- the axis --


def test_an_axis_stays_within_its_film(qapp: QApplication) -> None:
    axis = TimeAxis()
    axis.start(100)
    axis.zoom(4, at=0)
    assert (axis.begin, axis.end) == (0, 25)
    axis.pan(-50)
    assert (axis.begin, axis.end) == (0, 25)
    axis.pan(1000)
    assert (axis.begin, axis.end) == (75, 100)
    axis.zoom(1e9, at=80)
    assert axis.begin <= 80 <= axis.end
    assert axis.span == pytest.approx(0.2)
    axis.zoom(1e-9, at=80)
    assert axis.whole


def test_an_axis_turns_the_page(qapp: QApplication) -> None:
    axis = TimeAxis()
    axis.start(100)
    axis.show(0, 10)
    axis.follow(9)
    assert axis.begin == 0
    axis.follow(11)
    assert (axis.begin, axis.end) == (10.5, 20.5)


# -- what is painted --


@pytest.fixture
def timeline(qtbot: QtBot) -> Timeline:
    """Ten seconds of which half was analysed, with two people and a mark."""
    axis = TimeAxis()
    timeline = Timeline(axis)
    axis.setParent(timeline)
    qtbot.addWidget(timeline)
    timeline.resize(600, RULER + PEOPLE + 4 * LANE + MARK + 3 * GAP)
    axis.start(10)
    times = np.arange(100) / 10
    counts = np.where(times < 5, np.where(times < 3, 1, 2), UNKNOWN).astype(np.int16)
    lanes = (
        Lane(3, "", (255, 0, 0), np.array([[0.0, 5.0]])),
        Lane(7, "Ann", (0, 255, 0), np.array([[3.0, 5.0]])),
    )
    mark = MarkedRange("serve", "#0000ff", 3, 1.0, 2.0)
    timeline.show_content(Content(times, counts, np.array([[0.0, 5.0]]), lanes))
    timeline.show_marks(Stack([mark]))
    return timeline


def color_at(timeline: Timeline, second: float, y: int) -> str:
    return QColor(timeline.grab().toImage().pixelColor(round(timeline.x_of(second)), y)).name()


def test_everything_lies_at_its_time(timeline: Timeline) -> None:
    lanes = RULER + PEOPLE + 2 * GAP + LANE // 2
    assert color_at(timeline, 4.9, lanes) == "#ff0000"
    assert color_at(timeline, 5.1, lanes) != "#ff0000"
    assert color_at(timeline, 2.9, lanes + LANE) != "#00ff00"
    assert color_at(timeline, 3.1, lanes + LANE) == "#00ff00"
    marks = timeline.height() - 5
    assert [color_at(timeline, second, marks) == "#0000ff" for second in (0.9, 1.1, 1.9, 2.1)] == [
        False,
        True,
        True,
        False,
    ]
    band = RULER + GAP + 1
    assert color_at(timeline, 4.9, band) != color_at(timeline, 5.1, band)
    half, full = RULER + GAP + PEOPLE - 4, RULER + GAP + 6
    assert color_at(timeline, 2.0, half) != color_at(timeline, 6.0, half), "somebody is there"
    assert color_at(timeline, 2.0, full) == color_at(timeline, 6.0, full), "but not two"
    assert color_at(timeline, 4.0, full) != color_at(timeline, 6.0, full)


def test_while_it_plays_only_the_cursor_is_painted(timeline: Timeline, qtbot: QtBot) -> None:
    with qtbot.waitExposed(timeline):
        timeline.show()
    timeline.repaint()
    rendered = timeline.rendered
    assert rendered > 0
    for frame in range(50):
        timeline.show_place(frame / 10, frame / 10 + 0.1, follow=True)
        timeline.repaint()
    assert timeline.rendered == rendered
    assert color_at(timeline, 4.9, 2) == color_at(timeline, 4.9, RULER + 2), "the cursor goes through all rows"


def test_more_people_than_fit(timeline: Timeline) -> None:
    lanes = tuple(Lane(i, "", (255, 0, i), np.array([[0.0, 5.0]])) for i in range(20))
    content = timeline.content
    timeline.show_content(Content(content.times, content.counts, content.analysed, lanes))
    top = RULER + PEOPLE + 2 * GAP + LANE // 2
    assert color_at(timeline, 1.0, top) == "#ff0000"
    shown = len(timeline.rows().lanes)
    below = [timeline.grab().toImage()]
    timeline.bars.lanes.setValue(3)
    assert color_at(timeline, 1.0, top) == "#ff0003"
    below.append(timeline.grab().toImage())
    last = top + (shown - 1) * LANE
    for image, above in zip(below, (False, True), strict=True):  # what is said lies at the end of a row
        assert [_is_written(image, y, timeline) for y in (top, last)] == [above, True]
    timeline.bars.lanes.setValue(20 - shown)
    assert [_is_written(timeline.grab().toImage(), y, timeline) for y in (top, last)] == [True, False]


def _is_written(image: QImage, y: int, timeline: Timeline) -> bool:
    """Something is, at the end of a row: there is nobody at that time."""
    plain = image.pixelColor(round(timeline.x_of(6.0)), y)
    return any(image.pixelColor(x, y) != plain for x in range(timeline.width() - 60, timeline.width() - 12))


# -- from a file --


def test_what_is_read_of_an_analysis(tmp_path: Path) -> None:
    times = np.array([0, 0.1, 0.2, 2.0, 2.1])
    source = SourceInfo(location="x", length=5, duration=2.2)
    with Analysis.create(tmp_path / "a.posedesk", source, times, ModelInfo(), Settings()) as analysis:
        for index, ids in ((0, [2]), (1, [2]), (3, [2]), (4, [])):
            people = person(1, 1) if ids else People.empty()
            analysis.add([Found(index, float(times[index]), people, np.array(ids, np.int32))])
        analysis.editor.rename(2, "Ann")
        content = read(analysis, 2.2)
    assert content.counts.tolist() == [1, 1, UNKNOWN, 1, 0]
    assert content.share == 0.8
    assert content.analysed.tolist() == [[0, 0.2], [2.0, 2.2]]
    [lane] = content.lanes
    assert (lane.person, lane.name, lane.color) == (2, "Ann", person_color(2)[::-1])
    assert lane.spans.tolist() == [[0, 0.2], [2.0, 2.1]]


# -- turns --


def test_the_background_waits_while_the_other_net_is_at_work() -> None:
    courtesy, done, seconds = Courtesy(), threading.Event(), iter((0.7, 0.0))
    image = Frame(np.zeros((2, 2, 3), np.uint8)).image
    polite = courtesy.second(lambda image: sleep(next(seconds)))  # type: ignore[arg-type,return-value]
    polite(image)  # it knows now how long it takes
    with courtesy.first():
        thread = threading.Thread(target=lambda: (polite(image), done.set()))
        thread.start()
        assert not done.wait(0.15), "eight times as long as it takes it waits"
        courtesy.end()
        assert done.wait(5), "and no longer than somebody is there"
    thread.join()


# -- marks --


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0.01, 20)), max_size=40))
def test_in_a_row_no_mark_lies_over_another(spans: list[tuple[float, float]]) -> None:
    marks = [
        MarkedRange("x", "#e69f00", None, begin, begin + length, number=i + 1)
        for i, (begin, length) in enumerate(spans)
    ]
    stack = Stack(marks)
    assert sorted(mark.number for mark in stack.marks) == [mark.number for mark in marks]
    for (a, row), (b, other) in itertools.combinations(zip(stack.marks, stack.rows.tolist(), strict=True), 2):
        assert row != other or a.end <= b.begin + 1e-5 or b.end <= a.begin + 1e-5
    assert stack.height == max(stack.rows.tolist(), default=-1) + 1
    for mark in marks:
        found = stack.find(mark.number)
        assert found is not None
        assert found[0] is mark
        assert mark in stack.at(mark.begin, mark.end, found[1])
    row = stack.room(10, 20)
    assert all(mark.end <= 10 + 1e-5 or mark.begin >= 20 - 1e-5 for mark in stack.at(10, 20, row))


@given(
    st.sampled_from(["begin", "end", "whole"]),
    st.lists(st.floats(0.01, 2.0), min_size=1, max_size=30),
    st.floats(-10, 100),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_what_is_dragged_lies_on_frames_and_has_one_at_least(
    part: str, steps: list[float], seconds: float, at: float, share: float
) -> None:
    edges = np.concatenate([[0.0], np.cumsum(steps)])
    begin = at * 0.95 * float(edges[-1])
    end = begin + max(share * (float(edges[-1]) - begin), 0.001)  # as it was imported: not on frames
    a, b = dragged(part, (begin, end), seconds, edges)  # type: ignore[arg-type]
    assert 0 <= a < b <= edges[-1] + 1e-9 or (part == "begin" and b == end)
    assert a < b
    on_frames = edges.tolist()
    if part != "end":
        assert a in on_frames
    if part != "begin":
        assert b in on_frames
    if part == "end":
        assert a == begin
    if part == "begin":
        assert b == end


def test_a_drag_goes_to_the_nearest_frame() -> None:
    edges = np.array([0.0, 1.0, 2.0, 4.0, 8.0])
    assert dragged("begin", (1.0, 8.0), 2.9, edges) == (2.0, 8.0)
    assert dragged("begin", (1.0, 8.0), 3.1, edges) == (4.0, 8.0)
    assert dragged("begin", (1.0, 4.0), 9.0, edges) == (2.0, 4.0)
    assert dragged("end", (1.0, 8.0), 0.2, edges) == (1.0, 2.0)
    assert dragged("whole", (1.0, 2.0), 2.2, edges) == (2.0, 4.0), "a second is too short for the frame there"
    assert dragged("whole", (0.0, 4.0), 3.9, edges) == (4.0, 8.0)
    assert dragged("whole", (0.0, 8.0), 3.9, edges) == (0.0, 8.0)


def test_more_rows_of_marks_than_fit(timeline: Timeline) -> None:
    many = [MarkedRange(f"{i}", f"#0000{i:02x}", None, 1.0, 9.0, number=i + 1) for i in range(1, 20)]
    timeline.show_marks(Stack(many))
    timeline.resize(600, RULER + PEOPLE + 2 * LANE + 3 * MARK + 3 * GAP)
    lanes = RULER + PEOPLE + 2 * GAP + LANE // 2
    assert color_at(timeline, 4.5, lanes) == "#ff0000", "people keep some room"
    assert color_at(timeline, 4.5, lanes + LANE) == "#00ff00"
    tops = [timeline.height() - (3 - row) * MARK + 3 for row in range(3)]
    assert [color_at(timeline, 8.0, top) for top in tops] == ["#000001", "#000002", "#000003"]
    timeline.bars.marks.setValue(2)
    assert [color_at(timeline, 8.0, top) for top in tops] == ["#000003", "#000004", "#000005"]
    assert timeline.mark_row_at(tops[0]) == 2
    assert timeline.mark_row_at(tops[0] - MARK) is None


def test_a_mark_that_grows_lies_over_no_other(timeline: Timeline) -> None:
    color = "#ff00ff"
    timeline.show_place(2.0, 2.1, follow=False)
    timeline.show_open(MarkedRange("lob", color, 3, 2.0, 2.1))
    free = timeline.height() - MARK // 2 + 4
    timeline.show_place(4.0, 4.1, follow=False)
    assert [color_at(timeline, second, free) == color for second in (1.9, 2.1, 3.9, 4.1)] == [False, True, True, False]
    timeline.show_place(1.5, 1.6, follow=False)  # back into the mark that is there: a row below it
    assert color_at(timeline, 1.7, free) == color
    assert color_at(timeline, 1.7, free - MARK) == "#0000ff"
    timeline.show_open(None)
    assert color_at(timeline, 1.7, free) == "#0000ff"


def test_a_tooltip_says_what_a_mark_is(timeline: Timeline, qtbot: QtBot) -> None:
    with qtbot.waitExposed(timeline):
        timeline.show()
    timeline.show_marks(Stack([MarkedRange("serve", "#0000ff", 7, 1.0, 2.0, number=1)]))
    at = QPoint(round(timeline.x_of(1.5)), timeline.height() - MARK // 2)
    event = QHelpEvent(QEvent.Type.ToolTip, at, timeline.mapToGlobal(at))
    QApplication.sendEvent(timeline, event)
    assert QToolTip.text().startswith("serve of Ann, 00:01.000 to 00:02.000 (1.00 s)")
    QToolTip.hideText()


def test_ticks_tell_where_points_were_corrected(qtbot: QtBot) -> None:
    timeline = Timeline(axis := TimeAxis())
    axis.start(10.0)
    qtbot.addWidget(timeline)
    timeline.resize(600, 120)
    times, whole = np.arange(100) / 10, np.array([[0.0, 10.0]])
    by_hand = Corrected(np.array([20, 70]), times[[20, 70]], ((4,), (3, 4)))
    lanes = Lane(1, "Ann", (200, 100, 0), whole, by_hand), Lane(2, "", (0, 100, 200), whole)
    timeline.show_content(Content(times, np.full(100, 2, np.int16), whole, lanes))
    text = timeline.palette().color(timeline.palette().ColorRole.WindowText)
    top = timeline.rows().lanes_top + 4

    def ticks_in(row: int) -> list[int]:
        """Where a row of pixels begins to be of the colour of text."""
        image = timeline.grab().toImage()
        same = [image.pixelColor(x, top + row * LANE) == text for x in range(60, image.width())]
        return [60 + x for x in range(1, len(same)) if same[x] and not same[x - 1]]

    assert ticks_in(0) == pytest.approx([timeline.x_of(2.0), timeline.x_of(7.0)], abs=2)
    assert ticks_in(1) == []
    axis.show(6.0, 8.0)
    assert ticks_in(0) == pytest.approx([timeline.x_of(7.0)], abs=2)
    for at, said in (
        (QPoint(round(timeline.x_of(7.0)) + 2, top), "Ann, frame 70, corrected by hand: right elbow, right wrist"),
        (
            QPoint(round(timeline.x_of(6.2)), top),
            "Ann: points were corrected by hand in 2 frames, where the ticks are.",
        ),
    ):
        QApplication.sendEvent(timeline, QHelpEvent(QEvent.Type.ToolTip, at, timeline.mapToGlobal(at)))
        assert QToolTip.text() == said
    QToolTip.hideText()
    other = QPoint(300, top + LANE)
    QApplication.sendEvent(timeline, QHelpEvent(QEvent.Type.ToolTip, other, timeline.mapToGlobal(other)))
    assert QToolTip.text() == timeline.toolTip(), "where nothing was corrected the timeline says what it is for"
    QToolTip.hideText()
