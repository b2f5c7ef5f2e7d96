"""The curves of the traces as a picture: PNG or SVG, with axes that say what they are, what is shaded, and a legend. It
has a size of its own, as the panel may be a strip, and is on white, for reports, whatever the window looks like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pyqtgraph
from PyQt6.QtCore import QBuffer, QIODevice, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QImage, QPainter
from PyQt6.QtSvg import QSvgGenerator

from app import theme
from app.series import Series
from app.trace_shades import Shades

WIDTH, HEIGHT = 1200, 480  # pixels; the legend may make it higher
LEGEND = 260  # of them beside the plot
LINE, TOP = 18, 30
_LEFT, _BELOW = 64, 46  # pixels beside and below the plot, for numbers and titles
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
    shades: Shades = field(default_factory=Shades)
    labels: Labels = ()

    @property
    def size(self) -> QSize:
        return QSize(WIDTH, max(HEIGHT, TOP + LINE * (len(self.series) + len(self.labels)) + 16))


def as_png(sheet: Sheet) -> bytes:
    """Twice as fine as on screen."""
    image = QImage(2 * sheet.size, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.PAPER.background))
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
    painter.fillRect(0, 0, sheet.size.width(), sheet.size.height(), QColor(theme.PAPER.background))
    _paint(painter, sheet)
    painter.end()
    return bytes(buffer.data().data())


def _paint(painter: QPainter, sheet: Sheet) -> None:
    font = painter.font()
    font.setPixelSize(13)
    painter.setFont(font)
    size = sheet.size
    area = QRectF(0, TOP, size.width() - LEGEND, size.height() - TOP)
    with _plot(sheet, area.size().toSize()) as plot:
        plot.scene().render(painter, area, plot.sceneRect())
    metrics = painter.fontMetrics()
    painter.setPen(QColor(theme.PAPER.text))
    painter.drawText(QRectF(_LEFT, 0, area.width() - _LEFT, TOP), Qt.AlignmentFlag.AlignVCenter, sheet.title)
    left, room = size.width() - LEGEND + 8, LEGEND - 28
    ground = theme.PAPER.background
    curves = [(one.name[:1].upper() + one.name[1:], one.color, one.dashed) for one in sheet.series]
    lines = [
        *((name, theme.line_color(color, ground), 4, dashed) for name, color, dashed in curves),
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


@contextmanager
def _plot(sheet: Sheet, size: QSize) -> Iterator[pyqtgraph.PlotWidget]:
    """A plot of that size that nobody sees, with what is to be in the picture."""
    colors = theme.PAPER
    plot = pyqtgraph.PlotWidget(enableMenu=False, background=colors.background)
    plot.getPlotItem().ctrlMenu.setParent(plot, Qt.WindowType.Popup)  # else it is left behind
    plot.hideButtons()
    plot.showGrid(x=True, y=True, alpha=0.15)
    for side, title, room in (("left", sheet.axis, "setWidth"), ("bottom", "seconds", "setHeight")):
        axis = plot.getAxis(side)
        axis.setStyle(maxTickLevel=0)
        axis.setPen(colors.quiet)
        axis.setTextPen(colors.text)
        axis.setLabel(title, color=colors.text)
        axis.enableAutoSIPrefix(False)  # pixels are not kilopixels
        getattr(axis, room)(_LEFT if side == "left" else _BELOW)
    plot.addItem(sheet.shades, ignoreBounds=True)
    for one in sheet.series:
        pen = pyqtgraph.mkPen(theme.line_color(one.color, theme.PAPER.background), width=2.5)
        pen.setStyle(Qt.PenStyle.DashLine if one.dashed else Qt.PenStyle.SolidLine)
        plot.plot(one.times, one.values, connect="finite", pen=pen, antialias=True)
    plot.setXRange(*sheet.x, padding=0)
    plot.setYRange(*sheet.y, padding=0)
    plot.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    plot.resize(size)
    plot.show()  # lays it out
    try:
        plot.grab()  # and is painted once, so that axes know how large their numbers are
        yield plot
    finally:
        plot.close()
        plot.deleteLater()
