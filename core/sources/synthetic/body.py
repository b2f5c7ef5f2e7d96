"""The surface of a dressed body: trunk, arms, hands, legs, shoes and racket. Measures are in parts of the stature."""

from __future__ import annotations

import numpy as np

from core.sources.synthetic.head import add_head
from core.sources.synthetic.looks import Looks
from core.sources.synthetic.materials import Material, Pattern
from core.sources.synthetic.mesh import Builder, Mesh, Ring
from core.sources.synthetic.rig import (
    CHEST,
    L_FOOT,
    L_HAND,
    NECK,
    PELVIS,
    R_ARM,
    R_COLLAR,
    R_FOOT,
    R_FOREARM,
    R_HAND,
    R_SHIN,
    R_THIGH,
    RACKET,
    SKIRT,
    WAIST,
    Doubles,
)

# The trunk from below: height, half width, depth before and behind the middle, shade.
TRUNK = (
    (0.468, 0.030, 0.034, 0.034, 0.75),
    (0.484, 0.068, 0.052, 0.060, 0.85),
    (0.507, 0.092, 0.060, 0.075, 0.95),
    (0.535, 0.098, 0.062, 0.076, 1.0),
    (0.565, 0.092, 0.061, 0.066, 1.0),
    (0.600, 0.081, 0.057, 0.055, 1.0),
    (0.635, 0.077, 0.055, 0.051, 1.0),
    (0.675, 0.081, 0.060, 0.055, 1.0),
    (0.715, 0.089, 0.066, 0.060, 1.0),
    (0.750, 0.095, 0.066, 0.064, 0.96),
    (0.775, 0.102, 0.062, 0.066, 0.98),
    (0.797, 0.108, 0.052, 0.060, 1.0),
    (0.814, 0.104, 0.042, 0.051, 1.0),
    (0.828, 0.078, 0.036, 0.043, 1.0),
    (0.838, 0.055, 0.034, 0.040, 1.0),
    (0.850, 0.037, 0.033, 0.036, 0.92),
)
# An arm: part of the upper arm (0..1) or of the forearm (1..2), half width, depth.
ARM = (
    (-0.135, 0.006, 0.008), (-0.115, 0.017, 0.022), (-0.06, 0.0255, 0.033), (0.05, 0.0295, 0.0380), (0.2, 0.0295, 0.0365),
    (0.42, 0.0275, 0.0335), (0.65, 0.0252, 0.0295), (0.85, 0.0238, 0.0262), (1.0, 0.0240, 0.0255),
    (1.12, 0.0258, 0.0265), (1.3, 0.0255, 0.0255), (1.55, 0.0212, 0.0205), (1.8, 0.0168, 0.0155), (1.96, 0.0158, 0.0130),
)  # fmt: skip
# A leg: part of the thigh or of the shin, half width, depth before and behind.
LEG = (
    (-0.08, 0.030, 0.030, 0.034), (0.0, 0.046, 0.046, 0.052), (0.12, 0.0520, 0.0510, 0.0540), (0.3, 0.0500, 0.0500, 0.0500),
    (0.55, 0.0430, 0.0430, 0.0430), (0.78, 0.0365, 0.0360, 0.0355), (0.92, 0.0330, 0.0345, 0.0315),
    (1.0, 0.0325, 0.0350, 0.0300), (1.08, 0.0310, 0.0315, 0.0310), (1.22, 0.0320, 0.0280, 0.0395),
    (1.38, 0.0320, 0.0260, 0.0410), (1.6, 0.0250, 0.0220, 0.0300), (1.82, 0.0195, 0.0185, 0.0215), (1.98, 0.0190, 0.0190, 0.0220),
)  # fmt: skip


def body_mesh(looks: Looks, joints: Doubles, detail: int = 12) -> Mesh:
    """The surface of a person at rest. joints: `Proportions.joints`; detail: corners around a limb."""
    builder = Builder()
    skin = Material(looks.skin, gloss=0.12)
    _add_trunk(builder, looks, skin, detail)
    _add_neck(builder, looks, skin, joints, detail)
    add_head(builder, looks, joints, detail)
    for side in (-1, 1):
        _add_arm(builder, looks, skin, joints, side, detail)
        _add_hand(builder, looks, skin, joints, side)
        _add_leg(builder, looks, skin, joints, side, detail)
        _add_shoe(builder, looks, joints, side)
    if looks.legs in ("skirt", "long skirt"):
        _add_skirt(builder, looks, joints, detail)
    if looks.racket:
        _add_racket(builder, joints)
    return builder.mesh()


def _trunk_bones(height: float) -> tuple[tuple[int, int], float]:
    if height < 0.56:
        return (PELVIS, WAIST), 0.0
    if height < 0.63:
        return (PELVIS, WAIST), (height - 0.56) / 0.07
    if height < 0.71:
        return (WAIST, CHEST), (height - 0.63) / 0.08
    return (WAIST, CHEST), 1.0


def _trunk_ring(looks: Looks, row: tuple[float, ...], more: float) -> Ring:
    height, width, front, back, shade = row
    p = looks.proportions
    belly = p.belly * 0.035 * float(np.exp(-(((height - 0.60) / 0.055) ** 2)))
    bust = p.bust * 0.016 * float(np.exp(-(((height - 0.735) / 0.028) ** 2)))
    waist = 1 - 0.09 * p.bust * float(np.exp(-(((height - 0.635) / 0.04) ** 2)))
    upper = min(max((height - 0.62) / 0.13, 0.0), 1.0)
    wide = p.hip * (1 - upper) + (0.35 + 0.65 * p.shoulder) * upper
    neck = min(max((height - 0.80) / 0.04, 0.0), 1.0)
    thick = p.girth * (1 - neck) + (0.6 + 0.4 * p.girth) * neck
    bones, weight = _trunk_bones(height)
    s = p.stature
    return Ring(bones, weight, (0, p.trunk(height), -0.006 * s), (width * wide * waist * thick + more + belly * 0.5) * s,
                (front * thick + more + belly + bust) * s, (back * thick + more) * s, 2.5 if height < 0.83 else 2.1, shade)  # fmt: skip


def _add_trunk(builder: Builder, looks: Looks, skin: Material, detail: int) -> None:
    bare = looks.legs in ("skirt", "long skirt")
    hips = [_trunk_ring(looks, row, 0.001) for row in TRUNK[:6]]
    builder.loft(hips, looks.bottom if not bare else looks.bottom, detail + 6)
    hem = 0.60 - 0.075 * looks.hem
    more = 0.004 + 0.006 * (looks.loose - 0.97)
    below = np.array(TRUNK)
    first = tuple(float(np.interp(hem, below[:, 0], column)) for column in below.T)
    rows = [first] + [row for row in TRUNK if row[0] > hem + 0.012]
    rings = [_trunk_ring(looks, row, more if row[0] < 0.80 else more * 0.5) for row in rows]
    s = looks.proportions.stature

    def around(places, turns, along):  # type: ignore[no-untyped-def]
        # Where a print or an opening is: metres from the middle of the chest; behind, far from it.
        u = np.where(np.cos(turns) < 0, places[..., 0], places[..., 0] + np.where(places[..., 0] < 0, -1, 1) * 10)
        v = places[..., 1] - looks.proportions.trunk(0.74)
        front_only = looks.top.pattern in (Pattern.LOGO, Pattern.JACKET)
        return (u, v) if front_only else ((turns / (2 * np.pi) - 0.5) * 0.52 * s, v + 10)

    builder.loft(rings, looks.top, detail + 6, texture=around)


def _add_neck(builder: Builder, looks: Looks, skin: Material, joints: Doubles, detail: int) -> None:
    p = looks.proportions
    s, g = p.stature, 0.5 + 0.5 * p.girth * (0.93 if p.bust else 1.04)
    low, top = p.trunk(0.828), joints[4][1]
    rings = []
    for part, width, deep, z, weight in (
        (0, 0.050, 0.040, -0.010, 0.0), (0.25, 0.034, 0.036, -0.010, 0.15), (0.6, 0.0305, 0.033, -0.004, 0.45), (0.95, 0.030, 0.034, 0.002, 0.8),
        (1.25, 0.029, 0.034, 0.004, 1.0),
    ):  # fmt: skip
        bones, share = ((CHEST, NECK), weight / 0.3) if weight < 0.3 else ((NECK, NECK + 1), (weight - 0.3) / 0.7)
        rings.append(Ring(bones, share, (0, low + part * (top - low), z * s), width * g * s, deep * g * s, shade=1 - 0.28 * part * (part < 1.1)))  # fmt: skip
    builder.loft(rings, skin, detail, caps=(False, False))


def _limb_ring(
    joints: Doubles, first: int, part: float, width: float, front: float, back: float, shade: float, bend: float
) -> Ring:
    """A ring of a limb of two bones: `part` 0..1 on the first, 1..2 on the second."""
    a, b, c = joints[first], joints[first + 2], joints[first + 4]
    place = a + (b - a) * part if part <= 1 else b + (c - b) * (part - 1)
    weight = float(np.clip(0.5 + (part - 1) / bend, 0, 1))
    return Ring((first, first + 2), weight, tuple(place), width, front, back, 2.15, shade)


def _add_arm(builder: Builder, looks: Looks, skin: Material, joints: Doubles, side: int, detail: int) -> None:
    p = looks.proportions
    s, g = p.stature, p.girth * (0.78 + 0.22 * p.muscle) * (0.94 if p.bust else 1.0)
    first = R_ARM if side < 0 else R_ARM + 1
    end = {"none": -0.30, "short": 0.55, "long": 1.93}[looks.sleeves]
    sleeve = looks.top if looks.top.pattern not in (Pattern.LOGO, Pattern.JACKET) else Material(looks.top.color)
    rows = np.array(ARM)
    parts = [row[0] for row in ARM if abs(row[0] - end) > 0.03]
    rings, materials = [], []
    for part in sorted([*parts, *((end, end + 0.005) if end > 0 else ())]):
        width, deep = (float(np.interp(part, rows[:, 0], rows[:, i])) for i in (1, 2))
        covered = part <= end
        grown = 0.0035 + 0.0045 * (looks.loose - 0.97) * (4 if 0.2 < part else 2) if covered else 0.0
        shade = 0.85 if not covered and part < end + 0.06 else 1.0
        rings.append(_limb_ring(joints, first, part, (width * g + grown) * s, (deep * g + grown) * s, (deep * g + grown) * s, shade, 0.36))
        materials.append(sleeve if covered else skin)
    rings = [
        Ring((R_COLLAR if side < 0 else R_COLLAR + 1, first), 0.75, ring.center, ring.width, ring.front, ring.back, ring.power, ring.shade)
        if ring.center[1] > joints[first][1] + 0.004 * s
        else ring
        for ring in rings
    ]
    builder.loft(rings, materials[1:], detail)


def _add_hand(builder: Builder, looks: Looks, skin: Material, joints: Doubles, side: int) -> None:
    s = looks.proportions.stature * (0.6 + 0.4 * looks.proportions.head if looks.proportions.head > 1.1 else 1.0)
    bone = R_HAND if side < 0 else L_HAND
    arm = R_FOREARM if side < 0 else R_FOREARM + 1
    x, y, z = joints[bone]
    inward = -side

    def ring(down: float, thick: float, wide: float, curl: float = 0.0, dz: float = 0.0, bones: tuple[int, int] = (bone, bone), weight: float = 0.0) -> Ring:
        return Ring(bones, weight, (x + inward * curl * s, y - down * s, z + dz * s), thick * s, wide * s, power=2.3)

    palm = [
        ring(-0.012, 0.0150, 0.0125, bones=(arm, bone), weight=0.2), ring(0.006, 0.0150, 0.0155, bones=(arm, bone), weight=0.8), ring(0.022, 0.0140, 0.0215), ring(0.042, 0.0120, 0.0240, 0.001),
        ring(0.058, 0.0105, 0.0235, 0.004), ring(0.076, 0.0090, 0.0215, 0.009), ring(0.092, 0.0075, 0.0175, 0.017), ring(0.101, 0.0040, 0.0110, 0.021),
    ]  # fmt: skip
    builder.loft(palm, skin, 8)
    thumb = [
        ring(0.014, 0.007, 0.008, 0.002, 0.014), ring(0.030, 0.0075, 0.008, 0.006, 0.024), ring(0.046, 0.006, 0.0065, 0.010, 0.028),
        ring(0.057, 0.003, 0.0035, 0.012, 0.029),
    ]  # fmt: skip
    builder.loft(thumb, skin, 6)


def _add_leg(builder: Builder, looks: Looks, skin: Material, joints: Doubles, side: int, detail: int) -> None:
    p = looks.proportions
    s, g = p.stature, p.girth * (0.85 + 0.15 * p.muscle)
    first = R_THIGH if side < 0 else R_THIGH + 1
    end = {"trousers": 1.93, "leggings": 1.85, "shorts": 0.80, "skirt": 0.1, "long skirt": 0.1}[looks.legs]
    tight = looks.legs == "leggings"
    rows = np.array(LEG)
    parts = [row[0] for row in LEG if abs(row[0] - end) > 0.02]
    rings, materials = [], []
    for part in sorted([*parts, end, end + 0.005]):
        width, front, back = (float(np.interp(part, rows[:, 0], rows[:, i])) for i in (1, 2, 3))
        covered = part <= end
        loose = 0.0 if tight or not covered else (0.003 + 0.011 * (looks.loose - 0.9)) * min(max(part, 0.0) * 2.5, 1.0)
        if covered and not tight and part > 1:  # trousers hang from the knee rather than follow the calf
            mean = 0.030 * (2 - part) + 0.0265 * (part - 1)
            width, front, back = max(width, mean), max(front, mean), max(min(back, 0.036), mean)
        if not covered and part > end and end < 1:
            loose = -0.001
        shade = (0.72 + 0.28 * min(max((part + 0.05) / 0.5, 0), 1)) * (0.85 if not covered and part < end + 0.08 else 1)
        rings.append(_limb_ring(joints, first, part, (width * g + loose) * s, (front * g + loose) * s, (back * g + loose) * s, shade, 0.30))
        materials.append(looks.bottom if covered else skin)
    builder.loft(rings, materials[1:], detail)


def _add_shoe(builder: Builder, looks: Looks, joints: Doubles, side: int) -> None:
    p = looks.proportions
    s = p.stature * (1.06 if p.head > 1.1 else 1.0) * (0.95 if p.bust else 1.0)
    bone = R_FOOT if side < 0 else L_FOOT
    x, y, z = joints[bone]
    out = side * 0.004
    rings = []
    # From the heel forward: place before the ankle, height of the middle above the floor, half width, up, down.
    for dz, dx, width, high in (
        (-0.037, 0, 0.010, 0.022), (-0.033, 0, 0.0175, 0.037), (-0.018, 0, 0.0205, 0.048), (0.002, 0, 0.0205, 0.052), (0.022, 0.3, 0.0215, 0.044),
        (0.045, 0.7, 0.0235, 0.033), (0.072, 1, 0.0260, 0.0260), (0.094, 1, 0.0240, 0.0210), (0.108, 0.8, 0.0175, 0.0165), (0.114, 0.6, 0.0080, 0.0110),
    ):  # fmt: skip
        sole = y - joints[bone][1]  # the floor
        middle = sole + 0.012 * s
        rings.append(Ring((bone, bone), 0.0, (x + out * dx * s * 4, middle, z + dz * s), width * s, high * s - 0.012 * s, 0.012 * s, 2.6, 1.0, True))
    builder.loft(rings, looks.shoes, 10)


def _add_skirt(builder: Builder, looks: Looks, joints: Doubles, detail: int) -> None:
    p = looks.proportions
    s, g = p.stature, p.girth
    x, y, z = joints[PELVIS]
    length = (0.21 if looks.legs == "skirt" else 0.36) * p.leg
    rings = []
    for part, width, front, back, weight in (
        (-0.20, 0.084, 0.059, 0.058, 0), (0, 0.100, 0.066, 0.080, 0.1), (0.2, 0.108, 0.072, 0.088, 0.35), (0.5, 0.116, 0.088, 0.098, 0.8), (0.8, 0.124, 0.102, 0.108, 1.0),
        (1.0, 0.130, 0.110, 0.114, 1.0),
    ):  # fmt: skip
        wide = p.hip if part < 0.5 else 1.0
        rings.append(Ring((PELVIS, SKIRT), weight, (x, y - length * part * s, z), (width * wide * g + 0.003) * s, (front * g + 0.003) * s, (back * g + 0.003) * s, 2.3))
    builder.loft(rings, looks.bottom, detail + 6, caps=(False, True))


def _add_racket(builder: Builder, joints: Doubles) -> None:
    x, y, z = joints[RACKET]
    grip, frame = Material((30, 30, 34)), Material((40, 60, 215), gloss=0.5)
    strings = Material((225, 235, 235), pattern=Pattern.STRINGS, scale=0.02)
    bones = (RACKET, RACKET)

    def ring(down: float, radius: float, dx: float = 0.0) -> Ring:
        return Ring(bones, 0.0, (x + dx, y - down, z), radius, radius)

    builder.loft([ring(-0.07, 0.017), ring(0.12, 0.016)], grip, 6)
    builder.loft([ring(0.12, 0.011), ring(0.26, 0.010)], frame, 6)
    # The hoop: a tube along an ellipse, as short straight pieces.
    turns = np.linspace(0, 2 * np.pi, 19)
    places = np.stack([0.125 * np.sin(turns), 0.26 + 0.165 - 0.165 * np.cos(turns)], -1)
    for (xa, ya), (xb, yb) in zip(places[:-1], places[1:], strict=True):
        builder.loft([ring(float(ya), 0.010, float(xa)), ring(float(yb), 0.010, float(xb))], frame, 5, caps=(False, False))
    disc = [ring(0.26 + 0.165 - 0.160 * float(np.cos(t)), max(0.12 * float(np.sin(t)), 1e-3)) for t in np.linspace(0.05, np.pi - 0.05, 9)]
    flat = [Ring(r.bones, 0.0, r.center, r.width, 0.002) for r in disc]
    builder.loft(flat, strings, 8, texture=lambda places, turns, along: (places[..., 0] + 1, places[..., 1] + 5))
