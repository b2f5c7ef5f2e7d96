"""The curves of the traces as a picture: PNG or SVG, with what is shaded behind them and their legend."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph
from PyQt6.QtCore import QBuffer, QIODevice, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QImage, QPainter
from PyQt6.QtSvg import QSvgGenerator

from app import theme
from app.series import Series

LEGEND = 200  # pixels beside the plot
LINE = 18
LEAST_WIDTH = 800
Labels = Sequence[tuple[str, str]]  # name and #rrggbb of what is shaded


def as_png(plot: pyqtgraph.PlotWidget, series: list[Series], labels: Labels = ()) -> bytes:
    """Twice as fine as on screen."""
    size = _size(plot, len(series) + len(labels))
    image = QImage(2 * size, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.now().background))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(2, 2)
    _paint(painter, plot, series, labels, size)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def as_svg(plot: pyqtgraph.PlotWidget, series: list[Series], labels: Labels = ()) -> bytes:
    size = _size(plot, len(series) + len(labels))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle("PoseDesk traces")
    painter = QPainter(generator)
    painter.fillRect(0, 0, size.width(), size.height(), QColor(theme.now().background))
    _paint(painter, plot, series, labels, size)
    painter.end()
    return bytes(buffer.data().data())


def _size(plot: pyqtgraph.PlotWidget, lines: int) -> QSize:
    return QSize(max(plot.width(), LEAST_WIDTH) + LEGEND, max(plot.height(), LINE * lines + 16))


def _paint(
    painter: QPainter, plot: pyqtgraph.PlotWidget, series: list[Series], labels: Labels, size: QSize
) -> None:  # fmt: skip
    area = QRectF(0, 0, size.width() - LEGEND, size.height())
    plot.scene().render(painter, area, plot.sceneRect(), Qt.AspectRatioMode.IgnoreAspectRatio)
    left = size.width() - LEGEND + 8
    lines = [(one.name.capitalize(), theme.line_color(one.color), 4) for one in series] + [
        (name, color, 12) for name, color in labels
    ]
    for row, (text, color, thick) in enumerate(lines):
        top = 8 + LINE * row
        painter.fillRect(QRectF(left, top + (LINE - thick) / 2, 14, thick), QColor(color))
        painter.setPen(QColor(theme.now().text))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(left + 20, top, LEGEND - 28, LINE), flags, text)
