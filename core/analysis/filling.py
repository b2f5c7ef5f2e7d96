"""Where a point of somebody may be in a frame, by where it is in others."""

from __future__ import annotations

import numpy as np

from core.analysis.records import Trace

Place = tuple[float, float]  # x, y in image pixels


def nearest(trace: Trace, point: int, frame: int, way: int) -> int | None:
    """The frame nearest to `frame` of those before it (way -1) or after it (way 1) in which a point was found; None
    where there is none in the trace."""
    known = trace.frames[np.isfinite(trace.points[:, point, 0])]
    there = known[known < frame] if way < 0 else known[known > frame]
    return int(there[-1 if way < 0 else 0]) if len(there) else None


def place(trace: Trace, point: int, frame: int) -> Place:
    """Where a point is in a frame of the trace."""
    x, y = trace.points[frame - int(trace.frames[0]), point, :2].tolist()
    return x, y


def on_line(trace: Trace, point: int, first: int, last: int) -> list[tuple[int, Place]]:
    """The frames between two in which a point was found, and its place in each if it goes from the one to the other at
    one speed. Frames in which nothing of the person was found are left out."""
    begin = int(trace.frames[0])
    times, (a, b) = trace.times, (trace.points[frame - begin, point, :2] for frame in (first, last))
    found: list[tuple[int, Place]] = []
    for frame in range(first + 1, last):
        if np.isfinite(trace.points[frame - begin, :, 0]).any():
            share = (times[frame - begin] - times[first - begin]) / (times[last - begin] - times[first - begin])
            x, y = (a + share * (b - a)).tolist()
            found.append((frame, (x, y)))
    return found
