"""How far curves go over a stretch, told beside them. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.series import Choice, Series
from app.trace_log import Times
from core.motion import Extent, extent


@dataclass(frozen=True, eq=False, slots=True)
class Over:
    """A stretch of a film. name: what it is called; frames: the seconds of all its frames; end: when the last ends;
    person: whose stretch alone is called so, None: everyone's"""

    name: str
    frames: Times
    end: float
    person: int | None = None

    def called(self, curve: Series) -> str:
        """What it is called beside a curve: a mark of somebody says nothing of others, nor of another film."""
        if self.person is None or (self.person == curve.person and not curve.dashed):
            return self.name
        return f"{self.frames[0]:.2f} to {self.end:.2f} s"

    def is_same(self, other: Over | None) -> bool:
        return (
            other is not None
            and (self.name, self.end, self.person) == (other.name, other.end, other.person)
            and np.array_equal(self.frames, other.frames)
        )


def extents_of(series: Sequence[Series], over: Over | None) -> list[Extent]:
    """Of each curve over the stretch; none where there is no stretch. Takes a moment for long ones."""
    if over is None or not len(over.frames):
        return []
    edges = over.frames[0] - 1e-6, over.end - 1e-6  # as times of frames are fractions
    found = []
    for one in series:
        own = one.times[slice(*np.searchsorted(one.times, edges))]  # another film has frames of its own
        found.append(extent(one.times, one.values, own if one.dashed else over.frames, over.end))
    return found


def said_of(choice: Choice, one: Extent) -> str:
    """How far a curve goes over a stretch, in words."""
    if not one.seen:
        return "not seen"
    return (
        f"{choice.said_between(one.least, one.greatest)}, range {choice.said(one.range)}, mean {choice.said(one.mean)}"
    )


def seen_of(one: Extent) -> str:
    """In how many frames of a stretch it was seen, in words; empty where in all, or in none."""
    return f"seen in {one.seen} of {one.frames} frames" if 0 < one.seen < one.frames else ""
