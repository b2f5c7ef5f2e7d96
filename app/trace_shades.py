"""Stretches of time shaded behind the traces: one item paints them all, as far as they are in view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QPainter
from PyQt6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from app.timeline import RangeTable

_OPACITY = 64  # of 255
_BEHIND = -500  # the grid is farther behind, the curves are not


@dataclass(frozen=True, slots=True)
class _Band:
    """colors: of the labels of the table; low, high: the share of the height that is shaded"""

    table: RangeTable
    colors: Sequence[QColor]
    low: float
    high: float


class Shades(pyqtgraph.GraphicsObject):  # type: ignore[misc]
    """Where something is marked and something is recognised too, marks are above and what was recognised is below."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(_BEHIND)
        self._bands: tuple[_Band, ...] = ()
        self.painted = 0  # shades, the last time

    def show_ranges(self, events: RangeTable, marks: RangeTable) -> None:
        """What was recognised and what was marked; either may be nothing."""
        bands = [(events, 0.0, 0.5 if len(marks) else 1.0), (marks, 0.5 if len(events) else 0.0, 1.0)]
        self._bands = tuple(_Band(table, _colors(table), low, high) for table, low, high in bands if len(table))
        self.update()

    def same(self) -> Shades:
        """Another item that shades the same."""
        other = Shades()
        other._bands = self._bands
        return other

    def boundingRect(self) -> QRectF:
        return QRectF(self.viewRect())

    def viewTransformChanged(self) -> None:
        super().viewTransformChanged()  # forgets what was in view
        self.prepareGeometryChange()
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        view = self.viewRect()
        self.painted = 0
        pixel = self.pixelWidth() or 0.0  # in seconds
        for band in self._bands:
            bottom, height = view.top() + band.low * view.height(), (band.high - band.low) * view.height()
            edges, kinds = band.table.edges, band.table.kinds
            for row in _told_apart(edges, view.left(), view.right(), pixel).tolist():
                begin, end = edges[row].tolist()
                painter.fillRect(QRectF(begin, bottom, max(end - begin, pixel), height), band.colors[int(kinds[row])])
                self.painted += 1


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
