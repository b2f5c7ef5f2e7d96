"""The side that a person prefers, such as the hand of the racket: not told by anybody, but found out while they move.

A stroke of a left-hander is the mirror image of a right-hander's, and so it is all too like another stroke of a
right-hander. A model that tells sides has two classes a label therefore: what is done on the side that was learnt, and
its mirror image. One answer says two things: what each label would be likely by on either side, and which side the
window speaks for. A person keeps the side, so what windows say of it is gathered, and after a few actions it is known.
"""

from __future__ import annotations

from math import log

import numpy as np
from numpy.typing import NDArray

from core.types import Floats, Ints

SIDES = 2
_MOST = 4.0  # that may be held against a side, as the logarithm of odds: another may come to have the same ID
_LEAST = 1e-6  # a share below which nothing is taken for certain
_STEPS = 20  # after which the share of either side in a recording moves no more


class Side:
    """What is known of one person while time goes on.

    odds: the logarithm of how much likelier the side that was learnt is than the other
    """

    def __init__(self) -> None:
        self.odds = 0.0
        self._time: float | None = None

    def see(self, shares: NDArray[np.float64], time: float, seconds: float) -> NDArray[np.float64]:
        """(labels,) the probabilities of a window, with what is known by now of the side.

        shares: (2 * labels,) of the classes; time: when the window ends; seconds: its length, over which windows say
        the same thing
        """
        gap = seconds if self._time is None else min(max(time - self._time, 0.0), seconds)
        self._time = time
        evidence = float(_evidence(shares[None])[0])
        self.odds = min(max(self.odds + evidence * gap / seconds, -_MOST), _MOST)
        return np.asarray(_of_side(shares[None], np.array([self.odds]))[0])


def followed(shares: Floats, ends: NDArray[np.float64], seconds: float) -> Floats:
    """(n, labels) probabilities of the windows of one person, in order of time, as they are while time goes on; NaN
    where the shares are. shares: (n, 2 * labels) of the classes"""
    side = Side()
    result = np.full((len(shares), shares.shape[1] // SIDES), np.nan, np.float32)
    for row in np.flatnonzero(~np.isnan(shares[:, 0])).tolist():
        result[row] = side.see(shares[row].astype(np.float64), float(ends[row]), seconds)
    return result


def of_examples(shares: Floats, examples: Ints, weight: float) -> Floats:
    """(n, labels) probabilities of the windows of short examples of one recording, which nobody has put in order. How
    many of them are of either side is found from all; which side one is of, from that and itself.

    shares: (n, 2 * labels) of the classes; examples: (n,) which one a window is of; weight: of what a window says
    """
    result = np.full((len(shares), shares.shape[1] // SIDES), np.nan, np.float32)
    seen = ~np.isnan(shares[:, 0])
    _, place = np.unique(examples[seen], return_inverse=True)
    known = shares[seen].astype(np.float64)
    own = np.bincount(place, _evidence(known) * weight)
    prior = 0.0
    for _ in range(_STEPS if len(own) else 0):
        share = float(np.mean(1 / (1 + np.exp(-np.clip(prior + own, -50, 50)))))
        prior = min(max(log((share + _LEAST) / (1 - share + _LEAST)), -_MOST), _MOST)
    result[seen] = _of_side(known, (prior + own)[place].astype(np.float64))
    return result


def _evidence(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) which side windows speak for, as the logarithm of odds."""
    first, second = np.split(shares, SIDES, axis=1)
    return np.log((first.sum(axis=1) + _LEAST) / (second.sum(axis=1) + _LEAST))  # type: ignore[no-any-return]


def _of_side(shares: NDArray[np.float64], odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, labels) each label's probability on either side, by how likely that side is."""
    halves = shares.reshape(len(shares), SIDES, shares.shape[1] // SIDES)
    likely = 1 / (1 + np.exp(-np.clip(odds, -50, 50)))
    weights = np.stack([likely, 1 - likely], axis=1) / np.maximum(halves.sum(axis=2), _LEAST)
    mixed = (halves * weights[:, :, None]).sum(axis=1)
    return np.asarray(mixed / mixed.sum(axis=1, keepdims=True))
