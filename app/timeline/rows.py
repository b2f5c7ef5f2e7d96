"""Which rows lie along the time axis, and where: one for the time, one for how many people, one a person, some for
marks, some for what was recognised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from app.timeline.axis import TimeAxis
from app.timeline.content import Content, Lane, Spans
from app.timeline.events import NO_EVENTS, EventRows

RULER, PEOPLE, LANE, MARK, EVENT, GAP = 20, 26, 14, 18, 17, 4  # heights in pixels, and what lies between two rows
MOST_EVENTS = 4  # rows of them that are on show at once
_FIXED = RULER + PEOPLE + 3 * GAP  # what is there whoever is
_HEIGHTS = (LANE, MARK, EVENT)
_ENOUGH = (2, 3, MOST_EVENTS)  # rows of people, marks and events, of which each has its share before any has more
_TURNS = (0, 2, 1)  # who has the next of them: an event comes before another mark

Counts = tuple[int, int, int]  # rows of people, of marks, of events


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the rows lie. lanes: those that fit, from `first` on; hidden: how many do not

    marks: rows of marks that fit, from `first_mark` on; hidden_marks: how many do not
    events: rows of what was recognised that fit, from `first_event` on; hidden_events: how many do not
    """

    people: int
    lanes_top: int
    lanes: Sequence[Lane]
    first: int
    hidden: int
    marks_top: int
    marks: int
    first_mark: int
    hidden_marks: int
    events_top: int
    events: EventRows
    first_event: int
    hidden_events: int

    @classmethod
    def of(
        cls, content: Content, axis: TimeAxis, height: int, first: int, marks: int = 0, first_mark: int = 0,
        events: EventRows = NO_EVENTS, first_event: int = 0,
    ) -> Rows:  # fmt: skip
        """height: of the widget, in pixels; first: of the lanes on show, the one that is on top; marks, first_mark: the
        same of rows of marks; events, first_event: of those of events."""
        people = RULER + GAP
        there = [lane for lane in content.lanes if _is_there(lane.spans, axis)]
        wanted = len(there), marks, len(events)
        shown = _fitting(wanted, height - _FIXED)
        hidden, hidden_marks, hidden_events = (all_ - some for all_, some in zip(wanted, shown, strict=True))
        events_top = height - shown[2] * EVENT
        first, first_event = min(max(first, 0), hidden), min(max(first_event, 0), hidden_events)
        return cls(
            people,
            people + PEOPLE + GAP,
            there[first : first + shown[0]],
            first,
            hidden,
            events_top - shown[1] * MARK,
            shown[1],
            min(max(first_mark, 0), hidden_marks),
            hidden_marks,
            events_top,
            events.some(first_event, shown[2]),
            first_event,
            hidden_events,
        )

    def lane_at(self, y: float) -> Lane | None:
        """Whose row is at a height; None where it is nobody's."""
        row = int((y - self.lanes_top) // LANE)
        return self.lanes[row] if 0 <= row < len(self.lanes) else None

    def mark_top(self, row: int) -> int:
        """Where a row of marks lies; one that is not on show lies in the nearest that is."""
        return self.marks_top + min(max(row - self.first_mark, 0), max(self.marks - 1, 0)) * MARK


def least_height(wanted: Counts, most: float = inf) -> int:
    """Pixels that so many rows of each take, of which none has more than is enough; of what is not to be higher than
    `most` a row of each. There is always room for somebody and a mark, so that nothing moves as the first of them
    comes."""
    few = _upto(wanted, _ENOUGH)
    room = max(min(most - _FIXED, _height(few)), _height(_upto(few, (1, 1, 1))))
    shown = _fitting(few, room)
    return _FIXED + max(_height(shown), LANE + MARK)


def _fitting(wanted: Counts, room: float) -> Counts:
    """How many rows of each fit into so many pixels: one of each, then more in turn until each has enough, then marks,
    then people."""
    shown = [0, 0, 0]
    enough = _upto(wanted, _ENOUGH)
    for _ in range(max(enough)):
        for kind in _TURNS:
            if shown[kind] < enough[kind] and room >= _HEIGHTS[kind]:
                shown[kind] += 1
                room -= _HEIGHTS[kind]
    for kind in (1, 0):
        more = max(min(wanted[kind] - shown[kind], int(room // _HEIGHTS[kind])), 0)
        shown[kind] += more
        room -= more * _HEIGHTS[kind]
    return shown[0], shown[1], shown[2]


def _upto(some: Counts, most: Counts) -> Counts:
    return min(some[0], most[0]), min(some[1], most[1]), min(some[2], most[2])


def _height(counts: Counts) -> int:
    return sum(count * height for count, height in zip(counts, _HEIGHTS, strict=True))


def _is_there(spans: Spans, axis: TimeAxis) -> bool:
    """Whether somebody is there in what is on show."""
    after = int(np.searchsorted(spans[:, 1], axis.begin, side="right"))
    return after < len(spans) and bool(spans[after, 0] < axis.end)
