"""Reading values off the curves of the traces: where the mouse is, or else at the frame on screen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph
from PyQt6.QtCore import QEvent, QObject, QPointF, Qt

from app import theme
from app.series import Choice, Series
from app.trace_legend import Legend, Row
from app.transport import clock


class TraceReading(QObject):
    """A line where the mouse is over the plot, and the values there in the legend."""

    def __init__(self, plot: pyqtgraph.PlotWidget, legend: Legend, parent: QObject) -> None:
        super().__init__(parent)
        self._plot, self._legend = plot, legend
        self._pointer = pyqtgraph.InfiniteLine()  # where the mouse is
        plot.addItem(self._pointer, ignoreBounds=True)
        self._mouse: QPointF | None = None  # the same, in pixels of the plot's scene
        self._series: Sequence[Series] = ()
        self._choice = Choice()
        self._time, self._duration = 0.0, np.inf
        plot.scene().sigMouseMoved.connect(self._hover)
        if (port := plot.viewport()) is not None:
            port.installEventFilter(self)
        self.start(None)

    def start(self, duration: float | None) -> None:
        """Read off another source. duration: of a film, in seconds"""
        self._duration = duration if duration is not None else np.inf
        self._mouse = None
        self._pointer.hide()

    def dress(self) -> None:
        """Take the colours of the theme."""
        self._pointer.setPen(pyqtgraph.mkPen(theme.now().quiet, style=Qt.PenStyle.DashLine))

    def show_series(self, series: Sequence[Series], choice: Choice) -> None:
        """Read off these, with every value. choice: what they are of"""
        self._series, self._choice = series, choice
        self._tell()

    def show_time(self, time: float) -> None:
        """time: seconds of the frame on screen"""
        if time != self._time:
            self._time = time
            self._tell()

    def _hover(self, place: QPointF) -> None:
        """The mouse is there, in pixels of the plot's scene."""
        self._mouse = place if self._plot.getViewBox().sceneBoundingRect().contains(place) else None
        self._tell()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Leave and self._mouse is not None:
            self._mouse = None
            self._tell()
        return False

    def _tell(self) -> None:
        """Put the values into the legend."""
        hovered = self._plot.getViewBox().mapSceneToView(self._mouse) if self._mouse is not None else None
        self._pointer.setVisible(hovered is not None)
        time = self._time
        if hovered is not None:
            time = min(max(hovered.x(), 0.0), self._duration)
            self._pointer.setValue(time)
        values = [(one, one.at(time)) for one in self._series]
        if not self._legend.fits(len(values)):  # the nearest to the mouse first, or else what is compared
            values.sort(
                key=lambda each: (
                    float(np.nan_to_num(abs(each[1] - hovered.y()), nan=np.inf))
                    if hovered is not None
                    else not each[0].dashed
                )
            )
        rows = [
            Row(one.name, theme.line_color(one.color), self._choice.said(value), one.dashed) for one, value in values
        ]
        self._legend.keep_clear_of(self._place_of(time))
        head, hint = (f"at {clock(time)}", "") if hovered is not None else ("", ": point at one")
        self._legend.show_rows(rows, head if rows else "", hint)

    def _place_of(self, time: float) -> float:
        """Where a second lies, in pixels of the plot."""
        scene = self._plot.getViewBox().mapViewToScene(QPointF(time, 0.0))
        return float(self._plot.mapFromScene(scene).x())
