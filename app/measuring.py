"""Measuring in the picture by hand: a drag is a line, a click after it makes an angle of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QWheelEvent
from PyQt6.QtWidgets import QApplication, QWidget

from app.scale_bar import ScaleBar
from core.measure import Measure, Place
from core.types import Floats

if TYPE_CHECKING:
    from app.window import Window

HINT = "Drag a line to measure it; a click then makes an angle of it. Lengths go by who is chosen, too. Esc ends."
_DOT = 3.0  # pixels
_COLOR = "#ff5fd2"  # no limb has it


class Measuring(QWidget):
    """Lies over the picture while something is measured, and takes the left button there; nothing of it is in what is
    saved or recorded. The rest of the mouse does what it does elsewhere.

    measure: what is measured; None: nothing yet
    """

    def __init__(self, window: Window) -> None:
        super().__init__(window.view)
        self._window = window
        self._view = window.view
        self.measure: Measure | None = None
        self._pressed: QPointF | None = None
        self._drags = False
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.scale = ScaleBar(window, self)
        self._view.installEventFilter(self)
        window.source_changed.connect(lambda pipeline: self.end())
        self.hide()

    @property
    def is_on(self) -> bool:
        return self.isVisibleTo(self._view)

    def toggle(self) -> None:
        if self.is_on:
            self.end()
            return
        self._window.point_editing.end()
        self.resize(self._view.size())
        self.show()
        self.scale.show_line(None)
        self._window.banner.tell(HINT)

    def end(self) -> None:
        """Measure no more, and forget what was measured."""
        self.measure, self._pressed = None, None
        self.hide()

    @property
    def said(self) -> list[str]:
        """What is measured, in words."""
        per_cm = self._window.scaling.per_cm
        return self.measure.said(self._body(), per_cm) if self.measure is not None else []

    def _body(self) -> Floats | None:
        """Of who is chosen and in the picture, the last first."""
        ids = self._view.ids.tolist()
        there = [person for person in reversed(self._window.casting.chosen) if person in ids]
        return self._view.people.keypoints[ids.index(there[0])] if there else None

    # -- mouse --

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        if event.button() != Qt.MouseButton.LeftButton or self._view.frame is None:
            event.ignore()
            return
        self._pressed, self._drags = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        if self._pressed is None:
            event.ignore()
            return
        far = (event.position() - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if self._drags or far:
            self._drags = True
            self._take(Measure(self._place(self._pressed), self._place(event.position())))

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            event.ignore()
        elif not self._drags:
            line = self.measure
            self._take(line.bent_to(self._place(pressed)) if line is not None and line.c is None else None)

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """A second click is one of its own here, and fits nothing."""
        self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        self._view.wheelEvent(event)

    def _take(self, measure: Measure | None) -> None:
        self.measure = measure
        self.scale.show_line(measure)
        self.update()

    # -- places --

    def _place(self, point: QPointF) -> Place:
        """Image pixels at a point of the view."""
        at = point * self.devicePixelRatioF()
        return self._view.placement.to_picture(at.x(), at.y())

    def _point(self, place: Place) -> QPointF:
        at, ratio = self._view.placement, self.devicePixelRatioF()
        return QPointF((place[0] + 0.5) * at.zoom + at.left, (place[1] + 0.5) * at.zoom + at.top) / ratio

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Resize:
            self.resize(self._view.size())
        return False

    # -- painting --

    def paintEvent(self, event: QPaintEvent | None) -> None:
        measure = self.measure
        if measure is None or self._view.frame is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places = [place for place in (measure.a, measure.b, measure.c) if place is not None]
        points = [self._point(place) for place in places]
        for color, width in ((QColor("#101214"), 4.0), (QColor(_COLOR), 2.0)):  # seen on light and dark
            painter.setPen(QPen(color, width))
            painter.setBrush(color)
            painter.drawPolyline(QPolygonF(points))
            for point in points:
                painter.drawEllipse(point, _DOT, _DOT)
        self._write(painter, points)

    def _write(self, painter: QPainter, points: list[QPointF]) -> None:
        """Beside the end of the line, inside the picture."""
        lines, metrics = self.said, QFontMetricsF(painter.font())
        width = max(map(metrics.horizontalAdvance, lines)) + 12
        height = len(lines) * metrics.lineSpacing() + 8
        right = points[1].x() >= points[0].x()  # away from the line
        x = points[1].x() + (12 if right else -12 - width)
        x = min(max(x, 2.0), max(self.width() - width - 2, 2.0))
        y = min(max(points[1].y() - height / 2, 2.0), max(self.height() - height - 2, 2.0))
        box = QRectF(x, y, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(16, 18, 20, 210))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QColor("#ffffff"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "\n".join(lines))
