"""Bars beside the rows of which some do not fit: they say so, and scroll them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QSignalBlocker, Qt
from PyQt6.QtWidgets import QScrollBar

from app.timeline.axis import RIGHT
from app.timeline.rows import EVENT, LANE, MARK, Rows

if TYPE_CHECKING:
    from app.timeline.widget import Timeline


class RowBars:
    """lanes, marks, events: a bar of each; its value is the row on top"""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self.lanes, self.marks, self.events = (self._bar(what) for what in ("People", "Marks", "Events"))

    def place(self, rows: Rows) -> None:
        """Where the rows lie now."""
        self._place(self.lanes, rows.lanes_top, len(rows.lanes), LANE, rows.hidden)
        self._place(self.marks, rows.marks_top, rows.marks, MARK, rows.hidden_marks)
        self._place(self.events, rows.events_top, len(rows.events), EVENT, rows.hidden_events)

    def at(self, y: float) -> QScrollBar:
        """The bar of the rows at a height."""
        rows = self._timeline.rows()
        if len(rows.events) and y >= rows.events_top:
            return self.events
        return self.marks if rows.marks and y >= rows.marks_top else self.lanes

    def _bar(self, what: str) -> QScrollBar:
        bar = QScrollBar(Qt.Orientation.Vertical, self._timeline)
        bar.setObjectName("rows")
        bar.setAccessibleName(f"{what} that do not fit")
        bar.valueChanged.connect(self._timeline.refresh)
        bar.hide()
        return bar

    def _place(self, bar: QScrollBar, top: int, shown: int, height: int, hidden: int) -> None:
        with QSignalBlocker(bar):
            bar.setRange(0, hidden)
            bar.setPageStep(max(shown, 1))
        bar.setGeometry(self._timeline.width() - RIGHT + 1, top, RIGHT - 1, shown * height - 2)
        bar.setVisible(bool(hidden and shown))
