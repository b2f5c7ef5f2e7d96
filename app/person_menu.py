"""What can be done with somebody, as a menu beside them: in the picture, and in the list of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QPoint, Qt
from PyQt6.QtWidgets import QMenu

if TYPE_CHECKING:
    from app.window import Window

_COMMANDS = (
    ("rename-person", "hide-person"),
    ("join-people", "swap-people", "split-person"),
    ("correct-points", "export"),
)


class PersonMenu(QObject):
    """Its commands are those of the menu bar, for those who are chosen."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        window.view.asked.connect(self._ask_in_picture)
        window.people_panel.asked.connect(self._show)

    def menu(self) -> QMenu:
        window = self._window
        window.refresh()
        menu = QMenu(window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for names in _COMMANDS:
            menu.addSeparator()
            menu.addActions([window.actions_by_name[name] for name in names])
        return menu

    def _ask_in_picture(self, x: float, y: float, place: QPoint) -> None:
        casting = self._window.casting
        person = casting.person_at(x, y)
        if person <= 0 or self._window.pictures.are_numbered:  # nobody who can be followed
            return
        if person not in casting.chosen:
            casting.choose(person)
        self._show(place)

    def _show(self, place: QPoint) -> None:
        if self._window.casting.has_chosen:
            self.menu().popup(place)
