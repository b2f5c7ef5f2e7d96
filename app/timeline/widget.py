"""The timeline of a film: where it is, what was analysed, who is where, what is marked. A click goes there."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PyQt6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.timeline.axis import LEFT, RIGHT, TimeAxis
from app.timeline.content import NOTHING, Content, MarkedRange
from app.timeline.event_tips import EventTips
from app.timeline.events import NO_EVENTS, EventRows
from app.timeline.hand import STILL, Hand
from app.timeline.lane_tips import lane_tip
from app.timeline.marks import Stack
from app.timeline.numbering import Numbering, Seconds
from app.timeline.painting import Painting
from app.timeline.row_bars import RowBars
from app.timeline.rows import GAP, LANE, MARK, PEOPLE, RULER, Rows, least_height

STEP = 1.25  # of zoom, for a notch of the wheel
PAN = 0.1  # of what is on show, for a notch of the wheel
LANES = 4  # that there is room for at first, where the window is
HIGH = 800  # pixels, and more
SHARE = 0.2  # of the window's height that its rows may claim; what does not fit is scrolled to


class Timeline(QWidget):
    """What stands still is painted once and kept: while the film plays only the cursor moves over it.

    span: seconds of the stretch that plays over and over; stack: the marks; edges: (n + 1,) seconds at which the n
    frames of the film begin and the last one ends; numbering: how places along the axis are called
    """

    sought = pyqtSignal(float)  # seconds of the film, of a click or a drag
    scrubbing = pyqtSignal(bool)  # a drag has begun, or is over
    held = pyqtSignal(bool)  # the same, of a mark or of an end of the stretch that plays over and over
    mark_clicked = pyqtSignal(int)  # its number; 0: none of them
    mark_dragged = pyqtSignal(object)  # MarkedRange as it would be if it were let go now
    mark_moved = pyqtSignal(object)  # MarkedRange as it is after a drag
    mark_asked = pyqtSignal(int, QPoint)  # its number, and a place of the screen: what can be done with it?
    asked = pyqtSignal(int, float, QPoint)  # whose row was clicked, 0: nobody's; seconds; a place of the screen
    span_moved = pyqtSignal(float, float)  # seconds
    needs_room = pyqtSignal()  # it has to be higher than it is

    def __init__(self, axis: TimeAxis, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumHeight(least_height((0, 0, 0)))
        self.setAccessibleName("Timeline")
        self.setToolTip(
            "Click or drag: go there.  Wheel: zoom; with Shift: pan; over the names: other rows.  Right click: more."
        )
        self.setMouseTracking(True)
        self.axis = axis
        self.content = NOTHING
        self.events = NO_EVENTS
        self.rendered = 0  # how often what stands still was painted
        self.span: tuple[float, float] | None = None
        self.stack = Stack()
        self.edges: NDArray[np.float64] = np.empty(0)
        self.numbering: Numbering = Seconds()
        self._hand = Hand(self)
        self._open: MarkedRange | None = None  # the mark that is being made
        self._grows = False  # it ends with the frame on screen
        self._chosen = 0  # the number of the mark that is
        self._most = inf  # pixels that it may claim
        self._rows: Rows | None = None  # as they were painted
        self._cursor: tuple[float, float] = (0.0, 0.0)  # seconds: begin and end of the frame on screen
        self._kept: QPixmap | None = None
        self._seeking = False
        self._panning: QPointF | None = None
        self._pressed = QPointF()
        axis.changed.connect(self.refresh)
        self._tips = EventTips(self)
        self.bars = RowBars(self)

    def sizeHint(self) -> QSize:
        return QSize(800, RULER + PEOPLE + LANES * LANE + MARK + 3 * GAP)

    def fit_into(self, window: int) -> None:
        """It lies in a window so high, in pixels: of a low one the picture and the traces need the room."""
        self._most = SHARE * window
        self.refresh()

    def height_in(self, window: int) -> int:
        """Pixels that it has at first, in a window so high."""
        return self.sizeHint().height() if window >= HIGH else self.minimumHeight()

    def show_content(self, content: Content) -> None:
        """What is known of the film now."""
        self.content = content
        self.refresh()

    def show_events(self, events: EventRows) -> None:
        """What was recognised, by now."""
        self.events = events
        self.refresh()

    def show_span(self, span: tuple[float, float] | None) -> None:
        """The stretch that plays over and over, in seconds."""
        if span != self.span:
            self.span = span
            self.refresh()

    @property
    def span_length(self) -> str:
        """How long the stretch is that plays over and over, in words; empty where there is none."""
        if self.span is None:
            return ""
        first, last = np.searchsorted(self.edges, (self.span[0] - 1e-6, self.span[1] - 1e-6))
        return self.numbering.length(self.span[1] - self.span[0], int(last - first))

    def number_by(self, numbering: Numbering) -> None:
        """Another film, whose places are called so."""
        self.numbering = numbering
        self.refresh()

    def show_frames(self, edges: NDArray[np.float64]) -> None:
        """Another film; see `edges`."""
        self.edges, self.stack, self._open, self._chosen = edges, Stack(), None, 0
        self.refresh()

    def show_marks(self, marks: Stack) -> None:
        """These marks, in place of those that were shown."""
        self.stack = marks
        if not self._hand.holds:
            self._hand.moved = None
        self.refresh()

    def show_open(self, mark: MarkedRange | None, grows: bool = True) -> None:
        """A mark that is being made; None: there is none. grows: it reaches from its begin to the frame on screen,
        and is as given where that is the frame that it began with."""
        rows = self._mark_rows
        self._open, self._grows = mark, grows
        if self._mark_rows != rows:
            self.refresh()
        self.update()

    def show_chosen(self, number: int) -> None:
        """The mark that is chosen; 0: none."""
        if number != self._chosen:
            self._chosen = number
            self.update()

    def show_place(self, begin: float, end: float, follow: bool) -> None:
        """The frame on screen, in seconds. follow: what is on show goes with it."""
        if (begin, end) == self._cursor:
            return
        old, rows, self._cursor = self._cursor_area(), self._mark_rows, (begin, end)
        if self._open is not None:
            if self._mark_rows != rows:
                self.refresh()
            self.update()
        if follow and not self._seeking and self._panning is None:
            self.axis.follow(begin)
        self.update(old.united(self._cursor_area()).toAlignedRect().adjusted(-1, 0, 1, 0))

    # -- from seconds to pixels and back --

    @property
    def ruler(self) -> list[float]:
        """The seconds that have a number above."""
        return [tick.second for tick in self.numbering.ticks(self.axis.begin, self.axis.end, self._width)]

    @property
    def _width(self) -> int:
        return max(self.width() - LEFT - RIGHT, 1)

    def x_of(self, seconds: float) -> float:
        """In pixels of the widget."""
        return LEFT + (seconds - self.axis.begin) / self.axis.span * self._width

    def seconds_of(self, x: float) -> float:
        """Of the film, also where it has not begun or is over."""
        return self.axis.begin + (x - LEFT) / self._width * self.axis.span

    def seconds_at(self, x: float) -> float:
        """Of the film, where there is nothing the nearest."""
        return min(max(self.seconds_of(x), self.axis.begin), self.axis.end)

    def mark_row_at(self, y: float) -> int | None:
        """The row of marks at a height; None where there is none."""
        rows = self.rows()
        row = int(y - rows.marks_top) // MARK
        return rows.first_mark + row if y >= rows.marks_top and 0 <= row < rows.marks else None

    @property
    def _growing(self) -> MarkedRange | None:
        """The mark that is being made, as far as it reaches now."""
        mark = self._open
        if mark is None or not self._grows:
            return mark
        at = self._cursor[0]
        return replace(mark, begin=min(mark.begin, at), end=max(mark.begin, at) if at != mark.begin else mark.end)

    @property
    def _mark_rows(self) -> int:
        """How many the marks take."""
        mark = self._growing
        return self.stack.height if mark is None else max(self.stack.height, 1 + self.stack.room(mark.begin, mark.end))

    def rows(self) -> Rows:
        """Where everything lies."""
        if self._rows is None:
            lanes, marks, events = (bar.value() for bar in (self.bars.lanes, self.bars.marks, self.bars.events))
            self._rows = Rows.of(
                self.content, self.axis, self.height(), lanes, self._mark_rows, marks, self.events, events
            )
        return self._rows

    def _box(self, mark: MarkedRange, row: int) -> QRectF:
        """Where a mark is painted."""
        left = max(self.x_of(mark.begin), LEFT - 2.0)
        right = min(self.x_of(mark.end), self.width() - RIGHT + 2.0)
        return QRectF(left, self.rows().mark_top(row) + 1, max(right - left, 2.0), MARK - 4)

    # -- mouse --

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        self._pressed = event.position()
        if event.button() == Qt.MouseButton.LeftButton:
            if self._hand.press(event.position()):
                return
            self._seeking = True
            self.scrubbing.emit(True)
            self.mark_clicked.emit(0)
            self.sought.emit(self.seconds_at(event.position().x()))
        elif event.button() in (Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton):
            self._panning = event.position()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        if self._seeking:
            self.sought.emit(self.seconds_at(event.position().x()))
        elif self._panning is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            step, self._panning = event.position().x() - self._panning.x(), event.position()
            self.axis.pan(-step / self._width * self.axis.span)
        else:
            self._hand.move(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if self._seeking:
            self.scrubbing.emit(False)
        if self._panning is not None:
            self.unsetCursor()
        self._seeking, self._panning = False, None
        self._hand.release()
        if event is not None and event.button() == Qt.MouseButton.RightButton and self._stands(event):
            self._ask(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        self._pressed = event.position()
        if event.button() != Qt.MouseButton.LeftButton or not self._ask_of_mark(event):
            self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent | None) -> None:
        self._hand.leave()

    def event(self, event: QEvent | None) -> bool:
        if isinstance(event, QHelpEvent) and (
            self._hand.tell(event.pos(), event.globalPos()) or self._tell(event.pos(), event.globalPos())
        ):
            return True
        return super().event(event)

    def _tell(self, at: QPoint, globally: QPoint) -> bool:
        """Say in a tooltip what is there. Whether there is something to tell."""
        text = lane_tip(self, at)
        if not text and at.x() >= LEFT:
            text = self.numbering.tip(self.seconds_of(at.x()))
        if text:
            QToolTip.showText(globally, text, self, QRect(at - QPoint(2, 2), at + QPoint(2, 2)))
        return bool(text)

    def _stands(self, event: QMouseEvent) -> bool:
        """The pointer is where the button was pressed."""
        return (event.position() - self._pressed).manhattanLength() <= STILL

    def _ask(self, event: QMouseEvent) -> None:
        """What can be done with what was clicked."""
        if not self._ask_of_mark(event):
            lane = self.rows().lane_at(event.position().y())
            second = self.seconds_at(event.position().x())
            self.asked.emit(lane.person if lane is not None else 0, second, event.globalPosition().toPoint())

    def _ask_of_mark(self, event: QMouseEvent) -> bool:
        """Whether there is one."""
        mark = self._hand.mark_at(event.position())
        if mark is not None:
            self.mark_asked.emit(mark.number, event.globalPosition().toPoint())
        return mark is not None

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is None:
            return
        turned = event.angleDelta()
        across, notches = turned.x() / 120, turned.y() / 120
        keys = event.modifiers()
        if across or keys & Qt.KeyboardModifier.ShiftModifier:
            self.axis.pan(-(across or notches) * PAN * self.axis.span)
        elif keys & Qt.KeyboardModifier.ControlModifier or event.position().x() < LEFT:
            bar = self.bars.at(event.position().y())
            bar.setValue(bar.value() - (1 if notches > 0 else -1))
        elif notches:
            self.axis.zoom(STEP**notches, self.seconds_at(event.position().x()))
        event.accept()

    # -- painting --

    def refresh(self) -> None:
        """Paint all of it anew."""
        least = least_height((len(self.content.lanes), self._mark_rows, len(self.events)), self._most)
        more = least > max(self.minimumHeight(), self.height())
        self.setMinimumHeight(least)
        self._kept, self._rows = None, None
        self.bars.place(self.rows())
        self.update()
        if more:
            self.needs_room.emit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self.refresh()

    def changeEvent(self, event: QEvent | None) -> None:
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self.refresh()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        if self._kept is None:
            self._kept = self._still()
        painter.drawPixmap(0, 0, self._kept)
        self._paint_marks(painter)
        area = self._cursor_area()
        if not LEFT - 1 <= area.left() <= self.width() - RIGHT + 1:
            return
        text = self.palette().color(QPalette.ColorRole.WindowText)
        if area.width() > 3:  # frames are wide enough to be told apart
            shade = QColor(text)
            shade.setAlpha(40)
            painter.fillRect(area, shade)
        painter.fillRect(QRectF(area.left(), 0, 1.5, self.height()), text)

    def _still(self) -> QPixmap:
        """All but the cursor."""
        ratio = self.devicePixelRatioF()
        kept = QPixmap(self.size() * ratio)
        kept.setDevicePixelRatio(ratio)
        kept.fill(self.palette().color(QPalette.ColorRole.Window))
        painter = QPainter(kept)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        moved = self._hand.moved
        self._painting(painter).all(self.span, self.span_length, moved.number if moved is not None else 0)
        painter.end()
        self.rendered += 1
        return kept

    def _painting(self, painter: QPainter) -> Painting:
        size = self.width(), self.height()
        return Painting(painter, self.palette(), self.content, self.axis, self.rows(), size, self.stack, self.numbering)

    def _paint_marks(self, painter: QPainter) -> None:
        """Those that are not as they were: being made, dragged, chosen, under the pointer."""
        painting, text = self._painting(painter), self.palette().color(QPalette.ColorRole.WindowText)
        painter.setClipRect(LEFT, 0, self._width, self.height())
        moved, over = self._hand.moved, self._hand.over
        if (mark := self._growing) is not None:
            box = self._box(mark, self.stack.room(mark.begin, mark.end))
            painting.mark(mark, box)
            painter.setPen(QPen(text, 1, Qt.PenStyle.DashLine))
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        numbers = {self._chosen, *(mark.number for mark in (moved, over.mark if over is not None else None) if mark)}
        for number in numbers - {0}:
            if (found := self.stack.find(number)) is None:
                continue
            mark, row = found if moved is None or moved.number != number else (moved, found[1])
            box = self._box(mark, row)
            if mark is moved:
                painting.mark(mark, box)
            painter.setPen(QPen(text, 2 if number == self._chosen else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(0, 0, -1, 0))
            if over is not None and over.mark is not None and over.mark.number == number and over.part != "whole":
                x = box.left() if over.part == "begin" else box.right() - 3
                painter.fillRect(QRectF(x, box.top() - 1, 3, box.height() + 2), text)
        painter.setClipping(False)

    def _cursor_area(self) -> QRectF:
        begin, end = self._cursor
        left = self.x_of(begin)
        return QRectF(left, 0, max(self.x_of(end) - left, 1.5), self.height())
