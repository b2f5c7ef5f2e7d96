"""How fast points move."""

import numpy as np
from numpy.typing import NDArray

from core.motion.body import body_height
from core.types import Floats

WINDOW = 0.2  # seconds over which a speed is fitted: jitter of a pixel at 60 frames a second is no speed
_BLOCK = 2048  # times that are done at once


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
    for begin in range(0, len(times), _BLOCK):
        at = np.arange(begin, min(begin + _BLOCK, len(times)))
        result[at] = _speeds_at(times, keypoints, at, window)
    speed: Floats = (result / height).astype(np.float32)
    return speed


def speed_at(times: NDArray[np.float64], keypoints: Floats, index: int, window: float = WINDOW) -> NDArray[np.float64]:
    """(points,) pixels a second at one of the times; everything else as in `speeds`."""
    (fast,) = _speeds_at(times, keypoints, np.array([index]), window)
    return np.asarray(fast)


def _speeds_at(
    times: NDArray[np.float64], keypoints: Floats, at: NDArray[np.intp], window: float
) -> NDArray[np.float64]:
    """(n, points) pixels a second at times[at]: the slope of the line that fits best to what is near."""
    first = np.searchsorted(times, times[at] - 0.5 * window - 1e-9)
    last = np.searchsorted(times, times[at] + 0.5 * window + 1e-9, side="right")
    first = np.minimum(first, np.maximum(at - 1, 0))
    last = np.maximum(last, np.minimum(at + 2, len(times)))
    near = first[:, None] + np.arange((last - first).max())
    inside, near = near < last[:, None], np.minimum(near, len(times) - 1)
    points = keypoints[near].astype(np.float64)
    there = inside[..., None] & ~np.isnan(points[..., 0])
    count = np.maximum(there.sum(axis=1, keepdims=True), 1)
    t = np.where(there, (times[near] - times[at, None])[..., None], 0.0)
    t = np.where(there, t - t.sum(axis=1, keepdims=True) / count, 0.0)
    spread = (t * t).sum(axis=1)
    slope = (t[..., None] * np.where(there[..., None], points, 0.0)).sum(axis=1)
    fast = np.linalg.norm(slope, axis=-1) / np.where(spread > 0, spread, np.nan)
    return np.asarray(np.where(np.isnan(keypoints[at, :, 0]), np.nan, fast))
