"""Everything the window can do, as one table. Menus, toolbar, keys, tooltips and the list of keys are made from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu, QMenuBar, QToolBar, QToolButton

from app import theme
from app.commands import analyse, events, explaining, file, helping, live, marks, people, playback, points, tools, view
from app.commands.command import Command, plain

if TYPE_CHECKING:
    from app.window import Window

COMMANDS = (
    file.COMMANDS
    + playback.COMMANDS
    + view.COMMANDS
    + live.COMMANDS
    + people.COMMANDS
    + points.COMMANDS
    + marks.COMMANDS
    + analyse.COMMANDS
    + events.COMMANDS
    + explaining.COMMANDS
    + tools.COMMANDS
    + helping.COMMANDS
)

MENUS = {"People": "P&eople"}  # what is not underlined at its first letter, which another menu has


def make_actions(window: Window) -> dict[str, QAction]:
    """An action for each row, by name; `app.keys` gives them their keys, which work in the whole window, those of
    leaving in its dialogs too."""
    actions = {}
    for command in COMMANDS:
        action = QAction(command.text, window)
        action.setStatusTip("")
        action.setIconText(command.bar or plain(command.text))
        action.setCheckable(command.checked is not None)
        if command.icon:
            action.setIcon(theme.icon(command.icon, command.icon_checked))
            action.setIconVisibleInMenu(False)
        # The row decides what is checked afterwards, so that a command that fails does not look as if it had worked.
        action.triggered.connect(_doing(command, window))
        if command.name == "quit":
            action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        window.addAction(action)
        actions[command.name] = action
    return actions


def _doing(command: Command, window: Window) -> Callable[[], None]:
    def do() -> None:
        command.do(window)
        window.refresh()

    return do


def fill_menus(bar: QMenuBar, actions: dict[str, QAction]) -> dict[str, QMenu]:
    """A menu for each `Command.menu`, and in it one for each `Command.under`, in the order of the table."""
    menus: dict[str, QMenu] = {}
    within: dict[tuple[QMenu, str], QMenu] = {}
    for command in COMMANDS:
        menu = menus.get(command.menu)
        if menu is None:
            made = bar.addMenu(MENUS.get(command.menu, f"&{command.menu}"))
            assert made is not None
            menu = menus[command.menu] = made
            menu.setToolTipsVisible(True)
        place = menu if not command.under else within.get((menu, command.under))
        if place is None:
            place = within[menu, command.under] = _menu_in(menu, command.under)
        if command.apart:
            place.addSeparator()
        place.addAction(actions[command.name])
    return menus


def _menu_in(menu: QMenu, text: str) -> QMenu:
    made = menu.addMenu(text)
    assert made is not None
    made.setToolTipsVisible(True)
    return made


def fill_toolbar(bar: QToolBar, actions: dict[str, QAction]) -> None:
    for command in COMMANDS:
        if command.bar:
            if command.name in ("record", "show-skeleton"):
                bar.addSeparator()
            bar.addAction(actions[command.name])
    if (more := bar.findChild(QToolButton, "qt_toolbar_ext_button")) is not None:  # Qt's own cannot be seen on dark
        more.setIcon(theme.icon("more"))
        more.setToolTip("What the window is too narrow for.")


def refresh(window: Window, actions: dict[str, QAction]) -> None:
    """Bring what is checked and what can be used up to date."""
    for command in COMMANDS:
        action = actions[command.name]
        action.setEnabled(command.when(window))
        if command.says is not None:
            action.setVisible(bool(text := command.says(window)))
            action.setText(text or command.text)
        if command.checked is not None:
            action.setChecked(command.checked(window))
