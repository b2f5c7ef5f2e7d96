"""What drawing has to know beyond one frame: who people are to the user, and where they were."""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from core.outputs.overlay import Overlay
from core.types import Floats, Ints, People, Result


@dataclass(frozen=True, slots=True)
class Trail:
    """Where a point was.

    xy:   (m, 2) float32, image pixels, the oldest first; NaN where it was not found
    ages: (m,) float32, 0 now to 1 where the trail ends
    """

    xy: Floats
    ages: Floats


@dataclass(frozen=True, slots=True)
class Context:
    """What drawing has to know of people.

    names: drawn instead of `#ID`; hidden: people who are not drawn; selected: those marked; trails, actions: by ID
    """

    names: Mapping[int, str] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()
    selected: frozenset[int] = frozenset()
    trails: Mapping[int, Trail] = field(default_factory=dict)
    actions: Mapping[int, str] = field(default_factory=dict)

    def label(self, person: int) -> str:
        """What is written at a person with an ID. The drawn letters are those of ASCII: others lose their accents."""
        name = unicodedata.normalize("NFKD", self.names.get(person, ""))
        return name.encode("ascii", "ignore").decode().strip() or f"#{person}"

    def shown(self, people: People, ids: Ints) -> tuple[People, Ints]:
        """Those who are not hidden."""
        if not self.hidden:
            return people, ids
        kept = ~np.isin(ids, list(self.hidden))
        return people[kept], ids[kept]


PLAIN = Context()


class Trails:
    """Remembers where people were, frame after frame, as far as an overlay asks for it."""

    def __init__(self, overlay: Overlay) -> None:
        self._point = overlay.trail_of
        self._seconds = overlay.trail_seconds
        self._seen: deque[tuple[float, Ints, Floats]] = deque()  # time, IDs, (n, 2) the point

    def after(self, result: Result) -> dict[int, Trail]:
        """The trails up to this frame, of those who are in it."""
        if self._point is None:
            return {}
        now = result.frame.time
        if self._seen and now < self._seen[-1][0]:
            self._seen.clear()
        self._seen.append((now, result.ids, result.people.keypoints[:, self._point]))
        while self._seen[0][0] < now - self._seconds:
            self._seen.popleft()
        times = np.array([time for time, _, _ in self._seen])
        ages = ((now - times) / self._seconds).astype(np.float32)
        trails = {}
        for person in result.ids[result.ids > 0].tolist():
            xy = np.full((len(times), 2), np.nan, np.float32)
            for row, (_, ids, points) in enumerate(self._seen):
                if len(mine := np.flatnonzero(ids == person)):
                    xy[row] = points[mine[0]]
            trails[person] = Trail(xy, ages)
        return trails
