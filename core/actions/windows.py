"""Windows: a short stretch of one person's movement, the same number of samples at any frame rate."""

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from core.settings import Section
from core.types import Floats

BRIDGE = 0.2  # seconds without a point that are bridged by a straight line; longer, and it stays missing
_SLOWEST = 0.5  # seconds from frame to frame up to which the film is slow, and the person was not away


class WindowSettings(Section):
    """What a window is."""

    samples: int = Field(15, ge=5, le=60, description="Samples of a window, evenly in time.")
    seconds: float = Field(0.5, ge=0.1, le=5.0, description="Length of a window in seconds, first to last sample.")

    def times(self, end: float) -> NDArray[np.float64]:
        """(samples,) seconds: when the samples of the window that ends at `end` are taken."""
        return np.asarray(np.linspace(end - self.seconds, end, self.samples), np.float64)


def resampled(times: NDArray[np.float64], keypoints: Floats, at: NDArray[np.float64]) -> Floats:
    """(k, points, 2) float32: where the points were at the times `at`, on straight lines between where they were seen.

    times: (t,) seconds, rising, at any steps; keypoints: (t, points, 2), NaN where a point was not found. NaN where the
    point is not seen before or after, or where the two are more than BRIDGE apart; from one frame to the next it may be
    more, so that slow films work too.
    """
    seen = ~np.isnan(keypoints[..., 0])
    count = len(times)
    if not count:
        return np.full((len(at), *keypoints.shape[1:]), np.nan, np.float32)
    rows = np.arange(count)[:, None]
    before = np.maximum.accumulate(np.where(seen, rows, -1), axis=0)
    after = np.minimum.accumulate(np.where(seen, rows, count)[::-1], axis=0)[::-1]
    # A hair of tolerance: a window's end is computed from the time of a frame, and is to find that frame.
    first = np.searchsorted(times, at + 1e-6, side="right") - 1
    last = np.searchsorted(times, at - 1e-6, side="left")
    left, right = before[np.maximum(first, 0)], after[np.minimum(last, count - 1)]
    known = (left >= 0) & (right < count) & ((first >= 0) & (last < count))[:, None]
    left, right = np.where(known, left, 0), np.where(known, right, 0)
    gap = times[right] - times[left]
    known &= (gap <= BRIDGE + 1e-6) | ((right - left <= 1) & (gap <= _SLOWEST + 1e-6))
    share = np.where(gap > 0, (at[:, None] - times[left]) / np.where(gap > 0, gap, 1.0), 0.0)[..., None]
    point = np.arange(keypoints.shape[1])
    a, b = keypoints[left, point], keypoints[right, point]
    result: Floats = np.where(known[..., None], a + np.clip(share, 0, 1) * (b - a), np.nan).astype(np.float32)
    return result


def resampled_each(
    times: NDArray[np.float64],
    keypoints: Floats,
    ends: NDArray[np.intp],
    since: NDArray[np.intp],
    at: NDArray[np.float64],
) -> Floats:
    """(k, samples, points, 2) float32: as `resampled`, of many windows at once.

    Of window i the rows since[i] to ends[i] of `times` and `keypoints` are known, and no others; at: (k, samples)
    """
    count, rows = len(times), np.arange(len(times))[:, None]
    seen = ~np.isnan(keypoints[..., 0])
    before = np.maximum.accumulate(np.where(seen, rows, -1), axis=0)
    after = np.minimum.accumulate(np.where(seen, rows, count)[::-1], axis=0)[::-1]
    low, high = since[:, None], ends[:, None]
    first = np.searchsorted(times, at + 1e-6, side="right") - 1
    last = np.searchsorted(times, at - 1e-6, side="left")
    left, right = before[np.maximum(first, 0)], after[np.minimum(last, count - 1)]
    known = (left >= low[..., None]) & (right <= high[..., None]) & ((first >= low) & (last <= high))[..., None]
    left, right = np.where(known, left, 0), np.where(known, right, 0)
    gap = times[right] - times[left]
    known &= (gap <= BRIDGE + 1e-6) | ((right - left <= 1) & (gap <= _SLOWEST + 1e-6))
    share = np.where(gap > 0, (at[..., None] - times[left]) / np.where(gap > 0, gap, 1.0), 0.0)[..., None]
    point = np.arange(keypoints.shape[1])
    a, b = keypoints[left, point], keypoints[right, point]
    result: Floats = np.where(known[..., None], a + np.clip(share, 0, 1) * (b - a), np.nan).astype(np.float32)
    return result
