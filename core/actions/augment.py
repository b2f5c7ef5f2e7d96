"""The same movement as another camera, another player and a worse net would give it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from core.actions.features import mirrored
from core.actions.tracks import Interval, MarkedTrack
from core.motion.angles import middle_of_hips
from core.motion.body import torso_length
from core.settings import Section
from core.skeleton import POINTS
from core.types import Floats


class Variation(Section):
    """How far a copy may be from what was seen. Each copy of a track or window draws its own share of it."""

    pace: float = Field(0.12, ge=0.0, le=0.5, description="Faster or slower, as a share.")
    frames: float = Field(0.5, ge=0.0, le=0.8, description="Frames left out at most, as a share.")
    tilt: float = Field(6.0, ge=0.0, le=45.0, description="Turn in the picture, degrees (standard deviation).")
    squash: float = Field(0.2, ge=0.0, le=0.5, description="Narrower or wider (standard deviation of the logarithm).")
    jitter: float = Field(0.1, ge=0.0, le=0.5, description="Error of a point at most, in torso lengths.")
    lost: float = Field(0.4, ge=0.0, le=0.8, description="Points that are not found at most, as a share.")


def refilmed(track: MarkedTrack, variation: Variation, random: np.random.Generator) -> MarkedTrack:
    """The track at another pace, and with fewer frames."""
    pace = float(np.exp(random.uniform(-variation.pace, variation.pace)))
    kept = random.uniform(size=len(track.times)) >= random.uniform(0, variation.frames)
    kept[[0, -1]] = True
    return replace(
        track,
        times=track.times[kept] * pace,
        keypoints=track.keypoints[kept],
        intervals=tuple(Interval(i.label, i.start * pace, i.end * pace) for i in track.intervals),
    )


def varied(
    windows: Floats, variation: Variation, random: np.random.Generator, mirror: NDArray[np.bool_] | None = None
) -> Floats:
    """Windows seen from a little elsewhere, by a net that errs and misses points.

    windows: (n, samples, 18, 2) image pixels; mirror: (n,) those that are mirrored too
    """
    count, samples = windows.shape[:2]
    result = windows if mirror is None else np.where(mirror[:, None, None, None], mirrored(windows), windows)
    middle = _over_time(middle_of_hips(result.astype(np.float64)))
    torso = _over_time(torso_length(result)[..., None])[:, 0]
    angle = np.radians(random.normal(0.0, variation.tilt, count))
    wide = np.exp(random.normal(0.0, variation.squash, count))
    c, s = np.cos(angle), np.sin(angle)
    turn = np.stack([np.stack([c * wide, -s], -1), np.stack([s * wide, c], -1)], -2)  # (n, 2, 2): squash, then turn
    moved = np.einsum("nij,nspj->nspi", turn, result - middle[:, None, None])
    errs = variation.jitter * torso * random.uniform(0, 1, count)
    moved += random.normal(0, 1, moved.shape) * errs[:, None, None, None]
    lost = random.uniform(size=(count, POINTS)) < random.uniform(0, variation.lost, count)[:, None]
    # Half of the windows lack a point from the start, half from some moment on.
    begin = random.integers(0, samples, (count, 1, 1)) * (random.uniform(size=(count, 1, 1)) < 0.5)
    gone = lost[:, None] & (np.arange(samples)[None, :, None] >= begin)
    moved[gone] = np.nan
    varied: Floats = moved.astype(np.float32)
    return varied


def _over_time(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, k) means over the samples that are known; 0 where none is. values: (n, samples, k)."""
    known = ~np.isnan(values)
    return np.asarray(np.where(known, values, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1))
