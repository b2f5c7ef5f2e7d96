"""Scenes of a person, one after the other, over and over."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

import numpy as np

from core.sources.synthetic.rig import Pose
from core.sources.synthetic.truth import Action

# What is done, for how many seconds, and the pose by the seconds since the scene began.
Scene = tuple[Action, float, Callable[[float], Pose]]


class Script:
    """Gives pose and action at any time. The last scene ends as the first begins."""

    def __init__(self, scenes: Sequence[Scene]) -> None:
        self._scenes = list(scenes)
        self._starts = list(np.r_[0.0, np.cumsum([length for _, length, _ in scenes])])

    @property
    def seconds(self) -> float:
        """How long it takes once."""
        return float(self._starts[-1])

    def start_of(self, scene: int) -> float:
        """When a scene begins, in seconds."""
        return float(self._starts[scene])

    def action(self, seconds: float) -> Action:
        """What is done at that time."""
        return self._scenes[self._now(seconds)[0]][0]

    def __call__(self, seconds: float) -> Pose:
        """The pose at that time."""
        i, since = self._now(seconds)
        return self._scenes[i][2](since)

    def _now(self, seconds: float) -> tuple[int, float]:
        within = seconds % self.seconds
        i = min(bisect_right(self._starts, within), len(self._scenes)) - 1
        return i, within - self._starts[i]
