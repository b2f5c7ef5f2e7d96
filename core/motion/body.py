"""The body as measure and as coordinate frame, so that far and near, tall and short people compare."""

import numpy as np
from numpy.typing import NDArray

from core.motion.angles import middle_of_hips
from core.skeleton import L_ANKLE, L_HIP, L_KNEE, NECK, R_ANKLE, R_HIP, R_KNEE
from core.types import Floats

# Lengths in body heights of an adult, after the segment lengths of Drillis and Contini (1966): from the neck (half-way
# between the shoulders) to the hips, and of the leg's bones.
TRUNK, THIGH, SHIN = 0.288, 0.245, 0.246


def torso_length(keypoints: Floats) -> NDArray[np.float64]:
    """(...) pixels from the neck to the middle of the hips; NaN where it is not to be seen. keypoints: (..., 18, 2)."""
    points = keypoints.astype(np.float64)
    return np.asarray(np.linalg.norm(points[..., NECK, :] - middle_of_hips(points), axis=-1))


def normalised(keypoints: Floats) -> Floats:
    """(..., 18, 2) float32 torso lengths from the middle of the hips, x to the right, y down; NaN everywhere where
    neck or hips are missing. keypoints: (..., 18, 2) image pixels.
    """
    points = keypoints.astype(np.float64)
    torso = torso_length(keypoints)[..., None, None]
    measure = np.where(torso > 0, torso, np.nan)
    result: Floats = ((points - middle_of_hips(points)[..., None, :]) / measure).astype(np.float32)
    return result


def body_height(keypoints: Floats) -> NDArray[np.float64]:
    """(...) pixels that the body would be tall upright, whatever its pose: the largest that trunk, thighs and shins
    speak for, as a bone that points at the viewer looks short; NaN where none is seen, or no longer than a point.
    keypoints: (..., 18, 2).
    """
    points = keypoints.astype(np.float64)
    spoken = [torso_length(keypoints) / TRUNK]
    for a, b, share in (
        (R_HIP, R_KNEE, THIGH),
        (L_HIP, L_KNEE, THIGH),
        (R_KNEE, R_ANKLE, SHIN),
        (L_KNEE, L_ANKLE, SHIN),
    ):
        spoken.append(np.linalg.norm(points[..., a, :] - points[..., b, :], axis=-1) / share)
    heights = np.stack(spoken)
    known = ~np.isnan(heights)
    tallest = np.where(known, heights, -np.inf).max(axis=0)
    return np.where(np.isfinite(tallest) & (tallest > 0), tallest, np.nan)
