"""What the colours behind the traces are, in words, at the top of the plot."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import ceil

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtGui import QTextDocument
from PyQt6.QtWidgets import QLabel, QWidget

from app.trace_legend import plate

_EDGE = 4  # pixels between it and the edge of the plot
_LINES, _HIGH = 2, 120  # that it takes at most, of a plot of so many pixels; a lower one has room for one
Labels = Sequence[tuple[str, str]]  # name and #rrggbb of what is shaded


class ShadeKey(QLabel):
    """Clicks go through it to the plot. Names as many labels as there is room for, and says how many there are besides.

    rows: whose the rows of shades are, in words; empty where there is one
    """

    def __init__(self, plot: QWidget, axis: int, parent: QWidget) -> None:
        """axis: pixels at the left of the plot where its numbers are"""
        super().__init__(parent)
        self._plot, self._axis = plot, axis
        self._recognised: Labels = ()
        self._marked: Labels = ()
        self.rows = ""
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        plot.installEventFilter(self)

    def show_labels(self, recognised: Labels, marked: Labels = (), rows: str = "") -> None:
        """Name these."""
        self._recognised, self._marked, self.rows = recognised, marked, rows
        self.refresh()

    @property
    def labels(self) -> list[tuple[str, str]]:
        """What is named; with how it is known where that differs."""
        if not (self._recognised and self._marked):
            return [*self._recognised, *self._marked]
        return [(f"{name}, marked", color) for name, color in self._marked] + [
            (f"{name}, recognised", color) for name, color in self._recognised
        ]

    def refresh(self) -> None:
        """Write it anew: there may be other room, or another theme."""
        self.setVisible(bool(self._recognised or self._marked))
        if not self.isVisibleTo(self.parentWidget()):
            return
        width = max(self._plot.width() - self._axis - 2 * _EDGE, 1)
        lines = _LINES if self._plot.height() >= _HIGH else 1
        most = (lines + 0.5) * self.fontMetrics().lineSpacing()
        document = QTextDocument()
        document.setDocumentMargin(0)
        document.setDefaultFont(self.font())
        for kept in range(max(len(self._recognised), len(self._marked)), 0, -1):
            document.setHtml(text := self._text(kept))
            document.setTextWidth(width)
            if document.size().height() <= most:
                break
        self.setText(text)
        self.resize(min(ceil(document.idealWidth()) + 1, width), ceil(min(document.size().height(), most)))
        at = self._plot.geometry()
        self.move(at.left() + self._axis + _EDGE, at.top() + _EDGE)
        self.raise_()

    def _text(self, kept: int) -> str:
        """With no more than so many labels of a kind."""
        both = self._recognised and self._marked
        parts = list[str]()
        for labels, text, where in ((self._marked, "Marked", ", above"), (self._recognised, "Recognised", ", below")):
            if labels:
                each = [
                    f'<span style="color:{color}">&#9632;</span>&nbsp;{escape(name)}' for name, color in labels[:kept]
                ]
                each += [f"and {len(labels) - kept} more"] if len(labels) > kept else []
                parts.append(f"{text}{where if both else ''}: {'&nbsp; '.join(each)}")
        if self.rows:  # a line ends between two people
            parts.append(escape(self.rows).replace(" ", "&nbsp;").replace(",&nbsp;", ", "))
        return plate("&nbsp;&nbsp;&nbsp; ".join(parts))

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self.refresh()
        return False
