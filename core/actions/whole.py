"""Actions of a whole film whose people are known: what a `Recogniser` would have found, many windows at once, and no
window twice when the film grows or people get other IDs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.actions.model import ActionModel
from core.actions.recogniser import FORGET
from core.actions.windows import BRIDGE, resampled_each
from core.types import Floats

CHUNK = 64  # windows that are looked at together: a few milliseconds
POSES = 4096  # that are looked up together, which takes as long
Keys = NDArray[np.uint64]
_RANDOM = np.random.default_rng(20_170_701)
_FACTORS: Keys = _RANDOM.integers(1, 2**63, 36, np.uint64) * np.uint64(2) + np.uint64(1)
_NOTHING = np.float32(-1e30)  # stands for a point that was not found


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody over a stretch of time without being away for long.

    frames: (n,) int64; times: (n,) float64 seconds, rising; keypoints: (n, 18, 2) float32 image pixels
    """

    frames: NDArray[np.int64]
    times: NDArray[np.float64]
    keypoints: Floats


def presences(frames: NDArray[np.int64], times: NDArray[np.float64], keypoints: Floats) -> list[Presence]:
    """The stretches in which a person is there, apart where a recogniser would have forgotten them.

    frames, times, keypoints: of frames of the film in their order; NaN where the person is not there
    """
    there = np.flatnonzero(~np.isnan(keypoints[..., 0]).all(axis=1))
    if not len(there):
        return []
    gone = times[there[:-1]] < times[there[1:]] - FORGET
    parts = np.split(there, np.flatnonzero(gone) + 1)
    return [Presence(frames[part], times[part], keypoints[part]) for part in parts]


class Probabilities:
    """Of one model. Remembers those of the windows of one go for the next."""

    def __init__(self, model: ActionModel) -> None:
        self.model = model
        self._keys: Keys = np.empty(0, np.uint64)
        self._known: Floats = np.empty((0, model.header.classes), np.float32)
        self._found: list[tuple[Keys, Floats]] = []
        self.looked_at = 0  # windows that were not known

    def of(self, presence: Presence, give_way: Callable[[], None] = lambda: None) -> Floats:
        """(n, classes) float32 of the window that ends with each frame; NaN where too little of the body is seen.

        give_way: called every few milliseconds
        """
        window = self.model.window
        ends = np.arange(len(presence.times))
        since = np.searchsorted(presence.times, presence.times - window.seconds - BRIDGE)
        keys = _keys(presence, since, give_way)
        result = np.empty((len(ends), self.model.header.classes), np.float32)
        known = np.zeros(len(keys), np.bool_)
        for begin in range(0, len(keys) if len(self._keys) else 0, POSES):
            part = slice(begin, begin + POSES)
            places = np.minimum(np.searchsorted(self._keys, keys[part]), len(self._keys) - 1)
            known[part] = self._keys[places] == keys[part]
            result[part] = self._known[places]  # of those that are not known it is written over
            give_way()
        missing = np.flatnonzero(~known)
        at = np.linspace(presence.times - window.seconds, presence.times, window.samples, axis=1, dtype=np.float64)
        for begin in range(0, len(missing), CHUNK):
            rows = missing[begin : begin + CHUNK]
            low = int(since[rows[0]])
            part = slice(low, int(rows[-1]) + 1)
            windows = resampled_each(
                presence.times[part], presence.keypoints[part], ends[rows] - low, since[rows] - low, at[rows]
            )
            result[rows] = self.model.probabilities(windows)
            self.looked_at += len(rows)
            give_way()
        self._found.append((keys, result))
        return result

    def end(self, whole: bool = True) -> None:
        """A go is over. whole: what was not asked for in it is forgotten; else it was broken off."""
        found, self._found = self._found, []
        if not whole:
            found.append((self._keys, self._known))
        if found:
            keys, values = (np.concatenate(each) for each in zip(*found, strict=True))
            self._keys, first = np.unique(keys, return_index=True)
            self._known = values[first]


def _keys(presence: Presence, since: NDArray[np.intp], give_way: Callable[[], None] = lambda: None) -> Keys:
    """(n,) a number for all that a window sees: another one where a pose in it is another, came or went."""
    rows = np.empty(len(presence.frames), np.uint64)
    for begin in range(0, len(rows), POSES):
        part = slice(begin, begin + POSES)
        rows[part] = _numbers(presence.frames[part], presence.keypoints[part])
        give_way()
    # Sums run over on purpose.
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(rows, dtype=np.uint64)])
    return np.asarray(sums[1:] - sums[since])


def _numbers(frames: NDArray[np.int64], keypoints: Floats) -> Keys:
    """(n,) a number for each pose in its frame."""
    points = np.where(np.isnan(keypoints), _NOTHING, keypoints).reshape(-1, len(_FACTORS))
    bits = np.ascontiguousarray(points, np.float32).view(np.uint32).astype(np.uint64)
    # Sums and products run over on purpose.
    rows = (bits * _FACTORS).sum(axis=1) + frames.astype(np.uint64) * _FACTORS[0]
    rows = (rows ^ (rows >> np.uint64(29))) * _FACTORS[1]
    mixed: Keys = rows ^ (rows >> np.uint64(32))
    return mixed
