"""True points made as bad as a net's: jitter, missing points, missed and split people, points that a neighbour takes,
ghosts. What goes wrong goes wrong for a while, as with a net, whatever the frame rate.
"""

from dataclasses import dataclass

import numpy as np

from core.sources.synthetic import Truth
from core.types import People

TRUNK = (0, 1, 2, 3, 4, 5, 6, 7, 14, 15, 16, 17)
LEGS = (8, 9, 10, 11, 12, 13)
LEAST = 4  # points that have to be in sight of someone who counts as there


@dataclass(frozen=True, slots=True)
class Noise:
    """jitter: standard deviation in body heights; missing: share of points not found, guessed: of those out of sight
    that are found; the others happen so many times a second, to each person, and last for seconds between the two
    numbers.
    """

    jitter: float = 0.012
    missing: float = 0.08
    guessed: float = 0.2
    taken: float = 0.3  # share of the points near a neighbour's of the same kind that are exchanged
    missed: tuple[float, float, float] = (0.15, 0.03, 0.4)
    split: tuple[float, float, float] = (0.2, 0.1, 0.6)
    ghost: tuple[float, float, float] = (0.4, 0.03, 0.2)


class Detector:
    """Finds the people of a drawn scene as a net would."""

    def __init__(self, noise: Noise, seed: int, size: tuple[int, int]) -> None:
        self._noise, self._size = noise, size
        self._rng = np.random.default_rng(seed)
        self._until: dict[tuple[str, int], float] = {}
        self._time = 0.0
        self._ghost = np.zeros((18, 2), np.float32)

    def __call__(self, truth: Truth, time: float) -> People:
        rng, noise = self._rng, self._noise
        gap, self._time = time - self._time, time
        found = []
        keypoints = self._exchanged(truth)
        heights = body_heights(truth)
        for i, person in enumerate(truth.ids):
            missed = self._happens("missed", int(person), noise.missed, gap)
            split = self._happens("split", int(person), noise.split, gap)
            if missed or truth.visible[i].sum() < LEAST:
                continue
            seen = np.where(truth.visible[i], rng.random(18) >= noise.missing, rng.random(18) < noise.guessed)
            points = keypoints[i] + rng.normal(0, noise.jitter * heights[i], (18, 2))
            for part in (TRUNK, LEGS) if split else (range(18),):
                there = seen & np.isin(np.arange(18), part)
                if there.sum() >= 3:
                    found.append((np.where(there[:, None], points, np.nan), there * rng.uniform(0.4, 0.9, 18)))
        if self._happens("ghost", 0, noise.ghost, gap):
            if self._until["new ghost", 0] == time:
                some = rng.random(18) < 0.3
                some[rng.choice(18, 3, replace=False)] = True
                place = rng.uniform((0, 0), self._size) + rng.normal(0, 0.1 * self._size[1], (18, 2))
                self._ghost = np.where(some[:, None], place, np.nan)
            points = self._ghost + rng.normal(0, 0.01 * self._size[1], (18, 2))
            found.append((points, ~np.isnan(points[:, 0]) * rng.uniform(0.1, 0.5, 18)))
        if not found:
            return People.empty()
        scores = np.array([s for _, s in found], np.float32)
        totals = 2 * scores.sum(axis=1)
        order = np.argsort(-totals)
        return People(np.array([k for k, _ in found], np.float32)[order], scores[order], totals[order])

    def _happens(self, what: str, who: int, how: tuple[float, float, float], gap: float) -> bool:
        rate, shortest, longest = how
        if self._time < self._until.get((what, who), -1.0):
            return True
        if self._rng.random() < 1 - np.exp(-rate * gap):
            self._until[what, who] = self._time + self._rng.uniform(shortest, longest)
            self._until[f"new {what}", who] = self._time
            return True
        return False

    def _exchanged(self, truth: Truth) -> np.ndarray:
        keypoints = truth.keypoints.astype(np.float64)
        heights = body_heights(truth)
        for i in range(len(truth)):
            for j in range(i + 1, len(truth)):
                apart = np.linalg.norm(keypoints[i] - keypoints[j], axis=1)
                taken = (apart < 0.08 * heights[[i, j]].max()) & (self._rng.random(18) < self._noise.taken)
                keypoints[i, taken], keypoints[j, taken] = keypoints[j, taken], keypoints[i, taken]
        return keypoints


def body_heights(truth: Truth) -> np.ndarray:
    """(n,) pixels from the highest to the lowest point."""
    return np.nanmax(truth.keypoints[..., 1], axis=1) - np.nanmin(truth.keypoints[..., 1], axis=1)
