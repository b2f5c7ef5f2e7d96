"""Arms, hands, legs and shoes, with what they wear. Measures are in parts of the stature."""

from __future__ import annotations

import numpy as np

from core.sources.synthetic.looks import Looks
from core.sources.synthetic.materials import Material, Pattern
from core.sources.synthetic.mesh import Builder, Ring
from core.sources.synthetic.rig import (
    L_FOOT,
    L_HAND,
    R_ARM,
    R_COLLAR,
    R_FOOT,
    R_FOREARM,
    R_HAND,
    R_THIGH,
    Doubles,
)

# An arm: part of the upper arm (0..1) or of the forearm (1..2), half width, depth.
ARM = (
    (-0.105, 0.004, 0.006), (-0.09, 0.0135, 0.019), (-0.05, 0.0225, 0.0315), (0.05, 0.0285, 0.0375),
    (0.2, 0.0295, 0.0365), (0.42, 0.0275, 0.0335), (0.65, 0.0252, 0.0295), (0.85, 0.0238, 0.0262),
    (1.0, 0.0240, 0.0255), (1.12, 0.0258, 0.0265), (1.3, 0.0255, 0.0255), (1.55, 0.0212, 0.0205),
    (1.8, 0.0168, 0.0155), (1.96, 0.0158, 0.0130),
)  # fmt: skip
# A leg: part of the thigh or of the shin, half width, depth before and behind.
LEG = (
    (-0.08, 0.030, 0.030, 0.034), (0.0, 0.046, 0.046, 0.060), (0.12, 0.0520, 0.0510, 0.0640),
    (0.3, 0.0495, 0.0500, 0.0545), (0.55, 0.0430, 0.0430, 0.0430), (0.78, 0.0365, 0.0360, 0.0355),
    (0.92, 0.0330, 0.0345, 0.0315), (1.0, 0.0325, 0.0350, 0.0300), (1.08, 0.0310, 0.0315, 0.0310),
    (1.22, 0.0320, 0.0280, 0.0395), (1.38, 0.0320, 0.0260, 0.0410), (1.6, 0.0250, 0.0220, 0.0300),
    (1.82, 0.0195, 0.0185, 0.0215), (1.98, 0.0190, 0.0190, 0.0220),
)  # fmt: skip


def _limb_ring(
    joints: Doubles, first: int, part: float, width: float, front: float, back: float, shade: float, bend: float
) -> Ring:
    """A ring of a limb of two bones: `part` 0..1 on the first, 1..2 on the second."""
    a, b, c = joints[first], joints[first + 2], joints[first + 4]
    place = a + (b - a) * part if part <= 1 else b + (c - b) * (part - 1)
    weight = float(np.clip(0.5 + (part - 1) / bend, 0, 1))
    return Ring((first, first + 2), weight, tuple(place), width, front, back, 2.15, shade)


def add_arm(builder: Builder, looks: Looks, skin: Material, joints: Doubles, side: int, detail: int) -> None:
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
        grown = 0.0035 + 0.0045 * (looks.loose - 0.97) * (4 if part > 0.2 else 2) if covered else 0.0
        shade = 0.85 if not covered and part < end + 0.06 else 1.0
        rings.append(
            _limb_ring(
                joints,
                first,
                part,
                (width * g + grown) * s,
                (deep * g + grown) * s,
                (deep * g + grown) * s,
                shade,
                0.36,
            )
        )
        materials.append(sleeve if covered else skin)
    rings = [
        Ring(
            (R_COLLAR if side < 0 else R_COLLAR + 1, first),
            0.75,
            ring.center,
            ring.width,
            ring.front,
            ring.back,
            ring.power,
            ring.shade,
        )
        if ring.center[1] > joints[first][1] + 0.004 * s
        else ring
        for ring in rings
    ]
    builder.loft(rings, materials[1:], detail)


def add_hand(builder: Builder, looks: Looks, skin: Material, joints: Doubles, side: int) -> None:
    s = looks.proportions.stature * (0.6 + 0.4 * looks.proportions.head if looks.proportions.head > 1.1 else 1.0)
    bone = R_HAND if side < 0 else L_HAND
    arm = R_FOREARM if side < 0 else R_FOREARM + 1
    x, y, z = joints[bone]
    inward = -side

    def ring(
        down: float,
        thick: float,
        wide: float,
        curl: float = 0.0,
        dz: float = 0.0,
        bones: tuple[int, int] = (bone, bone),
        weight: float = 0.0,
    ) -> Ring:
        return Ring(bones, weight, (x + inward * curl * s, y - down * s, z + dz * s), thick * s, wide * s, power=2.3)

    palm = [
        ring(-0.012, 0.0150, 0.0125, bones=(arm, bone), weight=0.2),
        ring(0.006, 0.0150, 0.0155, bones=(arm, bone), weight=0.8),
        ring(0.022, 0.0140, 0.0215), ring(0.042, 0.0120, 0.0240, 0.001),
        ring(0.058, 0.0105, 0.0235, 0.004), ring(0.076, 0.0090, 0.0215, 0.009),
        ring(0.092, 0.0075, 0.0175, 0.017), ring(0.101, 0.0040, 0.0110, 0.021),
    ]  # fmt: skip
    builder.loft(palm, skin, 8)
    thumb = [
        ring(0.014, 0.007, 0.008, 0.002, 0.014), ring(0.030, 0.0075, 0.008, 0.006, 0.024),
        ring(0.046, 0.006, 0.0065, 0.010, 0.028),
        ring(0.057, 0.003, 0.0035, 0.012, 0.029),
    ]  # fmt: skip
    builder.loft(thumb, skin, 6)


def add_leg(builder: Builder, looks: Looks, skin: Material, joints: Doubles, side: int, detail: int) -> None:
    p = looks.proportions
    s, g = p.stature, p.girth * (0.85 + 0.15 * p.muscle)
    first = R_THIGH if side < 0 else R_THIGH + 1
    end = {"trousers": 1.93, "leggings": 1.85, "shorts": 0.80, "skirt": 0.72, "long skirt": 1.25}[looks.legs]
    # Where a thigh presses against a skirt from within, it shows through in the colour of the cloth.
    tight = looks.legs in ("leggings", "skirt", "long skirt")
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
        shade = (0.88 + 0.12 * min(max((part + 0.05) / 0.5, 0), 1)) * (0.85 if not covered and part < end + 0.08 else 1)
        rings.append(
            _limb_ring(
                joints,
                first,
                part,
                (width * g + loose) * s,
                (front * g + loose) * s,
                (back * g + loose) * s,
                shade,
                0.30,
            )
        )
        materials.append(looks.bottom if covered else skin)
    builder.loft(rings, materials[1:], detail)


def add_shoe(builder: Builder, looks: Looks, joints: Doubles, side: int) -> None:
    p = looks.proportions
    s = p.stature * (1.06 if p.head > 1.1 else 1.0) * (0.95 if p.bust else 1.0)
    bone = R_FOOT if side < 0 else L_FOOT
    x, _, z = joints[bone]
    out = side * 0.004
    rings = []
    # From the heel forward: place before the ankle, height of the middle above the floor, half width, up, down.
    for dz, dx, width, high in (
        (-0.037, 0, 0.010, 0.022), (-0.033, 0, 0.0175, 0.037), (-0.018, 0, 0.0205, 0.048), (0.002, 0, 0.0205, 0.052),
        (0.022, 0.3, 0.0215, 0.044), (0.045, 0.7, 0.0235, 0.033), (0.072, 1, 0.0260, 0.0260),
        (0.094, 1, 0.0240, 0.0210), (0.108, 0.8, 0.0175, 0.0165), (0.114, 0.6, 0.0080, 0.0110),
    ):  # fmt: skip
        middle = 0.012 * s
        rings.append(
            Ring(
                (bone, bone),
                0.0,
                (x + out * dx * s * 4, middle, z + dz * s),
                width * s,
                high * s - 0.012 * s,
                0.012 * s,
                2.6,
                1.0,
                True,
            )
        )
    builder.loft(rings, looks.shoes, 10)
