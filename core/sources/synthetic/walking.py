"""Walking along a path: strides, a pelvis that rises and falls, arms that swing against the legs.

Angles and their timing follow normal gait as in J. Perry, "Gait Analysis": a foot stands for 60 % of a stride, the
trunk is lowest while both feet stand, pelvis and chest turn against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from core.sources.synthetic.footsteps import Foot, Step, ankle_of
from core.sources.synthetic.paths import Path
from core.sources.synthetic.rig import (
    CHEST,
    HEAD,
    L_ARM,
    L_FOREARM,
    L_HAND,
    NECK,
    R_ARM,
    R_FOREARM,
    R_HAND,
    WAIST,
    Doubles,
    Pose,
)

STEP = 0.385  # parts of the stature
STANDS = 0.60  # steps before and after the body passes over it that a foot stays on the floor


class Walk:
    """Someone walks along a path, from standing to standing where `starts` and `stops`.

    start: seconds; speed: metres a second; begin: metres along the path
    """

    def __init__(
        self,
        path: Path,
        stature: float,
        hip: float,
        *,
        start: float = 0.0,
        speed: float = 1.25,
        begin: float = 0.0,
        end: float | None = None,
        starts: bool = False,
        stops: bool = False,
        swing: float = 1.0,
        wide: float = 0.045,
    ) -> None:
        self._path, self._stature, self._hip, self._swing = path, stature, hip, swing
        self._begin = begin
        length = (path.length if end is None else end) - begin
        self.step = STEP * stature * min(1.0, 0.55 + 0.36 * speed)
        if stops:
            self.step = length / max(1, round(length / self.step))
        # The way over time: even, with a soft start and end.
        ramp = 0.55
        duration = length / speed + 0.5 * ramp * (starts + stops)
        t = np.linspace(0, duration, int(duration * 100) + 2)
        rate = np.ones_like(t)
        if starts:
            rate *= np.clip(t / ramp, 0, 1)
        if stops:
            rate *= np.clip((duration - t) / ramp, 0, 1)
        way = np.r_[0.0, np.cumsum(0.5 * (rate[1:] + rate[:-1]) * np.diff(t))]
        self._times, self._way = t + start, way * length / way[-1]
        self._rates = rate
        self._stature = stature
        self.start, self.end = start, start + duration
        self._wide = wide * stature
        self.steps: tuple[list[Step], list[Step]] = ([], [])
        self._plan(length, starts, stops)
        self.feet: tuple[Callable[[float], tuple[Doubles, float, float]], ...] = tuple(
            Foot(steps, stature) for steps in self.steps
        )

    def _time(self, way: float) -> float:
        """When the body is so far along."""
        if way < 0:
            return self.start + way / max(self.step / 0.55, 0.5)
        if way > self._way[-1]:
            return float(self._times[-1]) + (way - float(self._way[-1])) / max(self.step / 0.55, 0.5)
        return float(np.interp(way, self._way, self._times))

    def _plan(self, length: float, starts: bool, stops: bool) -> None:
        count = round(length / self.step)
        first = 0 if starts else -3
        last = count if stops else count + 4
        for side, steps in enumerate(self.steps):
            numbers = [k for k in range(first, last + 1) if k % 2 == side]
            if starts and numbers[0] != 0:
                numbers.insert(0, 0)
            if stops and numbers[-1] != last:
                numbers.append(last)
            for previous, k in zip([numbers[0], *numbers[:-1]], numbers, strict=True):
                x, z, yaw = self._path(self._begin + k * self.step)
                out = (-1 if side == 0 else 1) * self._wide
                lift = self._time((previous + STANDS) * self.step)
                land = self._time((k - STANDS) * self.step)
                if k == previous:
                    lift, land = -1e9, -1e9
                elif k - previous == 1:  # the first or last, half as long
                    lift = self._time((previous + 0.35) * self.step)
                    land = max(self._time((k - 0.2) * self.step), lift + 0.3)
                    if previous == 0 and starts:
                        lift, land = self._time(0.12 * self.step), self._time(0.62 * self.step)
                elif starts and previous == 0:
                    lift = self._time(0.7 * self.step)
                land = max(land, lift + 0.22)
                splay = out / abs(out) * 0.12
                steps.append(
                    Step(lift, land, x + out * np.cos(yaw), z - out * np.sin(yaw), yaw + splay,
                         roll=1.0 if k - previous == 2 else 0.45, high=0.025 * self._stature)
                )  # fmt: skip

    def where(self, seconds: float) -> tuple[float, float, float, float, float]:
        """x, z and yaw of the body, the phase in steps, and how fast it goes, 0..1."""
        way = float(np.interp(seconds, self._times, self._way))
        rate = float(np.interp(seconds, self._times, self._rates))
        return *self._path(self._begin + way), way / self.step, rate

    def __call__(self, seconds: float) -> Pose:
        """The pose at that time."""
        x, z, yaw, phase, rate = self.where(seconds)
        pose = standing(seconds)
        stride = np.pi * phase  # the right foot is below the body at even phases
        amount = rate * self.step / (STEP * self._stature)
        side = 0.012 * self._stature * np.cos(stride) * rate  # over the foot that stands
        bob = 0.011 * self._stature * np.cos(2 * stride) * amount
        low = 0.004 + 0.017 * amount
        pose.place[:] = x - side * np.cos(yaw), self._hip - low * self._stature + bob, z + side * np.sin(yaw)
        turn = np.sin(stride)  # 1 when the left foot is most ahead
        pose.turn[:] = yaw - 0.09 * turn * amount, 0.02, -0.035 * np.cos(stride) * rate
        pose.angles[WAIST] += (0.02, 0.06 * turn * amount, 0.02 * np.cos(stride) * rate)
        pose.angles[CHEST] += (0.02, 0.11 * turn * amount, 0.015 * np.cos(stride) * rate)
        pose.angles[NECK] += (-0.02, -0.04 * turn * amount, 0)
        pose.angles[HEAD] += (-0.02, -0.04 * turn * amount, 0)
        for arm, forearm, sign in ((R_ARM, R_FOREARM, 1), (L_ARM, L_FOREARM, -1)):
            swing = sign * turn * amount * self._swing
            pose.angles[arm, 0] += 0.06 * amount + 0.44 * swing
            pose.angles[arm, 1] += 0.12 * amount
            pose.angles[forearm, 0] += 0.16 * amount + 0.24 * max(swing + 0.3, 0.0)
        plant(pose, self.feet, seconds)
        return pose


def plant(pose: Pose, feet: Sequence[Callable[[float], tuple[Doubles, float, float]]], seconds: float) -> None:
    """Put the feet of a pose where they are at that time."""
    for i, foot in enumerate(feet):
        ankle, yaw, pitch = foot(seconds)
        pose.ankles[i] = ankle
        pose.soles[i] = yaw, pitch, 1.0


def standing(seconds: float) -> Pose:
    """Arms at rest; who stands breathes and sways a little."""
    pose = Pose()
    breath = np.sin(2 * np.pi * seconds / 4.1)
    for arm, forearm, hand in ((R_ARM, R_FOREARM, R_HAND), (L_ARM, L_FOREARM, L_HAND)):
        pose.angles[arm] = -0.02, 0.25, 0.13 + 0.006 * breath
        pose.angles[forearm] = 0.22, 0.15, 0
        pose.angles[hand, 0] = 0.05
    pose.angles[CHEST, 0] = -0.01 * breath
    pose.angles[WAIST, 0] = 0.01
    return pose


def standing_at(seconds: float, stature: float, hip: float, x: float, z: float, yaw: float) -> Pose:
    """Someone stands at a place; hip: height of the hip joints at rest, metres."""
    pose = standing(seconds)
    pose.place[:] = x, hip - 0.003 * stature, z
    pose.turn[:] = yaw, 0.02, 0
    pose.angles[[WAIST, CHEST], 0] += 0.02
    pose.angles[[NECK, HEAD], 0] -= 0.02
    stand_on(pose, stature, x, z, yaw)
    return pose


def stand_on(pose: Pose, stature: float, x: float, z: float, yaw: float) -> None:
    """Put both feet of a pose side by side."""
    for i, side in enumerate((-1, 1)):
        out, splay = side * 0.045 * stature, side * 0.12
        pose.ankles[i] = ankle_of(x + out * np.cos(yaw), z - out * np.sin(yaw), yaw + splay, 0.0, stature)
        pose.soles[i] = yaw + splay, 0.0, 1.0
