"""Files that are dragged over the window and dropped on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtGui import QDropEvent

from app.naming import short_name

if TYPE_CHECKING:
    from app.window import Window


class Dropping(QObject):
    """What a window does with them: the first is opened."""

    _let_go = pyqtSignal(list)  # files; whoever gave them is let go before something is asked about them

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._hint = ""  # what is said while something is dragged
        self._let_go.connect(self._open, type=Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]

    def enter(self, event: QDropEvent) -> None:
        if paths := _files(event):
            event.acceptProposedAction()
            banner = self._window.banner
            if not banner.isVisible():  # else it says something that is to be read
                self._hint = f"Let go to open {short_name(paths[0])}."
                banner.tell(self._hint, None)

    def leave(self) -> None:
        if self._window.banner.label.text() == self._hint:
            self._window.banner.hide()

    def drop(self, event: QDropEvent) -> None:
        if paths := _files(event):
            event.acceptProposedAction()
            self.leave()
            self._let_go.emit(paths)

    def _open(self, paths: list[str]) -> None:
        """One at a time can be open, which whoever drops several has to know."""
        if self._window.open(paths[0]) and len(paths) > 1:
            rest = "The other one is" if len(paths) == 2 else f"The {len(paths) - 1} others are"
            self._window.banner.tell(f"{short_name(paths[0])} is opened. {rest} not: one can be open at a time.")


def _files(event: QDropEvent) -> list[str]:
    data = event.mimeData()
    paths = [url.toLocalFile() for url in data.urls()] if data is not None else []
    return [path for path in paths if path]
