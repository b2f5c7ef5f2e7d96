"""Falls for tests of the window, and a keeper that is shown figures that fall."""

from math import inf

import numpy as np

from app.event_book import EventBook
from app.falls.keeper import FallKeeper
from app.steered_estimator import NO_LINKS, NO_MAPS, NO_PEAKS
from core.motion import Fall
from core.types import Frame, Image, Result
from tests.core.test_falls import Film, people

SOON = 90_000  # milliseconds
FPS = 15.0
IMAGE = np.zeros((480, 640, 3), np.uint8)


def a_fall(person: int = 1, time: float = 0.2, since: float = 0.4, ended: float | None = None, x: float = 50.0) -> Fall:
    return Fall(person, time, since, ended, 0.8, x, 50.0, 100.0)


class Told:
    """A keeper, and what it told."""

    def __init__(self, live: bool = False) -> None:
        self.events = EventBook()
        self.keeper = FallKeeper(self.events, live)
        self.keeper.watching = True
        self.alarms: list[Fall] = []
        self.rises: list[Fall] = []
        self.keeper.alarm, self.keeper.up = self.alarms.append, self.rises.append

    def see(
        self, film: Film, start: float, end: float, *, moves: bool = True, person: int = 1, image: Image = IMAGE,
        taken: float = inf,
    ) -> None:  # fmt: skip
        """taken: the moment of the capture, all at once"""
        for i in range(round(start * FPS), round(end * FPS)):
            points = film(i / FPS)
            found = people() if points is None else people(points)
            frame = Frame(image, i, i / FPS, taken)
            ids = np.full(len(found), person, np.int32)
            self.keeper.see(Result(frame, NO_MAPS, NO_PEAKS, NO_LINKS, found, ids), moves)
