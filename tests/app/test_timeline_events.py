"""What was recognised, on the timeline: in rows, at its time, told under the pointer, however much there is."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QWheelEvent
from PyQt6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from app.timeline import Content, EventRows, MarkedRange, Stack, TimeAxis, Timeline
from app.timeline.content import Lane
from app.timeline.events import MOST_ROWS, _fitting
from app.timeline.painting import Painting
from app.timeline.rows import EVENT, LANE, MARK, MOST_EVENTS


def event(begin: float, end: float, name: str = "serve", person: int = 1, color: str = "#00ff00") -> MarkedRange:
    return MarkedRange(name, color, person, begin, end, 0.8)


@pytest.fixture
def timeline(qtbot: QtBot) -> Timeline:
    """Ten seconds of film."""
    axis = TimeAxis()
    timeline = Timeline(axis)
    axis.setParent(timeline)
    qtbot.addWidget(timeline)
    timeline.resize(665, 160)
    axis.start(10)
    return timeline


def color_at(timeline: Timeline, second: float, y: int) -> QColor:
    return QColor(timeline.grab().toImage().pixelColor(round(timeline.x_of(second)), y))


def test_as_few_rows_as_it_takes() -> None:
    a, b, c = event(0, 2), event(1, 3), event(2, 4)
    assert EventRows.of([c, b, a]).rows == ((a, c), (b,))
    crowd = EventRows.of([event(0, 5, person=person) for person in range(20)])
    assert [len(row) for row in crowd.rows] == [1] * 20
    most = EventRows.of([event(0, 5, person=person) for person in range(MOST_ROWS + 20)])
    assert len(most) == MOST_ROWS
    assert sum(map(len, most.rows)) == MOST_ROWS + 20
    assert len(EventRows.of([])) == 0


def test_rows_that_grow_are_the_rows_of_all() -> None:
    random = np.random.default_rng(2)
    events = [event(begin, begin + length) for begin, length in zip(
        np.sort(random.uniform(0, 30, 50)).tolist(), random.uniform(0.1, 4, 50).tolist(), strict=True
    )]  # fmt: skip
    grown = EventRows.of(events[:5]).and_(events[5:5]).and_(events[5:31]).and_(events[31:])
    whole = EventRows.of(reversed(events))
    assert grown.rows == whole.rows
    assert len(grown) > 2
    for one, other in zip(grown.edges, whole.edges, strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_goes_on_grows_and_the_rest_stays_as_it_was_made() -> None:
    over, lies, after = event(0, 2), event(1, inf, "fall"), event(2, 4)
    made = EventRows.of([over, lies, after])
    for now, end in ((0.5, 1), (3, 3), (9, 9)):
        rows = made.up_to(now)
        assert rows.rows == ((over, after), (event(1, end, "fall"),))
        assert rows.rows[0] is made.rows[0]
        assert rows.edges[1].tolist() == [[1, end]]


def test_it_lies_below_what_the_user_marked(timeline: Timeline) -> None:
    mark = MarkedRange("serve", "#0000ff", 3, 1.0, 2.0)
    timeline.show_content(Content(np.empty(0), np.empty(0, np.int16), np.empty((0, 2))))
    timeline.show_marks(Stack([mark]))
    timeline.show_events(EventRows.of([event(1.5, 3.0), event(2.0, 4.0, "lob", 2, "#ff0000")]))
    edges = [timeline.height() - EVENT - 4, timeline.height() - 4]  # the lower edge of each row has the full colour
    first = [color_at(timeline, second, edges[0]).name() == "#00ff00" for second in (1.4, 1.6, 2.9, 3.1)]
    second = [color_at(timeline, second, edges[1]).name() == "#ff0000" for second in (1.9, 2.1, 3.9, 4.1)]
    assert first == second == [False, True, True, False]
    marks = timeline.height() - 2 * EVENT - MARK + 6
    assert color_at(timeline, 1.8, marks).name() == "#0000ff"
    middle, empty = color_at(timeline, 2.9, edges[0] - 6), color_at(timeline, 9, edges[0] - 6)
    assert 0 < middle.red() < empty.red(), "what was recognised lets the ground through"


def test_of_very_many_only_so_many_are_painted_as_can_be_told_apart(timeline: Timeline) -> None:
    events = EventRows.of(event(n / 1000, n / 1000 + 0.0005) for n in range(10_000))
    width = timeline.width() - 65
    bars = list(events.bars(0, timeline.axis, width))
    assert 250 < len(bars) <= width
    timeline.axis.show(5.0, 5.1)
    close = [bar[0].begin for bar in events.bars(0, timeline.axis, width)]
    assert close[0] == pytest.approx(5.0, abs=0.002)
    assert close[-1] == pytest.approx(5.2, abs=0.002)


def test_a_name_is_written_as_far_as_it_can_be_read(qapp: QApplication) -> None:
    metrics = QFontMetrics(QFont())
    one = event(0, 1, "serve")
    whole, alone = (metrics.horizontalAdvance(text) for text in ("serve #1", "serve"))
    assert _fitting(one, metrics, whole) == "serve #1"
    assert _fitting(one, metrics, whole - 1) == "serve"
    assert _fitting(one, metrics, alone - 1) in ("", "ser…", "se…", "serv…")
    assert _fitting(one, metrics, 10) == ""
    assert _fitting(replace(one, whose="Zoë"), metrics, 200) == "serve Zoë"
    long = event(0, 1, "a very long name of what is done")
    assert _fitting(long, metrics, 35) == ""
    assert _fitting(long, metrics, 80).endswith("…")


def test_what_is_said_under_the_pointer(timeline: Timeline, qapp: QApplication) -> None:
    timeline.show_events(EventRows.of([event(1.5, 3.0), event(6, 6.001, "fall", 7)]))
    tips = timeline._tips
    y = timeline.height() - 8

    def told(second: float, y: int = y) -> str | None:
        found = tips.event_at(QPoint(round(timeline.x_of(second)), y))
        return None if found is None else found.name

    assert [told(second) for second in (1.4, 1.6, 2.9, 3.2, 6.02, 6.2)] == [None, "serve", "serve", None, "fall", None]
    assert told(2.0, y - EVENT) is None
    place = QPoint(round(timeline.x_of(2)), y)
    qapp.sendEvent(timeline, QHelpEvent(QHelpEvent.Type.ToolTip, place, timeline.mapToGlobal(place)))
    assert QToolTip.text() == "serve #1: 1.50 to 3.00 s, 1.50 s long, score 0.80"
    QToolTip.hideText()


def test_the_rows_have_a_name_that_holds_for_falls_too(timeline: Timeline, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []
    monkeypatch.setattr(Painting, "_name", lambda self, text, *_: names.append(text))
    timeline.show_events(EventRows.of([event(6, 7, "fall")]))
    timeline.grab()
    assert names == ["people", "events"]


def test_events_that_do_not_fit_lie_over_no_other_and_are_scrolled_to(timeline: Timeline) -> None:
    colors = [f"#00{row:02x}ff" for row in range(7)]
    timeline.show_events(EventRows.of([event(1, 9, person=row, color=color) for row, color in enumerate(colors)]))
    tops = [timeline.height() - (MOST_EVENTS - row) * EVENT + EVENT - 4 for row in range(MOST_EVENTS)]

    def seen() -> list[str]:
        return [color_at(timeline, 1.5, top).name() for top in tops]

    assert seen() == colors[:4]
    bar = timeline.bars.events
    assert (bar.isVisibleTo(timeline), bar.maximum()) == (True, 3)
    turn_wheel(timeline, QPointF(10, tops[0]), -1)  # over the names
    assert seen() == colors[1:5]
    turn_wheel(timeline, QPointF(300, tops[0]), -1, Qt.KeyboardModifier.ControlModifier)
    assert seen() == colors[2:6]
    assert timeline._tips.event_at(QPoint(300, tops[0])) == event(1, 9, person=2, color=colors[2])
    bar.setValue(99)
    assert seen() == colors[3:]
    timeline.show_events(EventRows.of([event(1, 9)]))
    assert not bar.isVisibleTo(timeline)


def test_people_who_do_not_fit_are_scrolled_to(timeline: Timeline) -> None:
    lanes = tuple(Lane(i, "", (255, 0, i), np.array([[0.0, 10.0]])) for i in range(20))
    timeline.show_content(Content(np.empty(0), np.empty(0, np.int16), np.empty((0, 2)), lanes))
    bar, first = timeline.bars.lanes, timeline.rows().lanes_top + LANE // 2
    assert bar.isVisibleTo(timeline)
    assert bar.geometry().left() >= timeline.x_of(10), "it lies over nothing"
    turn_wheel(timeline, QPointF(10, first), -1)
    assert timeline.rows().lanes[0].person == 1
    bar.setValue(bar.maximum())
    assert timeline.rows().lanes[-1].person == 19
    timeline.resize(665, 600)
    timeline.grab()  # which lays it out
    assert not bar.isVisibleTo(timeline)
    assert timeline.rows().lanes[0].person == 0


def turn_wheel(
    timeline: Timeline,
    at: QPointF,
    notches: int,
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    turned = QPoint(0, 120 * notches)
    none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    timeline.wheelEvent(QWheelEvent(at, at, QPoint(), turned, none, keys, phase, False))
