"""What tests of the window itself share: commands, and what it says and remembers."""

from collections import deque
from collections.abc import Callable

from PyQt6.QtCore import QRect
from PyQt6.QtWidgets import QDialog, QDockWidget
from pytestqt.qtbot import QtBot

from app import places
from app.store import Preferences, Store
from app.window import Window
from core.settings import Settings

SOON = 60_000  # milliseconds, far more than anything here takes

Make = Callable[[Settings], Window]
Shown = Callable[[str, type[QDialog]], QDialog]


def do(window: Window, name: str) -> None:
    window.actions_by_name[name].trigger()


def until_laid_out(window: Window, qtbot: QtBot) -> None:
    """Wait until the window has found its layout: the event loop goes round some times, and nothing moves any more."""
    seen: deque[list[QRect]] = deque(maxlen=10)

    def still() -> bool:
        seen.append([each.geometry() for each in (window.view, *window.findChildren(QDockWidget))])
        return len(seen) == seen.maxlen and all(places == seen[0] for places in seen) and window.view.settled

    qtbot.waitUntil(still, timeout=SOON)


def banner(window: Window) -> str:
    return window.banner.label.text() if window.banner.isVisible() else ""


def remembered() -> Preferences:
    return Store(places.settings_file()).preferences
