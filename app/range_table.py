"""Ranges of motion as a table on screen: a row for each stretch, person and measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, Qt

from app.ranges import Ranged
from app.series import Choice
from app.transport import clock
from core.motion import Extent

WHAT, WHO, FROM, TO, OF, LEAST, LEAST_AT, GREATEST, GREATEST_AT, RANGE, MEAN, SEEN = range(12)
HEADS = ("What", "Who", "From", "To", "Of", "Least", "at", "Greatest", "at", "Range", "Mean", "Seen")
_TIPS = {
    LEAST_AT: "When it is least first. A click goes there.",
    GREATEST_AT: "When it is greatest first. A click goes there.",
    RANGE: "Greatest less least: the range of motion.",
    MEAN: "Over time.",
    SEEN: "Frames of the stretch in which it was found.",
}
_NO_INDEX = QModelIndex()


@dataclass(frozen=True, slots=True)
class Line:
    """A row. name: of the measure"""

    ranged: Ranged
    name: str
    extent: Extent

    def moment(self, column: int) -> float:
        """The second that a cell is about; the begin of the stretch where that is not known."""
        extent = self.extent
        when = {LEAST: extent.least_at, LEAST_AT: extent.least_at, GREATEST: extent.greatest_at,
                GREATEST_AT: extent.greatest_at, TO: self.ranged.stretch.end}.get(column, float("nan"))  # fmt: skip
        return when if when == when else self.ranged.stretch.start


class RangeModel(QAbstractTableModel):
    """lines: those on show"""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self._choice = Choice()
        self._called: Mapping[int, str] = {}

    def show_rows(self, rows: Sequence[Ranged], choice: Choice, called: Mapping[int, str]) -> None:
        """called: what people are called"""
        lines = [Line(row, name, one) for row in rows for name, one in row.found.items()]
        same = len(lines) == len(self.lines)  # then whoever has selected something keeps it
        if not same:
            self.beginResetModel()
        self.lines, self._choice, self._called = lines, choice, called
        if not same:
            self.endResetModel()
        elif lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, len(HEADS) - 1))

    def text(self, rows: Sequence[int]) -> str:
        """Rows as they are pasted into a spreadsheet: numbers in full, tabs between."""
        unit = f" ({self._choice.unit})"
        units = {FROM: " (seconds)", TO: " (seconds)", LEAST_AT: " (seconds)", GREATEST_AT: " (seconds)",
                 LEAST: unit, GREATEST: unit, RANGE: unit, MEAN: unit, SEEN: " (frames)"}  # fmt: skip
        heads = list(HEADS)
        heads[LEAST_AT], heads[GREATEST_AT] = "Least at", "Greatest at"
        lines = ["\t".join([f"{head}{units.get(column, '')}" for column, head in enumerate(heads)] + ["Frames"])]
        for row in rows:
            line = self.lines[row]
            stretch, one = line.ranged.stretch, line.extent
            numbers = (one.least, one.least_at, one.greatest, one.greatest_at, one.range, one.mean)
            cells = [stretch.label, self._who(line), f"{stretch.start:.4f}", f"{stretch.end:.4f}", line.name]
            cells += [f"{value:.4f}" if value == value else "" for value in numbers]
            lines.append("\t".join([*(cell.replace("\t", " ") for cell in cells), str(one.seen), str(one.frames)]))
        return "\n".join(lines) + "\n"

    def _who(self, line: Line) -> str:
        ranged = line.ranged
        return ranged.elsewhere or self._called.get(ranged.person) or f"#{ranged.person}"

    # -- for the view --

    def rowCount(self, parent: QModelIndex = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: QModelIndex = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return HEADS[section]
            if role == Qt.ItemDataRole.ToolTipRole:
                return _TIPS.get(section)
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(section)
        return None

    def data(self, index: QModelIndex, role: int = 0) -> Any:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cell(self.lines[index.row()], index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        return None

    def _cell(self, line: Line, column: int) -> str:
        stretch, one, said = line.ranged.stretch, line.extent, self._choice.said
        return (
            stretch.label, self._who(line), clock(stretch.start), clock(stretch.end), line.name, said(one.least),
            _at(one.least_at), said(one.greatest), _at(one.greatest_at), said(one.range), said(one.mean),
            f"{one.seen} of {one.frames}",
        )[column]  # fmt: skip


def _at(time: float) -> str:
    return clock(time) if time == time else "-"


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column in (WHAT, WHO, OF) else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
