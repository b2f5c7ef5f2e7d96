"""The picture on screen: zoom to the pointer, pan by dragging, double click to fit."""

from __future__ import annotations

from time import perf_counter

import numpy as np
from PyQt6.QtCore import QPointF, QSize, Qt
from PyQt6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.canvas import Placement, compose
from app.qimage import view_of
from core.outputs import Overlay
from core.types import Frame, Image, Ints, People

STEP = 1.25  # of zoom, for a key or a notch of the wheel
LEAST, MOST = 0.05, 40.0  # zoom, canvas pixels a picture pixel


class VideoView(QWidget):
    """Shows what it is given; composes the canvas when it is painted, once a change."""

    NOBODY: tuple[People, Ints] = People.empty(), np.empty(0, np.int32)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Picture")
        self.overlay = Overlay()
        self.frame: Frame | None = None
        self.people, self.ids = self.NOBODY
        self.painted = 0  # how often something new was painted
        self.milliseconds = 0.0  # that the last new picture took to compose
        self._placement: Placement | None = None  # None: fitted
        self._canvas: Image | None = None
        self._drag: QPointF | None = None

    def sizeHint(self) -> QSize:
        return QSize(800, 450)

    def show_frame(self, frame: Frame, people: People, ids: Ints) -> None:
        """Show a picture with these people over it."""
        if self.frame is not None and self.frame.size != frame.size:
            self._placement = None
        self.frame, self.people, self.ids = frame, people, ids
        self._refresh()

    def set_overlay(self, overlay: Overlay) -> None:
        self.overlay = overlay
        self._refresh()

    def clear(self) -> None:
        self.frame, self._placement = None, None
        self._refresh()

    # -- zoom --

    @property
    def placement(self) -> Placement:
        """Where the picture lies, in pixels of the screen."""
        if self._placement is not None:
            return self._placement
        return Placement.fit(self.frame.size if self.frame is not None else (16, 9), self._size())

    @property
    def fitted(self) -> bool:
        return self._placement is None

    def fit(self) -> None:
        """The whole picture, and again whenever the window changes its size."""
        self._placement = None
        self._refresh()

    def actual_size(self) -> None:
        """A pixel of the picture is a pixel of the screen."""
        self.zoom(1 / self.placement.zoom)

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Larger by `factor` around a point of the widget, its middle where none is given."""
        ratio = self.devicePixelRatioF()
        point = (at if at is not None else QPointF(self.rect().center())) * ratio
        now = self.placement
        factor = min(max(now.zoom * factor, LEAST), MOST) / now.zoom
        self._placement = now.zoomed(factor, point.x(), point.y())
        self._refresh()

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is not None and self.frame is not None and (notches := event.angleDelta().y() / 120):
            self.zoom(STEP**notches, event.position())

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._drag = event.position()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None or self._drag is None or self.frame is None:
            return
        step, self._drag = (event.position() - self._drag) * self.devicePixelRatioF(), event.position()
        if not self.fitted:  # a picture that is all on screen has nowhere to go
            self._placement = self.placement.moved(step.x(), step.y())
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._refresh()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        self._drag = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        self.fit()

    # -- painting --

    def picture(self) -> Image | None:
        """(height, width, 4) BGRA: what is on screen; None where nothing was shown yet."""
        return self._canvas

    def _size(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))

    def _refresh(self) -> None:
        self._canvas = None
        self.update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._refresh()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        if self.frame is None:
            painter.fillRect(self.rect(), Qt.GlobalColor.black)
            return
        if self._canvas is None:
            begun = perf_counter()
            self._canvas = compose(self.frame.image, self.people, self.ids, self.overlay, self.placement, self._size())
            self.milliseconds = 1e3 * (perf_counter() - begun)
            self.painted += 1
        image = view_of(self._canvas)
        image.setDevicePixelRatio(self.devicePixelRatioF())
        painter.drawImage(0, 0, image)
