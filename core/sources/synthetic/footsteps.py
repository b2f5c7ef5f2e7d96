"""Feet that stand still on the floor, and the steps between."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.sources.synthetic.pose_track import ease
from core.sources.synthetic.rig import Doubles

# A foot, in parts of the stature: height of the ankle, and how far before it ball and heel touch the floor.
ANKLE, BALL, HEEL = 0.039, 0.075, -0.028


@dataclass(frozen=True, slots=True)
class Step:
    """A foot comes down. lift, land: seconds; x, z: metres, of the place below the ankle; yaw: radians; roll: how much
    it rolls over heel and toes, 1 in a stride; high: metres it clears.
    """

    lift: float
    land: float
    x: float
    z: float
    yaw: float
    roll: float = 1.0
    high: float = 0.045


class Foot:
    """The way of one foot over time. steps: in order; the first is where it stands from the start."""

    def __init__(self, steps: Sequence[Step], stature: float) -> None:
        self._steps = list(steps)
        self._lifts = [step.lift for step in steps]
        self._stature = stature

    def __call__(self, seconds: float) -> tuple[Doubles, float, float]:
        """Where the ankle is (3,), the yaw of the foot, and how far its toes point down, in radians."""
        i = max(bisect_right(self._lifts, seconds) - 1, 0)
        step = self._steps[i]
        if seconds >= step.land or i == 0:
            return self._standing(i, seconds)
        before, last, _ = self._standing(i - 1, step.lift)
        after, _, pitch_on = self._standing(i, step.land)
        _, _, pitch_off = self._standing(i - 1, step.lift)
        share = (seconds - step.lift) / (step.land - step.lift)
        way = ease(share)
        place = before + (after - before) * way
        place[1] += step.high * np.sin(np.pi * share) ** 2 * (1.25 - 0.5 * share)
        yaw = last + (step.yaw - last) * way
        # The toes come up early, so that they clear the floor.
        return place, yaw, pitch_off + (pitch_on - pitch_off) * ease(share * 1.25)

    def _standing(self, i: int, seconds: float) -> tuple[Doubles, float, float]:
        step = self._steps[i]
        following = self._steps[i + 1] if i + 1 < len(self._steps) else None
        pitch = 0.0
        if i > 0 and step.roll > 0:  # the heel comes down first
            pitch = -0.32 * step.roll * max(0.0, 1 - (seconds - step.land) / 0.12)
        if following is not None and following.roll > 0:  # and leaves first
            stay = max(following.lift - step.land, 0.2) if i > 0 else 0.5
            rise = min(0.5 * stay, 0.36)
            share = (seconds - (following.lift - rise)) / rise
            if share > 0:
                pitch = max(pitch, 0.85 * following.roll * min(share, 1.0) ** 2)
        return ankle_of(step.x, step.z, step.yaw, pitch, self._stature), step.yaw, pitch


def ankle_of(x: float, z: float, yaw: float, pitch: float, stature: float) -> Doubles:
    """(3,) where the ankle is when a foot rolls on its ball (pitch above 0) or heel; x, z: when it is flat."""
    pivot = BALL if pitch > 0 else HEEL
    c, s = np.cos(pitch), np.sin(pitch)
    ahead = pivot - pivot * c + ANKLE * s  # the ankle turns about the pivot on the floor
    up = ANKLE * c + pivot * s
    return np.array([x + ahead * stature * np.sin(yaw), up * stature, z + ahead * stature * np.cos(yaw)])
