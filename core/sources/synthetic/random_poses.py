"""Poses of all kinds: standing, sitting, squatting, lying, in the air, on the hands, in sports, and any that joints
allow.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.sources.synthetic.rig import (
    BONES,
    CHEST,
    HEAD,
    L_ARM,
    L_COLLAR,
    L_FOOT,
    L_FOREARM,
    L_HAND,
    L_SHIN,
    L_THIGH,
    NECK,
    R_ARM,
    R_COLLAR,
    R_FOOT,
    R_FOREARM,
    R_HAND,
    R_SHIN,
    R_THIGH,
    WAIST,
    Doubles,
    Pose,
)

# What joints allow, in radians: bend, twist, away from the middle, from and to (after the American Academy of
# Orthopaedic Surgeons' ranges of motion, rounded inward).
LIMITS: dict[tuple[int, ...], tuple[tuple[float, float], tuple[float, float], tuple[float, float]]] = {
    (WAIST,): ((-0.30, 0.60), (-0.35, 0.35), (-0.30, 0.30)),
    (CHEST,): ((-0.25, 0.45), (-0.40, 0.40), (-0.25, 0.25)),
    (NECK,): ((-0.40, 0.45), (-0.55, 0.55), (-0.30, 0.30)),
    (HEAD,): ((-0.40, 0.35), (-0.55, 0.55), (-0.25, 0.25)),
    (R_COLLAR, L_COLLAR): ((0, 0), (0, 0), (-0.05, 0.35)),
    (R_ARM, L_ARM): ((-0.80, 2.90), (-0.9, 1.0), (-0.10, 1.70)),
    (R_FOREARM, L_FOREARM): ((0.0, 2.45), (-0.8, 0.8), (0, 0)),
    (R_HAND, L_HAND): ((-0.3, 0.3), (0, 0), (-0.8, 0.9)),
    (R_THIGH, L_THIGH): ((-0.35, 2.0), (-0.4, 0.6), (-0.15, 0.75)),
    (R_SHIN, L_SHIN): ((0.0, 2.35), (-0.1, 0.1), (0, 0)),
    (R_FOOT, L_FOOT): ((-0.25, 0.75), (-0.2, 0.2), (-0.15, 0.15)),
}

# Where hands often are, in parts of the stature, above the hips: out, up, forward.
HANDS = (
    (0.135, 0.06, -0.01),  # on the hips
    (0.05, 0.13, 0.16),  # before the body
    (0.02, 0.18, 0.13),  # arms crossed
    (0.07, 0.42, 0.04),  # on the head
    (0.06, 0.33, 0.13),  # at the face
    (0.02, 0.05, -0.09),  # behind the back
    (0.10, 0.20, 0.28),  # something is held
    (0.16, 0.55, 0.05),  # waving
)


def random_pose(rng: np.random.Generator, stature: float) -> Pose:
    """A pose with the pelvis in the origin, upright; how the whole body is turned is the caller's."""
    pose = Pose()
    _relax(rng, pose)
    kinds = list(KINDS)
    KINDS[kinds[rng.choice(len(kinds), p=_CHANCES)]](rng, pose)
    if rng.uniform() < 0.35:
        for i, side in enumerate((-1, 1)):
            if rng.uniform() < 0.7:
                out, up, forward = HANDS[rng.integers(len(HANDS))] + rng.normal(0, 0.03, 3)
                pose.wrists[i] = side * out * stature, up * stature, forward * stature
    pose.angles[:] += rng.normal(0, 0.05, (BONES, 3))
    pose.angles[[R_SHIN, L_SHIN, R_FOREARM, L_FOREARM], 0] = np.maximum(
        pose.angles[[R_SHIN, L_SHIN, R_FOREARM, L_FOREARM], 0], 0.02
    )
    return pose


def _relax(rng: np.random.Generator, pose: Pose) -> None:
    for arm, forearm, hand in ((R_ARM, R_FOREARM, R_HAND), (L_ARM, L_FOREARM, L_HAND)):
        pose.angles[arm] = rng.normal(0, 0.15), 0.25, abs(rng.normal(0.13, 0.08)) + 0.04
        pose.angles[forearm] = abs(rng.normal(0.3, 0.3)), rng.normal(0.1, 0.2), 0
        pose.angles[hand] = 0, 0, rng.normal(0.1, 0.15)
    for bone in (WAIST, CHEST):
        pose.angles[bone] = rng.normal(0.04, 0.08), rng.normal(0, 0.1), rng.normal(0, 0.05)
    for bone in (NECK, HEAD):
        pose.angles[bone] = rng.normal(0.02, 0.12), rng.normal(0, 0.2), rng.normal(0, 0.06)
    pose.angles[[R_THIGH, L_THIGH], 2] = np.abs(rng.normal(0.04, 0.05, 2))


def _stand(rng: np.random.Generator, pose: Pose) -> None:
    if rng.uniform() < 0.4:  # the weight on one leg
        side = rng.integers(2)
        bend = rng.uniform(0.1, 0.4)
        pose.angles[(R_THIGH, L_THIGH)[side], 0] = bend
        pose.angles[(R_SHIN, L_SHIN)[side], 0] = 1.4 * bend


def _walk(rng: np.random.Generator, pose: Pose) -> None:
    """Walking and running, at any moment of a stride."""
    fast = rng.uniform(0.6, 2.0)
    phase = rng.uniform(0, 2 * np.pi)
    for sign, thigh, shin, foot, arm, forearm in (
        (1, R_THIGH, R_SHIN, R_FOOT, L_ARM, L_FOREARM), (-1, L_THIGH, L_SHIN, L_FOOT, R_ARM, R_FOREARM),
    ):  # fmt: skip
        swing = sign * np.sin(phase)
        forward = sign * np.cos(phase) > 0
        pose.angles[thigh, 0] = 0.12 * fast + 0.45 * fast * swing
        pose.angles[shin, 0] = 0.1 + (0.9 * fast * abs(np.cos(phase)) if forward else 0.12 * fast)
        pose.angles[foot, 0] = -0.1 if swing > 0 else 0.35
        pose.angles[arm, 0] = 0.5 * fast * swing
        pose.angles[forearm, 0] = 0.3 + 0.55 * fast
    pose.angles[WAIST, 0] += 0.08 * fast


def _sit(rng: np.random.Generator, pose: Pose) -> None:
    for thigh, shin in ((R_THIGH, R_SHIN), (L_THIGH, L_SHIN)):
        pose.angles[thigh] = rng.uniform(1.2, 1.75), rng.normal(0.1, 0.15), abs(rng.normal(0.08, 0.12))
        pose.angles[shin, 0] = np.clip(rng.normal(1.45, 0.35), 0.1, 2.1)
    if rng.uniform() < 0.2:  # on the floor
        pose.angles[[R_SHIN, L_SHIN], 0] = rng.uniform(0, 2.3, 2)
    for arm, forearm in ((R_ARM, R_FOREARM), (L_ARM, L_FOREARM)):
        if rng.uniform() < 0.7:
            pose.angles[arm, 0] = rng.uniform(0.2, 0.9)
            pose.angles[forearm, 0] = rng.uniform(0.3, 1.5)
    pose.angles[WAIST, 0] += rng.uniform(-0.1, 0.4)


def _squat(rng: np.random.Generator, pose: Pose) -> None:
    deep = rng.uniform(0.5, 1)
    for thigh, shin, foot in ((R_THIGH, R_SHIN, R_FOOT), (L_THIGH, L_SHIN, L_FOOT)):
        pose.angles[thigh] = 1.9 * deep, rng.uniform(0, 0.3), rng.uniform(0.1, 0.5)
        pose.angles[shin, 0] = 2.25 * deep
        pose.angles[foot, 0] = -0.4 * deep
    pose.angles[[R_ARM, L_ARM], 0] = rng.uniform(0.2, 1.5)
    pose.angles[WAIST, 0] += 0.5 * deep


def _bend(rng: np.random.Generator, pose: Pose) -> None:
    deep = rng.uniform(0.4, 1.6)
    pose.turn[1] = 0.65 * deep
    pose.angles[[R_THIGH, L_THIGH], 0] = 0.65 * deep + rng.uniform(-0.1, 0.3, 2)
    pose.angles[[R_SHIN, L_SHIN], 0] = rng.uniform(0, 0.5, 2)
    pose.angles[[WAIST, CHEST], 0] += 0.2 * deep
    pose.angles[[R_ARM, L_ARM], 0] = rng.uniform(0.4, 1.4, 2)


def _jump(rng: np.random.Generator, pose: Pose) -> None:
    pose.angles[[R_ARM, L_ARM], 0] = rng.uniform(-0.6, 2.9, 2)
    pose.angles[[R_ARM, L_ARM], 2] = rng.uniform(0.1, 1.5, 2)
    pose.angles[[R_COLLAR, L_COLLAR], 2] = 0.25
    pose.angles[[R_THIGH, L_THIGH], 0] = rng.uniform(-0.3, 1.6, 2)
    pose.angles[[R_THIGH, L_THIGH], 2] = rng.uniform(0, 0.7, 2)
    pose.angles[[R_SHIN, L_SHIN], 0] = rng.uniform(0.1, 1.9, 2)
    pose.angles[[R_FOOT, L_FOOT], 0] = 0.5


def _handstand(rng: np.random.Generator, pose: Pose) -> None:
    pose.turn[1] = np.pi + rng.normal(0, 0.25)
    pose.angles[[R_ARM, L_ARM]] = 2.85, 0.0, 0.15
    pose.angles[[R_COLLAR, L_COLLAR], 2] = 0.3
    pose.angles[[R_FOREARM, L_FOREARM], 0] = rng.uniform(0, 0.4, 2)
    pose.angles[HEAD, 0] = -0.35
    pose.angles[[R_THIGH, L_THIGH], 0] = rng.normal(0.1, 0.5, 2)
    pose.angles[[R_SHIN, L_SHIN], 0] = np.abs(rng.normal(0, 0.5, 2))


def _lie(rng: np.random.Generator, pose: Pose) -> None:
    pose.turn[1] = rng.choice((-0.5, 0.5)) * np.pi + rng.normal(0, 0.1)
    pose.turn[2] = rng.normal(0, 0.15)
    pose.angles[[R_THIGH, L_THIGH], 0] = np.abs(rng.normal(0, 0.5, 2))
    pose.angles[[R_SHIN, L_SHIN], 0] = np.abs(rng.normal(0.1, 0.6, 2))
    pose.angles[[R_ARM, L_ARM], 2] = rng.uniform(0.1, 1.9, 2)
    pose.angles[[R_FOOT, L_FOOT], 0] = 0.6


def _swing(rng: np.random.Generator, pose: Pose) -> None:
    """Throwing, hitting, kicking."""
    turn = rng.uniform(-1, 1)
    pose.angles[WAIST, 1], pose.angles[CHEST, 1] = 0.35 * turn, 0.45 * turn
    pose.angles[[NECK, HEAD], 1] = -0.35 * turn
    pose.angles[[R_ARM, L_ARM], 0] = rng.uniform(-0.4, 2.6, 2)
    pose.angles[[R_ARM, L_ARM], 2] = rng.uniform(0.1, 1.4, 2)
    pose.angles[[R_FOREARM, L_FOREARM], 0] = rng.uniform(0, 1.9, 2)
    pose.angles[[R_THIGH, L_THIGH], 0] = rng.uniform(-0.3, 1.1, 2)
    pose.angles[[R_THIGH, L_THIGH], 2] = rng.uniform(0.05, 0.45, 2)
    pose.angles[[R_SHIN, L_SHIN], 0] = rng.uniform(0.1, 1.1, 2)
    pose.angles[[WAIST, CHEST], 0] += rng.uniform(-0.1, 0.3)


def _any(rng: np.random.Generator, pose: Pose) -> None:
    for bones, ranges in LIMITS.items():
        for bone in bones:
            for axis, (low, high) in enumerate(ranges):
                # Rather in the middle than at the ends.
                pose.angles[bone, axis] = low + (high - low) * rng.beta(1.3, 1.3 if axis else 1.6)


KINDS: dict[str, Callable[[np.random.Generator, Pose], None]] = {
    "standing": _stand, "walking": _walk, "sitting": _sit, "squatting": _squat, "bending": _bend, "jumping": _jump,
    "on the hands": _handstand, "lying": _lie, "swinging": _swing, "any": _any,
}  # fmt: skip
_CHANCES: Doubles = np.array((0.20, 0.16, 0.14, 0.06, 0.07, 0.08, 0.04, 0.06, 0.11, 0.08))
