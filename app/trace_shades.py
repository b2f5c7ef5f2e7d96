"""Stretches of time shaded behind the traces: one item paints them all, as far as they are in view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen
from PyQt6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from app import theme
from app.timeline import RangeTable
from app.timeline.range_table import NOBODY

_OPACITY = 64  # of 255
_BEHIND = -500  # the grid is farther behind, the curves are not


@dataclass(frozen=True, slots=True)
class _Band:
    """edges: (n, 2) seconds; kinds: (n,) places in `colors`; low, high: the share of the height that is shaded"""

    edges: NDArray[np.float64]
    kinds: NDArray[np.intp]
    colors: Sequence[QColor]
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bands:
    """All that is shaded, for whoever paints it, in any thread. halves: what is marked is above, what is recognised is
    below"""

    bands: tuple[_Band, ...] = ()
    halves: bool = False

    def paint(self, painter: QPainter, view: QRectF, pixel: float, line: str) -> int:
        """view: seconds and values in view, which the painter paints in; pixel: seconds; line: #rrggbb between halves.
        Returns how many stretches were painted."""
        painted = 0
        for band in self.bands:
            bottom, height = view.top() + band.low * view.height(), (band.high - band.low) * view.height()
            edges, kinds = band.edges, band.kinds
            for row in _told_apart(edges, view.left(), view.right(), pixel).tolist():
                begin, end = edges[row].tolist()
                painter.fillRect(QRectF(begin, bottom, max(end - begin, pixel), height), band.colors[int(kinds[row])])
                painted += 1
        if self.halves:
            painter.setPen(QPen(QColor(line), 0, Qt.PenStyle.DotLine))
            middle = view.top() + view.height() / 2
            painter.drawLine(QPointF(view.left(), middle), QPointF(view.right(), middle))
        return painted


NO_BANDS = Bands()


class Shades(pyqtgraph.GraphicsObject):  # type: ignore[misc]
    """Where something is marked and something is recognised too, marks are above and what was recognised is below. Of
    several people each has a row, in the order of `people`, from above; what is of nobody goes through all rows.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(_BEHIND)
        self.bands = NO_BANDS
        self.people: tuple[int, ...] = ()
        self.painted = 0  # shades, the last time

    def show_ranges(self, events: RangeTable, marks: RangeTable) -> None:
        """What was recognised and what was marked; either may be nothing."""
        halves = bool(len(events) and len(marks))
        persons = np.unique(np.concatenate([events.persons, marks.persons]))
        self.people = tuple(persons[persons != NOBODY].tolist())
        middle = 0.5 if halves else None
        lower, upper = (0.0, middle or 1.0), (middle or 0.0, 1.0)
        self.bands = Bands((*_rows(events, self.people, *lower), *_rows(marks, self.people, *upper)), halves)
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(self.viewRect())

    def viewTransformChanged(self) -> None:
        super().viewTransformChanged()  # forgets what was in view
        self.prepareGeometryChange()
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        self.painted = self.bands.paint(painter, self.viewRect(), self.pixelWidth() or 0.0, theme.now().quiet)


def _rows(table: RangeTable, people: Sequence[int], low: float, high: float) -> Iterator[_Band]:
    """A row for each of the people between two shares of the height, those that have something."""
    colors, height = _colors(table), (high - low) / max(len(people), 1)
    places = [(NOBODY, low, high)]
    places += [(person, high - (row + 1) * height, high - row * height) for row, person in enumerate(people)]
    for person, bottom, top in places:
        if (mine := table.persons == person).any():
            yield _Band(table.edges[mine], table.kinds[mine], colors, bottom, top)


def _colors(table: RangeTable) -> list[QColor]:
    colors = [QColor(color) for _, color in table.labels]
    for color in colors:
        color.setAlpha(_OPACITY)
    return colors


def _told_apart(edges: NDArray[np.float64], left: float, right: float, pixel: float) -> NDArray[np.intp]:
    """The rows in view; of those narrower than a pixel one a pixel, however many there are."""
    seen = np.flatnonzero((edges[:, 1] >= left) & (edges[:, 0] <= right))
    if not len(seen) or pixel <= 0:
        return seen
    wide = edges[seen, 1] - edges[seen, 0] > pixel
    column = np.floor((edges[seen, 0] - left) / pixel)
    return np.asarray(seen[wide | np.concatenate([[True], np.diff(column) != 0])])
