"""What was recognised, on the timeline: in rows of its own, lighter than what the user has marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import inf

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetrics, QPainter, QPen

from app.timeline import columns
from app.timeline.axis import TimeAxis
from app.timeline.content import MarkedRange, Spans

MOST_ROWS = 100  # what does not fit into so many lies over others in the last one
LEAST = 2.0  # pixels that a bar is wide
_LEAST_NAMED, _NAMED = 16, 36  # pixels in which a short name has a chance, and the begin of a long one
_OPACITY = 72  # of 255
_NEAR = 3.0  # pixels beside a narrow bar at which it is still meant


@dataclass(frozen=True, slots=True)
class EventRows:
    """rows: events of each row, in the order of their begin; edges: (n, 2) seconds of each, the same as an array"""

    rows: tuple[tuple[MarkedRange, ...], ...] = ()
    edges: tuple[Spans, ...] = ()

    @classmethod
    def of(cls, events: Iterable[MarkedRange]) -> EventRows:
        """As few rows as it takes for none to lie over another."""
        return NO_EVENTS.and_(sorted(events, key=lambda event: event.begin))

    def and_(self, events: Iterable[MarkedRange]) -> EventRows:
        """With more events, rising, of which none begins before those that are here."""
        rows = [list(row) for row in self.rows]
        for event in events:
            row = next((row for row in rows if row[-1].end <= event.begin), None)
            if row is not None:
                row.append(event)
            elif len(rows) < MOST_ROWS:
                rows.append([event])
            else:
                rows[-1].append(event)
        known = [*self.edges, *[np.empty((0, 2))] * (len(rows) - len(self.rows))]
        new = [[(event.begin, event.end) for event in row[len(old) :]] for row, old in zip(rows, known, strict=True)]
        edges = [
            np.concatenate([old, np.array(more, np.float64).reshape(-1, 2)])
            for old, more in zip(known, new, strict=True)
        ]
        return EventRows(tuple(map(tuple, rows)), tuple(edges))

    def up_to(self, now: float) -> EventRows:
        """What has no end, which lasts for ever as it is laid out, lasts until now."""
        rows, edges = list(self.rows), list(self.edges)
        for i, known in enumerate(self.edges):
            going_on = np.flatnonzero(np.isinf(known[:, 1]))
            if len(going_on):
                row, edges[i] = list(rows[i]), known.copy()
                for place in going_on.tolist():
                    row[place] = _until(row[place], now)
                    edges[i][place, 1] = row[place].end
                rows[i] = tuple(row)
        return EventRows(tuple(rows), tuple(edges))

    def some(self, first: int, count: int) -> EventRows:
        """So many of the rows, from one on."""
        part = slice(first, first + count)
        return EventRows(self.rows[part], self.edges[part])

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    def bars(self, row: int, axis: TimeAxis, width: float) -> Iterator[tuple[MarkedRange, float, float]]:
        """What is on show of a row, with the left and the width of its bar in pixels. Of those that are too narrow to
        be told apart there is one a column, however many there are."""
        edges = self.edges[row]
        seen = np.flatnonzero((edges[:, 1] >= axis.begin) & (edges[:, 0] <= axis.end))
        if not len(seen):
            return
        left, right = columns.places(edges[seen].ravel(), axis.begin, axis.end, round(width)).reshape(-1, 2).T
        wide = np.maximum(right - left, LEAST)
        column = np.floor(left / LEAST)
        kept = (wide > LEAST) | np.concatenate([[True], np.diff(column) != 0])
        for i in np.flatnonzero(kept).tolist():
            yield self.rows[row][seen[i]], float(left[i]), float(wide[i])

    def at(self, row: int, seconds: float, around: float) -> MarkedRange | None:
        """What is done at a time, or nearest to it within so many seconds."""
        edges = self.edges[row]
        away = np.maximum(np.maximum(edges[:, 0] - seconds, seconds - edges[:, 1]), 0)
        nearest = int(away.argmin())
        return self.rows[row][nearest] if away[nearest] <= around else None


NO_EVENTS = EventRows()


def _until(event: MarkedRange, now: float) -> MarkedRange:
    """Up to now, in seconds, if it has no end."""
    return replace(event, end=max(event.begin, now)) if event.end == inf else event


def paint_events(painter: QPainter, events: EventRows, axis: TimeAxis, area: QRectF, text: QColor) -> None:
    """area: of the first row; the others lie below. text: the colour of names"""
    metrics, colors = QFontMetrics(painter.font()), dict[str, tuple[QColor, QColor]]()
    for row in range(len(events)):
        top, height = area.top() + row * area.height(), area.height() - 3
        for event, left, width in events.bars(row, axis, area.width()):
            if event.color not in colors:
                shade = QColor(event.color)
                shade.setAlpha(_OPACITY)
                colors[event.color] = QColor(event.color), shade
            color, shade = colors[event.color]
            box = QRectF(area.left() + left, top + 1, width, height)
            painter.fillRect(box, shade)
            painter.fillRect(QRectF(box.left(), box.bottom() - 2, box.width(), 2), color)
            painter.fillRect(QRectF(box.left(), box.top(), min(2.0, box.width()), box.height()), color)
            inner = QRectF(QPointF(box.left() + 5, box.top()), QPointF(box.right() - 3, box.bottom() - 1))
            if shown := _fitting(event, metrics, int(inner.width())):
                painter.setPen(QPen(text))
                painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, shown)


def _fitting(event: MarkedRange, metrics: QFontMetrics, width: int) -> str:
    """What can be written into so many pixels: with the person, or without, or the begin of it, or nothing."""
    if width < _LEAST_NAMED:
        return ""
    whole = title(event) if metrics.horizontalAdvance(title(event)) <= width else event.name
    if width < _NAMED and metrics.horizontalAdvance(whole) > width:
        return ""
    return metrics.elidedText(whole, Qt.TextElideMode.ElideRight, width)


def title(event: MarkedRange) -> str:
    return event.name if event.person is None else f"{event.name} {event.whose or f'#{event.person}'}"


def around(axis: TimeAxis, width: float) -> float:
    """Seconds beside a bar at which it is still meant. width: of the axis in pixels"""
    return _NEAR * axis.span / max(width, 1.0)
