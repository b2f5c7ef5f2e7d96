"""Which pictures are recorded with people drawn over them: those that are seen on screen, as they were seen last."""

from __future__ import annotations

import threading
from collections.abc import Callable

from core.types import Frame, Result


class OnScreen:
    """Every frame that comes: with its own people where they are found before the next frame comes, else with those
    that are over it then. Or, where only pictures with their own pose are shown, those.

    write: takes a frame, and the result whose people are over it, None: nobody is
    over:  gives that result, of a moment ago
    """

    def __init__(self, write: Callable[[Frame, Result | None], None], over: Callable[[Frame], Result | None]) -> None:
        self._write, self._over = write, over
        self._frame: Frame | None = None  # the newest; it is not written yet
        self._written = float("-inf")  # when the last one that is was captured
        self._changing = threading.Lock()  # frames come in one thread, results in another

    def see(self, frame: Frame, own_pose: bool) -> None:
        """A frame came."""
        with self._changing:
            if not own_pose:
                self._write_newest()
            self._frame = None if own_pose else frame

    def take(self, result: Result, own_pose: bool) -> None:
        """People were looked for in a frame."""
        with self._changing:
            if result.frame is self._frame or (own_pose and result.frame.captured > self._written):
                self._give(result.frame, result)

    def close(self) -> None:
        """No more frames come."""
        with self._changing:
            self._write_newest()

    def _write_newest(self) -> None:
        if self._frame is not None:
            self._give(self._frame, self._over(self._frame))

    def _give(self, frame: Frame, result: Result | None) -> None:
        self._frame, self._written = None, frame.captured
        self._write(frame, result)
