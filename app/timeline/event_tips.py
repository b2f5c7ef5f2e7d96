"""What is said of an event under the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, QPoint
from PyQt6.QtGui import QHelpEvent
from PyQt6.QtWidgets import QToolTip

from app.timeline.axis import LEFT, RIGHT
from app.timeline.content import MarkedRange
from app.timeline.events import around, title
from app.timeline.rows import EVENT

if TYPE_CHECKING:
    from app.timeline.widget import Timeline


class EventTips(QObject):
    """Answers for the timeline where there is an event; elsewhere the timeline says what it is for."""

    def __init__(self, timeline: Timeline) -> None:
        super().__init__(timeline)
        self._timeline = timeline
        timeline.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self.event_at(event.pos())
            if found is not None:
                QToolTip.showText(event.globalPos(), text_of(found), self._timeline)
                return True
        return False

    def event_at(self, place: QPoint) -> MarkedRange | None:
        """What lies at a place of the timeline."""
        timeline, rows = self._timeline, self._timeline.rows()
        row = (place.y() - rows.events_top) // EVENT
        if not 0 <= row < len(rows.events) or not LEFT <= place.x() <= timeline.width() - RIGHT:
            return None
        width = timeline.width() - LEFT - RIGHT
        return rows.events.at(row, timeline.seconds_at(place.x()), around(timeline.axis, width))


def text_of(event: MarkedRange) -> str:
    """A sentence or so."""
    score = f", score {event.score:.2f}" if event.score is not None else ""
    return f"{title(event)}: {event.begin:.2f} to {event.end:.2f} s, {event.end - event.begin:.2f} s long{score}"
