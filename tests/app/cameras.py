"""A camera that can be plugged in and pulled out, in place of cv2's."""

import threading
import time

from core.types import Image
from tests.tiny_net import arms

SHOULDER = (60, 25)


class FakeCamera:
    """What cv2.VideoCapture does: gives a picture of an arm 100 times a second while it is plugged in."""

    plugged = threading.Event()
    asked: list[tuple[int, float]] = []  # noqa: RUF012 - of the newest
    open_now = 0

    def __init__(self, index: int, backend: int) -> None:
        self._there = self.plugged.is_set()
        type(self).asked = []
        type(self).open_now += self._there

    def isOpened(self) -> bool:  # noqa: N802
        return self._there

    def set(self, key: int, value: float) -> bool:
        type(self).asked.append((key, value))
        return True

    def get(self, key: int) -> float:
        return 0.0

    def read(self) -> tuple[bool, Image | None]:
        time.sleep(0.01)
        if not self._there or not self.plugged.is_set():
            self._there = False
            return False, None
        return True, arms(SHOULDER)

    def release(self) -> None:
        type(self).open_now -= 1
