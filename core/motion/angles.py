"""Angles of joints in the plane of the picture.

An angle is signed, in degrees: from the first bone to the second, anticlockwise as one sees it, so that a stretched
elbow that bends a little to one side and then to the other goes through 180 and does not turn back. In one frame the
angle is known up to a full turn and given within 0..360; over time `unwrapped` and `Unwrap` take the turn that is
nearest to the last one. `plain` has what is read off a goniometer instead: 0..180 whichever side a joint bends to.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.skeleton import (
    L_ANKLE,
    L_ELBOW,
    L_HIP,
    L_KNEE,
    L_SHOULDER,
    L_WRIST,
    NECK,
    R_ANKLE,
    R_ELBOW,
    R_HIP,
    R_KNEE,
    R_SHOULDER,
    R_WRIST,
)
from core.types import Floats


@dataclass(frozen=True, slots=True)
class Angle:
    """An angle at `joint` between the directions to the points `a` and `b`."""

    name: str
    a: int
    joint: int
    b: int


# Limbs first; the last is the trunk to the vertical: 0 upright, positive to the right of the picture, 180 head down.
_JOINTS = (
    Angle("right elbow", R_SHOULDER, R_ELBOW, R_WRIST),
    Angle("left elbow", L_SHOULDER, L_ELBOW, L_WRIST),
    Angle("right shoulder", R_HIP, R_SHOULDER, R_ELBOW),
    Angle("left shoulder", L_HIP, L_SHOULDER, L_ELBOW),
    Angle("right hip", R_SHOULDER, R_HIP, R_KNEE),
    Angle("left hip", L_SHOULDER, L_HIP, L_KNEE),
    Angle("right knee", R_HIP, R_KNEE, R_ANKLE),
    Angle("left knee", L_HIP, L_KNEE, L_ANKLE),
)
ANGLES = (*(joint.name for joint in _JOINTS), "trunk")
_A, _B, _C = (np.array([getattr(joint, end) for joint in _JOINTS]) for end in ("a", "joint", "b"))


def joint_angles(keypoints: Floats) -> Floats:
    """(..., 9) float32 degrees, in the order of `ANGLES`: joints within 0..360, the trunk within -180..180; NaN where a
    point is missing or two lie on each other. keypoints: (..., 18, 2) image pixels, y down.
    """
    points = keypoints.astype(np.float64)
    first = points[..., _A, :] - points[..., _B, :]
    second = points[..., _C, :] - points[..., _B, :]
    joints = _turn(first, second) % 360.0
    hips = middle_of_hips(points)
    up = points[..., NECK, :] - hips
    trunk = _turn(up, np.broadcast_to(np.array([0.0, -1.0]), up.shape))
    angles: Floats = np.concatenate([joints, trunk[..., None]], axis=-1).astype(np.float32)
    return angles


def plain(angles: Floats) -> Floats:
    """The same without a side, 0..180 degrees: of a joint 180 stretched and less the more it is bent, of the trunk 0
    upright. angles: (...) degrees as `joint_angles` gives them, or with whole turns more or less; NaN stays NaN.
    """
    inner: Floats = (180.0 - np.abs(180.0 - np.asarray(angles) % 360.0)).astype(np.float32)
    return inner


def middle_of_hips(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """(..., 2) between the hips; one of them where the other is missing. points: (..., 18, 2)."""
    right, left = points[..., R_HIP, :], points[..., L_HIP, :]
    middle = 0.5 * (right + left)
    return np.where(np.isnan(middle), np.where(np.isnan(right), left, right), middle)


def _turn(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Degrees, -180..180, from the first direction to the second, anticlockwise on a screen whose y points down."""
    cross = first[..., 1] * second[..., 0] - first[..., 0] * second[..., 1]
    dot = (first * second).sum(axis=-1)
    degrees = np.degrees(np.arctan2(cross, dot))
    nothing = (np.abs(first).sum(axis=-1) == 0) | (np.abs(second).sum(axis=-1) == 0)
    return np.where(nothing, np.nan, degrees)


class Unwrap:
    """Angles over time, live: each takes the full turn that is nearest to the last one known."""

    def __init__(self) -> None:
        self._last: Floats | None = None

    def __call__(self, angles: Floats) -> Floats:
        """The same angles, (...) degrees, plus whole turns. NaN stays NaN and is bridged."""
        if self._last is None:
            self._last = np.full(angles.shape, np.nan, np.float32)
        turns = np.rint((self._last - angles) / 360.0)
        result: Floats = np.where(np.isnan(turns), angles, angles + 360.0 * turns).astype(np.float32)
        self._last = np.where(np.isnan(result), self._last, result).astype(np.float32)
        return result


def unwrapped(angles: Floats) -> Floats:
    """(times, ...) degrees without jumps of a full turn; NaN stays NaN and is bridged."""
    unwrap = Unwrap()
    return np.array([unwrap(one) for one in angles], np.float32).reshape(angles.shape)
