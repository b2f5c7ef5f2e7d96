"""Goes through a film in the background and keeps its pictures small."""

from __future__ import annotations

import logging
import math
import sqlite3
import threading
from collections.abc import Callable, Iterator

import av

from core.errors import PoseDeskError
from core.previews.group import LENGTH, small
from core.previews.store import Previews, tidy
from core.sources import Seekable
from core.types import Frame, Image

log = logging.getLogger(__name__)

SLOW = 0.1  # seconds: a film whose every frame is there sooner needs no small pictures
PROBE = 2 * LENGTH - 1  # frame that is sought to see how fast the film can be decoded: it has the way of two groups
TRIES = 3  # the fastest of so many tells: other programs have the processor too
PATIENCE = 10.0  # seconds that the work may take to stop

Turn = Callable[[Callable[[], Frame | None]], Frame | None]


def may_be_slow(film: Seekable) -> bool:
    """Whether a film may take long to give a frame, by a guess that costs nothing."""
    return film.seconds_to(film.farthest) > SLOW / 4


class PreviewMaker:
    """Whoever makes it calls `start`, then `stop`.

    It begins where somebody has looked for a picture that was not there, and else goes on to the end, and to what lies
    before.
    """

    def __init__(self, open_film: Callable[[], Seekable], previews: Previews, turn: Turn = lambda read: read()) -> None:
        """open_film: called in the thread of the work, and closed with it; turn: has a frame read when it is its
        turn"""
        self._open = open_film
        self._previews = previews
        self._turn = turn
        self._stopping = threading.Event()
        self._at = -1  # where the film stands: the frame that `read` gives, or that it leaves out; -1: elsewhere
        self._ahead: Frame | None = None  # read already
        self._thread = threading.Thread(target=self._guarded, name="posedesk-previews", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end; False where it takes longer than `timeout` seconds."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def stop(self) -> None:
        """Returns when it has ended."""
        self._stopping.set()
        if self._thread.ident is not None and not self.wait(PATIENCE):
            log.error("What makes small pictures does not stop.")

    def _guarded(self) -> None:
        """The thread never dies silently. Whoever watches the film hears of what is wrong with that anyway."""
        try:
            tidy()
            with self._open() as self._film:
                self._film.read_on()
                self._film.heed(lambda: not self._stopping.is_set())
                if self._is_slow():
                    for group in self._missing():
                        self._make(group)
        except (PoseDeskError, OSError, sqlite3.Error, av.FFmpegError) as error:
            if not self._stopping.is_set():
                log.warning("No more small pictures are made: %s", error)
        except BaseException:
            log.exception("Making small pictures failed")

    def _is_slow(self) -> bool:
        """Whether the film takes long to give a frame, by one that it has to give first."""
        film = self._film
        farthest, fastest = film.farthest, math.inf
        for _ in range(TRIES):
            if not self._stopping.is_set() and fastest > SLOW:
                film.seek(min(farthest, PROBE))
                self._turn(film.read)
                fastest = min(fastest, film.seconds_to(farthest))
        return fastest > SLOW

    def _missing(self) -> Iterator[int]:
        groups, after = -(-self._film.length // LENGTH), 0
        there = self._previews.groups()
        while not self._stopping.is_set() and self._previews.has_room():
            wanted, self._previews.wanted = self._previews.wanted, None
            if wanted is not None:
                after = wanted // LENGTH
            left = (group for group in (*range(after, groups), *range(after)) if group not in there)
            if (group := next(left, None)) is None:
                return
            yield group
            there.add(group)
            after = group + 1

    def _make(self, group: int) -> None:
        pictures: dict[int, Image] = {}
        size = None
        for frame in self._frames(group * LENGTH, (group + 1) * LENGTH):
            size = size or frame.size
            if frame.size == size:  # else it is of a film that changes its size, and looked for in the film itself
                pictures[frame.index % LENGTH] = small(frame.image)
        if self._stopping.is_set():
            return
        if size is not None:
            self._previews.put(group, pictures, size)

    def _frames(self, start: int, stop: int) -> Iterator[Frame]:
        """The frames from `start` up to before `stop`; those that are damaged are left out."""
        if self._at != start:
            self._film.seek(start)
            self._ahead = None
        self._at = stop
        while True:
            frame = self._ahead or self._turn(self._film.read)
            self._ahead = None
            if frame is None:
                self._at = -1
                return
            if frame.index >= stop:
                self._ahead = frame
                return
            yield frame
            if frame.index == stop - 1 or self._stopping.is_set():
                return
