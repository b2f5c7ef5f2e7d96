"""Handles of somebody's points over the picture: found under the mouse, dragged, moved by keys, asked with the right
button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PyQt6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PyQt6.QtWidgets import QMenu, QWidget

from app.video_view import VideoView
from core.skeleton import POINT_COLORS, POINT_NAMES

if TYPE_CHECKING:
    from app.point_editing import PointEditing

REACH = 12.0  # pixels from a handle at which the mouse still means it
_STILL = 3.0  # pixels that a click may move
_SIZE, _LARGE = 5.5, 8.0  # pixels from the middle of a handle to its edge; of one that is chosen or under the mouse
_BESIDE, _APART = 32.0, 20.0  # pixels between the body and what was not found, and between two of these
_NAMED = 112.0  # pixels that a handle with its name takes
_DARK, _LIGHT, _CHOSEN = QColor("#101214"), QColor("#ffffff"), QColor("#ff5fd2")
_STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
_FAR = 10  # image pixels that an arrow goes with Shift
_MENU = ("point-before", "point-after", "point-between", "point-fill", "point-away", "point-back")


@dataclass(slots=True)
class _Hold:
    """A handle that is held. pressed: where; offset: from there to its middle; drags: it was moved"""

    point: int
    pressed: QPointF
    offset: QPointF
    drags: bool = False


class PointHandles(QWidget):
    """Lies over the picture while points are corrected. What is no handle is left to the picture below."""

    def __init__(self, editing: PointEditing, view: VideoView) -> None:
        super().__init__(view)
        self._editing = editing
        self._view = view
        self._hold: _Hold | None = None
        self._over: int | None = None  # the point under the mouse
        self.setMouseTracking(True)
        self.setAccessibleName("Points")
        view.installEventFilter(self)
        editing.changed.connect(self._follow)
        self.hide()

    @property
    def is_dragging(self) -> bool:
        return self._hold is not None

    def let_go(self) -> None:
        """Hold nothing any more; what was held is not dropped."""
        self._hold = None

    def places(self) -> dict[int, QPointF]:
        """Where each handle is: on its point, or in a row beside the body where that was not found."""
        if (pose := self._editing.pose) is None:
            return {}
        known = {point: pose.at(point) for point in range(len(pose.points))}
        found = {point: self._view.point_at(at) for point, at in known.items() if at is not None}
        missing = [point for point, at in known.items() if at is None]
        return found | dict(zip(missing, self._beside(list(found.values()), len(missing)), strict=True))

    def _beside(self, body: list[QPointF], count: int) -> list[QPointF]:
        """Places one below the other beside a body, inside the picture on screen."""
        right = max((point.x() for point in body), default=0.0) + _BESIDE
        if right + _NAMED > self.width():
            right = min((point.x() for point in body), default=0.0) - _BESIDE - _NAMED
        x = min(max(right, _SIZE + 4), max(self.width() - _NAMED, _SIZE + 4))
        top = min((point.y() for point in body), default=0.0)
        y = min(max(top, _APART), max(self.height() - count * _APART, _APART))
        return [QPointF(x, y + row * _APART) for row in range(count)]

    def _at(self, place: QPointF) -> int | None:
        """The point whose handle is nearest; None: none is near."""
        away = {point: QPointF.dotProduct(at - place, at - place) for point, at in self.places().items()}
        nearest = min(away, key=lambda point: away[point], default=None)
        return nearest if nearest is not None and away[nearest] <= REACH**2 else None

    def _follow(self) -> None:
        if self.isVisibleTo(self._view) != (self._editing.pose is not None):
            self.resize(self._view.size())
            self.setVisible(self._editing.pose is not None)
            self._hover(None)
        self.update()

    # -- mouse --

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        point = self._at(event.position())
        if point is None or event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            event.ignore()
            return
        self._view.setFocus()
        self._editing.choose(point)
        if event.button() == Qt.MouseButton.LeftButton:
            self._hold = _Hold(point, event.position(), self.places()[point] - event.position())
        elif self._hold is None:
            self.menu().popup(event.globalPosition().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        if (hold := self._hold) is None:
            self._hover(self._at(event.position()) if not event.buttons() else None)
            event.ignore()
            return
        if hold.drags or (event.position() - hold.pressed).manhattanLength() >= _STILL:
            hold.drags = True
            self._editing.preview(hold.point, self._view.place_at(event.position() + hold.offset))

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        if event.button() != Qt.MouseButton.LeftButton or (hold := self._hold) is None:
            event.ignore()
            return
        self._hold = None
        if hold.drags:
            self._editing.drop(hold.point)
        self._hover(self._at(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """On a handle a second click is one of its own; elsewhere it is the picture's."""
        self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if self._hold is None:
            self._view.wheelEvent(event)

    def leaveEvent(self, event: QEvent | None) -> None:
        self._hover(None)

    def _hover(self, point: int | None) -> None:
        if point != self._over:
            self._over = point
            if point is None:
                self.unsetCursor()
            else:
                self.setCursor(Qt.CursorShape.SizeAllCursor)
            self.update()

    def menu(self) -> QMenu:
        """What can be done with the point that is chosen."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        menu.addActions(self._editing.commands(*_MENU[:4]))
        menu.addSeparator()
        menu.addActions(self._editing.commands(*_MENU[4:]))
        return menu

    # -- keys, which the picture gets --

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is None:
            return False
        if event.type() == QEvent.Type.Resize:
            self.resize(self._view.size())
        if isinstance(event, QKeyEvent) and self._editing.has_chosen and self._is_mine(event):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # else it would be that of a command, such as the next frame
            elif event.type() == QEvent.Type.KeyPress:
                self._press(event)
            return True
        return False

    @staticmethod
    def _is_mine(event: QKeyEvent) -> bool:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() == Qt.Key.Key_Delete:
            return modifiers == Qt.KeyboardModifier.NoModifier
        return event.key() in _STEPS and modifiers in (
            Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier,
        )  # fmt: skip

    def _press(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self._editing.steps.take_away()
            return
        x, y = _STEPS[Qt.Key(event.key())]
        pixels = _FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        self._editing.nudge(pixels * x, pixels * y)

    # -- painting --

    def paintEvent(self, event: QPaintEvent | None) -> None:
        if (pose := self._editing.pose) is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places, marked = self.places(), (self._editing.chosen, self._over)
        for point in sorted(places, key=lambda point: point in marked):  # what is marked lies over the others
            missing = pose.at(point) is None
            self._draw(painter, point, places[point], missing, point in pose.by_hand)
            if missing or point in marked:
                self._write(painter, point, places[point])

    def _draw(self, painter: QPainter, point: int, at: QPointF, missing: bool, by_hand: bool) -> None:
        """A ring; dashed where the point was not found, a diamond where it is as the user has put it."""
        blue, green, red = POINT_COLORS[point]
        color = _CHOSEN if point == self._editing.chosen else QColor(red, green, blue)
        size = _LARGE if point in (self._editing.chosen, self._over) else _SIZE
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for shade, width in ((_DARK, 4.5), (_LIGHT if by_hand and color != _CHOSEN else color, 2.0)):
            pen = QPen(shade, width)
            if missing and shade is not _DARK:
                pen.setStyle(Qt.PenStyle.DotLine)
            painter.setPen(pen)
            if by_hand:
                tips = (QPointF(0, -1), QPointF(1, 0), QPointF(0, 1), QPointF(-1, 0))
                painter.drawPolygon(QPolygonF([at + 1.25 * size * tip for tip in tips]))
            else:
                painter.drawEllipse(at, size, size)

    def _write(self, painter: QPainter, point: int, at: QPointF) -> None:
        """The name beside a handle."""
        name, metrics = POINT_NAMES[point], QFontMetricsF(painter.font())
        width, height = metrics.horizontalAdvance(name) + 10, metrics.lineSpacing() + 2
        x = at.x() + 14
        if x + width > self.width():
            x = at.x() - 14 - width
        box = QRectF(x, at.y() - height / 2, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(16, 18, 20, 210))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(_LIGHT)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)
