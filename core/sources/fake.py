"""Sources without camera, file or network: the rest of the program is tested and shown with them."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from core.errors import PoseDeskError
from core.sources.base import Event, OnEvent, Seekable, Source, check_index, ignore
from core.types import Frame, Image


class FakeSource(Source):
    """Pictures from any iterable, as a camera or a stream gives them.

    images:  (height, width, 3) uint8 BGR each, sizes may differ; may be endless
    fps:     frame n has the time n / fps
    live:    frame n comes n / fps seconds after the first, not before, as from a camera
    failure: what happens after the last picture: an event as of a camera pulled out, or an error raised by `read`
    """

    def __init__(
        self,
        images: Iterable[Image],
        *,
        fps: float = 25.0,
        live: bool = True,
        failure: Event | PoseDeskError | None = None,
        name: str = "fake",
        on_event: OnEvent = ignore,
    ) -> None:
        super().__init__(name, live=live, on_event=on_event)
        self._images = iter(images)
        self._fps = fps
        self._failure = failure
        self._index = 0
        self._started = 0.0

    @property
    def fps(self) -> float:
        return self._fps

    def _read(self) -> Frame | None:
        image = next(self._images, None)
        if image is None:
            self._fail()
            return None
        seconds = self._index / self._fps
        if self._index == 0:
            self._started = time.monotonic()
        if self.live and self._closed.wait(max(0.0, self._started + seconds - time.monotonic())):
            return None
        frame = Frame(image, self._index, seconds, time.monotonic())
        self._index += 1
        self._size = frame.size
        return frame

    def _fail(self) -> None:
        failure, self._failure = self._failure, None  # once
        if isinstance(failure, Event):
            self._on_event(failure)
        elif failure is not None:
            raise failure

    def _free(self) -> None:
        self._images = iter(())


class ArraySource(Seekable):
    """Pictures that are in memory, as a video of a steady rate.

    images: (height, width, 3) uint8 BGR each, sizes may differ
    times:  seconds of each picture, rising from 0; else frame n has the time n / fps
    """

    def __init__(
        self,
        images: Sequence[Image],
        *,
        fps: float = 25.0,
        times: Sequence[float] | None = None,
        name: str = "array",
        on_event: OnEvent = ignore,
    ) -> None:
        super().__init__(name, on_event=on_event)
        self._images = images
        self._fps = fps
        self._times = [n / fps for n in range(len(images))] if times is None else list(times)
        self._next = 0
        if len(images):
            self._size = images[0].shape[1], images[0].shape[0]

    @property
    def fps(self) -> float:
        return self._fps

    @property
    def length(self) -> int:
        return len(self._images)

    @property
    def duration(self) -> float:
        return self._times[-1] + 1 / self._fps if self._times else 0.0

    def seek(self, index: int) -> None:
        self._next = check_index(index, self.length)

    def time_of(self, index: int) -> float:
        return self._times[check_index(index, self.length)]

    def index_at(self, seconds: float) -> int:
        return max(0, bisect_right(self._times, seconds) - 1)

    def _read(self) -> Frame | None:
        if self._next >= self.length:
            return None
        index, self._next = self._next, self._next + 1
        frame = Frame(self._images[index], index, self._times[index], time.monotonic())
        self._size = frame.size
        return frame

    def _free(self) -> None:
        """The pictures belong to whoever gave them."""
