"""The surface of a dressed body, and its trunk, neck and skirt. Measures are in parts of the stature."""

from __future__ import annotations

import numpy as np

from core.sources.synthetic.head import add_head
from core.sources.synthetic.limbs import add_arm, add_hand, add_leg, add_shoe
from core.sources.synthetic.looks import Looks
from core.sources.synthetic.materials import Material, Pattern
from core.sources.synthetic.mesh import Builder, Mesh, Ring
from core.sources.synthetic.racket import add_racket
from core.sources.synthetic.rig import CHEST, NECK, PELVIS, SKIRT, WAIST, Doubles

# The trunk from below: height, half width, depth before and behind the middle, shade.
TRUNK = (
    (0.468, 0.030, 0.034, 0.034, 0.86),
    (0.484, 0.066, 0.050, 0.056, 0.92),
    (0.507, 0.091, 0.059, 0.071, 0.97),
    (0.535, 0.098, 0.062, 0.076, 1.0),
    (0.565, 0.092, 0.061, 0.066, 1.0),
    (0.600, 0.081, 0.057, 0.055, 1.0),
    (0.635, 0.077, 0.055, 0.051, 1.0),
    (0.675, 0.081, 0.060, 0.055, 1.0),
    (0.715, 0.089, 0.066, 0.060, 1.0),
    (0.750, 0.095, 0.066, 0.064, 0.96),
    (0.775, 0.102, 0.062, 0.066, 0.98),
    (0.797, 0.108, 0.052, 0.060, 1.0),
    (0.814, 0.107, 0.043, 0.051, 1.0),
    (0.827, 0.088, 0.037, 0.044, 1.0),
    (0.838, 0.060, 0.034, 0.040, 1.0),
    (0.850, 0.037, 0.033, 0.036, 0.92),
)


def body_mesh(looks: Looks, joints: Doubles, detail: int = 12) -> Mesh:
    """The surface of a person at rest. joints: `Proportions.joints`; detail: corners around a limb."""
    builder = Builder()
    skin = Material(looks.skin, gloss=0.12)
    _add_trunk(builder, looks, detail)
    _add_neck(builder, looks, skin, joints, detail)
    add_head(builder, looks, joints, detail)
    for side in (-1, 1):
        add_arm(builder, looks, skin, joints, side, detail)
        add_hand(builder, looks, skin, joints, side)
        add_leg(builder, looks, skin, joints, side, detail)
        add_shoe(builder, looks, joints, side)
    if looks.legs in ("skirt", "long skirt"):
        _add_skirt(builder, looks, joints, detail)
    if looks.racket:
        add_racket(builder, joints)
    return builder.mesh(folds=0.10)


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
    across_thick = thick * (1 - 0.6 * upper) + 0.6 * upper * max(thick, 1.0)  # shoulder joints stay inside
    bones, weight = _trunk_bones(height)
    s = p.stature
    across = (width * wide * waist * across_thick + more + belly * 0.5) * s
    before, behind = (front * thick + more + belly + bust) * s, (back * thick + more) * s
    power = 2.5 if height < 0.83 else 2.1
    return Ring(bones, weight, (0, p.trunk(height), -0.006 * s), across, before, behind, power, shade)


def _add_trunk(builder: Builder, looks: Looks, detail: int) -> None:
    hips = [_trunk_ring(looks, row, 0.001) for row in TRUNK[:6]]
    builder.loft(hips, looks.bottom, detail + 6)
    hem = 0.60 - 0.075 * looks.hem
    more = 0.004 + 0.006 * (looks.loose - 0.97)
    below = np.array(TRUNK)
    first = tuple(float(np.interp(hem, below[:, 0], column)) for column in below.T)
    rows = [first] + [row for row in TRUNK if row[0] > hem + 0.012]
    rings = [_trunk_ring(looks, row, more if row[0] < 0.80 else more * 0.5) for row in rows]
    s = looks.proportions.stature

    def around(places, turns, along):
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
        (0, 0.050, 0.040, -0.010, 0.0), (0.25, 0.034, 0.036, -0.010, 0.15), (0.6, 0.0305, 0.033, -0.004, 0.45),
        (0.95, 0.0285, 0.032, 0.001, 0.8), (1.3, 0.0275, 0.031, 0.002, 1.0), (1.75, 0.022, 0.026, 0.004, 1.0),
    ):  # fmt: skip
        bones, share = ((CHEST, NECK), weight / 0.3) if weight < 0.3 else ((NECK, NECK + 1), (weight - 0.3) / 0.7)
        shade = 1 - 0.28 * min(part, 1.0)  # below the chin
        rings.append(Ring(bones, share, (0, low + part * (top - low), z * s), width * g * s, deep * g * s, shade=shade))
    builder.loft(rings, skin, detail, caps=(False, False))


def _add_skirt(builder: Builder, looks: Looks, joints: Doubles, detail: int) -> None:
    p = looks.proportions
    s, g = p.stature, p.girth
    x, y, z = joints[PELVIS]
    length = (0.21 if looks.legs == "skirt" else 0.36) * p.leg
    rings = []
    for part, width, front, back, weight in (
        (-0.20, 0.084, 0.059, 0.058, 0), (0, 0.100, 0.066, 0.080, 0.1), (0.2, 0.108, 0.072, 0.088, 0.35),
        (0.5, 0.116, 0.088, 0.098, 0.8), (0.8, 0.124, 0.102, 0.108, 1.0), (1.0, 0.130, 0.110, 0.114, 1.0),
    ):  # fmt: skip
        wide = p.hip if part < 0.5 else 1.0
        rings.append(
            Ring(
                (PELVIS, SKIRT),
                weight,
                (x, y - length * part * s, z),
                (width * wide * g + 0.003) * s,
                (front * g + 0.003) * s,
                (back * g + 0.003) * s,
                2.3,
            )
        )
    builder.loft(rings, looks.bottom, detail + 6, caps=(False, True))
