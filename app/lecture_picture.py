"""A picture to look into: it grows under the wheel and moves with the mouse, and names what it has room for."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from PyQt6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, QSizeF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.lecture import Label
from app.qimage import view_of
from core.outputs import place_labels
from core.types import Image

LARGEST = 16.0  # times as large as the whole picture fits
STEP = 1.25  # of a notch of the wheel
MOST_LABELS = 200  # beyond them there is no room anyway
NEAR = 14.0  # pixels from the pointer to what it names
_DOT, _AWAY = 4.0, 9.0  # pixels: radius of a dot, and from its middle to its label
_PLATE, _WON, _LOST = QColor(18, 20, 24, 215), QColor(255, 255, 255), QColor(176, 180, 188)


class Eye(QObject):
    """What is looked at, by all pictures of a page. zoom: 1 is all of it; at: the middle, as shares of width and
    height"""

    changed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.zoom = 1.0
        self.at = QPointF(0.5, 0.5)

    def look(self, zoom: float, at: QPointF) -> None:
        self.zoom = min(max(zoom, 1.0), LARGEST)
        self.at = at if self.zoom > 1 else QPointF(0.5, 0.5)
        self.changed.emit()


class LecturePicture(QWidget):
    """A picture, as large as it fits, or larger. Labels keep their size; one that has no room shows under the
    pointer."""

    def __init__(self, eye: Eye) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self.setMouseTracking(True)
        self.setToolTip("Wheel: closer and farther. Drag: move. Double click: all of it.")
        self._eye = eye
        eye.changed.connect(self._looked)
        self._image: Image | None = None
        self._labels: list[Label] = []
        self._near = -1  # the label of what the pointer is at
        self._held: QPointF | None = None  # where the mouse was when it was pressed, or moved last

    def sizeHint(self) -> QSize:
        return QSize(480, 320)

    def show_image(self, image: Image, labels: Sequence[Label] = ()) -> None:
        """image: (height, width, 3) BGR; labels: those that matter most first"""
        self._image = np.ascontiguousarray(cv2.cvtColor(image, cv2.COLOR_BGR2BGRA), np.uint8)
        self._labels = list(labels[:MOST_LABELS])
        self._near = -1
        self.update()

    def place_of(self, x: float, y: float) -> QPointF:
        """Where a place of the picture, in its pixels, is on screen."""
        area = self._area()
        height, width = self._image.shape[:2] if self._image is not None else (1, 1)
        return QPointF(area.left() + (x + 0.5) * area.width() / width, area.top() + (y + 0.5) * area.height() / height)

    def _area(self) -> QRectF:
        """Where all of the picture lies; what is outside of the widget is not seen."""
        height, width = self._image.shape[:2] if self._image is not None else (1, 1)
        scale = min(self.width() / width, self.height() / height) * self._eye.zoom
        wide, high = scale * width, scale * height
        x, y = (_kept(at, own / all_) for at, own, all_ in (
            (self._eye.at.x(), self.width(), wide), (self._eye.at.y(), self.height(), high)
        ))  # fmt: skip
        return QRectF(self.width() / 2 - x * wide, self.height() / 2 - y * high, wide, high)

    def _looked(self) -> None:
        self.setCursor(Qt.CursorShape.OpenHandCursor if self._eye.zoom > 1 else Qt.CursorShape.ArrowCursor)
        self._near = -1
        self.update()

    def _middle(self, area: QRectF) -> QPointF:
        return QPointF(
            (self.width() / 2 - area.left()) / area.width(), (self.height() / 2 - area.top()) / area.height()
        )

    # -- the mouse --

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is None or self._image is None:
            return
        area, zoom = self._area(), min(max(self._eye.zoom * STEP ** (event.angleDelta().y() / 120), 1.0), LARGEST)
        # What is under the pointer stays there.
        at, share = event.position(), 1 - self._eye.zoom / zoom
        middle = self._middle(area)
        under = QPointF((at.x() - area.left()) / area.width(), (at.y() - area.top()) / area.height())
        self._eye.look(zoom, middle + (under - middle) * share)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self._held = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        self._held = None

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        self._eye.look(1.0, QPointF(0.5, 0.5))

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        if self._held is not None and self._eye.zoom > 1:
            area, moved = self._area(), event.position() - self._held
            self._held = event.position()
            away = QPointF(moved.x() / area.width(), moved.y() / area.height())
            self._eye.look(self._eye.zoom, self._middle(area) - away)
            return
        near = self._nearest(event.position())
        if near != self._near:
            self._near = near
            self.update()

    def leaveEvent(self, event: QEvent | None) -> None:
        self._near = -1
        self.update()

    def _nearest(self, at: QPointF) -> int:
        """The label of what is named there; -1 where nothing is."""
        away = [(self.place_of(label.x, label.y) - at).manhattanLength() for label in self._labels]
        return int(np.argmin(away)) if away and min(away) <= NEAR else -1

    # -- drawing --

    def paintEvent(self, event: QPaintEvent | None) -> None:
        if self._image is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        painter.drawImage(self._area(), view_of(self._image))
        for corner, size, label in reversed(self.shown_labels(painter.fontMetrics())):
            plate, place = QRectF(corner, QSizeF(size)), self.place_of(label.x, label.y)
            painter.setPen(QPen(_WON if label.won else _LOST, 1.2))  # which of two places it is beside
            x = min(max(place.x(), plate.left()), plate.right())
            painter.drawLine(place, QPointF(x, min(max(place.y(), plate.top()), plate.bottom())))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_PLATE)
            painter.drawRoundedRect(plate, 4, 4)
            painter.setPen(_WON if label.won else _LOST)
            painter.drawText(plate, int(Qt.AlignmentFlag.AlignCenter), label.text)
        for label in reversed(self._labels):
            painter.setPen(QColor(18, 20, 24))
            painter.setBrush(_WON if label.won else _LOST)
            painter.drawEllipse(self.place_of(label.x, label.y), _DOT, _DOT)

    def shown_labels(self, metrics: QFontMetrics) -> list[tuple[QPointF, QSize, Label]]:
        """The labels that have room, each with its top left corner and its size; the one under the pointer first."""
        labels = list(self._labels)
        if self._near >= 0:
            labels.insert(0, labels.pop(self._near))
        seen = [label for label in labels if QRectF(self.rect()).contains(self.place_of(label.x, label.y))]
        if not seen:
            return []
        sizes = [QSize(metrics.horizontalAdvance(label.text) + 8, metrics.height() + 2) for label in seen]
        places = [self.place_of(label.x, label.y) for label in seen]
        corners = place_labels(
            np.array([(place.x(), place.y()) for place in places], np.float32),
            [(size.width(), size.height()) for size in sizes], (self.width(), self.height()), _AWAY,
        )  # fmt: skip
        return [
            (QPointF(*corner), size, label)
            for corner, size, label in zip(corners, sizes, seen, strict=True)
            if corner is not None
        ]


def _kept(at: float, share: float) -> float:
    """`at`, so that a stretch of `share` around it stays within 0 to 1; the middle where all of it fits."""
    return 0.5 if share >= 1 else min(max(at, share / 2), 1 - share / 2)
