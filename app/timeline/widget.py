"""The timeline of a film: where it is, what was analysed, who is where, what is marked. A click goes there."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPalette, QPixmap, QResizeEvent, QWheelEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.timeline.axis import LEFT, RIGHT, TimeAxis
from app.timeline.content import NOTHING, Content
from app.timeline.event_tips import EventTips
from app.timeline.events import NO_EVENTS, EventRows
from app.timeline.painting import EVENT, GAP, LANE, MARK, PEOPLE, RULER, Painting, Rows

STEP = 1.25  # of zoom, for a notch of the wheel
PAN = 0.1  # of what is on show, for a notch of the wheel
LANES = 4  # that there is room for at first
LEAST_LANES = 2  # that there is room for beside what was recognised


class Timeline(QWidget):
    """What stands still is painted once and kept: while the film plays only the cursor moves over it."""

    sought = pyqtSignal(float)  # seconds of the film, of a click or a drag
    scrubbing = pyqtSignal(bool)  # a drag has begun, or is over

    def __init__(self, axis: TimeAxis, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumHeight(RULER + PEOPLE + 2 * GAP)
        self.setAccessibleName("Timeline")
        self.setToolTip("Click or drag: go there.  Wheel: zoom; with Shift: pan; with Ctrl: other people.")
        self.axis = axis
        self.content = NOTHING
        self.events = NO_EVENTS
        self.rendered = 0  # how often what stands still was painted
        self._span: tuple[float, float] | None = None
        self._cursor: tuple[float, float] = (0.0, 0.0)  # seconds: begin and end of the frame on screen
        self._first = 0  # the lane on top
        self._kept: QPixmap | None = None
        self._seeking = False
        self._panning: QPointF | None = None
        axis.changed.connect(self._refresh)
        self._tips = EventTips(self)

    def sizeHint(self) -> QSize:
        return QSize(800, RULER + PEOPLE + LANES * LANE + MARK + 3 * GAP)

    def show_content(self, content: Content) -> None:
        """What is known of the film now."""
        self.content = content
        self._refresh()

    def show_events(self, events: EventRows) -> None:
        """What was recognised, by now."""
        if len(events) != len(self.events):  # they are not to take the room of the people
            self.setMinimumHeight(RULER + PEOPLE + 2 * GAP + (LEAST_LANES * LANE + len(events) * EVENT) * bool(events))
        self.events = events
        self._refresh()

    def show_span(self, span: tuple[float, float] | None) -> None:
        """The stretch that plays over and over, in seconds."""
        if span != self._span:
            self._span = span
            self._refresh()

    def show_place(self, begin: float, end: float, follow: bool) -> None:
        """The frame on screen, in seconds. follow: what is on show goes with it."""
        if (begin, end) == self._cursor:
            return
        old, self._cursor = self._cursor_area(), (begin, end)
        if follow and not self._seeking and self._panning is None:
            self.axis.follow(begin)
        self.update(old.united(self._cursor_area()).toAlignedRect().adjusted(-1, 0, 1, 0))

    def rows(self) -> Rows:
        """Where everything lies."""
        return Rows.of(self.content, self.axis, self.height(), self._first, self.events)

    # -- from seconds to pixels and back --

    @property
    def _width(self) -> int:
        return max(self.width() - LEFT - RIGHT, 1)

    def x_of(self, seconds: float) -> float:
        """In pixels of the widget."""
        return LEFT + (seconds - self.axis.begin) / self.axis.span * self._width

    def seconds_at(self, x: float) -> float:
        """Of the film, where there is nothing the nearest."""
        seconds = self.axis.begin + (x - LEFT) / self._width * self.axis.span
        return min(max(seconds, self.axis.begin), self.axis.end)

    # -- mouse --

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self._seeking = True
            self.scrubbing.emit(True)
            self.sought.emit(self.seconds_at(event.position().x()))
        elif event.button() in (Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton):
            self._panning = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        if self._seeking:
            self.sought.emit(self.seconds_at(event.position().x()))
        elif self._panning is not None:
            step, self._panning = event.position().x() - self._panning.x(), event.position()
            self.axis.pan(-step / self._width * self.axis.span)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if self._seeking:
            self.scrubbing.emit(False)
        self._seeking, self._panning = False, None
        self.unsetCursor()

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is None:
            return
        turned = event.angleDelta()
        across, notches = turned.x() / 120, turned.y() / 120
        keys = event.modifiers()
        if across or keys & Qt.KeyboardModifier.ShiftModifier:
            self.axis.pan(-(across or notches) * PAN * self.axis.span)
        elif keys & Qt.KeyboardModifier.ControlModifier:
            hidden = self.rows().hidden
            self._first = min(max(self._first - (1 if notches > 0 else -1), 0), hidden)
            self._refresh()
        elif notches:
            self.axis.zoom(STEP**notches, self.seconds_at(event.position().x()))
        event.accept()

    # -- painting --

    def _refresh(self) -> None:
        self._kept = None
        self.update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._refresh()

    def changeEvent(self, event: QEvent | None) -> None:
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._refresh()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        if self._kept is None:
            self._kept = self._still()
        painter.drawPixmap(0, 0, self._kept)
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
        size = self.width(), self.height()
        Painting(painter, self.palette(), self.content, self.axis, self.rows(), size).all(self._span)
        painter.end()
        self.rendered += 1
        return kept

    def _cursor_area(self) -> QRectF:
        begin, end = self._cursor
        left = self.x_of(begin)
        return QRectF(left, 0, max(self.x_of(end) - left, 1.5), self.height())
