"""A little play: walk in, sit down on a chair, get up, bow, walk on, fall, lie, get up and walk back to the start."""

from __future__ import annotations

import numpy as np

from core.sources.synthetic.paths import Path, curve, ended
from core.sources.synthetic.pose_track import Track
from core.sources.synthetic.rig import (
    CHEST,
    HEAD,
    L_ARM,
    L_FOOT,
    L_FOREARM,
    NECK,
    PELVIS,
    R_ARM,
    R_FOOT,
    R_FOREARM,
    WAIST,
    Pose,
)
from core.sources.synthetic.script import Scene, Script
from core.sources.synthetic.stage import Person
from core.sources.synthetic.walking import Walk, stand_on, standing, standing_at

SEAT = 0.45  # metres
CHAIR = (1.05, -0.62)  # x and z of the middle of the seat


# Keys of the body in its own frame, lengths in parts of the stature. A bow: seconds; pelvis up, forward; pitch of the
# pelvis; bend of waist and chest each, of neck and head each.
BOW = (
    (0.0, 0.53, 0.00, 0.00, 0.0, 0.0),
    (1.1, 0.525, -0.07, 0.62, 0.32, 0.10),
    (1.7, 0.525, -0.07, 0.64, 0.33, 0.10),
    (2.8, 0.53, 0.00, 0.00, 0.0, 0.0),
)
# A fall: the same; then ankles up, forward; soles down, and whether that counts; hands out, up, forward.
FALL = (
    (0.00, 0.522, 0.000, 0.02, 0.02, 0.00, 0.000, 0.00, 0.00, 1.0, 0.150, 0.48, 0.03),
    (0.28, 0.440, 0.030, 0.20, 0.15, 0.10, 0.006, 0.00, 0.25, 1.0, 0.190, 0.56, 0.14),
    (0.55, 0.300, 0.130, 0.48, 0.20, -0.05, 0.035, 0.03, 0.90, 1.0, 0.170, 0.42, 0.42),
    (0.80, 0.210, 0.290, 0.90, 0.10, -0.25, 0.045, 0.04, 1.20, 0.7, 0.180, 0.16, 0.70),
    (1.05, 0.105, 0.420, 1.38, 0.02, -0.30, 0.075, -0.02, 1.50, 0.2, 0.210, 0.03, 0.80),
    (1.30, 0.072, 0.470, 1.52, 0.00, -0.10, 0.028, -0.02, 1.50, 0.0, 0.215, 0.03, 0.80),
    (1.45, 0.072, 0.472, 1.54, -0.02, 0.02, 0.028, -0.02, 1.50, 0.0, 0.215, 0.03, 0.80),
)
# Up again over hands and knees, one foot forward.
RISE = (
    (0.00, 0.072, 0.472, 1.54, -0.02, 0.02, 0.028, -0.02, 1.50, 0.0, 0.215, 0.03, 0.80),
    (0.90, 0.200, 0.400, 1.25, 0.05, -0.30, 0.045, 0.10, 1.45, 0.3, 0.170, 0.04, 0.75),
    (1.70, 0.245, 0.240, 0.95, 0.25, -0.30, 0.050, 0.05, 1.10, 1.0, 0.150, 0.05, 0.62),
    (2.40, 0.260, 0.100, 0.70, 0.30, -0.20, 0.050, 0.01, 0.90, 1.0, 0.150, 0.20, 0.42),
    (3.20, 0.440, 0.030, 0.40, 0.20, -0.10, 0.006, 0.00, 0.20, 1.0, 0.150, 0.40, 0.20),
    (3.90, 0.522, 0.000, 0.02, 0.02, 0.00, 0.000, 0.00, 0.00, 1.0, 0.150, 0.48, 0.03),
)


class Play(Script):
    """All of it, over and over."""

    def __init__(self, person: Person) -> None:
        self._person = person
        s, hip = person.stature, person.joints[PELVIS, 1]
        front = (CHAIR[0], CHAIR[1] + 0.16 * s + 0.22)
        self._front = front
        there = curve([(-2.1, -0.1), (-1.1, -0.15), (-0.1, -0.2), (0.7, -0.28), (front[0], front[1])])
        there = ended(there, 0.0)
        x, z = front
        on = ended(curve([front, (x - 0.02, z + 0.35), (x - 0.35, z + 0.75), (0.35, 0.62)]), -np.pi / 2)
        home = [(0.35, 0.62), (-0.4, 0.70), (-1.3, 0.75), (-2.1, 0.62), (-2.5, 0.2), (-2.1, -0.1)]
        back = ended(curve(home), np.pi / 2)
        scenes: list[Scene] = []

        def walk(path: Path) -> None:
            moving = Walk(path, s, hip, speed=1.1, starts=True, stops=True)
            scenes.append(("walk", moving.end + 0.35, moving))

        walk(there)
        self._sit = self._sitting()
        scenes.append(("sit down", 1.5, lambda t: self._seated(t)))
        scenes.append(("sit", 1.8, lambda t: self._seated(t + 1.5)))
        scenes.append(("get up", 1.5, lambda t: self._seated(t + 3.3)))
        scenes.append(("idle", 0.7, lambda t: self._stand(t, *front, 0.0)))
        scenes.append(("bow", 2.8, lambda t: self._bowing(t)))
        walk(on)
        end = on(on.length)
        scenes.append(("idle", 0.4, lambda t: self._stand(t, *end)))
        scenes.append(("fall", 1.45, lambda t: self._floor(FALL, t, *end)))
        scenes.append(("lie", 2.6, lambda t: self._floor(RISE, 0.0, *end)))
        scenes.append(("get up", 3.9, lambda t: self._floor(RISE, t, *end)))
        scenes.append(("idle", 0.4, lambda t: self._stand(t, *end)))
        walk(back)
        super().__init__(scenes)

    # -- parts --

    def _stand(self, seconds: float, x: float, z: float, yaw: float) -> Pose:
        return standing_at(seconds, self._person.stature, self._person.joints[PELVIS, 1], x, z, yaw)

    def _sitting(self) -> Track:
        s, hip = self._person.stature, self._person.joints[PELVIS, 1]
        seat = max(SEAT + 0.062 * s, 0.2 * s)
        z0, z1 = self._front[1], CHAIR[1] - 0.02
        up = hip - 0.003 * s
        # seconds; pelvis up, z, pitch; back; neck; hands on the thighs
        rows = [
            (0.0, up, z0, 0.02, 0.02, 0.0, 0.0),
            (0.45, up - 0.16 * s, z0 - 0.10 * s, 0.42, 0.10, -0.12, 0.35),
            (1.0, seat + 0.07 * s, z1 + 0.05 * s, 0.55, 0.08, -0.20, 0.9),
            (1.25, seat, z1 + 0.01 * s, 0.30, 0.05, -0.12, 1.0),
            (1.5, seat, z1, 0.00, 0.03, 0.0, 1.0),
            (3.3, seat, z1, 0.02, 0.03, 0.0, 1.0),
            (3.6, seat, z1 + 0.01, 0.45, 0.12, -0.15, 1.0),
            (3.95, seat + 0.06 * s, z1 + 0.08 * s, 0.62, 0.10, -0.22, 0.8),
            (4.35, up - 0.14 * s, z0 - 0.06 * s, 0.40, 0.08, -0.12, 0.3),
            (4.8, up, z0, 0.02, 0.02, 0.0, 0.0),
        ]
        return Track([row[0] for row in rows], [row[1:] for row in rows])

    def _seated(self, seconds: float) -> Pose:
        up, z, pitch, back, neck, hands = self._sit(seconds)
        x, z0 = self._front
        pose = standing(seconds)
        pose.place[:] = x, up, z
        pose.turn[:] = 0.0, pitch, 0.0
        pose.angles[WAIST, 0] += back
        pose.angles[CHEST, 0] += back
        pose.angles[NECK, 0] += neck
        pose.angles[HEAD, 0] += neck
        for arm, forearm in ((R_ARM, R_FOREARM), (L_ARM, L_FOREARM)):
            pose.angles[arm, 0] += (0.42 - 0.5 * pitch) * hands
            pose.angles[arm, 2] += 0.10 * hands
            pose.angles[arm, 1] += 0.2 * hands
            pose.angles[forearm, 0] += 0.75 * hands
        stand_on(pose, self._person.stature, x, z0, 0.0)
        return pose

    def _bowing(self, seconds: float) -> Pose:
        s = self._person.stature
        track = Track([row[0] for row in BOW], [row[1:] for row in BOW])
        _, ahead, pitch, back, neck = track(seconds)
        x, z0 = self._front
        pose = self._stand(seconds, x, z0, 0.0)
        pose.place[2] += ahead * s
        pose.turn[1] += pitch
        pose.angles[WAIST, 0] += back
        pose.angles[CHEST, 0] += back
        pose.angles[NECK, 0] += neck
        pose.angles[HEAD, 0] += neck
        pose.angles[[R_ARM, L_ARM], 0] += 0.35 * (pitch + back)
        return pose

    def _floor(self, rows: tuple[tuple[float, ...], ...], seconds: float, x: float, z: float, yaw: float) -> Pose:
        """On the way to the floor and back: see FALL."""
        s = self._person.stature
        track = Track([row[0] for row in rows], [row[1:] for row in rows])
        up, ahead, pitch, back, neck, lifted, moved, down, flat, out, hand, reach = track(seconds)
        pose = self._stand(seconds, x, z, yaw)
        c, n = np.cos(yaw), np.sin(yaw)
        up = (
            up * s
            if up < 0.5
            else up * s + (self._person.joints[PELVIS, 1] - 0.003 * s - 0.522 * s) * (up - 0.5) / 0.022
        )
        pose.place[:] = x + ahead * s * n, up, z + ahead * s * c
        pose.turn[1] = pitch
        pose.angles[[WAIST, CHEST], 0] = back
        pose.angles[[NECK, HEAD], 0] = neck
        pose.angles[[R_FOOT, L_FOOT], 0] = 1.0 * (1 - flat)
        lying = max(0.0, (pitch - 0.9) / 0.6)
        pose.angles[HEAD, 1] = 0.8 * lying  # the cheek on the floor
        for i, side in enumerate((-1, 1)):
            pose.ankles[i] += (moved * s * n, lifted * s, moved * s * c)
            pose.soles[i, 1:] = down, flat
            o = side * out * s
            pose.wrists[i] = x + o * c + reach * s * n, hand * s, z - o * n + reach * s * c
        return pose
