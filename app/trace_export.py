"""The curves of the traces as a picture: PNG or SVG, with axes that say what they are, what is shaded, and a legend. It
has a size of its own, as the panel may be a strip, and is on white, for reports, whatever the window looks like. Any
thread may make one: nothing here is a widget.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph
from PyQt6.QtCore import QBuffer, QIODevice, QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPen, QTransform
from PyQt6.QtSvg import QSvgGenerator

from app import theme
from app.series import Series
from app.trace_shades import NO_BANDS, Bands

WIDTH, HEIGHT = 1200, 480  # pixels; the legend may make it higher
LEGEND = 260  # of them beside the plot
LINE, TOP = 18, 30
_LEFT, _RIGHT, _BELOW = 64, 12, 46  # pixels beside and below the plot, for numbers and titles
_GROUND = theme.PAPER.background
_BAR, _DASHES = ((0, 14),), ((0, 6), (8, 14))  # from where to where a line of the legend is painted, in pixels
Labels = Sequence[tuple[str, str]]  # name and #rrggbb of what is shaded


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a picture is of. axis: what is plotted, with its unit; x, y: the ranges that are seen; labels: of what is
    shaded"""

    title: str
    axis: str
    series: Sequence[Series]
    x: tuple[float, float]
    y: tuple[float, float]
    shades: Bands = NO_BANDS
    labels: Labels = ()

    @property
    def size(self) -> QSize:
        return QSize(WIDTH, max(HEIGHT, TOP + LINE * (len(self.series) + len(self.labels)) + 16))


def as_png(sheet: Sheet) -> bytes:
    """Twice as fine as on screen."""
    image = QImage(2 * sheet.size, QImage.Format.Format_RGB32)
    image.fill(QColor(_GROUND))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(2, 2)
    _paint(painter, sheet)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def as_svg(sheet: Sheet) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(sheet.size)
    generator.setViewBox(QRectF(0, 0, sheet.size.width(), sheet.size.height()))
    generator.setTitle("PoseDesk traces")
    painter = QPainter(generator)
    painter.fillRect(0, 0, sheet.size.width(), sheet.size.height(), QColor(_GROUND))
    _paint(painter, sheet)
    painter.end()
    return bytes(buffer.data().data())


def _paint(painter: QPainter, sheet: Sheet) -> None:
    font = painter.font()
    font.setPixelSize(13)
    painter.setFont(font)
    size = sheet.size
    area = QRectF(_LEFT, TOP, size.width() - LEGEND - _LEFT - _RIGHT, size.height() - TOP - _BELOW)
    _paint_plot(painter, sheet, area)
    metrics = painter.fontMetrics()
    painter.setPen(QColor(theme.PAPER.text))
    painter.drawText(QRectF(_LEFT, 0, area.width(), TOP), Qt.AlignmentFlag.AlignVCenter, sheet.title)
    left, room = size.width() - LEGEND + 8, LEGEND - 28
    curves = [(one.name[:1].upper() + one.name[1:], one.color, one.dashed) for one in sheet.series]
    lines = [
        *((name, theme.line_color(color, _GROUND), 4, dashed) for name, color, dashed in curves),
        *((name, color, 12, False) for name, color in sheet.labels),
    ]
    for row, (text, color, thick, dashed) in enumerate(lines):
        top = TOP + LINE * row
        for begin, end in _DASHES if dashed else _BAR:
            painter.fillRect(QRectF(left + begin, top + (LINE - thick) / 2, end - begin, thick), QColor(color))
        painter.setPen(QColor(theme.PAPER.text))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(left + 20, top, room, LINE), flags, shown)


def _paint_plot(painter: QPainter, sheet: Sheet, area: QRectF) -> None:
    """Grid, shades, curves, and axes with numbers and titles."""
    to_picture = _transform(sheet, area)
    painter.save()
    painter.setClipRect(area)
    painter.setTransform(to_picture, True)
    view = QRectF(sheet.x[0], sheet.y[0], sheet.x[1] - sheet.x[0], sheet.y[1] - sheet.y[0])
    sheet.shades.paint(painter, view, view.width() / area.width(), theme.PAPER.quiet)
    painter.restore()
    _paint_axes(painter, sheet, area)
    painter.save()
    painter.setClipRect(area)
    for one in sheet.series:
        style = Qt.PenStyle.DashLine if one.dashed else Qt.PenStyle.SolidLine
        painter.setPen(QPen(QColor(theme.line_color(one.color, _GROUND)), 1.5, style))
        first, last = np.searchsorted(one.times, sheet.x, side="left")
        seen = slice(max(int(first) - 1, 0), int(last) + 1)  # one beyond each edge, where the curve comes from and goes
        x = to_picture.m11() * one.times[seen] + to_picture.dx()
        y = to_picture.m22() * one.values[seen] + to_picture.dy()
        painter.drawPath(pyqtgraph.arrayToQPath(x, y, connect="finite"))
    painter.restore()


def _paint_axes(painter: QPainter, sheet: Sheet, area: QRectF) -> None:
    line, faint, text = (QColor(color) for color in (theme.PAPER.quiet, theme.PAPER.quiet, theme.PAPER.text))
    faint.setAlphaF(0.15)
    middle, high = Qt.AlignmentFlag.AlignHCenter, painter.fontMetrics().height()
    for value, said in ticks(*sheet.x, max(int(area.width() / 80), 2)):
        x = area.left() + (value - sheet.x[0]) / (sheet.x[1] - sheet.x[0]) * area.width()
        painter.setPen(faint)
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        painter.setPen(text)
        painter.drawText(QRectF(x - 60, area.bottom() + 4, 120, high), middle, said)
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    for value, said in ticks(*sheet.y, max(int(area.height() / 40), 2)):
        y = area.bottom() - (value - sheet.y[0]) / (sheet.y[1] - sheet.y[0]) * area.height()
        painter.setPen(faint)
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setPen(text)
        painter.drawText(QRectF(0, y - high / 2, area.left() - 6, high), right, said)
    painter.setPen(line)
    painter.drawLine(area.topLeft(), area.bottomLeft())
    painter.drawLine(area.bottomLeft(), area.bottomRight())
    painter.setPen(text)
    painter.drawText(QRectF(area.left(), area.bottom() + 6 + high, area.width(), high), middle, "seconds")
    painter.save()
    painter.translate(0, area.bottom())
    painter.rotate(-90)
    painter.drawText(QRectF(0, 2, area.height(), high), middle, sheet.axis)
    painter.restore()


def _transform(sheet: Sheet, area: QRectF) -> QTransform:
    """From seconds and values, which rise upwards, to the picture."""
    across, up = area.width() / (sheet.x[1] - sheet.x[0]), area.height() / (sheet.y[1] - sheet.y[0])
    return QTransform(across, 0, 0, -up, area.left() - across * sheet.x[0], area.bottom() + up * sheet.y[0])


def ticks(low: float, high: float, most: int) -> list[tuple[float, str]]:
    """Round values of an axis from `low` to `high`, no more than `most` and their last, and how each is written."""
    rough = (high - low) / most
    power = 10.0 ** np.floor(np.log10(rough))
    step = power * next(factor for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    decimals = max(0, -int(np.floor(np.log10(step) + 1e-9)))
    numbers = range(int(np.ceil(low / step - 1e-9)), int(np.floor(high / step + 1e-9)) + 1)
    return [(number * step, f"{number * step:.{decimals}f}") for number in numbers]
