"""What every source of pictures offers, and how it tells of rare events."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from core.errors import PoseDeskError
from core.types import Frame

EventKind = Literal[
    "truncated",  # a file ends before it should; what there is can be read
    "damaged",  # a part of a file cannot be decoded and is left out
    "skipped",  # a picture of a folder cannot be read
    "size",  # the pictures have another size from now on
    "reconnecting",  # a stream stopped; it is tried again
    "reconnected",
    "gone",  # a camera was pulled out: read() gives None from now on
]


@dataclass(frozen=True, slots=True)
class Event:
    """Something rare that a user should know. message: one or two sentences."""

    kind: EventKind
    message: str


class ClosedError(PoseDeskError):
    """The source was closed while it was asked for something that takes long."""


OnEvent = Callable[[Event], None]


def ignore(event: Event) -> None:
    """The callback of those who do not want to know."""


class Source(ABC):
    """Pictures, one after the other.

    One thread reads.  Any thread may close, at any moment: `close` returns at once, a `read` that is waiting returns
    None soon, and what the source holds is freed by whoever leaves last.  Events are reported in the thread that
    reads, in order with the frames; the callback may close the source, but not read from it.
    """

    def __init__(self, name: str, *, live: bool = False, on_event: OnEvent = ignore) -> None:
        self.name = name
        self.live = live
        self._on_event = on_event
        self._size: tuple[int, int] | None = None
        self._closed = threading.Event()
        self._freed = False
        self._busy = threading.Lock()

    @property
    def size(self) -> tuple[int, int] | None:
        """(width, height) in pixels of the newest picture; None until it is known."""
        return self._size

    @property
    def fps(self) -> float | None:
        """Frames a second, on average; None where there is no such thing or it is not known."""
        return None

    @property
    def length(self) -> int | None:
        """Number of frames; None where there is no end."""
        return None

    @property
    def duration(self) -> float | None:
        """Seconds from the start of the first frame to the end of the last; None where there is no end."""
        return None

    @property
    def tries(self) -> int:
        """Which try it is to reach again what is gone, from 1 on; 0 while all is well."""
        return 0

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that are read; none where the pictures come from elsewhere."""
        return ()

    @property
    def picture_names(self) -> tuple[str, ...]:
        """`Frame.name` of each frame, of those too that cannot be read; none where frames have no names."""
        return ()

    def read(self) -> Frame | None:
        """The next frame, waiting for it where it must; None at the end, and after `close`."""
        with self._use():
            return None if self._closed.is_set() else self._read()

    def close(self) -> None:
        """End the reading and free everything. May be called again."""
        self._closed.set()
        self._free_once()

    @abstractmethod
    def _read(self) -> Frame | None:
        """The next frame. Long waits look at `_closed`."""

    @abstractmethod
    def _free(self) -> None:
        """Free everything. Called once, when nothing else of the source is running."""

    @contextmanager
    def _use(self) -> Iterator[None]:
        """Keeps `close` from freeing what is in use."""
        try:
            with self._busy:
                yield
        finally:
            if self._closed.is_set():  # somebody closed meanwhile, and could not free
                self._free_once()

    def _free_once(self) -> None:
        # A close that finds the source in use goes on; the user frees when it is done, since it looks at `_closed`
        # after it has let go of the lock. So one of the two always frees, and close never waits for a camera or a
        # network.
        if self._busy.acquire(blocking=False):
            try:
                if not self._freed:
                    self._freed = True
                    self._free()
            finally:
                self._busy.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Seekable(Source):
    """A source of known length whose frames can be read in any order.

    To know the length may take a while; when the source is closed meanwhile, `seek` returns and the others raise
    ClosedError.
    """

    @property
    @abstractmethod
    def length(self) -> int:
        """Number of frames, so that indices go from 0 to length - 1."""

    @property
    @abstractmethod
    def duration(self) -> float:
        """Seconds from the start of the first frame to the end of the last."""

    @abstractmethod
    def seek(self, index: int) -> None:
        """Let the next `read` give frame `index`. Raises IndexError outside of 0 to length - 1.

        The frame is the same, with the same index and time, as when everything before it had been read.  Where it is
        damaged and reading would leave it out, the next whole frame follows.
        """

    @abstractmethod
    def time_of(self, index: int) -> float:
        """Seconds from the start of the source to frame `index`. Raises IndexError outside of 0 to length - 1."""

    def times(self) -> NDArray[np.float64]:
        """(length,) float64, seconds of all frames, rising."""
        return np.array([self.time_of(index) for index in range(self.length)], np.float64)

    @abstractmethod
    def index_at(self, seconds: float) -> int:
        """The frame on screen at that time: the last that starts no later; outside of the source the first or last."""

    def seconds_to(self, index: int) -> float:
        """About how long it takes to seek and read frame `index` now; 0 where that is no matter. Raises IndexError
        outside of 0 to length - 1."""
        return 0.0

    @property
    def farthest(self) -> int:
        """A frame that takes as long as any to be sought and read."""
        return 0

    def read_on(self) -> None:
        """From now on it is read onward from wherever it is sought: nothing is to be kept for who goes back."""

    def heed(self, wanted: Callable[[], bool]) -> None:
        """Where a frame that was sought takes long, `wanted` is asked again and again meanwhile, in the thread that
        reads; where it says no, `read` gives None. Not to be called while a read is going on."""


def check_index(index: int, length: int) -> int:
    """The index, where there is such a frame. Raises IndexError."""
    if not 0 <= index < length:
        raise IndexError(f"there is no frame {index}; there are {length}")
    return index
