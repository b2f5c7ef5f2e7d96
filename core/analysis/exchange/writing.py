"""Writes poses in any form that is known by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from core import skeleton
from core.analysis.analysis import Analysis
from core.analysis.exchange.arrow import ParquetFile
from core.analysis.exchange.choosing import MarkedFrames
from core.analysis.records import Found
from core.errors import InputError, PoseDeskError
from core.motion import Smoothing
from core.outputs import CocoResults, CsvFile, OpenPoseJson, Sink
from core.outputs.base import sentence
from core.types import Actions, Frame, Links, Maps, Peaks, Result, Transform

Names = Mapping[int, str]  # of people who have one, by ID
ByHand = frozenset[tuple[int, int, int]]  # frame, person and point, see `Analysis.by_hand`


@dataclass(frozen=True, slots=True)
class Columns:
    """What a table has besides the poses; other forms have no room for it. per_cm: pixels in a centimetre, 0 where that
    is not known; smoothed: the poses are"""

    motion: bool = False
    per_cm: float = 0.0
    labels: bool = False
    names: Names = field(default_factory=dict)
    by_hand: ByHand = frozenset()
    smoothed: bool = False

    def as_given(self) -> dict[str, Any]:
        """As the sinks of tables take it."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


FORMS: dict[str, Callable[[Path, str, Columns], Sink]] = {
    ".csv": lambda target, stem, it: CsvFile(target, **it.as_given()),
    ".parquet": lambda target, stem, it: ParquetFile(target, **it.as_given()),
    ".json": lambda target, stem, it: CocoResults(target),
    "": lambda target, stem, it: OpenPoseJson(target, stem),
}
TABLES = (".csv", ".parquet")  # the forms that have columns

_NONE = np.empty(0, np.float32)
_NO_MAPS = Maps(np.empty((19, 0, 0), np.float32), np.empty((38, 0, 0), np.float32), Transform((1, 1), (0, 0)))
_NO_PEAKS = Peaks(np.empty((0, 2), np.float32), _NONE, np.zeros(skeleton.POINTS + 1, np.int32))
_NO_LINKS = Links(np.empty((0, 2), np.int32), _NONE, np.zeros(len(skeleton.LINKS) + 1, np.int32))
_NO_PICTURE = np.empty((0, 0, 3), np.uint8)


def open_table(target: Path, *, motion: bool = False, smoothed: bool = False) -> Sink:
    """A Parquet file where the name says so, else a CSV. smoothed: what it is to take is. Raises InputError."""
    suffix = target.suffix.lower()
    return FORMS[suffix if suffix in TABLES else ".csv"](target, "", Columns(motion, smoothed=smoothed))


def form_of(target: Path) -> str:
    """The key in FORMS that the name of a file or folder stands for. Raises InputError."""
    suffix = "" if target.is_dir() else target.suffix.lower()
    if suffix not in FORMS:
        raise InputError(
            f"{target} is no form of poses that is written. Give a .posedesk, .csv or .parquet file, .json for COCO "
            "results, or a folder for OpenPose's JSON."
        )
    return suffix


def shown_frames(
    analysis: Analysis, start: int = 0, stop: int | None = None, *, edited: bool = True
) -> Iterator[Found]:
    """The frames of an analysis from `start` up to before `stop`, as the user sees them or as measured."""
    for found, tracks in analysis.frames(start, stop, edited=edited):
        yield replace(found, people=tracks.people, ids=tracks.ids)


def smooth_frames(frames: Iterable[Found], smoothing: Smoothing) -> Iterator[Found]:
    """The same frames without the jitter of the net."""
    for found in frames:
        yield replace(found, people=smoothing(found.people, found.ids, found.frame, found.time))


def write_shown(
    frames: Iterable[Found], analysis: Analysis, target: Path, stem: str = "",
    tell: Callable[[int], bool] = lambda done: True, *, motion: bool = False, marks: MarkedFrames | None = None,
    smoothed: bool = False, note: Callable[[str], object] = lambda text: None,
) -> int:  # fmt: skip
    """As `write_poses`, of frames of an analysis as the user sees them: what is marked, what was put by hand, what
    people are called, and centimetres are columns where there is any. marks: of the analysis, where they were read
    before"""
    marks = MarkedFrames(analysis) if marks is None else marks
    return write_poses(
        frames, target, stem, tell, motion=motion, per_cm=analysis.per_cm, marks=marks if marks else None,
        names=analysis.names(), by_hand=analysis.by_hand(), smoothed=smoothed, note=note,
    )  # fmt: skip


def write_poses(
    frames: Iterable[Found], target: Path, stem: str = "", tell: Callable[[int], bool] = lambda done: True, *,
    motion: bool = False, per_cm: float = 0.0, marks: MarkedFrames | None = None, names: Names | None = None,
    by_hand: ByHand = frozenset(), smoothed: bool = False,
    note: Callable[[str], object] = lambda text: None,
) -> int:  # fmt: skip
    """Write frames in the form that the name of `target` says; returns how many.

    stem: begins the names of OpenPose's files; tell: called with how many are done after each, False ends it; motion:
    joint angles, speeds and places on the body are columns too; per_cm: pixels in a centimetre, with which places and
    speeds in centimetres are, too, 0 where that is not known; marks: so is what is marked, in forms that have columns;
    names: of people who have one, a column of tables where anybody has; by_hand: what was put by hand, a column of
    tables where anything was; smoothed: the frames are, see `smooth_frames`, which a column says; note: told in a
    sentence what the user has to know of the file.  Raises InputError, PoseDeskError.
    """
    form = form_of(target)
    if motion and form not in TABLES:
        raise InputError(f"{target} has no columns for motion. Give a .csv or .parquet file.")
    labelled = marks if form in TABLES else None
    done, rest = 0, iter(frames)
    first = next(rest, None)  # what cannot be read is told before anything is written
    with FORMS[form](
        target, stem, Columns(motion, per_cm, labelled is not None, names or {}, by_hand, smoothed)
    ) as sink:
        for found in chain([] if first is None else [first], rest):
            frame = Frame(_NO_PICTURE, found.frame, found.time, 0.0, found.name)
            result = Result(frame, _NO_MAPS, _NO_PEAKS, _NO_LINKS, found.people, found.ids)
            if labelled is not None:
                labels = labelled.labels(found.frame, found.ids)
                result = replace(result, actions=Actions(labels, np.array([bool(each) for each in labels], np.float32)))
            try:
                sink.write(result, None)
            except OSError as e:
                raise PoseDeskError(sentence(target, e)) from e
            done += 1
            if not tell(done):
                break
    if isinstance(sink, CocoResults) and sink.note:
        note(sink.note)
    return done
