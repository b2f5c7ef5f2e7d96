"""Paints what lies along the time axis, row by row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QPolygonF

from app import theme
from app.timeline import columns
from app.timeline.axis import LEFT, RIGHT, TimeAxis
from app.timeline.content import UNKNOWN, Content, Corrected, MarkedRange
from app.timeline.events import paint_events
from app.timeline.marks import Stack
from app.timeline.numbering import Numbering
from app.timeline.rows import EVENT, LANE, MARK, PEOPLE, RULER, Rows

_LEAST, _NAMED = 2.0, 24.0  # pixels that a mark is wide at least, and from which on a name has a chance
_FLAG = 9  # width of what the ends of a stretch are held by
_BAND = 3  # height of the band that shows what was analysed


class Painting:
    """One go at everything that does not move with the film."""

    def __init__(
        self, painter: QPainter, palette: QPalette, content: Content, axis: TimeAxis, rows: Rows, size: tuple[int, int],
        stack: Stack, numbering: Numbering,
    ) -> None:  # fmt: skip
        self._painter = painter
        self._content = content
        self._axis = axis
        self._rows = rows
        self._stack = stack
        self._numbering = numbering
        self._width, self._height = size
        self._span = max(self._width - LEFT - RIGHT, 1)
        self._text = palette.color(QPalette.ColorRole.WindowText)
        self._quiet = palette.color(QPalette.ColorRole.PlaceholderText)
        self._base = palette.color(QPalette.ColorRole.Base)
        font = QFont(painter.font())
        font.setPixelSize(11)
        painter.setFont(font)
        self._metrics = QFontMetrics(font)

    def all(self, span: tuple[float, float] | None, length: str, without: int = 0) -> None:
        """span: seconds of the stretch that plays over and over; length: how long it is, in words; without: the number
        of a mark that is elsewhere."""
        box = self._length_box(*span, length) if span is not None else QRectF()
        self._ruler(box)
        self._names()
        self._painter.setClipRect(LEFT, 0, self._span, self._height)
        self._grounds()
        if span is not None:
            self._loop(*span)
        self._analysed()
        self._people()
        self._lanes()
        self._marks(without)
        area = QRectF(LEFT, self._rows.events_top, self._span, EVENT)
        paint_events(self._painter, self._rows.events, self._axis, area, self._text)
        rows = self._rows
        self._more(rows.events_top, len(rows.events), EVENT, rows.first_event, rows.hidden_events, " row")
        self._painter.fillRect(box, self._base)
        self._painter.setPen(QPen(self._text))
        self._painter.drawText(box, Qt.AlignmentFlag.AlignCenter, length)

    def _names(self) -> None:
        """Beside the rows."""
        rows = self._rows
        self._name("people", rows.people, PEOPLE, self._quiet)
        for i, lane in enumerate(rows.lanes):
            color = _mixed(QColor(*lane.color), self._text)
            self._name(lane.name or f"#{lane.person}", rows.lanes_top + i * LANE, LANE - 2, color)
        if rows.marks:
            self._name("marks", rows.marks_top, MARK - 2, self._quiet)
        if len(rows.events):
            self._name("events", rows.events_top, EVENT - 2, self._quiet)

    def _grounds(self) -> None:
        rows = self._rows
        self._painter.fillRect(LEFT, rows.people, self._span, PEOPLE, self._base)
        for i in range(len(rows.lanes)):
            self._painter.fillRect(LEFT, rows.lanes_top + i * LANE, self._span, LANE - 2, self._base)

    def _loop(self, begin: float, end: float) -> None:
        for left, width in columns.bars(np.array([[begin, end]]), self._axis.begin, self._axis.end, self._span):
            area = QRectF(LEFT + left, 0, width, self._height)
            self._painter.fillRect(area, _clear(theme.now().warm, 36))
            self._painter.fillRect(QRectF(LEFT + left, 0, width, 3), QColor(theme.now().warm))
            for x in (area.left(), area.right() - 1):
                self._painter.fillRect(QRectF(x, 0, 1, self._height), _clear(theme.now().warm, 160))
        for second, way in ((begin, 1), (end, -1)):  # something to take hold of
            [x] = self._x(np.array([second]))
            flag = QPolygonF([QPointF(x, 0), QPointF(x + _FLAG * way, 0), QPointF(x, 11)])
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(QColor(theme.now().warm))
            self._painter.drawPolygon(flag)

    def _length_box(self, begin: float, end: float, text: str) -> QRectF:
        """Where it stands how long the stretch is: in it, or beside it where it is too narrow."""
        left, right = self._x(np.array([begin, end]))
        width = self._metrics.horizontalAdvance(text) + 8
        if right - left >= width + 2 * _FLAG:
            at = (left + right - width) / 2
        elif right + width <= self._width - RIGHT:
            at = right + 2
        else:
            at = max(left - width - 2, LEFT)
        return QRectF(at, 3, width, RULER - 6)

    def _ruler(self, taken: QRectF) -> None:
        """taken: where there is no room for numbers"""
        self._painter.setPen(QPen(self._quiet))
        for tick in self._numbering.ticks(self._axis.begin, self._axis.end, self._span):
            x, middle = self._x(np.array([tick.second, tick.middle]))
            if x >= LEFT:
                self._painter.drawLine(QPointF(x, RULER - 5), QPointF(x, RULER))
            text = tick.text
            if self._metrics.horizontalAdvance(text) > tick.room:
                text = self._metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, int(tick.room))
            left = min(max(middle - self._metrics.horizontalAdvance(text) / 2, LEFT), self._width - RIGHT)
            right = left + self._metrics.horizontalAdvance(text)
            if right <= self._width and (right < taken.left() or left > taken.right()):
                self._painter.drawText(QPointF(left, RULER - 8), text)

    def _analysed(self) -> None:
        top = self._rows.people
        for left, width in columns.bars(self._content.analysed, self._axis.begin, self._axis.end, self._span, 1.0):
            self._painter.fillRect(QRectF(LEFT + left, top, width, _BAND), QColor(theme.now().accent))

    def _people(self) -> None:
        """How many, as steps: their height is the number."""
        content, axis = self._content, self._axis
        counts = columns.most(content.times, content.counts, axis.begin, axis.end, self._span)
        top, bottom = self._rows.people + _BAND + 1, self._rows.people + PEOPLE
        largest = max(int(content.counts.max(initial=0)), 1)
        if counts.max(initial=UNKNOWN) > UNKNOWN:
            heights = np.maximum(counts, 0) * ((bottom - top) / largest)
            edges = np.flatnonzero(np.diff(heights)) + 1
            lefts, rights = np.append(0, edges), np.append(edges, len(heights))
            outline = QPolygonF([QPointF(LEFT, bottom)])
            for left, right in zip(lefts.tolist(), rights.tolist(), strict=True):
                outline.append(QPointF(LEFT + left, bottom - heights[left]))
                outline.append(QPointF(LEFT + right, bottom - heights[left]))
            outline.append(QPointF(LEFT + self._span, bottom))
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(_clear(theme.now().accent, 120))
            self._painter.drawPolygon(outline)
        if content.counts.max(initial=UNKNOWN) > 1:
            self._painter.setPen(QPen(self._quiet))
            self._painter.drawText(QPointF(LEFT + 4, top + 10), f"{largest}")

    def _lanes(self) -> None:
        rows = self._rows
        for i, lane in enumerate(rows.lanes):
            top, color = rows.lanes_top + i * LANE, QColor(*lane.color)
            bars = columns.bars(lane.spans, self._axis.begin, self._axis.end, self._span)
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(color)
            for left, width in bars.tolist():
                self._painter.drawRect(QRectF(LEFT + left, top + 2, width, LANE - 6))
            self._corrected(lane.corrected, top)
        self._more(rows.lanes_top, len(rows.lanes), LANE, rows.first, rows.hidden)

    def _corrected(self, corrected: Corrected, top: int) -> None:
        """A tick where points were corrected by hand, across the bar so that it is seen on any colour."""
        begin, end = np.searchsorted(corrected.times, (self._axis.begin, self._axis.end))
        for x in np.unique(np.round(self._x(corrected.times[begin:end]))).tolist():
            self._painter.fillRect(QRectF(x - 2, top, 4, LANE - 2), self._base)
            self._painter.fillRect(QRectF(x - 1, top, 2, LANE - 2), self._text)

    def _more(self, top: int, shown: int, height: int, above: int, hidden: int, word: str = "") -> None:
        """How many rows do not fit, at the end of the one beside which they are. top: of the rows on show; above: how
        many of those that do not fit are; word: what one of them is called"""
        if not shown or not hidden:
            return
        below = hidden - above
        texts = dict[int, list[str]]()  # by row on show
        if above:
            texts[0] = [f"{above} above"]
        if below:
            said = f"{below} below" if above else f"{below} more{word}{'s' * bool(word and below != 1)}"
            texts.setdefault(shown - 1, []).append(said)
        for row, parts in texts.items():
            text = ", ".join(parts)
            width = self._metrics.horizontalAdvance(text) + 8
            box = QRectF(self._width - RIGHT - width, top + row * height, width, height - 2)
            self._painter.fillRect(box, self._base)
            self._painter.setPen(QPen(self._quiet))
            self._painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _marks(self, without: int) -> None:
        rows, stack = self._rows, self._stack
        seen = stack.on_show(self._axis.begin, self._axis.end)
        seen = seen[(stack.rows[seen] >= rows.first_mark) & (stack.rows[seen] < rows.first_mark + rows.marks)]
        tops = rows.marks_top + (stack.rows[seen] - rows.first_mark) * MARK + 1
        lefts, rights = self._x(stack.begins[seen]), self._x(stack.ends[seen])
        narrow = dict[str, list[QRectF]]()  # those without a name are painted at once
        for i, left, right, top in zip(seen.tolist(), lefts, rights, tops.tolist(), strict=True):
            mark, width = stack.marks[i], right - left
            if without and mark.number == without:
                continue
            if width < _NAMED:
                # A pixel is left out beside it: else neighbours of one label would be one.
                box = QRectF(left, top, max(width - 1, _LEAST), MARK - 4)
                narrow.setdefault(mark.color, []).append(box)
            else:
                self.mark(mark, QRectF(left, top, width, MARK - 4))
        self._painter.setPen(Qt.PenStyle.NoPen)
        for color, boxes in narrow.items():
            self._painter.setBrush(QColor(color))
            self._painter.drawRects(*boxes)
        self._more(rows.marks_top, rows.marks, MARK, rows.first_mark, rows.hidden_marks, " row")

    def mark(self, mark: MarkedRange, box: QRectF) -> None:
        """One of them."""
        color = QColor(mark.color)
        box = box.adjusted(0, 0, -min(box.width() - _LEAST, 1), 0)
        self._painter.fillRect(box, color)
        if box.width() > _NAMED:
            who = self._content.name(mark.person)
            self._painter.setPen(QPen(text_on(color)))
            inner = box.adjusted(5, 0, -4, 0)
            text = f"{mark.name} {who}" if who else mark.name
            shown = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(inner.width()))
            self._painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, shown)

    def _name(self, text: str, top: int, height: int, color: QColor) -> None:
        self._painter.setPen(QPen(color))
        shown = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, LEFT - 12)
        box = QRectF(4, top, LEFT - 10, height)
        self._painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, shown)

    def _x(self, seconds: NDArray[np.float64]) -> list[float]:
        places = columns.places(seconds, self._axis.begin, self._axis.end, self._span)
        return [float(x) for x in LEFT + places]


def text_on(color: QColor) -> QColor:
    """What can be read on a colour."""
    red, green, blue = ((part / 255) ** 2.2 for part in (color.red(), color.green(), color.blue()))
    return QColor("#101214" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 else "#ffffff")


def _mixed(color: QColor, text: QColor) -> QColor:
    """Half the colour of text, so that it can be read on any ground."""
    a, b = color.getRgb()[:3], text.getRgb()[:3]
    return QColor(*((x + y) // 2 for x, y in zip(a, b, strict=True) if x is not None and y is not None))


def _clear(color: str, opacity: int) -> QColor:
    result = QColor(color)
    result.setAlpha(opacity)
    return result
