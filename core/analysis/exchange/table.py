"""The tidy table of `posedesk run --csv`, as columns: a row for each frame, person and point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core import skeleton
from core.analysis.about import MOST_FRAMES
from core.analysis.clock import wrong_time
from core.analysis.packing import people_of, whole_points
from core.analysis.records import Found
from core.errors import InputError
from core.motion.smoothing import are_smoothed
from core.outputs.base import name_as_text
from core.outputs.motion_columns import COLUMNS as MOTION
from core.outputs.motion_columns import SCALED
from core.types import Floats, Ints

COLUMNS = ("frame", "time", "person", "point", "x", "y", "score")
_PLACES = {name: place for place, name in enumerate(skeleton.POINT_NAMES)}


def frames_of(
    path: Path, frame: NDArray[np.int64], time: NDArray[np.float64], person: NDArray[np.float64],
    point: NDArray[np.object_], xys: Floats, names: NDArray[np.object_] | None,
) -> Iterator[Found]:  # fmt: skip
    """The people of each frame, in the order of frames.

    path: for what is wrong; all arrays have a row a point: frame, seconds, ID (NaN: nobody there), its name, (n, 3) x,
    y, score (NaN: not found), and for pictures the name of the file.  `People.totals` are the scores of the points
    alone, as a table has none of the links.  Raises InputError.
    """
    if not len(frame):
        return
    if frame.min() < 0 or frame.max() >= MOST_FRAMES or not np.isfinite(time).all():
        raise InputError(f"{path} has a frame without a number or a time. Check the columns frame and time.")
    someone = ~np.isnan(person)
    if (np.abs(person[someone]) > 2**31 - 1).any() or (person[someone] % 1 != 0).any():
        raise InputError(f"{path} has a person that is no whole number. Check the column person.")
    places = np.full(len(frame), -1, np.int64)
    for name in set(point[someone].tolist()):
        if name not in _PLACES:
            raise InputError(f"{path} has a point {name!r} that is not known. There is {', '.join(_PLACES)}.")
        places[point == name] = _PLACES[name]
    # Each person of each frame gets a place in one table, in the order in which they stand.
    rows = np.flatnonzero(someone)
    keys, first, member = np.unique(
        np.stack([frame[rows], person[rows].astype(np.int64)]), axis=1, return_index=True, return_inverse=True
    )
    member = member.reshape(-1)
    points: Floats = np.full((keys.shape[1], skeleton.POINTS, 3), np.nan, np.float32)
    seen = np.zeros(points.shape[:2], np.int32)
    np.add.at(seen, (member, places[rows]), 1)
    if (seen > 1).any():
        twice = int(keys[0, np.flatnonzero((seen > 1).any(axis=1))[0]])
        raise InputError(f"{path} has a point of a person twice, in frame {twice}. Give each person an own number.")
    points[member, places[rows]] = xys[rows]
    points = whole_points(points)
    order = np.lexsort((first, keys[0]))
    keys, points = keys[:, order], points[order]
    indices, at = np.unique(frame, return_index=True)
    if (wrong := wrong_time(time[at])) is not None:
        raise InputError(
            f"{path} has frame {indices[wrong]} at {time[at][wrong]:g} s, where it cannot be: before other frames that "
            "come before it, or beyond all time. Check the column time."
        )
    edges = np.searchsorted(keys[0], np.append(indices, MOST_FRAMES))
    for i, index in enumerate(indices.tolist()):
        part = slice(edges[i], edges[i + 1])
        ids: Ints = np.maximum(keys[1, part], -1).astype(np.int32)
        people = people_of(points[part], points[part, :, 2].sum(axis=1))
        name = "" if names is None else str(names[at[i]] or "")
        yield Found(index, float(time[at[i]]), people, ids, name)


def columns_of(
    batch: list[Found],
    motion: list[Floats] | None = None,
    labels: list[tuple[str, ...]] | None = None,
    names: Mapping[int, str] | None = None,
    by_hand: frozenset[tuple[int, int, int]] = frozenset(),
    *,
    smoothed: bool = False,
) -> dict[str, Any]:
    """The columns of some frames; None where a cell is empty. `image` is there where a frame has a name.

    motion: of each frame, see `Moved.columns`; the columns are there where it is given; labels: of everyone in each
    frame, empty where there is none, likewise; names: of people who have one, the column `name` where there are any;
    by_hand: frame, person and point of what was put by hand, the column `by_hand` where there is any;
    smoothed: they are, which a column says of each point
    """
    n = skeleton.POINTS
    counts = [max(len(found.people), 1) * (n if len(found.people) else 1) for found in batch]
    columns: dict[str, Any] = {
        "frame": np.repeat(np.array([found.frame for found in batch], np.int64), counts),
        "time": np.repeat(np.array([found.time for found in batch], np.float64), counts),
        "person": [],
        "point": [],
        "x": [],
        "y": [],
        "score": [],
    }
    if any(found.name for found in batch):
        columns["image"] = [
            name_as_text(found.name) for found, count in zip(batch, counts, strict=True) for _ in range(count)
        ]
    for found in batch:
        if not len(found.people):
            for name in COLUMNS[2:]:
                columns[name].append(None)
            continue
        for i, person in enumerate(found.ids.tolist()):
            columns["person"] += [person if person >= 0 else -1 - i] * n
            columns["point"] += skeleton.POINT_NAMES
        there = found.people.found().reshape(-1)
        for name, values in (
            ("x", found.people.keypoints[..., 0]),
            ("y", found.people.keypoints[..., 1]),
            ("score", found.people.scores),
        ):
            columns[name] += [
                value if is_there else None
                for value, is_there in zip(values.reshape(-1).tolist(), there.tolist(), strict=True)
            ]
    if motion is not None:
        width = motion[0].shape[-1] if motion else len(MOTION)
        rows = [frame.reshape(-1, width) if len(frame) else np.full((1, width), np.nan) for frame in motion]
        table = np.concatenate([np.empty((0, width), np.float32), *rows]).astype(np.float32)
        for name, values in zip((*MOTION, *SCALED)[:width], table.T, strict=True):
            columns[name] = [None if value != value else value for value in values.tolist()]
    if smoothed:
        columns["smoothed"] = [
            1 if done else None
            for found in batch
            for done in (
                are_smoothed(found.people, found.ids, found.frame, by_hand).reshape(-1).tolist()
                if len(found.people)
                else [False]
            )
        ]
    if labels is not None:
        columns["label"] = [
            label or None for frame in labels for label in frame or ("",) for _ in range(n if frame else 1)
        ]
    if by_hand:
        columns["by_hand"] = [
            1 if (found.frame, person, point) in by_hand else None
            for found in batch
            for person, point in (product(found.ids.tolist(), range(n)) if len(found.people) else [(-1, -1)])
        ]
    if names:
        columns["name"] = [None if person is None else names.get(person) for person in columns["person"]]
    return columns
