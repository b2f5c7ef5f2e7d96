"""A film that plays: its frames come when they are due, and anyone may pause it, step, or jump."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from core.sources.base import ClosedError, Seekable, Source
from core.types import Frame, Image

SLOWEST, FASTEST = 0.1, 4.0
PROMPT = 0.05  # seconds that a frame may take without anything else being shown before it
_LATE = 0.25  # seconds behind its own time after which a film goes on from where it is, rather than hurry after


class Playback(Source):
    """A `Seekable` as a live source. One thread reads; any thread may steer.

    While it is paused, `read` waits: for the frame of the next jump or step, or until it plays again.  Jumps that come
    faster than frames can be read are left out, all but the last.  At the end it pauses on the last frame, or begins
    again where `loop` is set; where there is a `span` it begins that again whenever it plays out of it.  Every frame
    stands for as long as it does in the film, the last one before it begins again too.  `Frame.time` is that of the
    film, `Frame.captured` the moment it was due.

    A frame that takes long may be shown small first, see `preview_by`.

    times: (length,) float64, seconds of each frame, rising; read-only
    """

    def __init__(self, film: Seekable, *, playing: bool = True, loop: bool = False) -> None:
        """`film` is closed with this. Its length has to be known, which may take a while, so this may too; raises as
        the film does."""
        super().__init__(film.name, live=True)
        self.film = film
        self._length, self._duration = film.length, film.duration
        self.times: NDArray[np.float64] = film.times()
        self.times.flags.writeable = False
        self._changed = threading.Condition()
        self._playing = playing and self._length > 0
        self._loop = loop
        self._span: tuple[int, int] | None = None
        self._speed = 1.0
        self._wish: int | None = 0 if self._length else None  # frame to jump to
        self._at = 0  # frame given last
        self._last: Frame | None = None  # itself, for as long as the film stands behind it
        self._seeking = 0  # frame that the film was told to give
        self._find: Callable[[int], Image | None] = lambda index: None
        self._show: Callable[[Frame], None] = lambda frame: None
        self._previewed = False  # the frame that is sought was shown small
        self._given_up = False  # it was not waited for
        film.heed(self._is_wanted)
        self._last_time = 0.0  # its time in the film
        self._pending: Frame | None = None  # read, but not due yet
        self._clock: tuple[float, float] | None = None  # a moment, and the film's time then

    @property
    def size(self) -> tuple[int, int] | None:
        return self.film.size

    @property
    def fps(self) -> float | None:
        return self.film.fps

    @property
    def length(self) -> int:
        """Number of frames."""
        return self._length

    @property
    def duration(self) -> float:
        """Seconds from the start of the first frame to the end of the last."""
        return self._duration

    @property
    def index(self) -> int:
        """The frame that was given last, or that is about to come after a jump."""
        with self._changed:
            return self._at if self._wish is None else self._wish

    @property
    def playing(self) -> bool:
        with self._changed:
            return self._playing

    @property
    def loop(self) -> bool:
        with self._changed:
            return self._loop

    @property
    def span(self) -> tuple[int, int] | None:
        """First and last frame of the stretch that plays over and over, where there is one."""
        with self._changed:
            return self._span

    @property
    def speed(self) -> float:
        """Of the film: 1 is its own."""
        with self._changed:
            return self._speed

    def play(self) -> None:
        """Go on; at the end, begin again."""
        with self._changed:
            if self._length > 1 and not self._playing:
                if self._wish is None and self._at >= self._length - 1:
                    self._wish = 0 if self._span is None else self._span[0]
                self._playing, self._clock = True, None
            self._changed.notify_all()

    def pause(self) -> None:
        with self._changed:
            self._playing = False
            self._changed.notify_all()

    def seek(self, index: int) -> None:
        """Jump to a frame, the nearest there is; plays on from there where it is playing."""
        with self._changed:
            if self._length:
                self._wish = min(max(index, 0), self._length - 1)
            self._changed.notify_all()

    def step(self, frames: int) -> None:
        """Pause, so many frames on, or back where it is negative."""
        with self._changed:
            self._playing = False
            at = self._at if self._wish is None else self._wish
            self.seek(at + frames)

    def set_speed(self, speed: float) -> None:
        """Within SLOWEST to FASTEST."""
        with self._changed:
            self._speed = min(max(speed, SLOWEST), FASTEST)
            self._clock = None
            self._changed.notify_all()

    def set_loop(self, loop: bool) -> None:
        with self._changed:
            self._loop = loop

    def set_span(self, span: tuple[int, int] | None) -> None:
        """Play from the first to the last of these frames over and over, from when it comes to the last of them on;
        None: no more. A jump beyond the last leaves the span, until the film comes by again."""
        with self._changed:
            if span is not None:
                low, high = (min(max(index, 0), self._length - 1) for index in sorted(span))
                span = low, high
            self._span = span
            self._changed.notify_all()

    def time_of(self, index: int) -> float:
        """Seconds from the start of the film to a frame, the nearest there is."""
        return float(self.times[min(max(index, 0), self._length - 1)]) if self._length else 0.0

    def index_at(self, seconds: float) -> int:
        """The frame on screen at that time; outside of the film the first or last."""
        return max(int(np.searchsorted(self.times, seconds, side="right")) - 1, 0)

    def preview_by(self, find: Callable[[int], Image | None], show: Callable[[Frame], None]) -> None:
        """Before a frame that is far from where the film is: look for a picture of it that is there sooner, and show
        that. Both are called in the thread that reads.

        find: gives a picture of the size of the film's, or None; show: takes the frame with this picture. The frame
        itself comes as ever, unless another one is wished for meanwhile.
        """
        self._find, self._show = find, show

    def close(self) -> None:
        super().close()
        self.film.close()
        with self._changed:
            self._changed.notify_all()

    def _read(self) -> Frame | None:
        while not self._closed.is_set():
            with self._changed:
                wish = self._wish
                if wish is None and not self._playing:
                    self._clock = None  # time stands still until it plays again
                    self._changed.wait_for(lambda: self._closed.is_set() or self._playing or self._wish is not None)
                    continue
            frame = self._jump(wish) if wish is not None else self._next()
            if frame is not None:
                return frame
        return None

    def _jump(self, index: int) -> Frame | None:
        """The frame that was wished for, unless another is wished for meanwhile."""
        self._given_up = False
        try:
            frame = self._last if self._last is not None and self._last.index == index else self._sought(index)
        except ClosedError:
            return None
        with self._changed:
            if self._given_up or self._wish != index:
                return None
            self._wish = None
            self._clock = None
            if frame is None:  # damaged up to the end
                self._playing = False
                return None
            return self._given(frame)

    def _sought(self, index: int) -> Frame | None:
        """A frame of the film, once it was shown small where it takes long. Raises ClosedError."""
        self._pending = self._last = None
        self._previewed, self._seeking = False, index
        if self.film.seconds_to(index) > PROMPT and (image := self._find(index)) is not None:
            self._show(Frame(image, index, self.time_of(index), monotonic()))
            self._previewed = True
        self.film.seek(index)
        return self.film.read()

    def _is_wanted(self) -> bool:
        """Whether the frame that is sought is waited for. Where nothing has been seen of it, it is, whatever is wished
        for meanwhile: else nothing would be seen at all while somebody moves on and on."""
        self._given_up = self._previewed and self._wish != self._seeking
        return not self._given_up

    def _next(self) -> Frame | None:
        """The next frame, at the moment it is due; None when that was interrupted, and at the end."""
        frame = self._pending or self.film.read()
        self._pending = frame
        with self._changed:
            again = self._start_again(frame)
            if frame is None and again is None:
                self._playing = False
                return None
            due = self._due(
                self._duration if frame is None else frame.time, first=frame is not None and not frame.index
            )
            self._changed.wait_for(
                lambda: self._closed.is_set() or not self._playing or self._wish is not None or self._clock is None,
                max(due - monotonic(), 0),
            )
            if self._closed.is_set() or not self._playing or self._wish is not None or self._clock is None:
                return None
            again = self._start_again(frame)  # it may be another by now
            if again is not None:
                self._wish = again
                return None
            if frame is None:
                return None
            self._pending = None
            return self._given(frame)

    def _start_again(self, frame: Frame | None) -> int | None:
        """Where to begin again instead of going on to this frame, or to the end; None where nothing begins again."""
        if self._closed.is_set():
            return None
        if self._span is not None:
            first, last = self._span
            if self._at <= last and (frame is None or frame.index > last):
                return first if last > first else None
        return 0 if frame is None and self._loop and self._at > 0 else None

    def _due(self, time: float, *, first: bool) -> float:
        """The moment at which a time of the film is due. A film that cannot be read fast enough plays slower."""
        now = monotonic()
        if self._clock is not None:
            moment, then = self._clock
            due = moment + (time - then) / self._speed
            if due > now - _LATE:
                return due
        last = time if first else self._last_time
        self._clock = now, last
        return now + max(time - last, 0) / self._speed

    def _given(self, frame: Frame) -> Frame:
        self._at, self._last, self._last_time, now = frame.index, frame, frame.time, monotonic()
        if self._clock is None:
            self._clock = now, frame.time
        return replace(frame, captured=now)

    def _free(self) -> None:
        self._pending = self._last = None
