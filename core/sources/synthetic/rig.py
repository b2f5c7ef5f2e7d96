"""The skeleton of a figure: bones, their lengths, and how a pose turns and places them.

World and body have the same axes: x to the figure's left, y up, z forward, in metres; at rest a figure stands at the
origin, looks along z, and its arms hang.  A camera that stands in front thus sees the figure's left on the right.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.kernel import inlined, kernel

Doubles = NDArray[np.float64]

BONE_NAMES = (
    "pelvis", "waist", "chest", "neck", "head",
    "right collar", "left collar", "right arm", "left arm", "right forearm", "left forearm", "right hand", "left hand",
    "right thigh", "left thigh", "right shin", "left shin", "right foot", "left foot",
    "racket", "skirt",
)  # fmt: skip
BONES = len(BONE_NAMES)
PELVIS, WAIST, CHEST, NECK, HEAD, R_COLLAR, L_COLLAR, R_ARM, L_ARM, R_FOREARM, L_FOREARM = range(11)
R_HAND, L_HAND, R_THIGH, L_THIGH, R_SHIN, L_SHIN, R_FOOT, L_FOOT, RACKET, SKIRT = range(11, 21)
PARENTS: NDArray[np.int64] = np.array((-1, 0, 1, 2, 3, 2, 2, 5, 6, 7, 8, 9, 10, 0, 0, 13, 14, 15, 16, 11, 0), np.int64)

# Angles of a joint are anatomical: the first bends (trunk forward, limb forward, knee and elbow closed, toes down),
# the second twists, the third leads away from the middle. The signs turn them into rotations about x, y and z.
SIGNS: Doubles = np.ones((BONES, 3))
SIGNS[[R_ARM, L_ARM, R_FOREARM, L_FOREARM, R_THIGH, L_THIGH], 0] = -1
SIGNS[[L_ARM, L_FOREARM, L_HAND, R_THIGH, R_SHIN, R_FOOT], 1] = -1
SIGNS[[R_ARM, R_FOREARM, L_HAND, R_THIGH, R_SHIN, R_FOOT, R_COLLAR], 2] = -1


@dataclass(frozen=True, slots=True)
class Proportions:
    """How tall and how broad a figure is.

    stature:  metres from sole to crown
    head:     size of the head; 1 for an adult, more for a child
    shoulder: distance of the shoulder joints, hip: of the hip joints, leg: length of the legs; 1 on average
    girth:    thickness of trunk and limbs, belly: more of it in front; muscle: bulges of limbs; bust: of the chest
    """

    stature: float = 1.75
    head: float = 1.0
    shoulder: float = 1.0
    hip: float = 1.0
    leg: float = 1.0
    girth: float = 1.0
    belly: float = 0.0
    muscle: float = 1.0
    bust: float = 0.0

    def trunk(self, height: float) -> float:
        """Where a height of the average trunk, in parts of the stature, is on this one, in metres."""
        hip = 0.53 * self.leg
        grown = (1 - 0.13 * self.head - hip) / (1 - 0.13 - 0.53)  # what is left for trunk and neck
        return self.stature * (hip + (height - 0.53) * grown)

    def joints(self) -> Doubles:
        """(BONES, 3) float64, metres: where each bone begins at rest.

        Segment lengths in parts of the stature are those of Drillis and Contini (1966), as in D. Winter,
        "Biomechanics and Motor Control of Human Movement".
        """
        hip, knee, ankle = 0.53 * self.leg, 0.285 * self.leg, 0.039

        def up(height: float) -> float:
            return self.trunk(height) / self.stature

        shoulder, half_hip = 0.101 * self.shoulder, 0.050 * self.hip
        rows = np.zeros((BONES, 3))
        rows[PELVIS] = 0, hip, 0
        rows[WAIST] = 0, up(0.59), -0.004
        rows[CHEST] = 0, up(0.67), -0.008
        rows[NECK] = 0, up(0.832), -0.014
        rows[HEAD] = 0, up(0.872), -0.004
        arm = 0.5 + (up(0.83) - up(0.53)) / 0.6  # a short trunk, as a child's, goes with short arms
        for side, bones in ((-1, (5, 7, 9, 11, 13, 15, 17)), (1, (6, 8, 10, 12, 14, 16, 18))):
            collar, upper, fore, hand, thigh, shin, foot = bones
            top = up(0.800)
            rows[collar] = side * 0.02, up(0.802), 0.004
            rows[upper] = side * shoulder, top, -0.006
            rows[fore] = side * shoulder, top - 0.176 * arm, -0.006
            rows[hand] = side * shoulder, top - (0.176 + 0.148) * arm, -0.006
            rows[thigh] = side * half_hip, hip, 0
            rows[shin] = side * half_hip, knee, 0
            rows[foot] = side * half_hip, ankle, 0
        rows[RACKET] = rows[R_HAND] + (0, -0.045, 0)
        rows[SKIRT] = rows[PELVIS]
        return rows * self.stature


def _nothing(*shape: int) -> Doubles:
    return np.full(shape, np.nan)


@dataclass(slots=True)
class Pose:
    """Where a figure is and how its joints are bent.

    place:  (3,) the middle between the hip joints, metres
    turn:   (3,) of the pelvis, radians: to its left, forward, to its right side
    angles: (BONES, 3) radians, see `SIGNS`
    ankles: (2, 3) where the right and the left ankle have to be, metres; NaN: as the angles say
    soles:  (2, 3) of each foot: radians to the left, toes down, and 1 where these count, 0 where the angles do
    wrists: (2, 3) as ankles, metres
    grip:   (3,) direction of the racket, grown together with the right hand; NaN: in line with the hand
    face:   (3,) direction that the strings face, roughly
    """

    place: Doubles = field(default_factory=lambda: np.zeros(3))
    turn: Doubles = field(default_factory=lambda: np.zeros(3))
    angles: Doubles = field(default_factory=lambda: np.zeros((BONES, 3)))
    ankles: Doubles = field(default_factory=lambda: _nothing(2, 3))
    soles: Doubles = field(default_factory=lambda: np.zeros((2, 3)))
    wrists: Doubles = field(default_factory=lambda: _nothing(2, 3))
    grip: Doubles = field(default_factory=lambda: _nothing(3))
    face: Doubles = field(default_factory=lambda: np.array((0.0, 0.0, 1.0)))


@inlined
def _turned(turn, x, y, z):
    """turn = Rx(x) Rz(z) Ry(y): twist about the bone first, then away from the middle, then forward."""
    cx, sx, cy, sy, cz, sz = np.cos(x), np.sin(x), np.cos(y), np.sin(y), np.cos(z), np.sin(z)
    turn[0, 0], turn[0, 1], turn[0, 2] = cz * cy, -sz, cz * sy
    turn[1, 0], turn[1, 1], turn[1, 2] = cx * sz * cy + sx * sy, cx * cz, cx * sz * sy - sx * cy
    turn[2, 0], turn[2, 1], turn[2, 2] = sx * sz * cy - cx * sy, sx * cz, sx * sz * sy + cx * cy


@inlined
def _times(a, b, out):
    """out = a b, 3 x 3."""
    for i in range(3):
        for j in range(3):
            out[i, j] = a[i, 0] * b[0, j] + a[i, 1] * b[1, j] + a[i, 2] * b[2, j]


@inlined
def _aimed(down, forward, out):
    """A bone that runs along `down` and whose front is as near to `forward` as can be."""
    length = np.sqrt(down[0] ** 2 + down[1] ** 2 + down[2] ** 2) + 1e-12
    y0, y1, y2 = -down[0] / length, -down[1] / length, -down[2] / length
    along = forward[0] * y0 + forward[1] * y1 + forward[2] * y2
    z0, z1, z2 = forward[0] - along * y0, forward[1] - along * y1, forward[2] - along * y2
    length = np.sqrt(z0**2 + z1**2 + z2**2) + 1e-12
    z0, z1, z2 = z0 / length, z1 / length, z2 / length
    out[0, 0], out[1, 0], out[2, 0] = y1 * z2 - y2 * z1, y2 * z0 - y0 * z2, y0 * z1 - y1 * z0
    out[0, 1], out[1, 1], out[2, 1] = y0, y1, y2
    out[0, 2], out[1, 2], out[2, 2] = z0, z1, z2


@inlined
def _reach(places, first, second, target, pole, upper, lower):
    """Put the joint of two bones so that the end of the second comes to `target`; gives the way the joint points.

    The triangle of two bones has one solution in a given plane (law of cosines).  What is out of reach is pointed at.
    The front of the bones is `pole` for a knee, which closes backward; an elbow hands in the other direction.
    """
    d = target - places[first]
    distance = np.sqrt(d[0] ** 2 + d[1] ** 2 + d[2] ** 2) + 1e-12
    d = d / distance
    near = min(max(distance, abs(upper - lower) + 0.02), (upper + lower) * 0.9998)
    cosine = (upper**2 + near**2 - lower**2) / (2 * upper * near)
    sine = np.sqrt(max(1 - cosine**2, 0.0))
    p = pole - (pole[0] * d[0] + pole[1] * d[1] + pole[2] * d[2]) * d
    p = p / (np.sqrt(p[0] ** 2 + p[1] ** 2 + p[2] ** 2) + 1e-12)
    places[second] = places[first] + upper * (cosine * d + sine * p)
    return p


@inlined
def _forearm(turns, places, bone, target, above):
    """The lower of two bones: from its joint to the target, about the hinge of the upper one."""
    down = target - places[bone]
    out = np.empty((3, 3))
    length = np.sqrt(down[0] ** 2 + down[1] ** 2 + down[2] ** 2) + 1e-12
    y = -down / length
    along = above[0, 0] * y[0] + above[1, 0] * y[1] + above[2, 0] * y[2]
    x = above[:, 0] - along * y
    x = x / (np.sqrt(x[0] ** 2 + x[1] ** 2 + x[2] ** 2) + 1e-12)
    out[:, 0], out[:, 1] = x, y
    out[0, 2], out[1, 2], out[2, 2] = x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]
    return out


@kernel(
    "void(float64[:, ::1], float64[:, ::1], int64[::1], float64[::1], float64[::1], float64[:, ::1], float64[:, ::1],"
    "float64[:, ::1], float64[:, ::1], float64[::1], float64[::1], float64[:, :, ::1], float64[:, ::1])"
)
def _place(
    joints: Doubles,
    signs: Doubles,
    parents: NDArray[np.int64],
    place: Doubles,
    turn: Doubles,
    angles: Doubles,
    ankles: Doubles,
    soles: Doubles,
    wrists: Doubles,
    grip: Doubles,
    face: Doubles,
    turns: Doubles,
    places: Doubles,
) -> None:
    """The bones of a pose: turns (BONES, 3, 3) and places (BONES, 3), parents before children."""
    local, other = np.empty((3, 3)), np.empty((3, 3))
    # The whole body turns to its left last, whatever way it leans.
    _turned(other, turn[1], 0.0, turn[2])
    _turned(local, 0.0, turn[0], 0.0)
    _times(local, other, turns[0])
    places[0] = place
    for bone in range(1, len(parents)):
        parent = parents[bone]
        offset = joints[bone] - joints[parent]
        for i in range(3):
            places[bone, i] = places[parent, i] + (
                turns[parent, i, 0] * offset[0] + turns[parent, i, 1] * offset[1] + turns[parent, i, 2] * offset[2]
            )
        _turned(local, signs[bone, 0] * angles[bone, 0], signs[bone, 1] * angles[bone, 1],
                signs[bone, 2] * angles[bone, 2])  # fmt: skip
        _times(turns[parent], local, turns[bone])
        side = 1.0 if bone % 2 == 0 else -1.0
        chain = bone - 1 if side > 0 else bone
        which = 1 if side > 0 else 0
        if chain == 7 and np.isfinite(wrists[which, 0]):  # an arm that reaches for something
            upper = abs(joints[bone, 1] - joints[bone + 2, 1])
            lower = abs(joints[bone + 2, 1] - joints[bone + 4, 1])
            chest = turns[2]
            pole = -0.9 * chest[:, 1] - 0.55 * chest[:, 2] + 0.5 * side * chest[:, 0]
            pole = _reach(places, bone, bone + 2, wrists[which], pole, upper, lower)
            _aimed(places[bone + 2] - places[bone], -pole, turns[bone])
        elif chain == 9 and np.isfinite(wrists[which, 0]):
            turns[bone] = _forearm(turns, places, bone, wrists[which], turns[bone - 2])
        elif chain == 13 and np.isfinite(ankles[which, 0]):
            upper = abs(joints[bone, 1] - joints[bone + 2, 1])
            lower = abs(joints[bone + 2, 1] - joints[bone + 4, 1])
            pole = turns[0, :, 2] + 0.25 * side * turns[0, :, 0]
            pole[0] += soles[which, 2] * np.sin(soles[which, 0])
            pole[2] += soles[which, 2] * np.cos(soles[which, 0])
            pole = _reach(places, bone, bone + 2, ankles[which], pole, upper, lower)
            _aimed(places[bone + 2] - places[bone], pole, turns[bone])
        elif chain == 15 and np.isfinite(ankles[which, 0]):
            turns[bone] = _forearm(turns, places, bone, ankles[which], turns[bone - 2])
        elif chain == 17 and soles[which, 2] > 0:
            _turned(local, 0.0, soles[which, 0], 0.0)
            _turned(other, soles[which, 1], 0.0, 0.0)
            flat = np.empty((3, 3))
            _times(local, other, flat)
            flat = flat * soles[which, 2] + turns[bone] * (1 - soles[which, 2])
            _aimed(-flat[:, 1], flat[:, 2].copy(), turns[bone])
        elif bone == 11 and np.isfinite(grip[0]):  # the hand goes half-way with the racket
            down = -turns[9, :, 1] + 0.9 * grip
            _aimed(down, turns[9, :, 2].copy(), turns[bone])
        elif bone == 19 and np.isfinite(grip[0]):
            _aimed(grip, face, turns[bone])
        elif bone == 20:  # a skirt hangs between the thighs
            down = -0.5 * (turns[13, :, 1] + turns[14, :, 1])
            _aimed(down, turns[0, :, 2].copy(), turns[bone])
            # Its hem is stretched by the knees, to the sides and forward.
            thigh = joints[13, 1] - joints[15, 1]
            apart = 0.43 * (places[16] - places[15])
            hem = (0.53 * thigh, 1.0, 0.45 * thigh)
            for axis in (0, 2):
                along = turns[bone, :, axis]
                reach = abs(apart[0] * along[0] + apart[1] * along[1] + apart[2] * along[2]) + 0.24 * thigh
                turns[bone, :, axis] = along * min(max(reach / hem[axis], 1.0), 2.2)


@dataclass(frozen=True, slots=True)
class Bones:
    """The bones of a figure in a pose. turns: (BONES, 3, 3), from rest to the world, that of the skirt stretched too;
    places: (BONES, 3), metres.
    """

    turns: Doubles
    places: Doubles


def pose_bones(joints: Doubles, pose: Pose) -> Bones:
    """The bones of a figure whose joints at rest are (BONES, 3) `joints`, in a pose."""
    bones = Bones(np.empty((BONES, 3, 3)), np.empty((BONES, 3)))
    _place(
        joints, SIGNS, PARENTS, pose.place, pose.turn, pose.angles, pose.ankles, pose.soles, pose.wrists,
        pose.grip, pose.face, bones.turns, bones.places,
    )  # fmt: skip
    return bones
