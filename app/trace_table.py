"""The traces as a table of numbers: of a film or a stretch of it, and what of that is not known yet. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.series import Series, csv_of
from app.trace_log import Times

_HAIR = 1e-6  # seconds, as times of frames are fractions


def csv_of_film(
    series: Sequence[Series], unit: str, frames: Times, analysed: NDArray[np.bool_]
) -> tuple[bytes, str]:  # fmt: skip
    """A row for each frame of a stretch that is known, and in words what is left out: frames that were not analysed yet
    and of which nothing was found while they played. A frame in which nothing was found is a row without values.

    frames, analysed: (n,) seconds of each frame of the stretch, and whether it was analysed
    """
    known = analysed.copy()
    table = list[Series]()
    for one in series:
        place = np.searchsorted(one.times, frames - _HAIR)
        at = np.minimum(place, max(len(one.times) - 1, 0))
        there = np.abs(one.times[at] - frames) <= 2 * _HAIR if len(one.times) else np.zeros(len(frames), np.bool_)
        values = np.full(len(frames), np.nan)
        values[there] = one.values[at[there]]
        known |= np.isfinite(values)
        table.append(Series(one.name, one.person, one.color, frames, values))
    kept = [Series(one.name, one.person, one.color, frames[known], one.values[known]) for one in table]
    missing = int((~known).sum())
    said = f"{missing} of {len(frames)} frames were not analysed yet, and are left out." if missing else ""
    return csv_of(kept, unit), said
