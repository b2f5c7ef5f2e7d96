"""How places along the axis are called: seconds of a film, or single pictures by number and name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Protocol

from app.timeline import columns
from app.transport import clock
from core.sources.images import picture_stem
from core.words import counted

_APART = 40.0  # pixels at least between the numbers of two pictures
_NAMED = 64.0  # pixels that a picture takes from which on its name has a chance
_STEPS = tuple(digit * 10**power for power in range(7) for digit in (1, 2, 5))


@dataclass(frozen=True, slots=True)
class Tick:
    """second: where its line is; text: what is written there, in the middle around `middle` and in so many pixels of
    `room`, beyond which it is cut"""

    second: float
    text: str
    middle: float
    room: float = inf


class Numbering(Protocol):
    def ticks(self, begin: float, end: float, width: int) -> Iterator[Tick]:
        """Those between two seconds, which are so many pixels apart."""

    def length(self, seconds: float, frames: int) -> str:
        """How long a stretch is."""

    def stretch(self, begin: float, end: float) -> str:
        """From where to where it goes, in seconds, and how long it is."""

    def called(self, index: int) -> str:
        """What one frame is called."""

    def tip(self, second: float) -> str:
        """What there is to tell of a place; empty: nothing."""


class Seconds:
    """Of a film."""

    def ticks(self, begin: float, end: float, width: int) -> Iterator[Tick]:
        seconds, step = columns.ticks(begin, end, width)
        for second in seconds.tolist():
            yield Tick(second, columns.tick_text(second, step), second)

    def length(self, seconds: float, frames: int) -> str:
        return f"{seconds:.3f} s, {counted(frames, 'frame')}"

    def stretch(self, begin: float, end: float) -> str:
        return f"{clock(begin)} to {clock(end)} ({end - begin:.2f} s)"

    def called(self, index: int) -> str:
        return f"frame {index}"

    def tip(self, second: float) -> str:
        return ""


class PictureNumbers:
    """Of single pictures, each of which takes one second of the axis, though no time goes by between two. They are
    counted from 1 on, as people count them."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def ticks(self, begin: float, end: float, width: int) -> Iterator[Tick]:
        wide = width / (end - begin)
        step = next((step for step in _STEPS if step * wide >= _APART), _STEPS[-1])
        for index in range(max(int(begin), 0), min(int(-(-end // 1)), len(self._names))):
            number = index + 1
            if number % step == 0:
                left, right = max(index, begin), min(index + 1, end)  # of it that is on show
                text = f"{number}  {picture_stem(self._names[index])}" if wide >= _NAMED else f"{number}"
                yield Tick(float(index), text, (left + right) / 2, wide * (right - left) - 4 if step == 1 else inf)

    def length(self, seconds: float, frames: int) -> str:
        return counted(frames, "picture")

    def stretch(self, begin: float, end: float) -> str:
        first, last = round(begin) + 1, round(end)
        return f"pictures {first} to {last}" if last > first else f"picture {first}"

    def called(self, index: int) -> str:
        return f"picture {index + 1}"

    def tip(self, second: float) -> str:
        index = int(second)
        return f"{index + 1}: {self._names[index]}" if 0 <= index < len(self._names) else ""
