"""Starts Qt and opens the window."""

import gc
import logging
import os
import signal
import sys
import threading
from contextlib import suppress

from PyQt6.QtCore import QCoreApplication, QEvent, QSize
from PyQt6.QtWidgets import QApplication

from app import places, theme
from app.fault_dialog import FaultTeller
from app.faults import Watch, log_to
from app.screens import room
from app.store import Store
from app.window import Window
from core.previews import tidy
from core.settings import Settings

LARGEST = QSize(1600, 960)  # of the window where it has no size yet: more room than that is the user's to give

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
    code = _show_window(application, settings, source, store)
    gc.collect()  # what of it belongs to Python; most of that names each other
    return code


def _show_window(application: QApplication, settings: Settings, source: str | None, store: Store) -> int:
    """Open the window; returns when it is closed and nothing of it is left, with the exit code."""
    window = Window(settings, store)
    if not window.around.has_size and (screen := application.primaryScreen()) is not None:
        window.resize((0.9 * screen.availableSize().toSizeF()).toSize().boundedTo(LARGEST).boundedTo(room(window)))
    # Python looks at signals between its own steps, and the timers of the window see to it that there are some.
    before = {
        number: signal.signal(number, lambda number, frame: window.end()) for number in (signal.SIGINT, signal.SIGTERM)
    }
    with Watch(FaultTeller(window, str(places.log_file())).tell):
        window.show()
        # Beside it: films may lie in the network, and nobody waits for this.
        threading.Thread(target=tidy, name="tidy-previews", daemon=True).start()
        if source is not None:
            window.open(source)
        code = application.exec()
    for number, handler in before.items():
        signal.signal(number, handler)
    _leave_threads(code)
    # All that is in it goes while Qt and Python have what that needs. Python's own end would take plots and pictures
    # apart in no order, which they do not always survive.
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return code


def _leave_threads(code: int) -> None:
    """End the program at once where threads of it are at work, as one may be that waits for a camera, or all of them on
    a machine that is too busy: what they use would be taken away from under them, which ends in a crash."""
    left = [thread.name for thread in threading.enumerate() if thread.name.startswith("posedesk-")]
    if left:
        log.warning("The program ends without these threads: %s", ", ".join(left))
        logging.shutdown()
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)
