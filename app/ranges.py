"""Ranges of motion: how far what is plotted goes over a stretch or over each mark, as rows of a table. No Qt here."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.beside import Beside, measures_beside
from app.series import Choice, measures
from app.trace_log import Times, Traces
from core.motion import Extent, extent

FIGURES = ("least", "least at (seconds)", "greatest", "greatest at (seconds)", "range", "mean", "seen (frames)")


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `start` to `end`, in seconds. label: what it is called; persons: whose it is, None: everyone's who is seen
    in it"""

    label: str
    persons: tuple[int, ...] | None
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Ranged:
    """A person over a stretch. found: each measure, and how far it goes; elsewhere: whose that is in another film, in
    which `person` is an ID then; empty for this film"""

    stretch: Stretch
    person: int
    found: Mapping[str, Extent]
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """The seconds of every frame of a film, and at which it ends."""

    times: Times
    end: float

    def frames(self, start: float, end: float) -> tuple[Times, float]:
        """The seconds of the frames on screen between two seconds, one at least, and when the last of them ends."""
        # A little less and more, as times of frames are fractions.
        first = max(int(np.searchsorted(self.times, start + 1e-6, side="right")) - 1, 0)
        last = max(int(np.searchsorted(self.times, end - 1e-6, side="right")), first + 1)
        return self.times[first:last], float(self.times[last]) if last < len(self.times) else self.end


def ranged(log: Traces, stretches: Sequence[Stretch], choice: Choice, clock: Clock) -> list[Ranged]:
    """Everyone over their stretches, in the order of these; who is named is there, whether seen or not. May take
    long."""
    known: dict[int, tuple[Times, list[tuple[str, Times]]]] = {}
    everyone = log.people()
    rows = list[Ranged]()
    for stretch in stretches:
        frames, end = clock.frames(stretch.start, stretch.end)
        for person in stretch.persons if stretch.persons is not None else everyone:
            if person not in known:
                times, poses = log.poses(person)
                by_hand = log.by_hand(person) if choice.smooth else ()
                known[person] = times, measures(times, poses, choice, by_hand)
            times, curves = known[person]
            found = {name: extent(times, values, frames, end) for name, values in curves}
            if stretch.persons is not None or any(one.seen for one in found.values()):
                rows.append(Ranged(stretch, person, found))
    return rows


def ranged_beside(beside: Beside, stretches: Sequence[Stretch], choice: Choice, clock: Clock) -> list[Ranged]:
    """Somebody in another film over the same stretches, in the order of these; each counts the frames of that film."""
    times, curves = beside.times, measures_beside(beside, choice)
    rows, told = list[Ranged](), set[tuple[str, float, float]]()
    for stretch in stretches:
        here, end = clock.frames(stretch.start, stretch.end)
        frames = times[slice(*np.searchsorted(times, (here[0] - 1e-6, end - 1e-6)))]  # times are fractions
        found = {name: extent(times, values, frames, end) for name, values in curves}
        alike = stretch.label, stretch.start, stretch.end  # marks of several people
        if alike not in told and any(one.seen for one in found.values()):
            told.add(alike)
            rows.append(Ranged(stretch, beside.other.person, found, beside.who))
    return rows


def csv_of_ranges(rows: Iterable[Ranged], choice: Choice, names: Mapping[int, str]) -> bytes:
    """A row for each stretch and person, the figures of each measure beside each other; empty where nothing was seen.
    names: of people who have one. Who is in another film has no ID here, and a name that says so."""
    rows = list(rows)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    heads = [_head(name, figure, choice.unit) for name in (rows[0].found if rows else ()) for figure in FIGURES]
    writer.writerow(["person", "name", "label", "start", "end", "frames", *heads])
    for row in rows:
        stretch, found = row.stretch, list(row.found.values())
        frames = found[0].frames if found else ""
        cells = [cell for one in found for cell in _cells(one)]
        who = ["", row.elsewhere] if row.elsewhere else [row.person, names.get(row.person, "")]
        writer.writerow([*who, stretch.label, f"{stretch.start:.4f}", f"{stretch.end:.4f}", frames, *cells])
    return text.getvalue().encode()


def _head(name: str, figure: str, unit: str) -> str:
    return f"{name} {figure}" if figure.endswith(")") else f"{name} {figure} ({unit})"


def _cells(one: Extent) -> Iterator[str]:
    for value in (one.least, one.least_at, one.greatest, one.greatest_at, one.range, one.mean):
        yield f"{value:.4f}" if value == value else ""
    yield str(one.seen)
