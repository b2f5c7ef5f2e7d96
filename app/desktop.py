"""Starts Qt and opens the window."""

import gc
import logging
import signal
import sys

from PyQt6.QtCore import QSize
from PyQt6.QtWidgets import QApplication

from app import places, theme
from app.fault_dialog import FaultTeller
from app.faults import Watch, log_to
from app.screens import room
from app.store import Store
from app.window import Window
from core.settings import Settings

LARGEST = QSize(1600, 960)  # of the window on its first start: more room than that is the user's to give

log = logging.getLogger(__name__)


def show(settings: Settings, source: str | None, store: Store) -> int:
    """Open the window, and `source` in it; returns when it is closed, with the exit code.

    settings: those of this run; store: what is remembered, which may say otherwise
    """
    try:
        log_to(places.log_file())
    except OSError as error:
        log.warning("There is no log: %s cannot be written (%s).", places.log_file(), error.strerror)
    gc.freeze()  # what was loaded stays: to look through it for garbage again and again would hold up the window
    application = QApplication(sys.argv[:1])
    application.setApplicationName("PoseDesk")
    application.setDesktopFileName("posedesk")
    theme.apply(application, store.preferences.theme)
    window = Window(settings, store)
    if not window.around.has_layout and (screen := application.primaryScreen()) is not None:
        window.resize((0.9 * screen.availableSize().toSizeF()).toSize().boundedTo(LARGEST).boundedTo(room(window)))
    # Python looks at signals between its own steps, and the timers of the window see to it that there are some.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: window.end())
    with Watch(FaultTeller(window, str(places.log_file())).tell):
        window.show()
        if source is not None:
            window.open(source)
        return application.exec()
