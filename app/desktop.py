"""Starts Qt and opens the window."""

import logging
import signal
import sys

from PyQt6.QtWidgets import QApplication

from app import theme
from app.window import Window
from core.settings import Settings

log = logging.getLogger(__name__)


def show(settings: Settings, source: str | None) -> int:
    """Open the window, and `source` in it; returns when it is closed, with the exit code."""
    application = QApplication(sys.argv[:1])
    application.setApplicationName("PoseDesk")
    application.setDesktopFileName("posedesk")
    theme.apply(application)
    window = Window(settings)
    # Python looks at signals between its own steps, and the timers of the window see to it that there are some.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: window.close())
    sys.excepthook = lambda kind, error, trace: _tell(window, error)  # without it Qt ends the program
    window.show()
    if source is not None:
        window.open(source)
    return application.exec()


def _tell(window: Window, error: BaseException) -> None:
    log.error("An action failed", exc_info=error)
    window.tell_of_fault(error)
