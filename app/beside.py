"""Another analysis beside the film that is open: the same curves of somebody in it, dashed, moved in time. No Qt
here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from app.series import COLORS, Choice, Series, callings, measures
from app.trace_log import Times
from core.analysis import Analysis
from core.errors import InputError
from core.types import Floats


@dataclass(frozen=True, eq=False, slots=True)
class Other:
    """What is known of somebody in another analysis.

    called: what everyone in it is called, by ID, the one seen longest first; begin: seconds at which its loop begins,
    or the film; times, points: (m,) seconds and (m, 18, 2) image pixels of `person`; per_cm: pixels in a centimetre, 0
    where that is not known
    """

    path: Path
    called: Mapping[int, str]
    person: int
    begin: float
    times: Times
    points: Floats
    per_cm: float


@dataclass(frozen=True, eq=False, slots=True)
class Beside:
    """offset: seconds that are added to its times"""

    other: Other
    offset: float


def read_other(path: Path, person: int | None = None) -> Other:
    """person: an ID in it; None: who is seen longest. May take a moment. Raises InputError."""
    with Analysis.open(path, write=False) as analysis:
        people = [one.id for one in analysis.persons() if not one.hidden]
        if not people:
            raise InputError(f"Nobody is known in {path}: nothing can be compared with it. Choose another analysis.")
        chosen = person if person in people else people[0]
        trace = analysis.trace(chosen)
        begin = analysis.time_of(analysis.loop[0]) if analysis.loop is not None else 0.0
        return Other(
            path, callings(people, analysis.names()), chosen, begin, trace.times, trace.points[..., :2],
            analysis.per_cm,
        )  # fmt: skip


def series_beside(beside: Beside, choice: Choice) -> list[Series]:
    """The curves, each in the colour that it has of one person; none where they are to be in centimetres and the other
    film has no scale."""
    other = beside.other
    if choice.per_cm and not other.per_cm:
        return []
    mine = replace(choice, per_cm=other.per_cm if choice.per_cm else 0.0)
    who = f"{other.called[other.person]} in {other.path.stem}"
    curves = measures(other.times, other.points, mine)
    return [
        Series(f"{name} {who}", other.person, COLORS[i % len(COLORS)], other.times + beside.offset, values, True)
        for i, (name, values) in enumerate(curves)
        if np.isfinite(values).any()
    ]
