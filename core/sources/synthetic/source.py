"""A synthetic scene as a source: `demo:walk`, `demo:tennis?size=1280x720&seconds=20`."""

from __future__ import annotations

import threading
import time
from urllib.parse import parse_qsl

from core.errors import InputError
from core.sources.base import OnEvent, Seekable, check_index, ignore
from core.sources.synthetic.scenes import DEMOS, Cast
from core.sources.synthetic.truth import Action, Truth
from core.types import Floats, Frame, Image

PREFIX = "demo:"
OPTIONS = ("size", "fps", "seconds", "seed", "people", "live")
MOST_SECONDS = 36000.0


class SyntheticScene(Seekable):
    """People who are drawn, moving before a backdrop; what is true of every frame is known.

    A frame depends on its index and on these settings only, so frames can be read in any order.

    name:    one of `DEMOS`
    size:    (width, height) in pixels, 16 to 8192 each
    fps:     frames a second, 1 to 1000
    seconds: how long; None for as long as the demo needs
    seed:    whoever and wherever: another seed gives other people and places
    people:  how many, None for as many as the demo has
    live:    give frames at the time they are due, as a camera does
    """

    def __init__(
        self,
        name: str,
        *,
        size: tuple[int, int] = (640, 360),
        fps: float = 30.0,
        seconds: float | None = None,
        seed: int = 0,
        people: int | None = None,
        live: bool = False,
        on_event: OnEvent = ignore,
    ) -> None:
        super().__init__(PREFIX + name, live=live, on_event=on_event)
        demo = DEMOS.get(name)
        if demo is None:
            raise InputError(f"There is no demo {name!r}; there is {_listed([PREFIX + each for each in DEMOS])}.")
        seconds = demo.seconds if seconds is None else seconds
        people = demo.people if people is None else people
        _check("size", min(size), 16, 8192)
        _check("size", max(size), 16, 8192)
        _check("fps", fps, 1, 1000)
        _check("seconds", seconds, 0.001, MOST_SECONDS)
        _check("seed", seed, 0, 2**32 - 1)
        _check(f"people in {PREFIX}{name}", people, 1 if demo.most > 0 else 0, demo.most)
        self._size = size
        self._fps = fps
        self._length = max(1, round(seconds * fps))
        self._stage = demo.make(Cast(size, seconds, seed, people))
        self._drawing = threading.Lock()  # the truth may be asked for from another thread than the one that reads
        self._last: tuple[int, Image, Truth] | None = None
        self._next = 0
        self._started: float | None = None

    @property
    def fps(self) -> float:
        return self._fps

    @property
    def length(self) -> int:
        return self._length

    @property
    def duration(self) -> float:
        return self._length / self._fps

    def seek(self, index: int) -> None:
        self._next = check_index(index, self._length)
        self._started = None

    def time_of(self, index: int) -> float:
        return check_index(index, self._length) / self._fps

    def index_at(self, seconds: float) -> int:
        return min(max(int(seconds * self._fps + 1e-6), 0), self._length - 1)

    def truth(self, index: int) -> Truth:
        """What is true of frame `index`. Raises IndexError outside of 0 to length - 1."""
        return self._draw(check_index(index, self._length))[1]

    def poses(self, index: int) -> tuple[Floats, tuple[Action, ...]]:
        """(people, 18, 2) keypoints and the actions of `truth`, without drawing the picture. Raises as `truth`."""
        return self._stage.poses(check_index(index, self._length) / self._fps)

    def _draw(self, index: int) -> tuple[Image, Truth]:
        with self._drawing:
            if self._last is None or self._last[0] != index:
                self._last = index, *self._stage.at(index / self._fps)
            return self._last[1], self._last[2]

    def _read(self) -> Frame | None:
        if self._next >= self._length:
            return None
        index, self._next = self._next, self._next + 1
        seconds = index / self._fps
        if self.live:
            now = time.monotonic()
            if self._started is None:
                self._started = now - seconds
            if self._closed.wait(max(0.0, self._started + seconds - now)):
                return None
        return Frame(self._draw(index)[0], index, seconds, time.monotonic())

    def _free(self) -> None:
        """Memory only."""


def open_demo(text: str, *, on_event: OnEvent = ignore) -> SyntheticScene:
    """The scene of an address such as `demo:walk?size=1280x720&fps=25&seconds=20&seed=3&people=2&live=1`.

    Raises InputError with a sentence for the user.
    """
    name, _, query = text[len(PREFIX) :].partition("?")
    values = dict(parse_qsl(query, keep_blank_values=True))
    unknown = [option for option in values if option not in OPTIONS]
    if unknown or (query and not values):
        raise InputError(
            f"{text}: there is no option {unknown[0] if unknown else query!r}; there is {_listed(OPTIONS)}."
        )
    return SyntheticScene(
        name,
        size=_size(values.get("size", "640x360")),
        fps=_number("fps", values.get("fps", "30")),
        seconds=None if "seconds" not in values else _number("seconds", values["seconds"]),
        seed=_whole("seed", values.get("seed", "0")),
        people=None if "people" not in values else _whole("people", values["people"]),
        live=values.get("live", "0").lower() in ("1", "true", "yes", "on", ""),
        on_event=on_event,
    )


def _size(text: str) -> tuple[int, int]:
    try:
        width, height = (int(part) for part in text.lower().split("x"))
    except ValueError as e:
        raise InputError(f"size={text}: give width and height in pixels, such as size=1280x720.") from e
    return width, height


def _number(option: str, text: str) -> float:
    try:
        return float(text)
    except ValueError as e:
        raise InputError(f"{option}={text}: give a number.") from e


def _whole(option: str, text: str) -> int:
    try:
        return int(text)
    except ValueError as e:
        raise InputError(f"{option}={text}: give a whole number.") from e


def _check(option: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise InputError(f"{option} has to lie between {low:g} and {high:g}, but it is {value:g}.")


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(names[:-1]) + f" and {names[-1]}"
