"""What a user may name as a source of people over time: one table, a row a kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.actions import Interval, MarkedTrack
from core.actions.shots import read_shots
from core.analysis import SUFFIX, Analysis, Mark
from core.errors import InputError

Reader = Callable[[str], list[MarkedTrack]]
KINDS = f"an analysis with marks ({SUFFIX}), a folder of labelled CSVs, or a drawn scene such as demo:tennis?seconds=60"


def read_source(source: str) -> list[MarkedTrack]:
    """The people in a source, with what is marked of them. Raises InputError where there are none.

    The first row that fits decides.
    """
    table: list[tuple[bool, Reader]] = [
        (source.lower().startswith("demo:"), _demo),
        (Path(source).suffix.lower() == SUFFIX and Path(source).exists(), _analysis),
        (Path(source).is_dir(), lambda name: read_shots(Path(name))),
    ]
    for fits, read in table:
        if fits:
            if not (tracks := [track for track in read(source) if len(track.times)]):
                raise InputError(f"{source} has nobody in it. Give another source.")
            return tracks
    there = "is of no kind that is known" if Path(source).exists() else "is not there"
    raise InputError(f"{source} {there}. Give {KINDS}.")


@dataclass(frozen=True, slots=True)
class Taught:
    """What is learnt from. left_out: how many people there are besides, of whom nothing is marked"""

    tracks: list[MarkedTrack]
    left_out: int


def read_taught(sources: list[str], *, others_idle: bool = False) -> Taught:
    """All people of all sources of whom something is marked: of the others nobody knows what they did. others_idle:
    they did nothing, so that they teach what idle is. Raises InputError where nothing is marked."""
    everyone = [track for source in sources for track in read_source(source)]
    tracks = [track for track in everyone if track.intervals]
    if not tracks:
        raise InputError(f"Nothing is marked in {', '.join(sources)}. Mark actions first.")
    marked = {track.recording for track in tracks}
    others = [track for track in everyone if not track.intervals and track.recording in marked]
    return Taught([*tracks, *others], 0) if others_idle else Taught(tracks, len(others))


def read_marked(sources: list[str]) -> list[MarkedTrack]:
    """The people of all sources of whom something is marked. Raises InputError where nothing is."""
    return read_taught(sources).tracks


def _demo(text: str) -> list[MarkedTrack]:
    from core.actions.demo import read_demo  # its kernels take a moment to load, which others need not wait for

    return read_demo(text)


def _analysis(text: str) -> list[MarkedTrack]:
    """Everyone in an analysis, as the user sees them."""
    with Analysis.open(Path(text), write=False) as analysis:
        return tracks_of(analysis)


def tracks_of(analysis: Analysis) -> list[MarkedTrack]:
    """A track a person of an analysis, with the marks of that person; marks of nobody count where there is only one.
    Who is hidden is not there."""
    names = {label.id: label.name for label in analysis.marks.labels()}
    marks, people = analysis.marks.all(), [person for person in analysis.persons() if not person.hidden]
    tracks = []
    for person in people:
        trace = analysis.trace(person.id, person.first, person.last + 1)
        mine = [mark for mark in marks if mark.person == person.id or (mark.person is None and len(people) == 1)]
        known = np.isfinite(trace.times)
        tracks.append(
            MarkedTrack(
                str(analysis.path),
                person.id,
                trace.times[known],
                trace.points[known, :, :2],
                _intervals(mine, names),
                name=f"{analysis.path.name} #{person.id}",
            )
        )
    return tracks


def _intervals(marks: list[Mark], names: dict[int, str]) -> tuple[Interval, ...]:
    """In order of time and apart: where two marks overlap, the earlier one goes on to its end."""
    result: list[Interval] = []
    for mark in sorted(marks, key=lambda mark: mark.start):
        start = max(mark.start, result[-1].end) if result else mark.start
        if start < mark.end and mark.label in names:
            result.append(Interval(names[mark.label], start, mark.end))
    return tuple(result)
