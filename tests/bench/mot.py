"""How well people are followed: MOTA, ID switches (Bernardin and Stiefelhagen 2008) and IDF1 (Ristani et al. 2016)."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment


@dataclass(slots=True)
class Score:
    """Counts that add up frame by frame, by the rules of motmetrics."""

    true: int = 0  # people there are, frames added up
    given: int = 0  # people the tracker gave an ID to, frames added up
    missed: int = 0
    false: int = 0
    switches: int = 0
    together: Counter[tuple[int, int]] = field(default_factory=Counter)  # frames in which true and given ID are near
    _matched: dict[int, int] = field(default_factory=dict)  # the given ID that each true one had last
    _true_frames: Counter[int] = field(default_factory=Counter)
    _given_frames: Counter[int] = field(default_factory=Counter)

    def add(self, true: list[int], given: list[int], distances: NDArray[np.float64]) -> None:
        """One frame: IDs, and (true, given) distances, NaN where two are no match."""
        near = np.isfinite(distances)
        self.true += len(true)
        self.given += len(given)
        self._true_frames.update(true)
        self._given_frames.update(given)
        self.together.update((true[i], given[j]) for i, j in zip(*np.nonzero(near), strict=True))

        # Who was together stays together while they are near; the rest is matched with the least total distance.
        pairs = []
        rows, columns = set(range(len(true))), set(range(len(given)))
        for i, one in enumerate(true):
            other = self._matched.get(one)
            if other in given and given.index(other) in columns and near[i, given.index(other)]:
                pairs.append((i, given.index(other)))
                rows.discard(i)
                columns.discard(given.index(other))
        left, right = sorted(rows), sorted(columns)
        rest = distances[np.ix_(left, right)]
        beyond = 1 + np.nansum(rest)
        for i, j in zip(*linear_sum_assignment(np.where(np.isfinite(rest), rest, beyond)), strict=True):
            if np.isfinite(rest[i, j]):
                pairs.append((left[i], right[j]))
        for i, j in pairs:
            self.switches += true[i] in self._matched and self._matched[true[i]] != given[j]
            self._matched[true[i]] = given[j]
        self.missed += len(true) - len(pairs)
        self.false += len(given) - len(pairs)

    @property
    def mota(self) -> float:
        return 1 - (self.missed + self.false + self.switches) / max(self.true, 1)

    @property
    def idf1(self) -> float:
        """The share of agreement when each true ID has at most one given ID, the best for all."""
        ones, others = sorted(self._true_frames), sorted(self._given_frames)
        shared = np.array([[self.together[one, other] for other in others] for one in ones]).reshape(
            len(ones), len(others)
        )
        right = shared[linear_sum_assignment(-shared)].sum() if shared.size else 0
        return float(2 * right / max(self.true + self.given, 1))


def total(scores: list[Score]) -> dict[str, float]:
    """The figures of several films together: counts added up, so that a long film weighs more."""
    true, given = sum(s.true for s in scores), sum(s.given for s in scores)
    wrong = sum(s.missed + s.false + s.switches for s in scores)
    right = sum(s.idf1 * (s.true + s.given) for s in scores)
    return {"mota": 1 - wrong / max(true, 1), "idf1": right / max(true + given, 1),
            "switches": sum(s.switches for s in scores)}  # fmt: skip
