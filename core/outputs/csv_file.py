"""One tidy table of everything: a row for each frame, person and point."""

from __future__ import annotations

import contextlib
import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, product
from pathlib import Path

from core import skeleton
from core.motion.smoothing import are_smoothed
from core.outputs.base import Sink, make_folder_of, name_as_text, opening
from core.outputs.motion_columns import MotionColumns
from core.types import Floats, Image, Result

_COLUMNS = ("frame", "time", "person", "point", "x", "y", "score")
_WRITTEN = ("{:.1f}", "{:.3f}", "{:.4f}", "{:.4f}", "{:.1f}", "{:.2f}", "{:.2f}", "{:.2f}")  # of columns of motion


class CsvFile(Sink):
    """Columns frame, time, person, point, x, y, score; UTF-8, a comma between, a point in numbers.

    frame:   from 0; for images the column `image` with the file's name follows, see `Frame.name`
    time:    seconds from the start of the source; for images the number of the frame
    person:  the ID; -1, -2, ... where people are not tracked: such a number means nothing beyond its frame
    point:   its name, such as `right wrist`
    x, y:    pixels, the centre of the top left pixel is (0, 0)
    score:   about 0..1
    angle:   if `motion`; degrees at this joint, of the elbows, shoulders, hips and knees, anticlockwise from the bone
             nearer to the trunk to the other; at the neck that of the trunk to the vertical. Turns go on beyond 360
             rather than jump; empty at other points
    speed:   if `motion`; of this point, in body heights a second over 0.2 s; empty where a person is not tracked
    body_x, body_y: if `motion`; where the point is with respect to the body: in torso lengths from the middle of the
             hips, to the right and down; empty where neck or hips are not found
    angle_180: if `motion`; the angle without a side, 0..180: of a joint 180 stretched, of the trunk 0 upright
    x_cm, y_cm, speed_cm_s: if `motion`, and if it is known how many pixels are a centimetre; x, y and the speed in
             centimetres and centimetres a second, right in the plane of the line that was measured
    smoothed: if `smoothed`; 1 where the point is not quite where it was found, see `core.motion.Smoothing`
    label:   if `labels`; what the person does in this frame, as `Result.actions` says; the same in all 18 rows
    by_hand: if anything is; 1 where the point was put, or taken away, by hand
    name:    if `names` has any; what the person is called, empty for those without a name

    A person has all 18 rows; a point that was not found has empty x, y and score, never 0.  A frame with nobody in it
    has one row with everything from `person` on empty, so that it can be told from a frame that was not analysed.  Each
    frame is handed to the system as it comes, and a frame that did not fit on a full disk is taken back: the file
    always ends with a whole frame.  With `motion` a frame is written a tenth of a second late, as a speed takes what
    comes after it.
    """

    takes_picture = False

    def __init__(
        self, target: Path, *, motion: bool = False, labels: bool = False, names: Mapping[int, str] | None = None,
        per_cm: float = 0.0, by_hand: frozenset[tuple[int, int, int]] = frozenset(), smoothed: bool = False,
    ) -> None:  # fmt: skip
        """Begin the file, in place of any that was there. names: of people who have one, by ID; per_cm: pixels in a
        centimetre, 0 where that is not known; by_hand: frame, person and point of what was put by hand; smoothed:
        what is given is. Raises InputError."""
        self.target = target
        make_folder_of(target)
        with opening(target):
            self._file = open(target, "wb", buffering=0)  # noqa: SIM115 - stays open until `close`
        self._size = 0  # bytes of whole frames
        self._columns: tuple[str, ...] = ()
        self._motion = MotionColumns(per_cm) if motion else None
        self._labels = labels
        self._names = names or {}
        self._by_hand = by_hand
        self._smoothed = smoothed

    def write(self, result: Result, picture: Image | None = None) -> None:
        """Append the rows of one frame, or of those whose speeds are known now."""
        if not self._columns:
            self._begin("image" if result.frame.name else None)
        if self._motion is None:
            self._append_rows(self._rows(result))
            return
        for moved in self._motion.add(result):
            self._append_rows(self._rows(moved.result, moved.columns))

    def _begin(self, image: str | None) -> None:
        columns = (_COLUMNS[0], image, *_COLUMNS[1:]) if image is not None else _COLUMNS
        more = (*(self._motion.names if self._motion is not None else ()), *(["smoothed"] if self._smoothed else []))
        more = (*more, *(["label"] if self._labels else []), *(["by_hand"] if self._by_hand else []))
        self._columns = (*columns, *more, *(["name"] if self._names else []))
        self._append_rows([self._columns])

    def _append_rows(self, rows: Iterable[Sequence[object]]) -> None:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        self._append(text.getvalue().encode())

    def close(self) -> None:
        """Close the file; one without frames has only the names of the columns."""
        if self._file.closed:
            return
        try:
            if not self._columns:
                self._begin(None)
            for moved in self._motion.finish() if self._motion is not None else ():
                self._append_rows(self._rows(moved.result, moved.columns))
        finally:
            self._file.close()

    def _rows(self, result: Result, motion: Floats | None = None) -> list[tuple[object, ...]]:
        """motion: see `Moved.columns`"""
        frame, people = result.frame, result.people
        start: tuple[object, ...] = (frame.index, f"{frame.time:.6f}")
        if "image" in self._columns:
            start = (frame.index, name_as_text(frame.name), start[1])
        if not len(people):
            return [(*start, *[""] * (len(self._columns) - len(start)))]
        persons = [person if person >= 0 else -1 - i for i, person in enumerate(result.ids.tolist())]
        rows = zip(
            chain.from_iterable([person] * skeleton.POINTS for person in persons),
            skeleton.POINT_NAMES * len(persons),
            people.keypoints.reshape(-1, 2).tolist(),
            people.scores.reshape(-1).tolist(),
            strict=True,
        )
        points: list[tuple[object, ...]] = [
            (*start, person, point, f"{x:.2f}", f"{y:.2f}", f"{score:.4f}")
            if score > 0
            else (*start, person, point, "", "", "")
            for person, point, (x, y), score in rows
        ]
        if motion is not None:
            values = motion.reshape(-1, motion.shape[-1]).tolist()
            forms = _WRITTEN[: motion.shape[-1]]
            points = [
                (*row, *("" if one != one else form.format(one) for form, one in zip(forms, more, strict=True)))
                for row, more in zip(points, values, strict=True)
            ]
        if self._smoothed:
            done = are_smoothed(people, result.ids, frame.index, self._by_hand).reshape(-1).tolist()
            points = [(*row, "1" if is_done else "") for row, is_done in zip(points, done, strict=True)]
        if self._labels:
            labels = result.actions.labels if result.actions is not None else ("",) * len(people)
            points = _with(points, labels)
        if self._by_hand:
            every = product(persons, range(skeleton.POINTS))
            points = [
                (*row, "1" if (frame.index, *at) in self._by_hand else "")
                for row, at in zip(points, every, strict=True)
            ]
        if self._names:
            points = _with(points, [self._names.get(person, "") for person in persons])
        return points

    def _append(self, content: bytes) -> None:
        """Write all of it or, where that fails, nothing."""
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError:
            with contextlib.suppress(OSError):  # a pipe or device cannot be cut; the first failure is the one to tell
                os.ftruncate(self._file.fileno(), self._size)
            raise
        self._size += len(content)


def _with(rows: list[tuple[object, ...]], cells: Iterable[str]) -> list[tuple[object, ...]]:
    """Rows of some people with one cell more, the same for all points of each."""
    every = chain.from_iterable([cell] * skeleton.POINTS for cell in cells)
    return [(*row, cell) for row, cell in zip(rows, every, strict=True)]
