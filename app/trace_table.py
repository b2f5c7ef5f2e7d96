"""The traces as a table of numbers: of a film or a stretch of it, and what of that is not known yet. No Qt here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.series import Series, csv_of
from app.trace_log import Times
from core.motion import at_frames


def csv_of_film(
    series: Sequence[Series],
    unit: str,
    frames: Times,
    end: float,
    analysed: NDArray[np.bool_],
    tell: Callable[[float], object] = lambda share: None,
) -> tuple[bytes, str]:
    """A row for each frame of a stretch that is known, and in words what is left out: frames that were not analysed yet
    and of which nothing was found while they played. A frame in which nothing was found is a row without values. A
    curve of another film, which has frames at other times, has the value that stands there at the moment.

    frames, analysed: (n,) seconds of each frame of the stretch, and whether it was analysed; end: of the stretch;
    tell: see `csv_of`
    """
    known = analysed.copy()
    table = list[Series]()
    for one in series:
        values = one.held(frames) if one.dashed else at_frames(one.times, one.values, frames, end)
        if not one.dashed:
            known |= np.isfinite(values)
        table.append(replace(one, times=frames, values=values))
    kept = [replace(one, times=frames[known], values=one.values[known]) for one in table]
    missing = int((~known).sum())
    said = f"{missing} of {len(frames)} frames were not analysed yet, and are left out." if missing else ""
    return csv_of(kept, unit, tell), said
