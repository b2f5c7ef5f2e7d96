"""Who is in a picture, and of who is chosen the angles of the joints and the points."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtCore import QSignalBlocker, Qt
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from app.swatches import swatch
from core import skeleton
from core.motion import ANGLES, joint_angles, plain
from core.outputs import person_color
from core.types import People

_HINT = "Click somebody, here or in the picture, for the angles of the joints and for the points."
_SOON = "People are being looked for in this picture."
_NOBODY = "Nobody was found in this picture."


class PicturePanel(QWidget):
    """choose: called with the number of who is chosen, 0 for nobody"""

    def __init__(self, choose: Callable[[int], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choose = choose
        self._known: tuple[People | None, int] | None = None
        self.table = _table(("Person", "Score", "Points"), "People")
        self.table.itemSelectionChanged.connect(self._selected)
        self.values = _table(("Of the body", "", "Score"), "Joint angles and points")
        self.values.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.note = QLabel()
        self.note.setObjectName("quiet")
        self.note.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(4)
        layout.addWidget(self.note)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.values, 2)
        self.show_people(None, 0)

    def show_people(self, found: People | None, chosen: int) -> None:
        """These are in the picture, in the order of their numbers; None: that is not known yet. chosen: the number of
        one of them, or 0."""
        if self._known is not None and self._known[0] is found and self._known[1] == chosen:
            return
        self._known = found, chosen
        people = found if found is not None else People.empty()
        with QSignalBlocker(self.table):
            self.table.clearSelection()
            seen = people.found()
            parts = skeleton.POINTS + len(skeleton.LINKS)
            _fill(
                self.table,
                [
                    (f"#{i + 1}", f"{people.totals[i] / parts:.2f}", f"{int(seen[i].sum())} of {skeleton.POINTS}")
                    for i in range(len(people))
                ],
            )
            for row in range(len(people)):
                blue, green, red = person_color(row + 1)
                if (item := self.table.item(row, 0)) is not None:
                    item.setIcon(swatch(QColor(red, green, blue).name()))
            if chosen:
                self.table.selectRow(chosen - 1)
        there = 0 < chosen <= len(people)
        self.values.setVisible(there)
        self.note.setVisible(not there)
        self.note.setText(_SOON if found is None else _HINT if len(people) else _NOBODY)
        if there:
            _fill(self.values, values_of(people, chosen - 1))

    def _selected(self) -> None:
        rows = {index.row() for index in self.table.selectedIndexes()}
        self._choose(rows.pop() + 1 if rows else 0)


def values_of(people: People, index: int) -> list[tuple[str, str, str]]:
    """What is known of a person, in words: the angles of the joints, in degrees, then the points, as x, y in pixels of
    the picture, with how sure each is."""
    keypoints, scores = people.keypoints[index], people.scores[index]
    signed, trunk = joint_angles(keypoints), ANGLES.index("trunk")
    angles = plain(signed)
    angles[trunk] = signed[trunk]  # to the right or to the left
    rows = [
        (f"{name.capitalize()}, angle", f"{angle:.0f}\N{DEGREE SIGN}" if angle == angle else "-", "")
        for name, angle in zip(ANGLES, angles.tolist(), strict=True)
    ]
    for name, (x, y), score in zip(skeleton.POINT_NAMES, keypoints.tolist(), scores.tolist(), strict=True):
        rows.append((name.capitalize(), f"{x:.0f}, {y:.0f}" if x == x else "-", f"{score:.2f}" if x == x else ""))
    return rows


def _table(heads: Sequence[str], name: str) -> QTableWidget:
    table = QTableWidget(0, len(heads))
    table.setAccessibleName(name)
    table.setHorizontalHeaderLabels(heads)
    table.setShowGrid(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.setMinimumHeight(56)
    if (rows := table.verticalHeader()) is not None:
        rows.hide()
        rows.setDefaultSectionSize(24)
    if (columns := table.horizontalHeader()) is not None:
        columns.setHighlightSections(False)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        columns.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    return table


def _fill(table: QTableWidget, rows: Sequence[Sequence[str]]) -> None:
    table.setRowCount(len(rows))
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            if column:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            table.setItem(row, column, item)
