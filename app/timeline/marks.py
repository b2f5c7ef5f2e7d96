"""Marks along the time axis: in rows in which none lies over another, and what a drag makes of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.timeline.content import MarkedRange

Part = Literal["begin", "end", "whole"]
_APART = 1e-6  # seconds that are none: times of frames are fractions


class Stack:
    """Marks in as few rows as it takes, which stay theirs however closely one looks.

    marks: in the order of their begin; begins, ends: (n,) seconds; rows: (n,) of each mark, from 0; height: how many
    rows there are
    """

    def __init__(self, marks: Sequence[MarkedRange] = ()) -> None:
        self.marks = tuple(sorted(marks, key=lambda mark: (mark.begin, mark.number)))
        self.begins = np.array([mark.begin for mark in self.marks], np.float64)
        self.ends = np.array([mark.end for mark in self.marks], np.float64)
        self.rows = np.zeros(len(self.marks), np.int32)
        free = list[float]()  # from when on each row is
        for i, mark in enumerate(self.marks):
            row = next((row for row, since in enumerate(free) if since <= mark.begin + _APART), len(free))
            free[row : row + 1] = [mark.end]
            self.rows[i] = row
        self.height = len(free)
        self._places = {mark.number: i for i, mark in enumerate(self.marks)}

    def on_show(self, begin: float, end: float) -> NDArray[np.intp]:
        """Which marks are seen between two seconds."""
        last = int(np.searchsorted(self.begins, end))
        return np.flatnonzero(self.ends[:last] > begin)

    def find(self, number: int) -> tuple[MarkedRange, int] | None:
        """The mark of a number, and its row."""
        place = self._places.get(number)
        return None if place is None else (self.marks[place], int(self.rows[place]))

    def at(self, begin: float, end: float, row: int) -> list[MarkedRange]:
        """What lies in a row between two seconds."""
        return [self.marks[i] for i in self.on_show(begin, end).tolist() if self.rows[i] == row]

    def room(self, begin: float, end: float) -> int:
        """The first row that is free between two seconds; `height` where none is."""
        taken = set(self.rows[self.on_show(begin + _APART, end - _APART)].tolist())
        return next(row for row in range(self.height + 1) if row not in taken)


def dragged(part: Part, span: tuple[float, float], seconds: float, edges: NDArray[np.float64]) -> tuple[float, float]:
    """What becomes of a stretch of which a part is dragged to `seconds`.

    span: begin and end; edges: (n + 1,) seconds, rising, at which the n frames begin and the last one ends. What is
    dragged lies on edges then: begins with a frame, or ends with one, and has a frame at least. Of the whole the begin
    is dragged, and the end follows.
    """
    begin, end = span
    frames = len(edges) - 1
    if part == "end":
        least = int(np.searchsorted(edges, begin + _APART))
        last = min(max(_nearest(edges, seconds), least, 1), frames)
        return begin, float(edges[last])
    if part == "begin":
        most = int(np.searchsorted(edges, end - _APART)) - 1
        first = max(min(_nearest(edges, seconds), most, frames - 1), 0)
        return float(edges[first]), end
    latest = _nearest(edges, float(edges[-1]) - (end - begin))
    first = min(_nearest(edges, seconds), max(latest, 0), frames - 1)
    last = min(max(_nearest(edges, float(edges[first]) + end - begin), first + 1), frames)
    return float(edges[first]), float(edges[last])


def _nearest(edges: NDArray[np.float64], seconds: float) -> int:
    after = int(np.clip(np.searchsorted(edges, seconds), 1, len(edges) - 1))
    return after - int(seconds - edges[after - 1] < edges[after] - seconds)
