"""A camera that is looked for when it is gone, until it is back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from core.errors import InputError
from core.sources.base import Event, OnEvent, Source, ignore
from core.types import Frame

PAUSE = 1.0  # seconds between two tries


class Persistent(Source):
    """A live source that is opened again when its pictures end. Index and time go on through the gap, and the time of
    the gap counts.
    """

    def __init__(
        self, source: Source, again: Callable[[], Source], *, pause: float | None = None, on_event: OnEvent = ignore
    ) -> None:
        """source: open already, so that one that cannot be had at all is told at once; again: opens it once more,
        raises InputError while it is not there. What `again` gives is closed with this. pause: seconds, None: PAUSE.
        """
        super().__init__(source.name, live=True, on_event=on_event)
        self._source = source
        self._again = again
        self._pause = PAUSE if pause is None else pause
        self._changing = threading.Lock()  # of `_source`, between the reader and who closes
        self._tries = 0
        self._index = 0
        self._started = 0.0

    @property
    def size(self) -> tuple[int, int] | None:
        return self._source.size

    @property
    def fps(self) -> float | None:
        return self._source.fps

    @property
    def tries(self) -> int:
        return self._tries

    def close(self) -> None:
        super().close()
        with self._changing:
            self._source.close()

    def _read(self) -> Frame | None:
        while not self._closed.is_set():
            if (frame := self._source.read()) is not None:
                return self._numbered(frame)
            if not self._closed.is_set():
                self._find_again()
        return None

    def _numbered(self, frame: Frame) -> Frame:
        if self._index == 0:
            self._started = frame.captured
        frame = replace(frame, index=self._index, time=frame.captured - self._started)
        self._index += 1
        return frame

    def _find_again(self) -> None:
        self._source.close()  # a device that is still held comes back under another number
        self._tries = 1
        self._on_event(Event("reconnecting", f"The {self.name} is lost. Looking for it until it is back."))
        begun = time.monotonic()
        while not self._closed.wait(self._pause):
            try:
                found = self._again()
            except InputError:
                self._tries += 1
                continue
            with self._changing:
                self._source = found
                if self._closed.is_set():  # `close` met the one before
                    found.close()
                    return
            self._tries = 0
            away = time.monotonic() - begun
            self._on_event(Event("reconnected", f"The {self.name} is back, after {away:.0f} s."))
            return

    def _free(self) -> None:
        """`close` has closed the source that is in use."""
