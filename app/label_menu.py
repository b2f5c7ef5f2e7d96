"""What can be done with a mark of the timeline, as a menu beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QMenu, QWidget

from app.commands import literal
from app.swatches import swatch

if TYPE_CHECKING:
    from app.marking import Marking


def mark_menu(marking: Marking, number: int, people: Iterable[int], parent: QWidget) -> QMenu:
    """number: of the mark; people: those whom it may be given to."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    mark = marking.marks[number]
    for row in marking.labels.rows:
        action = menu.addAction(swatch(row.color), literal(row.name))
        assert action is not None
        action.setEnabled(row.number != mark.label)
        action.triggered.connect(lambda _, label=row.number: marking.relabel(number, label))
    menu.addSeparator()
    for person in people:
        if person != mark.person:
            give = menu.addAction(f"It is of {literal(marking.name_of(person))}")
            assert give is not None
            give.triggered.connect(lambda _, person=person: marking.give_to(number, person))
    menu.addSeparator()
    menu.addActions(marking.commands("loop-mark", "remove-mark"))
    return menu
