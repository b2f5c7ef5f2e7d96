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
    points = keypoints.astype(np.float64)
    first = np.searchsorted(times, times - 0.5 * window - 1e-9)
    last = np.searchsorted(times, times + 0.5 * window + 1e-9, side="right")
    at = np.arange(len(times))
    first = np.minimum(first, np.maximum(at - 1, 0))
    last = np.maximum(last, np.minimum(at + 2, len(times)))
    for begin in range(0, len(times), _BLOCK):
        i = at[begin : begin + _BLOCK]
        near = first[i, None] + np.arange((last[i] - first[i]).max())
        inside, near = near < last[i, None], np.minimum(near, len(times) - 1)
        there = inside[..., None] & ~np.isnan(points[near, :, 0])
        count = np.maximum(there.sum(axis=1, keepdims=True), 1)
        t = np.where(there, (times[near] - times[i, None])[..., None], 0.0)
        t = np.where(there, t - t.sum(axis=1, keepdims=True) / count, 0.0)
        spread = (t * t).sum(axis=1)
        slope = (t[..., None] * np.where(there[..., None], points[near], 0.0)).sum(axis=1)
        fast = np.linalg.norm(slope, axis=-1) / np.where(spread > 0, spread, np.nan)
        result[i] = np.where(np.isnan(points[i, :, 0]), np.nan, fast)
    speed: Floats = (result / height).astype(np.float32)
    return speed
