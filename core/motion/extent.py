"""How far something goes over a stretch of time, as it is read off a goniometer: least, greatest, range, mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_HAIR = 1e-6  # seconds, as times of frames are fractions
_NEAR = 0.45  # of the step to the next frame
_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Extent:
    """Of the frames of a stretch in which there is a value; NaN where it is in none.

    least_at, greatest_at: seconds of the first frame that has it; mean: over time; frames: of the stretch; seen: of
    those, in which there is a value
    """

    least: float
    least_at: float
    greatest: float
    greatest_at: float
    mean: float
    frames: int
    seen: int

    @property
    def range(self) -> float:
        return self.greatest - self.least


def extent(times: NDArray[np.float64], values: NDArray[np.floating], frames: NDArray[np.float64], end: float) -> Extent:
    """times, values: (m,) seconds, rising, and what was there then, NaN for nothing; angles without jumps, see
    `unwrapped`.  frames: (n,) seconds of every frame of the stretch, rising, those of which `times` has nothing too;
    end: seconds at which the last of them ends.

    Each value counts for the mean as long as its frame is on screen, so that it is right on variable frame rates.
    """
    here = at_frames(times, values, frames, end)
    there = np.isfinite(here)
    if not there.any():
        return Extent(_NAN, _NAN, _NAN, _NAN, _NAN, len(frames), 0)
    seen, when, lasts = here[there], frames[there], np.diff(np.append(frames, end))[there]
    least, greatest = int(np.argmin(seen)), int(np.argmax(seen))
    weights = lasts if lasts.sum() > 0 else np.ones_like(lasts)
    return Extent(
        float(seen[least]), float(when[least]), float(seen[greatest]), float(when[greatest]),
        float(np.average(seen, weights=weights)), len(frames), len(seen),
    )  # fmt: skip


def at_frames(
    times: NDArray[np.float64], values: NDArray[np.floating], frames: NDArray[np.float64], end: float
) -> NDArray[np.float64]:
    """(n,) the value of each frame, NaN where there is none. A time is a frame's where it lies nearer to that than half
    its neighbours do: poses that were found elsewhere may tell it a little otherwise. All as in `extent`."""
    result = np.full(len(frames), np.nan)
    if not len(times) or not len(frames):
        return result
    steps = np.diff(np.append(frames, end))
    near = np.maximum(_NEAR * np.minimum(steps, np.append(steps[:1], steps[:-1])), _HAIR)
    after = np.minimum(np.searchsorted(times, frames), len(times) - 1)
    before = np.maximum(after - 1, 0)
    at = np.where(np.abs(times[before] - frames) < np.abs(times[after] - frames), before, after)
    known = np.abs(times[at] - frames) <= near
    result[known] = values[at[known]]
    return result
