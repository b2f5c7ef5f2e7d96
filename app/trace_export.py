"""The curves of the traces as a picture: PNG or SVG, with their legend."""

from __future__ import annotations

import pyqtgraph
from PyQt6.QtCore import QBuffer, QIODevice, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QImage, QPainter
from PyQt6.QtSvg import QSvgGenerator

from app import theme
from app.series import Series

LEGEND = 200  # pixels beside the plot
LINE = 18
LEAST_WIDTH = 800


def as_png(plot: pyqtgraph.PlotWidget, series: list[Series]) -> bytes:
    """Twice as fine as on screen."""
    size = _size(plot, series)
    image = QImage(2 * size, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.now().background))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(2, 2)
    _paint(painter, plot, series, size)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def as_svg(plot: pyqtgraph.PlotWidget, series: list[Series]) -> bytes:
    size = _size(plot, series)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle("PoseDesk traces")
    painter = QPainter(generator)
    painter.fillRect(0, 0, size.width(), size.height(), QColor(theme.now().background))
    _paint(painter, plot, series, size)
    painter.end()
    return bytes(buffer.data().data())


def _size(plot: pyqtgraph.PlotWidget, series: list[Series]) -> QSize:
    return QSize(max(plot.width(), LEAST_WIDTH) + LEGEND, max(plot.height(), LINE * len(series) + 16))


def _paint(painter: QPainter, plot: pyqtgraph.PlotWidget, series: list[Series], size: QSize) -> None:
    area = QRectF(0, 0, size.width() - LEGEND, size.height())
    plot.scene().render(painter, area, plot.sceneRect(), Qt.AspectRatioMode.IgnoreAspectRatio)
    left = size.width() - LEGEND + 8
    for row, one in enumerate(series):
        top = 8 + LINE * row
        painter.fillRect(QRectF(left, top + LINE / 2 - 2, 14, 4), QColor(one.color))
        painter.setPen(QColor(theme.now().text))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(left + 20, top, LEGEND - 28, LINE), flags, one.name.capitalize())
