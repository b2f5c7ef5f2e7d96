"""Times of frames, as files from elsewhere have them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BACK = 1.0  # seconds that a frame may lie before one that comes before it: programs differ in where a film begins
MOST = 1e11  # seconds, either way: clocks that count from 1970 are far below, and differences are still exact


def wrong_time(times: NDArray[np.float64]) -> int | None:
    """The first of times, in the order of frames, that can be none: not finite, out of all bounds, or before the others
    by more than is careless; None where all can be."""
    if not len(times):
        return None
    with np.errstate(invalid="ignore"):
        fits = np.abs(times) <= MOST  # NaN is not
        fits &= times >= np.maximum.accumulate(np.where(fits, times, -MOST)) - BACK
    return None if fits.all() else int(np.argmin(fits))
