"""Cuts in a film: from one frame to the next everything is another picture."""

import cv2
import numpy as np

from core.types import Floats, Image

SIZE = (32, 18)  # pixels of the pictures that are compared
ALIKE = 0.4  # least correlation of a picture with the last one
PLAIN = 2.0  # grey levels of contrast, below which a picture is like any other


class Cuts:
    """Remembers the last picture, very small."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._last: Floats | None = None
        self._shape: tuple[int, ...] = ()

    def update(self, image: Image) -> bool:
        """Whether `image` does not go on from the last one. Light that comes on or goes off is no cut: the pictures
        are compared by their correlation, in which brightness and contrast do not count.
        """
        small = cv2.resize(image, SIZE, interpolation=cv2.INTER_AREA).astype(np.float32)
        now: Floats = (small - small.mean(axis=(0, 1))).ravel()
        strength = float(np.linalg.norm(now))
        if strength < PLAIN * np.sqrt(now.size):  # black between two scenes: what counts is the picture before it
            return False
        now /= strength
        last, shape = self._last, self._shape
        self._last, self._shape = now, image.shape
        return last is not None and (shape != image.shape or float(last @ now) < ALIKE)
