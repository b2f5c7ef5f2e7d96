"""The picture on screen: zoom to the pointer, pan by dragging, double click to fit, click to choose a person."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np
from PyQt6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PyQt6.QtWidgets import QApplication, QSizePolicy, QWidget

from app import theme
from app.canvas import Picture, Placement, compose
from app.newest_job import NewestJob
from app.qimage import view_of
from core.types import Frame, Image, Ints, People

STEP = 1.25  # of zoom, for a key or a notch of the wheel
LEAST, MOST = 0.05, 40.0  # zoom, canvas pixels a picture pixel


@dataclass(frozen=True, slots=True)
class _Order:
    """A canvas that is wanted.

    size: (width, height) in pixels of the screen; fine: how many of them for one of the window; era: counts up when all
    is cleared
    """

    picture: Picture
    at: Placement
    size: tuple[int, int]
    fine: float
    era: int


@dataclass(frozen=True, slots=True)
class _Canvas:
    """A canvas that was composed."""

    order: _Order
    image: Image
    milliseconds: float


class VideoView(QWidget):
    """Shows what it is given. The canvas is composed in a thread of its own, the newest that is wanted; until it is
    there the last one is shown, moved to where its picture lies now. `close_down` ends the thread.
    """

    NOBODY: tuple[People, Ints] = People.empty(), np.empty(0, np.int32)

    clicked = pyqtSignal(float, float, bool)  # image pixels of a click that moved nothing; whether with Ctrl
    asked = pyqtSignal(float, float, QPoint)  # image pixels of a click with the right button, and where on the screen
    failed = pyqtSignal(object)  # the error of a canvas that could not be composed
    _composed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 96)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Picture")
        self._picture: Picture | None = None
        self._era = 0
        self.painted = 0  # how often something new was painted
        self._placement: Placement | None = None  # None: fitted
        self._wanted: _Order | None = None
        self._newest: _Canvas | None = None  # the composing thread puts it here
        self._on_screen: _Canvas | None = None
        self._pressed: QPointF | None = None
        self._drag: QPointF | None = None
        self._composed.connect(self.update)
        self._composer: NewestJob[_Order] = NewestJob("composer", self._compose, self.failed.emit)

    def sizeHint(self) -> QSize:
        return QSize(800, 450)

    def show_picture(self, picture: Picture) -> None:
        """Show this, as soon as it is composed."""
        if self.frame is not None and self.frame.size != picture.frame.size:
            self._placement = None
        self._picture = picture
        self._refresh()

    def clear(self) -> None:
        """Show nothing; what is being composed comes too late."""
        self._era += 1
        self._picture, self._placement, self._on_screen = None, None, None
        self._refresh()

    def close_down(self) -> None:
        """End the thread that composes."""
        self._composer.close()

    # -- what is shown --

    @property
    def shown(self) -> Picture | None:
        """What is to be seen; None where nothing was shown yet."""
        return self._picture

    @property
    def frame(self) -> Frame | None:
        return self._picture.frame if self._picture is not None else None

    @property
    def people(self) -> People:
        return self._picture.people if self._picture is not None else self.NOBODY[0]

    @property
    def ids(self) -> Ints:
        return self._picture.ids if self._picture is not None else self.NOBODY[1]

    # -- zoom --

    @property
    def placement(self) -> Placement:
        """Where the picture lies, in pixels of the screen."""
        if self._placement is not None:
            return self._placement
        return Placement.fit(self.frame.size if self.frame is not None else (16, 9), self._size())

    def place_at(self, point: QPointF) -> tuple[float, float]:
        """The image pixels at a point of the widget."""
        at = point * self.devicePixelRatioF()
        return self.placement.to_picture(at.x(), at.y())

    def point_at(self, place: tuple[float, float]) -> QPointF:
        """The point of the widget at image pixels."""
        at = self.placement
        return QPointF((place[0] + 0.5) * at.zoom + at.left, (place[1] + 0.5) * at.zoom + at.top) / (
            self.devicePixelRatioF()
        )

    @property
    def fitted(self) -> bool:
        return self._placement is None

    def fit(self) -> None:
        """The whole picture, and again whenever the window changes its size."""
        self._placement = None
        self._move()

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
        self._move()

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is not None and self.frame is not None and (notches := event.angleDelta().y() / 120):
            self.zoom(STEP**notches, event.position())

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        if event.button() == Qt.MouseButton.RightButton and self.frame is not None:
            self.asked.emit(*self.place_at(event.position()), event.globalPosition().toPoint())
        elif event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._drag = event.position()
            self._pressed = event.position() if event.button() == Qt.MouseButton.LeftButton else None

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None or self._drag is None or self.frame is None:
            return
        if self._pressed is not None:
            if (event.position() - self._pressed).manhattanLength() < QApplication.startDragDistance():
                return  # the hand trembles: still a click
            self._pressed = None
        step, self._drag = (event.position() - self._drag) * self.devicePixelRatioF(), event.position()
        if not self.fitted:  # a picture that is all on screen has nowhere to go
            self._placement = self.placement.moved(step.x(), step.y())
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._move()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        pressed, self._pressed, self._drag = self._pressed, None, None
        self.unsetCursor()
        if pressed is not None and self.frame is not None:
            at = pressed * self.devicePixelRatioF()
            more = event is not None and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self.clicked.emit(*self.placement.to_picture(at.x(), at.y()), more)

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        self.fit()

    # -- composing and painting --

    def picture(self) -> Image | None:
        """(height, width, 4) BGRA: what is on screen; None where nothing was composed yet."""
        return self._on_screen.image if self._on_screen is not None else None

    @property
    def milliseconds(self) -> float:
        """That the last canvas took to compose."""
        return self._newest.milliseconds if self._newest is not None else 0.0

    @property
    def settled(self) -> bool:
        """Whether what is on screen is what is wanted."""
        on_screen = self._on_screen.order if self._on_screen is not None else None
        return self._wanted is on_screen

    def _size(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))

    def _refresh(self) -> None:
        if self._picture is None:
            self._wanted = None
            self.update()
            return
        self._wanted = _Order(self._picture, self.placement, self._size(), self.devicePixelRatioF(), self._era)
        self._composer.submit(self._wanted)

    def _move(self) -> None:
        self._refresh()
        self.update()  # what is there goes along at once

    def _compose(self, order: _Order) -> None:
        begun = perf_counter()
        image = compose(order.picture, order.at, order.size, order.fine)
        self._newest = _Canvas(order, image, 1e3 * (perf_counter() - begun))
        self._composed.emit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._refresh()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        if self._picture is None or self._wanted is None:
            painter.fillRect(self.rect(), Qt.GlobalColor.black)
            return
        newest = self._newest
        if newest is not None and newest is not self._on_screen and newest.order.era == self._era:
            self._on_screen = newest
            self.painted += 1
        if self._on_screen is None:
            painter.fillRect(self.rect(), Qt.GlobalColor.black)
            return
        image = view_of(self._on_screen.image)
        ratio = self.devicePixelRatioF()
        order, now = self._on_screen.order, self._wanted
        if order.at == now.at and order.size == now.size:
            image.setDevicePixelRatio(ratio)
            painter.drawImage(0, 0, image)
            return
        # Zoomed, moved or resized a moment ago: what is there is put where it belongs until its successor comes.
        painter.fillRect(self.rect(), theme.MARGIN)
        factor = now.at.zoom / order.at.zoom * order.picture.frame.size[0] / now.picture.frame.size[0]
        left, top = now.at.left - factor * order.at.left, now.at.top - factor * order.at.top
        width, height = factor * order.size[0], factor * order.size[1]
        painter.drawImage(QRectF(left / ratio, top / ratio, width / ratio, height / ratio), image)
