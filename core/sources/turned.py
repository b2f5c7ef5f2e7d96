"""Pictures of a camera that hangs upside down, stands on its side, or is to be a mirror; of films that say the wrong
thing of how they were taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.sources.base import Seekable, Source
from core.sources.images import ImageFiles
from core.types import Frame, Image

Angle = Literal[0, 90, 180, 270]
ANGLES: tuple[Angle, ...] = (0, 90, 180, 270)
_CODES = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


@dataclass(frozen=True, slots=True)
class Turning:
    """angle: degrees clockwise; mirror: left and right are exchanged, after the turn."""

    angle: Angle = 0
    mirror: bool = False

    def __call__(self, image: Image) -> Image:
        """(height, width, 3) as it is to be seen; the same array where nothing is to be done."""
        if self.angle:
            image = np.asarray(cv2.rotate(image, _CODES[self.angle]), np.uint8)
        return np.asarray(cv2.flip(image, 1), np.uint8) if self.mirror else image

    def further(self) -> Turning:
        """A quarter turn more."""
        return replace(self, angle=ANGLES[(ANGLES.index(self.angle) + 1) % len(ANGLES)])


class Turned(Source):
    """A live source whose pictures are turned. `turning` may be changed at any time, by any thread, and holds from the
    next frame on. The source is closed with this.
    """

    def __init__(self, source: Source, turning: Turning | None = None) -> None:
        super().__init__(source.name, live=source.live)
        self.source = source
        self.turning = turning or Turning()

    @property
    def fps(self) -> float | None:
        return self.source.fps

    @property
    def tries(self) -> int:
        return self.source.tries

    def close(self) -> None:
        super().close()
        self.source.close()

    def _read(self) -> Frame | None:
        frame = self.source.read()
        if frame is None:
            return None
        frame = replace(frame, image=self.turning(frame.image))
        self._size = frame.size
        return frame

    def _free(self) -> None:
        """`close` has closed the source."""


class TurnedFilm(Seekable):
    """A film whose pictures are turned, all of them in one way. The film is closed with this."""

    def __init__(self, film: Seekable, turning: Turning) -> None:
        super().__init__(film.name)
        self.film = film
        self.turning = turning

    @property
    def size(self) -> tuple[int, int] | None:
        size = self.film.size
        return size if size is None or self.turning.angle in (0, 180) else (size[1], size[0])

    @property
    def fps(self) -> float | None:
        return self.film.fps

    @property
    def length(self) -> int:
        return self.film.length

    @property
    def duration(self) -> float:
        return self.film.duration

    @property
    def files(self) -> tuple[Path, ...]:
        return self.film.files

    def seek(self, index: int) -> None:
        self.film.seek(index)

    def time_of(self, index: int) -> float:
        return self.film.time_of(index)

    def times(self) -> NDArray[np.float64]:
        return self.film.times()

    def index_at(self, seconds: float) -> int:
        return self.film.index_at(seconds)

    def seconds_to(self, index: int) -> float:
        return self.film.seconds_to(index)

    @property
    def farthest(self) -> int:
        return self.film.farthest

    def read_on(self) -> None:
        self.film.read_on()

    def heed(self, wanted: Callable[[], bool]) -> None:
        self.film.heed(wanted)

    def close(self) -> None:
        super().close()
        self.film.close()

    def _read(self) -> Frame | None:
        frame = self.film.read()
        return None if frame is None else replace(frame, image=self.turning(frame.image))

    def _free(self) -> None:
        """`close` has closed the film."""


def turned(source: Source, turning: Turning) -> Source:
    """The source with its pictures turned; the same where nothing is to be done. Raises InputError, and closes it, for
    image files: they are turned as their cameras have written into them."""
    if turning == Turning():
        return source
    if isinstance(source, ImageFiles):
        source.close()
        raise InputError(f"{source.name}: films and cameras can be turned, pictures cannot. Turn the files themselves.")
    return TurnedFilm(source, turning) if isinstance(source, Seekable) and not source.live else Turned(source, turning)
