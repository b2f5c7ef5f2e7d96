"""How a point moves over time: x and y, scrolling while one watches."""

from __future__ import annotations

import numpy as np
import pyqtgraph
from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app import theme
from app.saved import SavedTraces
from app.trace_log import TraceLog
from core import skeleton
from core.types import Result

SECONDS = 10.0  # of a live source on screen
ABSENT = 1.0  # seconds after which another person is followed in place of one who is gone


class TracePanel(QWidget):
    """Plots one point of the person who is followed: whoever was found surest, for as long as there is."""

    sought = pyqtSignal(float)  # seconds in a film that was clicked on

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.point = QComboBox()
        self.point.setToolTip("Which point is plotted.")
        self.point.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.point.addItems([name.capitalize() for name in skeleton.POINT_NAMES])
        self.point.setCurrentIndex(skeleton.R_WRIST)
        self.point.currentIndexChanged.connect(lambda: self._forget_drawn())
        self._who = QLabel()
        self._who.setObjectName("quiet")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.point)
        self._legend = QLabel(), QLabel()
        for label in self._legend:
            head.addWidget(label)
        head.addWidget(self._who)
        head.addStretch(1)
        units = QLabel("pixels over seconds")
        units.setObjectName("quiet")
        head.addWidget(units)
        self.plot = pyqtgraph.PlotWidget(enableMenu=False)
        # pyqtgraph leaves the menu of a plot without an owner, and so behind when the window goes.
        self.plot.getPlotItem().ctrlMenu.setParent(self, Qt.WindowType.Popup)
        self.plot.setMinimumHeight(80)
        self.plot.setMouseEnabled(False, False)
        self.plot.hideButtons()
        self.plot.showGrid(x=True, y=True, alpha=0.15)
        self.curves = [self.plot.plot(connect="finite", antialias=True) for _ in self._legend]
        self._cursor = pyqtgraph.InfiniteLine()
        self.plot.addItem(self._cursor)
        self.plot.scene().sigMouseClicked.connect(self._clicked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.plot, 1)
        self._drawn = -1  # the state of the log that was plotted
        self._dress()
        self.start(None, None)

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange and hasattr(self, "_cursor"):
            self._dress()

    def _dress(self) -> None:
        """Take the colours of the theme."""
        colors = theme.now()
        self.plot.setBackground(colors.background)
        for curve, label, name, color in zip(
            self.curves, self._legend, "xy", (colors.accent, colors.warm), strict=True
        ):
            curve.setPen(pyqtgraph.mkPen(color, width=1.5))
            label.setText(f'<span style="color:{color}">&#9644; {name}</span>')
        self._cursor.setPen(pyqtgraph.mkPen(colors.text))
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(colors.quiet)
            axis.setTextPen(colors.quiet)

    def start(self, log: TraceLog | SavedTraces | None, duration: float | None) -> None:
        """Plot another source. duration: of a film, whose whole time is shown; None: the last SECONDS."""
        self._log, self._duration = log, duration
        self._person, self._seen = -1, 0.0
        self._cursor.setVisible(duration is not None)
        self._forget_drawn()
        if duration is not None:
            self.plot.setXRange(0, max(duration, 0.1), padding=0.01)

    def show_result(self, result: Result | None, time: float) -> None:
        """Bring the curves up to date; time: of the frame on screen."""
        if self._log is None or not self.isVisible():
            return
        self._cursor.setValue(time)
        if self._log.changes == self._drawn:
            return
        self._drawn = self._log.changes
        if result is not None:
            self._follow(result)
        since = -np.inf if self._duration is not None else time - SECONDS
        times, xy = self._log.trace(self._person, self.point.currentIndex(), since)
        for curve, values in zip(self.curves, xy.T, strict=True):
            curve.setData(times, values)
        if self._duration is None:
            self.plot.setXRange(max(time - SECONDS, 0), max(time, SECONDS), padding=0)

    def _follow(self, result: Result) -> None:
        ids = [int(person) for person in result.ids if person >= 0]
        now = result.frame.time
        if self._person in ids:
            self._seen = now
        elif ids and (self._person < 0 or not 0 <= now - self._seen <= ABSENT):
            self._person, self._seen = ids[0], now
        self._who.setText(f"person #{self._person}" if self._person >= 0 else "nobody yet")

    def _forget_drawn(self) -> None:
        self._drawn = -1
        if self._log is None:
            for curve in self.curves:
                curve.setData([], [])
            self._who.setText("")

    def _clicked(self, event: object) -> None:
        if self._duration is not None:
            place = self.plot.getViewBox().mapSceneToView(event.scenePos())  # type: ignore[attr-defined]
            self.sought.emit(min(max(float(place.x()), 0.0), self._duration))
