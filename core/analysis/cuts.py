"""Marks that a split or a swap of people cut in two, and that are whole again when both parts are of one person.

What was cut is known from the steps that did it, so that files from before have it too. Two marks that the user made
one after the other stay two, however exactly they meet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from core.analysis.edits import Edit, RowChange, Split, Swap

if TYPE_CHECKING:
    from core.analysis.marks import Mark


class Cuts:
    """Which marks are parts of one, and when it was cut."""

    def __init__(self, steps: Iterable[Sequence[Edit]]) -> None:
        """steps: all that hold, the oldest first"""
        self._whole: dict[int, int] = {}  # the number of a part: of the mark that it was cut from
        self._times: set[tuple[int, object]] = set()  # the number of the first part of all, and seconds
        for first, *others in steps:
            if isinstance(first, Split | Swap):
                self._find(others)

    def _find(self, changes: Iterable[Edit]) -> None:
        """In a step that cuts, a mark that ends sooner is followed by the one that comes in the place of the rest."""
        for kept, part in pairwise(changes):
            if (
                isinstance(kept, RowChange) and isinstance(part, RowChange)
                and kept.table == part.table == "marks"
                and kept.after is not None and part.before is None and part.after is not None
                and (since := part.after.get("start")) == kept.after.get("end")
            ):  # fmt: skip
                self._whole[part.row] = self._first(kept.row)
                self._times.add((self._first(kept.row), since))

    def _first(self, number: int) -> int:
        return self._whole.get(number, number)

    def mended(self, marks: Mapping[int, Mark], moved: Collection[int]) -> dict[int, Mark]:
        """The marks with those in one that meet where they were cut, and are of one person and one label. moved: the
        numbers of those whose person has just become another; others stay as they are"""
        mended, moved = dict(marks), set(moved)
        parts = sorted(mended.values(), key=lambda mark: (self._first(mark.id), mark.start))
        for i, rest in enumerate(parts[1:], 1):
            part = parts[i - 1]
            if self._meet(part, rest) and not {part.id, rest.id}.isdisjoint(moved):
                del mended[rest.id]
                parts[i] = mended[part.id] = replace(part, end=rest.end)
                moved.add(part.id)
        return mended

    def _meet(self, one: Mark, other: Mark) -> bool:
        first = self._first(one.id)
        return (
            first == self._first(other.id)
            and (one.label, one.person) == (other.label, other.person)
            and one.end == other.start
            and (first, one.end) in self._times
        )
