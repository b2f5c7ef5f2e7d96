"""How people move: joint angles, speeds, positions with respect to the body, smoothing, falls."""

from core.motion.angles import ANGLES, Unwrap, joint_angles, plain, unwrapped
from core.motion.body import body_height, normalised, torso_length
from core.motion.drops import Fall
from core.motion.extent import Extent, at_frames, extent
from core.motion.falls import FallWatch, least_height
from core.motion.one_euro import OneEuro, smoothed
from core.motion.smoothing import Smoothing, smoothed_poses
from core.motion.speed import speeds

__all__ = [
    "ANGLES",
    "Extent",
    "Fall",
    "FallWatch",
    "OneEuro",
    "Smoothing",
    "Unwrap",
    "at_frames",
    "body_height",
    "extent",
    "joint_angles",
    "least_height",
    "normalised",
    "plain",
    "smoothed",
    "smoothed_poses",
    "speeds",
    "torso_length",
    "unwrapped",
]
