"""How far the curves go over a stretch, in words below the plot of the traces, where they cover no curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent, QTextDocument
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

_LOW, _LINE, _LINES = 110, 75, 4  # pixels of a panel that has room for a line, and for each more of them; most lines


@dataclass(frozen=True, slots=True)
class RangeRow:
    """Of a curve. stretch: what that is called; name: of the curve; color: #rrggbb of its line; text: how far it goes;
    seen: in how many frames it was, empty where in all; dashed: the line is"""

    stretch: str
    name: str
    color: str
    text: str
    seen: str = ""
    dashed: bool = False

    @property
    def whole(self) -> str:
        """How far it goes, and in how many frames it was seen."""
        return f"{self.text}, {self.seen}" if self.seen else self.text


class RangeStrip(QWidget):
    """Is there while there is a stretch. Takes few lines, and says how many curves there was no room for; all of them
    are in its tooltip.

    folded: it only says of which stretch it would tell
    """

    fold_changed = pyqtSignal()

    def __init__(self, axis: int, parent: QWidget) -> None:
        """axis: pixels at the left of the plot where its numbers are"""
        super().__init__(parent)
        self._stretch = ""
        self._rows: Sequence[RangeRow] = ()
        self.folded = False
        self._arrow = QToolButton()
        self._arrow.setAutoRaise(True)
        self._arrow.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._arrow.setFixedSize(axis - 12, 18)
        self._arrow.clicked.connect(self._toggle)
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.RichText)
        self._label.setWordWrap(True)
        self._label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._label.setMinimumWidth(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._arrow, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._label, 1)
        self.fold(False)
        self.hide()

    @property
    def text(self) -> str:
        """What it says, as rich text."""
        return self._label.text() if not self.isHidden() else ""

    def fold(self, folded: bool) -> None:
        """Tell no more than of which stretch it would, or all."""
        self.folded = folded
        self._arrow.setArrowType(Qt.ArrowType.RightArrow if folded else Qt.ArrowType.DownArrow)
        self._arrow.setToolTip("Tell how far the curves go." if folded else "Leave the room to the curves.")
        self._write()

    def show_rows(self, stretch: str, rows: Sequence[RangeRow]) -> None:
        """stretch: what it is called, empty: there is none; rows: none while they are looked for"""
        if (stretch, rows) != (self._stretch, self._rows):  # curves come anew far more often than what is told of them
            self._stretch, self._rows = stretch, rows
            self.setVisible(bool(stretch))
            self._write()

    def _toggle(self) -> None:
        self.fold(not self.folded)
        self.fold_changed.emit()

    def _write(self) -> None:
        if self.isHidden():
            return
        self.setToolTip("\n".join(f"{row.name}, {row.stretch}: {row.whole}" for row in self._rows))
        if self.folded or not self._rows:
            self._label.setText(f"Ranges of {escape(self._stretch)}")
            if self.folded:
                self._label.setFixedHeight(self.fontMetrics().lineSpacing() + 2)
            return  # else it stays as high: the rows come in a moment
        document = QTextDocument()
        document.setDocumentMargin(0)
        document.setDefaultFont(self._label.font())
        document.setHtml(self._text(1))
        line = document.size().height()  # signs may be of another font, and higher than its letters
        for kept in range(len(self._rows), 0, -1):
            document.setHtml(text := self._text(kept))
            document.setTextWidth(max(self._label.width(), 1))
            if document.size().height() <= self._room * line + 1:
                break
        self._label.setText(text)
        self._label.setFixedHeight(ceil(min(document.size().height(), self._room * line)))

    @property
    def _room(self) -> int:
        """Lines that there are for it."""
        panel = self.parentWidget()
        more = ((panel.height() if panel is not None else 0) - _LOW) // _LINE
        return min(max(2 + more, 1), _LINES)

    def _text(self, kept: int) -> str:
        """Of the first rows, and how many there are besides. A line ends between two of them, or after a figure."""
        seen = dict[str, set[str]]()
        for row in self._rows:
            seen.setdefault(row.stretch, set()).add(row.seen)
        parts, last = list[str](), ""
        for row in self._rows[:kept]:
            alike = len(seen[row.stretch]) == 1  # what holds for all is said once
            head = f"{row.stretch}, {row.seen}" if alike and row.seen else row.stretch
            head = f"{escape(head)}:&nbsp; " if row.stretch != last else ""
            line, last = "&#9642;&#9642;" if row.dashed else "&#9644;", row.stretch
            words = f"{escape(row.name)}&nbsp; {escape(row.text if alike else row.whole)}".replace(" ", "&nbsp;")
            words = words.replace(",&nbsp;", ", ")
            parts.append(f'{head}<span style="color:{row.color}">{line}</span>&nbsp;{words}')
        if kept < len(self._rows):
            parts.append(f"and&nbsp;{len(self._rows) - kept}&nbsp;more")
        return "&nbsp; &nbsp;".join(parts)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._write()
