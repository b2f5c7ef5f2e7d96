"""Moves on the spot: a body that passes through keys, from standing to the floor, to a seat or a bed, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

import numpy as np

from core.sources.synthetic.footsteps import ankle_of
from core.sources.synthetic.pose_track import Track
from core.sources.synthetic.rig import CHEST, HEAD, L_FOOT, NECK, PELVIS, R_FOOT, WAIST, Pose
from core.sources.synthetic.stage import Person
from core.sources.synthetic.walking import standing


@dataclass(frozen=True, slots=True)
class Key:
    """How a body is held at a moment; as it is by default it stands.

    Lengths are in parts of the stature, but for `rest` and `lift`, metres; angles in radians. Places of pelvis and feet
    are seen from where the person stood: ahead of it, and aside to the left.

    at:                  seconds
    up, ahead, aside:    of the pelvis, above what it rests on; rest: how high that is
    yaw, pitch, roll:    of the pelvis: to the left, forward, to the right side
    back, neck:          bend of waist and chest each, of neck and head each
    foot_ahead, foot_aside, foot_up: of the middle between the feet, above the floor by `lift`
    apart, split:        of the feet: sidewards, and by how much the right one is ahead
    toes, flat:          soles down, and whether that counts, or the angle of the ankle does
    out, hand, reach:    of the hands from the pelvis: sidewards, above what the pelvis rests on, ahead
    """

    at: float
    up: float = 0.522
    ahead: float = 0.0
    aside: float = 0.0
    rest: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.02
    roll: float = 0.0
    back: float = 0.02
    neck: float = 0.0
    foot_ahead: float = 0.0
    foot_aside: float = 0.0
    foot_up: float = 0.0
    lift: float = 0.0
    apart: float = 0.09
    split: float = 0.0
    toes: float = 0.0
    flat: float = 1.0
    out: float = 0.15
    hand: float = 0.48
    reach: float = 0.03

    def after(self, seconds: float) -> Key:
        """The same, so much later."""
        return replace(self, at=self.at + seconds)


Keys = Sequence[Key]


def slower(keys: Keys, times: float) -> list[Key]:
    """The same, so many times slower."""
    return [replace(key, at=key.at * times) for key in keys]


def mirrored(keys: Keys) -> list[Key]:
    """The other way round: left is right."""
    return [
        replace(
            key, aside=-key.aside, yaw=-key.yaw, roll=-key.roll, foot_aside=-key.foot_aside, split=-key.split
        )
        for key in keys
    ]  # fmt: skip


def backwards(keys: Keys) -> list[Key]:
    """From the last to the first."""
    return [replace(key, at=keys[-1].at - key.at) for key in reversed(keys)]


def joined(*parts: Keys) -> list[Key]:
    """One after the other; the first key of each is the last of the one before."""
    keys = list(parts[0])
    for part in parts[1:]:
        keys += [key.after(keys[-1].at) for key in part[1:]]
    return keys


class Move:
    """Keys, done by a person at a place. yaw: of who stands there, radians."""

    def __init__(self, person: Person, keys: Keys, x: float, z: float, yaw: float) -> None:
        self._stature = person.stature
        # Heights of the pelvis are those of average legs: who has long ones has it higher.
        self._legs = (person.joints[PELVIS, 1] / person.stature - 0.003) / 0.522
        self._track = Track([key.at for key in keys], [astuple(key)[1:] for key in keys])
        self._place = x, z, yaw

    @property
    def seconds(self) -> float:
        return self._track.times[-1]

    def __call__(self, seconds: float) -> Pose:
        key, s = Key(seconds, *self._track(seconds)), self._stature
        x, z, yaw = self._place
        c, n = np.cos(yaw), np.sin(yaw)
        pose = standing(seconds)
        turned = yaw + key.yaw
        across, along = np.cos(turned), np.sin(turned)
        pose.place[:] = x + s * (key.ahead * n + key.aside * c), 0, z + s * (key.ahead * c - key.aside * n)
        pose.place[1] = key.rest + key.up * self._legs * s
        pose.turn[:] = turned, key.pitch, key.roll
        pose.angles[[WAIST, CHEST], 0] += key.back
        pose.angles[[NECK, HEAD], 0] += key.neck
        pose.angles[[R_FOOT, L_FOOT], 0] = 1 - key.flat
        foot_x = x + s * (key.foot_ahead * n + key.foot_aside * c)
        foot_z = z + s * (key.foot_ahead * c - key.foot_aside * n)
        for i, side in enumerate((-1, 1)):
            out, on = side * 0.5 * key.apart * s, -side * 0.5 * key.split * s
            pose.ankles[i] = ankle_of(
                foot_x + out * across + on * along, foot_z - out * along + on * across, turned + side * 0.12, 0.0, s
            )
            pose.ankles[i, 1] += key.lift + key.foot_up * s
            pose.soles[i] = turned + side * 0.12, key.toes, key.flat
            out, on = side * key.out * s, key.reach * s
            pose.wrists[i] = (
                pose.place[0] + out * across + on * along,
                key.rest + key.hand * s,
                pose.place[2] - out * along + on * across,
            )
        return pose
