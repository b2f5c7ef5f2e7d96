"""Ctrl+C and SIGTERM ask work to end; they do not cut it off."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from types import FrameType

IN_EARNEST = 1.0  # seconds after which asking again means to end at once


@contextmanager
def asked_to_stop() -> Iterator[threading.Event]:
    """Within, Ctrl+C and SIGTERM set the event, and nothing is raised in the middle of things.

    Whoever asks again a second later does not want to wait: the program ends at once, exit code 1.  To be used in the
    main thread.
    """
    asked = threading.Event()
    first = 0.0

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal first
        if not asked.is_set():
            first = monotonic()
            asked.set()
        elif monotonic() - first > IN_EARNEST:
            os._exit(1)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
