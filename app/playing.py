"""Moving through the film that is open: what the commands of playback do. Nothing happens where there is none."""

from __future__ import annotations

from collections.abc import Callable

from core.sources import Playback

SPEEDS = (0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0)  # times the film's own, as they can be chosen


class Playing:
    """film: gives the film that is open now; changed: called when what buttons show is another; moved: called when
    somebody goes somewhere."""

    def __init__(
        self, film: Callable[[], Playback | None], changed: Callable[[], None], moved: Callable[[], None]
    ) -> None:
        self._film = film
        self._changed = changed
        self._moved = moved

    @property
    def is_playing(self) -> bool:
        return (film := self._film()) is not None and film.playing

    @property
    def is_looping(self) -> bool:
        return (film := self._film()) is not None and film.loop

    @property
    def length(self) -> int:
        """Frames of the film; 0 where there is none."""
        return film.length if (film := self._film()) is not None else 0

    def toggle_play(self) -> None:
        if (film := self._film()) is not None:
            (film.pause if film.playing else film.play)()

    # -- going somewhere --

    def seek(self, index: int) -> None:
        if (film := self._film()) is not None:
            self._moved()
            film.seek(index)

    def seek_seconds(self, seconds: float) -> None:
        """The frame that is on screen at that time."""
        if (film := self._film()) is not None:
            self.seek(film.index_at(seconds))

    def seek_begin(self, begin: float, end: float) -> None:
        """The first frame that is on screen between two seconds."""
        self.seek(self.frames_of(begin, end)[0])

    def step(self, frames: int) -> None:
        if (film := self._film()) is not None:
            self._moved()
            film.step(frames)

    def step_seconds(self, seconds: float) -> None:
        """So much of the film's time; a frame at least."""
        if (film := self._film()) is not None:
            now = film.index
            # A little more, as times of frames are fractions: 0.1 s on from 0.2 s is the frame at 0.30000000000000004.
            there = film.index_at(film.time_of(now) + seconds + 1e-6)
            self.seek(max(there, now + 1) if seconds > 0 else min(there, now - 1))

    def step_share(self, share: float) -> None:
        if (film := self._film()) is not None:
            self.step_seconds(share * film.duration)

    # -- how it plays --

    def set_speed(self, speed: float) -> None:
        if (film := self._film()) is not None:
            film.set_speed(speed)
            self._changed()

    def slower(self) -> None:
        if (film := self._film()) is not None:
            self.set_speed(max((speed for speed in SPEEDS if speed < film.speed), default=SPEEDS[0]))

    def faster(self) -> None:
        if (film := self._film()) is not None:
            self.set_speed(min((speed for speed in SPEEDS if speed > film.speed), default=SPEEDS[-1]))

    def toggle_loop(self) -> None:
        if (film := self._film()) is not None:
            film.set_loop(not film.loop)

    # -- a stretch that plays over and over --

    @property
    def has_span(self) -> bool:
        return (film := self._film()) is not None and film.span is not None

    @property
    def span_seconds(self) -> tuple[float, float] | None:
        """The stretch in seconds, from the begin of its first frame to the end of its last."""
        film = self._film()
        if film is None or film.span is None:
            return None
        first, last = film.span
        return film.time_of(first), self.end_of(last)

    def time_of(self, index: int) -> float:
        """Seconds at which a frame begins."""
        return film.time_of(index) if (film := self._film()) is not None else 0.0

    def end_of(self, index: int) -> float:
        """Seconds at which a frame ends."""
        if (film := self._film()) is None:
            return 0.0
        return film.time_of(index + 1) if index + 1 < film.length else film.duration

    def begin_span(self) -> None:
        """The stretch begins with this frame, and ends where it did, or with the film."""
        if (film := self._film()) is not None:
            last = film.span[1] if film.span is not None else film.length - 1
            film.set_span((film.index, last if last > film.index else film.length - 1))
            self._changed()

    def end_span(self) -> None:
        """The stretch ends with this frame, and begins where it did, or with the film."""
        if (film := self._film()) is not None:
            first = film.span[0] if film.span is not None else 0
            film.set_span((first if first < film.index else 0, film.index))
            self._changed()

    def set_span_seconds(self, begin: float, end: float) -> None:
        """The stretch is that of the frames between two seconds, one at least."""
        if (film := self._film()) is not None:
            first, last = self.frames_of(begin, end)
            film.set_span((first, last))
            self._changed()

    def frames_of(self, begin: float, end: float) -> tuple[int, int]:
        """The first and the last frame that are on screen between two seconds."""
        film = self._film()
        if film is None:
            return 0, 0
        # A little less and more, as times of frames are fractions.
        first = film.index_at(begin + 1e-6)
        return first, max(film.index_at(end - 1e-6), first)

    def clear_span(self) -> None:
        if (film := self._film()) is not None:
            film.set_span(None)
            self._changed()
