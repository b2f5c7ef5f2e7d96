"""Pictures of a camera that hangs upside down, stands on its side, or is to be a mirror."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np

from core.sources.base import Source
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
