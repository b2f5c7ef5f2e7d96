"""What the pointer does to marks, and to the ends of the stretch that plays over and over: hover, click, drag."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint, QPointF, QRect, Qt
from PyQt6.QtGui import QCursor
from PyQt6.QtWidgets import QToolTip

from app.timeline.axis import LEFT
from app.timeline.content import MarkedRange
from app.timeline.marks import Part, dragged
from app.timeline.rows import RULER

if TYPE_CHECKING:
    from app.timeline.widget import Timeline

EDGE, BEYOND = 5.0, 3.0  # pixels from an edge that hold it, inside of a mark and beside it
INSIDE = 1e-6  # seconds before the end of a frame
STILL = 3  # pixels that a click may move
_SHAPES = {
    "begin": Qt.CursorShape.SizeHorCursor, "end": Qt.CursorShape.SizeHorCursor,
    "whole": Qt.CursorShape.PointingHandCursor,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grip:
    """What is under the pointer. mark: None: an end of the stretch that plays over and over"""

    part: Part
    mark: MarkedRange | None


class Hand:
    """Of a timeline. over: what can be taken; moved: the mark in its new place, from when it is dragged until the
    marks are shown anew"""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self.over: Grip | None = None
        self.moved: MarkedRange | None = None
        self._held: Grip | None = None
        self._pressed = QPointF()
        self._span = (0.0, 0.0)  # what is held, as it was then
        self._dragging = False

    @property
    def holds(self) -> bool:
        return self._held is not None

    def press(self, at: QPointF) -> bool:
        """Whether there was something to take."""
        grip = self._held = self.grip_at(at)
        if grip is None:
            return False
        self._pressed, self._dragging = at, False
        self._span = (grip.mark.begin, grip.mark.end) if grip.mark is not None else self._timeline.span or (0.0, 0.0)
        return True

    def move(self, at: QPointF) -> None:
        """The pointer is here now."""
        if self._held is None:
            self._hover(at)
        elif self._dragging or abs(at.x() - self._pressed.x()) >= STILL:
            if not self._dragging:
                self._dragging = True
                self._timeline.held.emit(True)
                self._timeline.refresh()  # what is dragged is not among what stands still
                if self._held.part == "whole":
                    self._timeline.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._drag(self._held, at)

    def release(self) -> None:
        """Let go."""
        grip, self._held = self._held, None
        dragging, self._dragging = self._dragging, False
        if grip is None:
            return
        if dragging:
            self._timeline.held.emit(False)
            if self.moved is not None:
                self._timeline.mark_moved.emit(self.moved)
        elif grip.mark is not None:
            self._timeline.mark_clicked.emit(grip.mark.number)
        self._hover(self._timeline.mapFromGlobal(QCursor.pos()).toPointF())

    def leave(self) -> None:
        self._show(None)

    def mark_at(self, at: QPointF) -> MarkedRange | None:
        grip = self.grip_at(at)
        return grip.mark if grip is not None else None

    def tell(self, at: QPoint, globally: QPoint) -> bool:
        """Say in a tooltip what is here. Whether there is something."""
        timeline, grip = self._timeline, self.grip_at(at.toPointF())
        if grip is None:
            return False
        if grip.mark is None:
            text = "Drag: play over and over " + ("from" if grip.part == "begin" else "up to") + " another frame."
        else:
            mark, who = grip.mark, timeline.content.name(grip.mark.person)
            text = (
                f"{mark.name}{f' of {who}' if who else ''}, {timeline.numbering.stretch(mark.begin, mark.end)}\n"
                "Drag: move it, or its ends.  Double click: another label."
            )
        QToolTip.showText(globally, text, timeline, QRect(at - QPoint(4, 4), at + QPoint(4, 4)))
        return True

    def grip_at(self, at: QPointF) -> Grip | None:
        """What there is to take at a point of the widget."""
        timeline = self._timeline
        if at.x() < LEFT - BEYOND:
            return None
        row = timeline.mark_row_at(at.y())
        if row is not None:
            return self._mark_grip(at.x(), row)
        if at.y() < RULER and timeline.span is not None:
            begin, end = map(timeline.x_of, timeline.span)
            part: Part = "begin" if at.x() < begin or at.x() - begin < end - at.x() else "end"
            if abs(at.x() - (begin if part == "begin" else end)) <= EDGE:
                return Grip(part, None)
        return None

    def _mark_grip(self, x: float, row: int) -> Grip | None:
        timeline = self._timeline
        least, most = timeline.seconds_of(x - BEYOND), timeline.seconds_of(x + BEYOND)
        near = timeline.stack.at(least, most, row)
        for mark in near:  # what is under the pointer comes before what lies beside it
            left, right = timeline.x_of(mark.begin), max(timeline.x_of(mark.end), timeline.x_of(mark.begin) + 2)
            if left <= x < right:
                edge = min(EDGE, (right - left) / 3)
                part: Part = "begin" if x - left < edge else "end" if right - x <= edge else "whole"
                return Grip(part, mark)
        for mark in near:
            return Grip("begin" if x < timeline.x_of(mark.begin) else "end", mark)
        return None

    def _hover(self, at: QPointF) -> None:
        self._show(self.grip_at(at))

    def _show(self, grip: Grip | None) -> None:
        if grip == self.over:
            return
        self.over = grip
        if grip is None:
            self._timeline.unsetCursor()
        else:
            self._timeline.setCursor(_SHAPES[grip.part])
        self._timeline.update()

    def _drag(self, grip: Grip, at: QPointF) -> None:
        timeline, span = self._timeline, self._span
        if len(timeline.edges) < 2:
            return
        by = timeline.seconds_of(at.x()) - timeline.seconds_of(self._pressed.x())
        at_end = grip.part == "end"
        begin, end = dragged(grip.part, span, (span[1] if at_end else span[0]) + by, timeline.edges)
        if grip.mark is None:
            timeline.span_moved.emit(begin, end)
            end -= INSIDE  # the last frame that plays
        else:
            self.moved = replace(grip.mark, begin=begin, end=end)
            timeline.mark_dragged.emit(self.moved)
            timeline.update()
        timeline.sought.emit(end if at_end else begin)
