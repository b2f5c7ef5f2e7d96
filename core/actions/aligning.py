"""Which recordings show people of the same side, and whether they show sides at all; see `core.actions.sides`.

Nobody marks who is left-handed. But where what one recording teaches fits the labels of another far better mirrored
than as it is, the people in the two prefer different sides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.actions.forest import Forest
from core.actions.sides import SIDES
from core.types import Floats

Grow = Callable[[Floats, NDArray[np.intp], int], Forest]  # of a table, the classes of its rows, and how many there are
MOST_PEOPLE = 200  # beyond which to find their sides would take longer than all the rest
_PARTS = 3  # that are held back in turn to see whether sides are there
_PLAIN = 0.3  # by how much people have to fit one side better on average, as the logarithm of odds
_LEAST = 1e-6  # a share below which nothing is taken for certain


@dataclass(frozen=True, slots=True)
class Shown:
    """Windows of people who do something that is marked, from which sides are found.

    table, mirrored: (n, columns) features of the windows, and of their mirror images; labels: (n,) numbers below
    `count`; people: (n,) numbers of who is in them
    """

    table: Floats
    mirrored: Floats
    labels: NDArray[np.intp]
    people: NDArray[np.intp]
    count: int

    def forest(self, others: dict[int, bool], grow: Grow) -> Forest:
        """What these people teach, each turned as it says there."""
        rows = np.isin(self.people, list(others))
        turned = np.array([others[person] for person in self.people[rows].tolist()], np.intp)
        return grow(
            np.concatenate([self.table[rows], self.mirrored[rows]]),
            np.concatenate([self.labels[rows] + self.count * side for side in (turned, 1 - turned)]),
            self.count * SIDES,
        )

    def fit(self, person: int, others: dict[int, bool], forest: Forest) -> float:
        """How much better the windows of a person fit as they are than mirrored, as the logarithm of odds: the mean
        over labels, of those that the others have too; 0 where there are none."""
        known = np.unique(self.labels[np.isin(self.people, list(others))])
        rows = (self.people == person) & np.isin(self.labels, known)
        shares = forest.probabilities(self.table[rows]).astype(np.float64) + _LEAST
        at, labels = np.arange(len(shares)), self.labels[rows]
        fits = np.log(shares[at, labels] / shares[at, labels + self.count])
        means = [float(fits[labels == label].mean()) for label in np.unique(labels)]
        return sum(means) / len(means) if means else 0.0


def turned(shown: Shown, grow: Grow, step: Callable[[], object] = lambda: None) -> dict[int, bool] | None:
    """Who has to be mirrored to be like the person of whom there is most; None where people do not keep to a side, as
    far as can be seen. step: called after every forest; there are `steps` of them at most."""
    people, counts = np.unique(shown.people, return_counts=True)
    if not 2 <= len(people) <= MOST_PEOPLE:
        return None
    known = {int(people[counts.argmax()]): False}
    while len(rest := [person for person in people.tolist() if person not in known]):
        forest = shown.forest(known, grow)
        fits = {person: shown.fit(person, known, forest) for person in rest}
        # Those of whom it is plainest first: the others are clearer to more.
        plainest = sorted(rest, key=lambda person: -abs(fits[person]))
        known |= {person: fits[person] < 0 for person in plainest[: (len(rest) + 1) // 2]}
        step()
    spoken: list[float] = []
    for part in _parts(people.tolist()):
        others = {person: turn for person, turn in known.items() if person not in part}
        forest = shown.forest(others, grow)
        spoken += [(-1.0 if known[person] else 1.0) * shown.fit(person, others, forest) for person in part]
        step()
    return known if np.mean(spoken) >= _PLAIN else None


def steps(people: int) -> int:
    """How many forests it takes to turn so many people."""
    return int(np.ceil(np.log2(max(people, 1)))) + _PARTS + 1


def _parts(people: Sequence[int]) -> list[list[int]]:
    parts = min(_PARTS, len(people))
    return [list(people[part::parts]) for part in range(parts)]
