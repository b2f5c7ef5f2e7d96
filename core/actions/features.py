"""What the trees look at: numbers of a window that do not depend on where a person stands and how large they are seen.

Places are with respect to the middle of the hips at each sample, in torso lengths; the length is the median of the
window, so that a bow does not blow up the arms. Which groups a model looks at stands in its header, and docs/actions.md
says how they were chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.motion import joint_angles
from core.motion.angles import middle_of_hips
from core.motion.body import torso_length
from core.skeleton import (
    L_ANKLE,
    L_ELBOW,
    L_HIP,
    L_KNEE,
    L_SHOULDER,
    L_WRIST,
    MIRRORED_POINTS,
    NOSE,
    R_ANKLE,
    R_ELBOW,
    R_HIP,
    R_KNEE,
    R_SHOULDER,
    R_WRIST,
)
from core.types import Floats

# Eyes and ears are left out: many sets of keypoints lack them, and from behind nobody sees them.
POINTS = (NOSE, R_SHOULDER, R_ELBOW, R_WRIST, L_SHOULDER, L_ELBOW, L_WRIST,
          R_HIP, R_KNEE, R_ANKLE, L_HIP, L_KNEE, L_ANKLE)  # fmt: skip
LEAST = 0.5  # share of the samples of a window that need neck and hips for it to be looked at
# Pairs whose way to each other tells strokes apart: both hands together, a hand at the other shoulder or the head.
_PAIRS = ((R_WRIST, L_WRIST), (R_WRIST, L_SHOULDER), (L_WRIST, R_SHOULDER), (R_WRIST, NOSE), (L_WRIST, NOSE),
          (R_SHOULDER, L_SHOULDER), (R_HIP, L_HIP), (R_ANKLE, L_ANKLE))  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Body:
    """Windows with respect to the body.

    windows: (n, samples, 18, 2) as they came; places: the same in torso lengths from the hips; step: seconds between
    samples
    """

    windows: Floats
    places: Floats
    step: float


def _body(windows: Floats, seconds: float) -> _Body:
    torso = _median(torso_length(windows))
    scale = np.where(torso > 0, torso, np.nan)[:, None, None, None]
    places = (windows - middle_of_hips(windows.astype(np.float64))[:, :, None]) / scale
    return _Body(windows, places.astype(np.float32), seconds / (windows.shape[1] - 1))


def usable(windows: Floats) -> NDArray[np.bool_]:
    """(n,) whether enough of the body is seen to say anything. windows: (n, samples, 18, 2) image pixels."""
    share: NDArray[np.float64] = (torso_length(windows) > 0).mean(axis=1)
    return np.asarray(share >= LEAST)


def mirrored(windows: Floats) -> Floats:
    """The mirror images of windows, left and right exchanged; x about 0."""
    flipped = windows[..., list(MIRRORED_POINTS), :].copy()
    flipped[..., 0] *= -1
    return flipped


def _samples(body: _Body) -> list[Floats]:
    return [body.places[:, :, list(POINTS)]]


def _places(body: _Body) -> list[Floats]:
    """Where points are: mean, least, most, spread, and the way from the first sample to the last."""
    at = body.places[:, :, list(POINTS)]
    low, high, mean, spread = _summary(at)
    return [mean, low, high, spread, at[:, -1] - at[:, 0]]


def _velocities(body: _Body) -> list[Floats]:
    """How fast, in torso lengths a second: the extremes and the spread of both directions, most and mean of the
    speed."""
    speeds = np.diff(body.places[:, :, list(POINTS)], axis=1) / np.float32(body.step)
    low, high, _, spread = _summary(speeds)
    _, fastest, mean, _ = _summary(np.linalg.norm(speeds, axis=-1))
    return [low, high, spread, fastest, mean]


def _angles(body: _Body) -> list[Floats]:
    """Sine and cosine of the joints and of the trunk: mean, least and most."""
    angles = np.radians(joint_angles(body.windows))
    return [part for wave in (np.sin(angles), np.cos(angles)) for part in _summary(wave)[:3]]


def _pairs(body: _Body) -> list[Floats]:
    """From point to point, and how far: mean, least and most."""
    first, second = (body.places[:, :, [pair[end] for pair in _PAIRS]] for end in (0, 1))
    ways = first - second
    return [part for values in (ways, np.linalg.norm(ways, axis=-1)) for part in _summary(values)[:3]]


GROUPS: dict[str, Callable[[_Body], list[Floats]]] = {
    "samples": _samples,
    "places": _places,
    "velocities": _velocities,
    "angles": _angles,
    "pairs": _pairs,
}


def features(windows: Floats, seconds: float, groups: tuple[str, ...]) -> Floats:
    """(n, columns) float32, NaN where nothing is known. windows: (n, samples, 18, 2) image pixels; seconds: their
    length."""
    body = _body(windows, seconds)
    parts = [part.reshape(len(windows), -1) for group in groups for part in GROUPS[group](body)]
    table: Floats = np.concatenate(parts, axis=1).astype(np.float32)
    return table


def columns(samples: int, groups: tuple[str, ...]) -> int:
    """How many features a window has."""
    return features(np.zeros((1, samples, 18, 2), np.float32), 1.0, groups).shape[1]


def _summary(values: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Least, most, mean and spread over the samples (axis 1) that are known; NaN where none is."""
    known = ~np.isnan(values)
    count = known.sum(axis=1)
    none = count == 0
    share = np.maximum(count, 1)
    mean = np.where(known, values, 0).sum(axis=1) / share
    square = np.where(known, values - mean[:, None], 0)
    spread = np.sqrt((square * square).sum(axis=1) / share)
    low = np.where(known, values, np.inf).min(axis=1)
    high = np.where(known, values, -np.inf).max(axis=1)
    results = [np.where(none, np.nan, each).astype(np.float32) for each in (low, high, mean, spread)]
    return results[0], results[1], results[2], results[3]


def _median(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) the median of (n, samples), of those that are known; NaN where none is. Quicker than `np.nanmedian`."""
    ordered = np.sort(values, axis=1)  # NaN comes last
    count = (~np.isnan(values)).sum(axis=1)
    low, high = np.maximum(count - 1, 0) // 2, np.maximum(count // 2, 0)
    rows = np.arange(len(values))
    high = np.minimum(high, np.maximum(count - 1, 0))
    return np.asarray(0.5 * (ordered[rows, low] + ordered[rows, high]))
