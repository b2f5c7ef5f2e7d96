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

from app.timeline import MarkedRange

_OPACITY = 64  # of 255
_BEHIND = -500  # the grid is farther behind, the curves are not


@dataclass(frozen=True, slots=True)
class _Band:
    """edges: (n, 2) seconds, rising; colors: one each; low, high: the share of the height that is shaded"""

    edges: NDArray[np.float64]
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

    def show_ranges(self, events: Sequence[MarkedRange], marks: Sequence[MarkedRange]) -> None:
        """What was recognised and what was marked; either may be nothing."""
        bands = [(events, 0.0, 0.5 if marks else 1.0), (marks, 0.5 if events else 0.0, 1.0)]
        self._bands = tuple(_band(ranges, low, high) for ranges, low, high in bands if ranges)
        self.update()

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
            for row in _told_apart(band.edges, view.left(), view.right(), pixel).tolist():
                begin, end = band.edges[row].tolist()
                painter.fillRect(QRectF(begin, bottom, max(end - begin, pixel), height), band.colors[row])
                self.painted += 1


def _band(ranges: Sequence[MarkedRange], low: float, high: float) -> _Band:
    rising = sorted(ranges, key=lambda each: each.begin)
    colors = {color: QColor(color) for color in {each.color for each in rising}}
    for color in colors.values():
        color.setAlpha(_OPACITY)
    edges = np.array([(each.begin, each.end) for each in rising], np.float64)
    return _Band(edges, [colors[each.color] for each in rising], low, high)


def _told_apart(edges: NDArray[np.float64], left: float, right: float, pixel: float) -> NDArray[np.intp]:
    """The rows in view; of those narrower than a pixel one a pixel, however many there are."""
    seen = np.flatnonzero((edges[:, 1] >= left) & (edges[:, 0] <= right))
    if not len(seen) or pixel <= 0:
        return seen
    wide = edges[seen, 1] - edges[seen, 0] > pixel
    column = np.floor((edges[seen, 0] - left) / pixel)
    return np.asarray(seen[wide | np.concatenate([[True], np.diff(column) != 0])])
