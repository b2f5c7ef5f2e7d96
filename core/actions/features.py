"""What the trees look at: numbers of a window that do not depend on where a person stands and how large they are seen.

Places are with respect to the middle of the hips at each sample, in torso lengths; the length is the median of the
window, so that a bow does not blow up the arms. Where hips or torso are not seen, other parts of the body stand in.
Which groups a model looks at stands in its header, and docs/actions.md says how they were chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.motion import joint_angles
from core.motion.angles import middle_of_hips
from core.motion.body import TRUNK, body_height
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
LEAST = 0.5  # share of the samples of a window that need hips or shoulders for it to be looked at
_FEWEST = 5  # points of a sample, likewise
_UPPER_ARMS = ((R_SHOULDER, R_ELBOW), (L_SHOULDER, L_ELBOW))
_UPPER_ARM = 0.186  # body heights, as the lengths in core.motion.body
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
    points = windows.astype(np.float64)
    neck = _middle(points[:, :, R_SHOULDER], points[:, :, L_SHOULDER])
    hips = middle_of_hips(points)
    torso = _median(np.linalg.norm(neck - hips, axis=-1))
    if np.isnan(torso).any():
        torso = np.where(np.isnan(torso), _torso_by_limbs(windows), torso)
    if np.isnan(hips[..., 0]).any():
        # Where they were from the neck at other samples of the window; never seen, they are taken to be below it.
        below = np.stack([_median((hips - neck)[..., axis]) for axis in (0, 1)], axis=-1)
        below = np.where(np.isnan(below), np.stack([np.zeros(len(torso)), torso], axis=-1), below)
        hips = np.where(np.isnan(hips), neck + below[:, None], hips)
    scale = np.where(torso > 0, torso, np.nan)[:, None, None, None]
    places = ((points - hips[:, :, None]) / scale).astype(np.float32)
    return _Body(windows, places, seconds / (windows.shape[1] - 1))


def _middle(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Between two points; one of them where the other is missing."""
    middle = 0.5 * (first + second)
    return np.where(np.isnan(middle), np.where(np.isnan(first), second, first), middle)


def _torso_by_limbs(windows: Floats) -> NDArray[np.float64]:
    """(n,) torso lengths in pixels that legs, or else arms, speak for."""
    legs = _median(body_height(windows) * TRUNK)
    reach = np.stack(
        [np.linalg.norm(windows[:, :, a] - windows[:, :, b], axis=-1) for a, b in _UPPER_ARMS], axis=-1
    ).astype(np.float64)
    arms = _median(reach.reshape(len(windows), -1)) * (TRUNK / _UPPER_ARM)
    return np.where(np.isnan(legs), arms, legs)


def usable(windows: Floats) -> NDArray[np.bool_]:
    """(n,) whether enough of the body is seen to say anything. windows: (n, samples, 18, 2) image pixels."""
    seen = ~np.isnan(windows[..., 0])
    trunk = seen[:, :, [R_SHOULDER, L_SHOULDER, R_HIP, L_HIP]].any(axis=2)
    some = seen[:, :, list(POINTS)].sum(axis=2) >= _FEWEST
    share: NDArray[np.float64] = (trunk & some).mean(axis=1)
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
    places = body.places[:, :, list(POINTS)]
    speeds: Floats = (np.diff(places, axis=1) / body.step).astype(np.float32)
    low, high, _, spread = _summary(speeds)
    _, fastest, mean, _ = _summary(np.linalg.norm(speeds, axis=-1).astype(np.float32))
    return [low, high, spread, fastest, mean]


def _angles(body: _Body) -> list[Floats]:
    """Sine and cosine of the joints and of the trunk: mean, least and most."""
    angles: Floats = np.radians(joint_angles(body.windows)).astype(np.float32)
    return [part for wave in (np.sin(angles), np.cos(angles)) for part in _summary(wave)[:3]]


def _pairs(body: _Body) -> list[Floats]:
    """From point to point, and how far: mean, least and most."""
    first, second = (body.places[:, :, [pair[end] for pair in _PAIRS]] for end in (0, 1))
    ways = first - second
    lengths: Floats = np.linalg.norm(ways, axis=-1).astype(np.float32)
    return [part for values in (ways, lengths) for part in _summary(values)[:3]]


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
