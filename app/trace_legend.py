"""The legend of the traces: what the curves are, and the value of each at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QLabel, QWidget

from app import theme
from app.trace_controls import NARROW

_EDGE = 4  # pixels between it and the edge of the plot
FEW = 6  # rows that there may be wherever the plot is high enough
SHARE, LEAST = 0.5, 3  # of the plot's height and of its width that more of them take; rows that there are then at least
_OTHER_ROOM = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide)


@dataclass(frozen=True, slots=True)
class Row:
    """A curve. color: #rrggbb of its line; value: at the moment, in words; dashed: the line is"""

    name: str
    color: str
    value: str
    dashed: bool = False


class Legend(QLabel):
    """Lies over the plot, whose time axis is as wide as the timeline's, on the side where nobody looks; clicks go
    through to the plot. More curves than a few leave half of the plot free: it tells of the first, and how many more
    there are.

    wanted: it is to be there
    """

    def __init__(self, plot: QWidget, axis: int, key: QLabel, parent: QWidget) -> None:
        """axis: pixels at the left of the plot where its numbers are; key: what lies at the top there, beside them"""
        super().__init__(parent)
        self._plot, self._axis, self._key = plot, axis, key
        self._rows: Sequence[Row] = ()
        self._head = self._hint = ""
        self._on_left = False
        self.wanted: bool = True
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        for each in (plot, key):
            each.installEventFilter(self)

    def want(self, wanted: bool) -> None:
        """Be there, or not."""
        self.wanted = wanted
        self.setVisible(wanted)

    def show_rows(self, rows: Sequence[Row], head: str = "", hint: str = "") -> None:
        """head: of what moment the values are; hint: what to do for those that there is no room for"""
        self._rows, self._head, self._hint = rows, head, hint
        self._write()

    def keep_clear_of(self, x: float | None) -> None:
        """Lie where this is not, in pixels of the plot; None: at the right."""
        left = x is not None and x > self._axis + 0.6 * (self._plot.width() - self._axis)
        if left != self._on_left:
            self._on_left = left
            self._write()

    def fits(self, rows: int) -> bool:
        """Whether so many have room."""
        return rows <= self._room(rows)

    @property
    def _top(self) -> int:
        """Below what lies at the top, where that reaches so far."""
        key = self._key
        meet = self._on_left or key.x() + key.width() > self._plot.geometry().right() - self.width() - 2 * _EDGE
        return _EDGE + (key.height() if key.isVisibleTo(self.parentWidget()) and meet else 0)

    @property
    def _height(self) -> int:
        """Pixels that there are for it."""
        return self._plot.height() - self._top - _EDGE

    def _room(self, rows: int) -> int:
        """Of so many the rows that there is room for, besides the head."""
        line = self.fontMetrics().lineSpacing()
        whole = self._height // line - bool(self._head)
        if rows <= min(FEW, whole):
            return whole
        return min(max(int(SHARE * self._plot.height()) // line, LEAST + 1), whole)

    def _write(self) -> None:
        kept = len(self._rows) if self.fits(len(self._rows)) else max(self._room(len(self._rows)) - 1, 1)
        self._put(kept)
        while self.height() > self._height and kept > 1:  # letters of other fonts may be higher than a line
            kept -= 1
            self._put(kept)
        self._place()

    def _put(self, kept: int) -> None:
        """Write the first rows, and how many there are besides."""
        lines = [plate(escape(self._head))] if self._head else []
        for row in self._rows[:kept]:
            value = f"&nbsp; <b>{escape(row.value)}</b>" if row.value else ""
            line = "&#9642;&#9642;" if row.dashed else "&#9644;"
            name = escape(self._cut(row))
            lines.append(plate(f'<span style="color:{row.color}">{line}</span> {name}{value}'))
        if kept < len(self._rows):
            lines.append(plate(f"and {len(self._rows) - kept} more{self._hint}"))
        self.setText("<br>".join(lines))
        self.adjustSize()

    def _cut(self, row: Row) -> str:
        """Its name, so short that the row lies in the plot, and one of more than a few leaves half of it free."""
        metrics, name = self.fontMetrics(), capital(row.name)
        beside = metrics.horizontalAdvance(f"\N{BLACK RECTANGLE}     {row.value}")
        share = 1.0 if len(self._rows) <= FEW else SHARE
        room = int(share * (self._plot.width() - self._axis)) - beside
        return metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, max(room, NARROW))

    def _place(self) -> None:
        area = self._plot.geometry()
        left = area.left() + self._axis + _EDGE if self._on_left else area.right() - _EDGE - self.width()
        self.move(left, area.top() + self._top)
        self.raise_()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() in _OTHER_ROOM:
            self._write()
        return False


def capital(name: str) -> str:
    """A name as a line begins with it: what is a name of its own within it stays as it is."""
    return name[:1].upper() + name[1:]


def plate(text: str) -> str:
    """Rich text that can be read over curves: on what lets little of them through."""
    red, green, blue, _ = QColor(theme.now().background).getRgb()
    return f'<span style="background-color:rgba({red},{green},{blue},80%)">{text}</span>'
