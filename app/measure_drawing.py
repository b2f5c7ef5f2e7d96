"""Draws what is measured: a line or an angle, and beside it what it comes to. On screen, and in a picture that is kept.

May be used in any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, QSizeF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from core.measure import Measure, Place
from core.types import Image

_DOT = 3.0  # pixels
_COLOR = "#ff5fd2"  # no limb has it
_HEIGHT = 720  # pixels of a picture in which lines are as wide as on screen; in larger ones they are wider
_LETTERS = 13  # pixels of letters there


def draw_measure(
    painter: QPainter, measure: Measure, said: Sequence[str], point: Callable[[Place], QPointF], size: QSizeF,
    fine: float = 1.0,
) -> None:  # fmt: skip
    """said: what is measured, in words; point: where a place of the picture lies for the painter; size: of what is
    painted on, which the words stay within; fine: times as large as on screen"""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    points = [point(place) for place in (measure.a, measure.b, measure.c) if place is not None]
    for color, width in ((QColor("#101214"), 4 * fine), (QColor(_COLOR), 2 * fine)):  # seen on light and dark
        painter.setPen(QPen(color, width))
        painter.setBrush(color)
        painter.drawPolyline(QPolygonF(points))
        for each in points:
            painter.drawEllipse(each, _DOT * fine, _DOT * fine)
    _write(painter, said, points, size, fine)


def _write(painter: QPainter, said: Sequence[str], points: Sequence[QPointF], size: QSizeF, fine: float) -> None:
    """Beside the end of the line, inside the picture."""
    metrics = QFontMetricsF(painter.font())
    width = max(map(metrics.horizontalAdvance, said)) + 12 * fine
    height = len(said) * metrics.lineSpacing() + 8 * fine
    right = points[1].x() >= points[0].x()  # away from the line
    x = points[1].x() + (12 * fine if right else -12 * fine - width)
    x = min(max(x, 2.0), max(size.width() - width - 2, 2.0))
    y = min(max(points[1].y() - height / 2, 2.0), max(size.height() - height - 2, 2.0))
    box = QRectF(x, y, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(16, 18, 20, 210))
    painter.drawRoundedRect(box, 3 * fine, 3 * fine)
    painter.setPen(QColor("#ffffff"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "\n".join(said))


def with_measure(image: Image, measure: Measure, said: Sequence[str]) -> Image:
    """The same picture with what is measured in it; (height, width, 3) uint8 BGR."""
    height, width = image.shape[:2]
    fine = max(height / _HEIGHT, 1.0)
    drawn = QImage(width, height, QImage.Format.Format_RGB888)
    drawn.fill(QColor("black"))
    bits = drawn.bits()
    assert bits is not None
    bits.setsize(drawn.sizeInBytes())
    rows = np.frombuffer(bits, np.uint8).reshape(height, drawn.bytesPerLine())[:, : 3 * width]  # type: ignore[call-overload]
    rows[:] = image[:, :, ::-1].reshape(height, 3 * width)
    painter = QPainter(drawn)
    font = QFont()
    font.setPixelSize(round(_LETTERS * fine))
    painter.setFont(font)
    draw_measure(
        painter, measure, said, lambda place: QPointF(place[0] + 0.5, place[1] + 0.5), QSizeF(width, height), fine
    )
    painter.end()
    return np.ascontiguousarray(rows.reshape(height, width, 3)[:, :, ::-1])
