"""How fast points move."""

import numpy as np
from numpy.typing import NDArray

from core.motion.body import body_height
from core.types import Floats

WINDOW = 0.2  # seconds over which a speed is fitted: jitter of a pixel at 60 frames a second is no speed


def speeds(
    times: NDArray[np.float64], keypoints: Floats, *, window: float = WINDOW, height: float | None = None
) -> Floats:
    """(times, points) float32 body heights a second.

    times: (times,) seconds, rising, at any steps; keypoints: (times, points, 2) image pixels; window: seconds; height:
    of the body, pixels; None: the median of what 18 points of all times speak for.

    The speed at a time is that of the line of least squares through the places within half a window around it, so it
    does not depend on the frame rate. At least the neighbours are taken in where frames are rarer than that. NaN where
    the point is missing, and where it is not seen at a second time.
    """
    if height is None:
        heights = body_height(keypoints)
        height = float(np.nanmedian(heights)) if np.isfinite(heights).any() else np.nan
    result = np.full(keypoints.shape[:2], np.nan)
    for i in range(len(times)):
        result[i] = speed_at(times, keypoints, i, window)
    speed: Floats = (result / height).astype(np.float32)
    return speed


def speed_at(times: NDArray[np.float64], keypoints: Floats, index: int, window: float = WINDOW) -> NDArray[np.float64]:
    """(points,) pixels a second at one of the times; everything else as in `speeds`."""
    first = np.searchsorted(times, times[index] - 0.5 * window - 1e-9)
    last = np.searchsorted(times, times[index] + 0.5 * window + 1e-9, side="right")
    near = slice(min(int(first), max(index - 1, 0)), max(int(last), min(index + 2, len(times))))
    points = keypoints[near].astype(np.float64)
    there = ~np.isnan(points[..., 0])
    count = np.maximum(there.sum(axis=0), 1)
    t = np.where(there, times[near, None] - times[index], 0.0)
    t = np.where(there, t - t.sum(axis=0) / count, 0.0)
    spread = (t * t).sum(axis=0)
    slope = (t[..., None] * np.where(there[..., None], points, 0.0)).sum(axis=0)
    fast = np.linalg.norm(slope, axis=-1) / np.where(spread > 0, spread, np.nan)
    return np.asarray(np.where(np.isnan(keypoints[index, :, 0]), np.nan, fast))
