"""Marks of a film that were made in another analysis of it, such as by another net or at another size: taken over by
place.

IDs mean nothing from one analysis to the next. Who a mark is of is whoever is found, while it lasts, where the person
was in the analysis that the mark was made in.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from core.analysis.about import SourceInfo
from core.analysis.analysis import SUFFIX, Analysis
from core.analysis.cache import folder
from core.analysis.database import Database
from core.analysis.film import film_of
from core.analysis.marks import Mark, NewMark
from core.errors import PoseDeskError
from core.types import Floats

LEAST = 0.25  # mean overlap of the boxes, of union, from which on two are one person: nets find other points of a body
ALIKE = 0.5  # overlap in time, of union, from which on two marks of one label and person are one mark
MARGIN = (
    0.1  # of the longer side of a box, around it: a hanging arm, or who stands sideways, is hardly wider than a line
)
_HAIR = 1e-6  # seconds, as times of frames are fractions


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another analysis of the same film. spans: start and end of each of its marks, in seconds"""

    path: Path
    spans: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Carried:
    """What can be taken over, for `Editor.take`.

    labels: name and colour of each that `marks` have; marks: those that are not here yet; lost: how many are of people
    in whose place nobody is found here; names: IDs and names of people of marks who have a name there and none here
    """

    labels: tuple[tuple[str, str], ...]
    marks: tuple[NewMark, ...]
    lost: int
    names: tuple[tuple[int, str], ...] = ()


def marked_elsewhere(analysis: Analysis) -> list[Elsewhere]:
    """The other analyses of the film that have marks, the one that was changed or opened last first: of those that are
    kept, and of the files beside the film, and beside this one where it is such a file."""
    found: list[tuple[float, Elsewhere]] = []
    for path in _others(analysis):
        try:
            if path.samefile(analysis.path) or not (spans := _spans(path, analysis.source)):
                continue
            found.append((path.stat().st_mtime, Elsewhere(path, spans)))
        except (OSError, PoseDeskError):
            continue  # it is gone, or cannot be read: nobody has asked for it
    return [each for _, each in sorted(found, key=lambda each: -each[0])]


def _others(analysis: Analysis) -> list[Path]:
    kept, own = folder().resolve(), analysis.path.resolve().parent
    folders, film = {kept, own}, ""
    with suppress(PoseDeskError):  # of a file it may be in the network, where nothing is looked for on its word
        film = analysis.source.location if own == kept else film_of(analysis.path)
    if os.path.isfile(film):  # which says no of what is no name of a file, where Path raises
        folders.add(Path(film).resolve().parent)
    found: list[Path] = []
    for each in folders:
        with suppress(OSError):  # a folder of the network may be gone
            found += each.glob(f"[!.]*{SUFFIX}")  # a dot: half a file of somebody
    return found


def carried(analysis: Analysis, others: list[Elsewhere]) -> Carried:
    """The marks of other analyses of the same film with the people of this one. Raises PoseDeskError."""
    here = {label.id: label.name for label in analysis.marks.labels()}
    there = [NewMark(here[m.label], m.person, m.start, m.end) for m in analysis.marks.all() if m.label in here]
    labels: dict[str, str] = {}
    new, lost = list[NewMark](), 0
    known, names = analysis.names(), dict[int, str]()
    for other in others:
        with Analysis.open(other.path, write=False) as source:
            colors, called = {label.id: label for label in source.marks.labels()}, source.names()
            for mark in source.marks.all():
                if (label := colors.get(mark.label)) is None:
                    continue
                person = None if mark.person is None else counterpart(analysis, source, mark)
                if mark.person is not None and person is None:
                    lost += 1
                    continue
                if person is not None and person not in known and (name := called.get(mark.person or 0)):
                    names.setdefault(person, name)
                mine = NewMark(label.name, person, mark.start, mark.end)
                if not any(_is_same(mine, each) for each in (*there, *new)):
                    new.append(mine)
                    labels.setdefault(label.name, label.color)
    return Carried(tuple(labels.items()), tuple(sorted(new, key=lambda mark: mark.start)), lost, tuple(names.items()))


def counterpart(analysis: Analysis, source: Analysis, mark: Mark) -> int | None:
    """Who of `analysis` is where the person of a mark of `source` is while it lasts; None: nobody is.

    Both are of the same film, so their frames have the same numbers.
    """
    assert mark.person is not None
    times = source.times()
    first, last = np.searchsorted(times, (mark.start - _HAIR, mark.end - _HAIR)).tolist()
    trace = source.trace(mark.person, first, max(last, first + 1))
    boxes = _boxes(trace.points[..., :2])
    seen = np.isfinite(boxes[:, 0])
    if not seen.any():
        return None
    shared: dict[int, float] = {}
    for found, tracks in analysis.frames(first, max(last, first + 1)):
        box = boxes[found.frame - first]
        known = np.flatnonzero(tracks.ids > 0)
        if not np.isfinite(box[0]) or not len(known):
            continue
        for person, overlap in zip(
            tracks.ids[known].tolist(), _overlaps(box, _boxes(tracks.people.keypoints[known])).tolist(), strict=True
        ):
            shared[person] = shared.get(person, 0.0) + overlap
    best = max(shared, key=lambda person: shared[person], default=None)
    return best if best is not None and shared[best] >= LEAST * seen.sum() else None


def _boxes(points: Floats) -> Floats:
    """(n, 4) left, top, right, bottom around the points (n, 18, 2); NaN where there are none."""
    low, high = np.fmin.reduce(points, axis=1), np.fmax.reduce(points, axis=1)
    margin = MARGIN * (high - low).max(axis=1, keepdims=True)
    return np.concatenate([low - margin, high + margin], axis=1)


def _overlaps(box: Floats, others: Floats) -> Floats:
    """(n,) what a box (4,) and each of `others` (n, 4) share, of what both cover together; 0..1."""
    width, height = (np.minimum(box[i + 2], others[:, i + 2]) - np.maximum(box[i], others[:, i]) for i in range(2))
    shared = np.nan_to_num(np.maximum(width, 0) * np.maximum(height, 0))
    both = _area(box) + np.nan_to_num(_area(others)) - shared
    result: Floats = np.where(both > 0, shared / np.where(both > 0, both, 1), 0).astype(np.float32)
    return result


def _area(boxes: Floats) -> Floats:
    area: Floats = (boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1])
    return area


def _is_same(one: NewMark, other: NewMark) -> bool:
    if (one.label, one.person) != (other.label, other.person):
        return False
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared >= ALIKE * (max(one.end, other.end) - min(one.start, other.start))


def _spans(path: Path, film: SourceInfo) -> tuple[tuple[float, float], ...]:
    """Of the marks of a file, where it is of this film, turned as it is here: else other people stand in the same
    places. Without reading its poses."""
    with closing(Database(path, write=False)) as database, database.reading() as connection:
        row = connection.execute("SELECT value FROM meta WHERE key = 'source'").fetchone()
        if not film.fingerprint or row is None or not _is_of(row[0], film):
            return ()
        return tuple(_pairs(connection.execute('SELECT start, "end" FROM marks ORDER BY start')))


def _is_of(source: Any, film: SourceInfo) -> bool:
    try:
        other = SourceInfo.model_validate_json(source)
    except (TypeError, ValidationError):
        return False
    return (other.fingerprint, other.turning) == (film.fingerprint, film.turning)


def _pairs(rows: Iterator[tuple[object, object]]) -> Iterator[tuple[float, float]]:
    for start, end in rows:
        if isinstance(start, int | float) and isinstance(end, int | float):
            yield float(start), float(end)
