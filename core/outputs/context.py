"""What drawing has to know beyond one frame: who people are to the user, and where they were."""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from core.motion.drops import Fall
from core.outputs.bridging import Bridge
from core.outputs.overlay import Overlay
from core.outputs.paint import Letters, stroke_letters
from core.skeleton import Color
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

    names: drawn instead of `#ID`; hidden: people who are not drawn; selected: those marked; trails, bridges, actions:
    by ID; colors: of actions, by their name: one that has none is written on the person's; letters: what texts are
    written in
    lost: who lies after a fall and is not found any more
    fine: pixels of the picture for one that a text is sized in: 2 on a screen that has twice as many
    """

    names: Mapping[int, str] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()
    selected: frozenset[int] = frozenset()
    trails: Mapping[int, Trail] = field(default_factory=dict)
    bridges: Mapping[int, Bridge] = field(default_factory=dict)
    actions: Mapping[int, str] = field(default_factory=dict)
    colors: Mapping[str, Color] = field(default_factory=dict)
    letters: Letters = stroke_letters
    lost: tuple[Fall, ...] = ()
    fine: float = 1.0

    def label(self, person: int) -> str:
        """What is written at a person with an ID."""
        return self.written(self.names.get(person, "")) or f"#{person}"

    def action(self, person: int) -> tuple[str, Color | None]:
        """What a person does, empty where that is not known or cannot be written, and the colour that it has."""
        name = self.actions.get(person, "")
        return self.written(name), self.colors.get(name)

    def written(self, text: str) -> str:
        """As much of a text as there are letters for: strokes are those of ASCII, others lose their accents."""
        if self.letters is not stroke_letters:
            return text.strip()
        return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().strip()

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
