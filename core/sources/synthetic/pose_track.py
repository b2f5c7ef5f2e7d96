"""Poses over time: values that pass smoothly through keys."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from core.sources.synthetic.rig import Doubles


def ease(share: float) -> float:
    """0 to 1 with no speed and no acceleration at the ends (minimum jerk), as reaching hands move (Flash and Hogan
    1985)."""
    share = min(max(share, 0.0), 1.0)
    return share**3 * (10 - 15 * share + 6 * share**2)


class Track:
    """A value over time that passes through keys without overshooting (monotone cubic, Fritsch and Carlson 1980).

    times: seconds, rising; values: (keys, n).  Before the first and after the last key it stands still.
    """

    def __init__(self, times: Sequence[float], values: Sequence[Sequence[float]] | Doubles) -> None:
        self.times = list(times)
        self.values = np.asarray(values, float).reshape(len(self.times), -1)
        steps = np.diff(self.times)[:, None]
        slopes = np.diff(self.values, axis=0) / steps
        self._slopes = np.zeros_like(self.values)
        if len(self.times) > 2:
            before, after = slopes[:-1], slopes[1:]
            wide, narrow = 2 * steps[1:] + steps[:-1], steps[1:] + 2 * steps[:-1]
            with np.errstate(divide="ignore", invalid="ignore"):
                mean = (wide + narrow) / (wide / before + narrow / after)
            self._slopes[1:-1] = np.where(before * after > 0, mean, 0.0)

    def __call__(self, seconds: float) -> Doubles:
        """(n,) at that time."""
        if seconds <= self.times[0] or len(self.times) == 1:
            return np.asarray(self.values[0], float)
        if seconds >= self.times[-1]:
            return np.asarray(self.values[-1], float)
        i = bisect_right(self.times, seconds) - 1
        step = self.times[i + 1] - self.times[i]
        t = (seconds - self.times[i]) / step
        a, b = self.values[i], self.values[i + 1]
        result: Doubles = (
            (1 + 2 * t) * (1 - t) ** 2 * a
            + t * (1 - t) ** 2 * step * self._slopes[i]
            + t * t * (3 - 2 * t) * b
            - t * t * (1 - t) * step * self._slopes[i + 1]
        )
        return result
