"""Another analysis beside the film that is open: the same curves of somebody in it, dashed, moved in time. No Qt
here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.places import is_cached
from app.saved import put_by_hand
from app.series import COLORS, Choice, Series, callings, measures
from app.trace_log import Times
from core.analysis import Analysis
from core.errors import InputError
from core.types import Floats

GREYS = ("#b9c1ca", "#66707b")  # of curves beside those of several people


@dataclass(frozen=True, eq=False, slots=True)
class Other:
    """What is known of somebody in another analysis.

    film: what it is of, in short; called: what everyone in it is called, by ID, the one seen longest first; begin:
    seconds at which its loop begins, or the film; times, points: (m,) seconds and (m, 18, 2) image pixels of `person`;
    per_cm: pixels in a centimetre, 0 where that is not known; by_hand: seconds and point of what was put by hand
    """

    path: Path
    film: str
    called: Mapping[int, str]
    person: int
    begin: float
    times: Times
    points: Floats
    per_cm: float
    by_hand: tuple[tuple[float, int], ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Beside:
    """offset: seconds that are added to its times"""

    other: Other
    offset: float

    @property
    def who(self) -> str:
        """Whose they are."""
        return f"{self.other.called[self.other.person]} in {self.other.film}"

    @property
    def times(self) -> Times:
        """Seconds of the film that is open."""
        return self.other.times + self.offset


def read_other(path: Path, person: int | None = None) -> Other:
    """person: an ID in it; None: who is seen longest. May take a moment. Raises InputError."""
    with Analysis.open(path, write=False) as analysis:
        people = [one.id for one in analysis.persons() if not one.hidden]
        if not people:
            raise InputError(f"Nobody is known in {path}: nothing can be compared with it. Choose another analysis.")
        chosen = person if person in people else people[0]
        trace = analysis.trace(chosen)
        begin = analysis.time_of(analysis.loop[0]) if analysis.loop is not None else 0.0
        film = Path(analysis.source.name).stem if is_cached(path) and analysis.source.name else path.stem
        return Other(
            path, film, callings(people, analysis.names()), chosen, begin, trace.times, trace.points[..., :2],
            analysis.per_cm, put_by_hand(analysis, chosen),
        )  # fmt: skip


def series_beside(beside: Beside, choice: Choice, own: Sequence[Series]) -> list[Series]:
    """The curves. own: those of this film. Beside one person each has the colour that it has there; several people have
    all colours for themselves, and these are grey."""
    colors = GREYS if len({one.person for one in own}) > 1 else COLORS
    return [
        Series(f"{name} {beside.who}", beside.other.person, colors[i % len(colors)], beside.times, values, True)
        for i, (name, values) in enumerate(measures_beside(beside, choice))
        if np.isfinite(values).any()
    ]


def measures_beside(beside: Beside, choice: Choice) -> list[tuple[str, NDArray[np.float64]]]:
    """As `measures`, at `Beside.times`; none where they are to be in centimetres and the other film has no scale."""
    other = beside.other
    if choice.per_cm and not other.per_cm:
        return []
    per_cm = other.per_cm if choice.per_cm else 0.0
    return measures(other.times, other.points, replace(choice, per_cm=per_cm), other.by_hand)
