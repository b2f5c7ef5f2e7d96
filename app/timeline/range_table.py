"""Stretches of time as columns: what is asked of all of them takes no pass over objects, however many there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.timeline.content import MarkedRange, Spans

NOBODY = np.iinfo(np.int64).min  # in place of an ID


@dataclass(frozen=True, slots=True, eq=False)
class RangeTable:
    """edges: (n, 2) seconds, begins rising; persons: (n,) int64, IDs or NOBODY; kinds: (n,) places in `labels`

    labels: name and #rrggbb of everything that there is, here or in the table that this is a part of
    """

    edges: Spans
    persons: NDArray[np.int64]
    kinds: NDArray[np.intp]
    labels: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, ranges: Iterable[MarkedRange]) -> RangeTable:
        return NO_RANGES.and_(sorted(ranges, key=lambda each: each.begin))

    def and_(self, ranges: Iterable[MarkedRange]) -> RangeTable:
        """With more of them, rising, of which none begins before those that are here."""
        new = list(ranges)
        if not new:
            return self
        places = {label: place for place, label in enumerate(self.labels)}
        kinds = [places.setdefault((each.name, each.color), len(places)) for each in new]
        persons = [NOBODY if each.person is None else each.person for each in new]
        return RangeTable(
            np.concatenate([self.edges, np.array([(each.begin, each.end) for each in new], np.float64)]),
            np.concatenate([self.persons, np.array(persons, np.int64)]),
            np.concatenate([self.kinds, np.array(kinds, np.intp)]),
            tuple(places),
        )

    def up_to(self, now: float) -> RangeTable:
        """What has no end lasts until now, in seconds."""
        going_on = np.isinf(self.edges[:, 1])
        if not going_on.any():
            return self
        edges = self.edges.copy()
        edges[going_on, 1] = np.maximum(edges[going_on, 0], now)
        return replace(self, edges=edges)

    def moved(self, row: int, begin: float, end: float) -> RangeTable:
        """With one of them elsewhere, in seconds."""
        edges = self.edges.copy()
        edges[row] = begin, end
        order = np.argsort(edges[:, 0], kind="stable")
        return RangeTable(edges[order], self.persons[order], self.kinds[order], self.labels)

    def of_people(self, people: tuple[int, ...] | None) -> RangeTable:
        """Those of these people, and those of nobody; None: everyone's."""
        if people is None:
            return self
        mine = np.isin(self.persons, np.array([*people, NOBODY], np.int64))
        return RangeTable(self.edges[mine], self.persons[mine], self.kinds[mine], self.labels)

    def there(self) -> list[tuple[str, str]]:
        """The labels of those that are here."""
        return [self.labels[place] for place in np.unique(self.kinds).tolist()]

    def __len__(self) -> int:
        return len(self.edges)


NO_RANGES = RangeTable(np.empty((0, 2)), np.empty(0, np.int64), np.empty(0, np.intp))
