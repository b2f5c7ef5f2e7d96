"""Measuring in the picture by hand: a drag is a line, a click after it makes an angle of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, QPointF, QSizeF, Qt
from PyQt6.QtGui import QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PyQt6.QtWidgets import QApplication, QWidget

from app.measure_drawing import draw_measure, with_measure
from app.scale_bar import ScaleBar
from core.measure import Measure, Place
from core.types import Floats, Frame, Image

if TYPE_CHECKING:
    from app.window import Window

HINT = (
    "Drag a line to measure it; a click then makes an angle of it. Lengths go by who is chosen, too. "
    "A snapshot has it in it. Esc ends."
)


class Measuring(QWidget):
    """Lies over the picture while something is measured, and takes the left button there. What is measured is in
    snapshots, and in nothing that is recorded. The rest of the mouse does what it does elsewhere.

    measure: what is measured; None: nothing yet
    """

    def __init__(self, window: Window) -> None:
        super().__init__(window.view)
        self._window = window
        self._view = window.view
        self.measure: Measure | None = None
        self._measured_in: int | None = None  # the number of that frame
        self._pressed: QPointF | None = None
        self._drags = False
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.scale = ScaleBar(window, self)
        self._view.installEventFilter(self)
        window.source_changed.connect(lambda pipeline: self.end())
        window.shown.connect(lambda frame, result: self._look_at(frame))
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

    def _look_at(self, frame: Frame) -> None:
        """This is on screen now: what is measured in a picture says nothing of the next one of its folder."""
        pipeline = self._window.pipeline
        if pipeline is not None and pipeline.has_pictures and self._measured_in not in (None, frame.index):
            self._take(None)

    def drawn_into(self) -> Callable[[Image], Image]:
        """What draws what is measured now into a picture as large as the source's; may be called in any thread."""
        measure, said = self.measure, self.said
        if measure is None or not self.is_on:
            return lambda image: image
        return lambda image: with_measure(image, measure, said)

    @property
    def said(self) -> list[str]:
        """What is measured, in words."""
        per_cm = self._window.scaling.per_cm
        return self.measure.said(self._body(), per_cm) if self.measure is not None else []

    def _body(self) -> Floats | None:
        """Of who is chosen and in the picture, the last first."""
        ids = self._view.ids.tolist()
        there = [person for person in reversed(self._window.casting.chosen_on_screen) if person in ids]
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
        frame = self._view.frame
        self._measured_in = frame.index if measure is not None and frame is not None else None
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
        draw_measure(QPainter(self), measure, self.said, self._point, QSizeF(self.size()))
