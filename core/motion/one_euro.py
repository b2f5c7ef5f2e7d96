"""One-Euro smoothing: little lag when fast, little jitter when slow.

Casiez, Roussel and Vogel, "1 Euro Filter: A Simple Speed-based Low-pass Filter for Noisy Input in Interactive Systems"
(CHI 2012). Everything is in seconds, so the frame rate may vary.
"""

import numpy as np
from numpy.typing import NDArray

from core.kernel import kernel
from core.types import Floats

MIN_CUTOFF = 1.5  # hertz: lower is smoother at rest
BETA = 4.0  # hertz for each unit a second: higher lags less when fast
SPEED_CUTOFF = 1.0  # hertz, of the speed itself
FORGET = 0.5  # seconds after which a value that was missing begins anew


class OneEuro:
    """Smooths an array of values as they come. A value that is NaN gives NaN, and goes on afterwards."""

    def __init__(
        self, min_cutoff: float = MIN_CUTOFF, beta: float = BETA, speed_cutoff: float = SPEED_CUTOFF, unit: float = 1.0
    ) -> None:
        """unit: what counts as one for `beta`, such as the height of the body in pixels; it may be set as it grows."""
        self._min_cutoff, self._beta, self._speed_cutoff, self.unit = min_cutoff, beta, speed_cutoff, unit
        self._values: NDArray[np.float64] | None = None

    def __call__(self, values: Floats, time: float) -> Floats:
        """The smoothed `values`, of any shape, the same each time; time: seconds, rising."""
        now = values.astype(np.float64)
        if self._values is None:
            self._values, self._speeds = now.copy(), np.zeros_like(now)
            self._times = np.full(now.shape, time)
            return values.copy()
        gap = np.maximum(time - self._times, 1e-6)
        known = ~np.isnan(self._values) & (gap <= FORGET)
        speed = np.where(known, (now - self._values) / gap, 0.0)
        speeds = self._speeds + _share(self._speed_cutoff, gap) * (speed - self._speeds)
        share = _share(self._min_cutoff + self._beta * np.abs(speeds) / self.unit, gap)
        smooth = np.where(known, self._values + share * (now - self._values), now)
        there = ~np.isnan(now)
        self._values = np.where(there, smooth, self._values)
        self._speeds = np.where(there, np.where(known, speeds, 0.0), self._speeds)
        self._times = np.where(there, time, self._times)
        result: Floats = np.where(there, smooth, np.nan).astype(np.float32)
        return result


def smoothed(times: NDArray[np.float64], values: Floats, *, unit: float | NDArray[np.float64] = 1.0) -> Floats:
    """(times, ...) float32: a whole series smoothed; as live, it lags a little. unit: as `OneEuro`, whose numbers these
    are; one, or (times,) of them."""
    rows = np.ascontiguousarray(values.reshape(len(times), int(np.prod(values.shape[1:]))), np.float64)
    result = np.empty_like(rows)
    units = np.full(len(times), unit, np.float64)
    _smooth(np.ascontiguousarray(times, np.float64), rows, units, result)
    series: Floats = result.astype(np.float32).reshape(values.shape)
    return series


@kernel("void(float64[::1], float64[:, ::1], float64[::1], float64[:, ::1])")
def _smooth(
    times: NDArray[np.float64], values: NDArray[np.float64], units: NDArray[np.float64], result: NDArray[np.float64]
) -> None:
    """An hour of film would take `OneEuro` itself seconds."""
    for column in range(values.shape[1]):
        last, speed, then = np.nan, 0.0, 0.0
        for row in range(values.shape[0]):
            now = values[row, column]
            result[row, column] = now
            if np.isnan(now):
                continue
            gap = max(times[row] - then, 1e-6)
            if not np.isnan(last) and gap <= FORGET:
                share = 1.0 / (1.0 + 1.0 / (2 * np.pi * SPEED_CUTOFF * gap))
                speed += share * ((now - last) / gap - speed)
                cutoff = MIN_CUTOFF + BETA * abs(speed) / units[row]
                result[row, column] = last + (now - last) / (1.0 + 1.0 / (2 * np.pi * cutoff * gap))
            else:
                speed = 0.0
            last, then = result[row, column], times[row]


def _share(cutoff: NDArray[np.float64] | float, gap: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of the new value, for a low pass of first order with `cutoff` hertz, after `gap` seconds."""
    return np.asarray(1.0 / (1.0 + 1.0 / (2 * np.pi * cutoff * gap)))
