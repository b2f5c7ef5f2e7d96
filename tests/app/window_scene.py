"""What tests of the window itself share: commands, and what it says and remembers."""

from collections.abc import Callable

from PyQt6.QtWidgets import QDialog

from app import places
from app.store import Preferences, Store
from app.window import Window
from core.settings import Settings

SOON = 60_000  # milliseconds, far more than anything here takes

Make = Callable[[Settings], Window]
Shown = Callable[[str, type[QDialog]], QDialog]


def do(window: Window, name: str) -> None:
    window.actions_by_name[name].trigger()


def banner(window: Window) -> str:
    return window.banner.label.text() if window.banner.isVisible() else ""


def remembered() -> Preferences:
    return Store(places.settings_file()).preferences
