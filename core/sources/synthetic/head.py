"""The head: skull and face, nose, ears, hair and hats. Measures are in head heights, from the chin."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.sources.synthetic.looks import Looks
from core.sources.synthetic.materials import Material, Pattern
from core.sources.synthetic.mesh import Builder, Ring
from core.sources.synthetic.rig import CHEST, HEAD, NECK, Doubles, Proportions
from core.types import Floats

RingOf = Callable[..., Ring]  # a row of SKULL, how much thicker, how much higher

# Height above the chin, half width, how far the front and the back are before the ears.
SKULL = (
    (-0.035, 0.040, 0.340, 0.200), (0.00, 0.130, 0.385, -0.020),
    (0.07, 0.185, 0.405, -0.190), (0.16, 0.232, 0.412, -0.285),
    (0.26, 0.268, 0.418, -0.335), (0.37, 0.295, 0.412, -0.372),
    (0.46, 0.315, 0.398, -0.395), (0.53, 0.325, 0.398, -0.415),
    (0.60, 0.332, 0.416, -0.430), (0.70, 0.336, 0.412, -0.430),
    (0.80, 0.315, 0.375, -0.405), (0.89, 0.255, 0.295, -0.330),
    (0.955, 0.165, 0.180, -0.225), (0.99, 0.060, 0.055, -0.090),
)  # fmt: skip
HEIGHT = 0.13  # of the stature; the head of an adult

# Where annotators put the points of a face.
NOSE_AT, EYE_AT, EAR_AT = (0.0, 0.375, 0.520), (0.140, 0.500, 0.375), (0.345, 0.440, -0.01)


def head_frame(p: Proportions, joints: Doubles) -> tuple[float, Doubles]:
    """The height of the head in metres, and the place (3,) of the chin's height between the ears, at rest."""
    size = HEIGHT * p.head * p.stature
    chin: Doubles = np.array([0.0, p.stature - size, joints[HEAD][2] + 0.02 * size])
    return size, chin


def face_points(p: Proportions, joints: Doubles) -> Doubles:
    """(5, 3) nose, right eye, left eye, right ear, left ear at rest, metres from the origin of the head's bone."""
    size, chin = head_frame(p, joints)
    eye, ear = np.array(EYE_AT), np.array(EAR_AT)
    mirror = np.array((-1.0, 1.0, 1.0))
    points: Doubles = chin + size * np.array([NOSE_AT, eye * mirror, eye, ear * mirror, ear]) - joints[HEAD]
    return points


def add_head(builder: Builder, looks: Looks, joints: Doubles, detail: int) -> None:
    """Add it all."""
    size, chin = head_frame(looks.proportions, joints)
    face = Material(looks.skin, (225, 230, 232), Pattern.FACE, gloss=0.15,
                    a=float(sum(looks.hair) > 330), b=float(looks.beard))  # fmt: skip
    skin = Material(looks.skin, gloss=0.12)

    def ring(row: tuple[float, float, float, float], more: float = 0.0, lift: float = 0.0, power: float = 2.25) -> Ring:
        height, width, front, back = row
        middle = min(max(0.0, back + 0.05), front - 0.05) if back > 0 else 0.0
        center = (0.0, chin[1] + size * (height + lift), chin[2] + size * middle)
        shade = 0.72 if height < 0.0 else 0.9 if height < 0.05 else 1.0
        return Ring(
            (HEAD, HEAD),
            0.0,
            center,
            size * (width + more),
            size * (front - middle + more),
            size * (middle - back + more),
            power,
            shade,
        )

    def on_face(places: Floats, turns: Floats, along: Floats) -> tuple[Floats, Floats]:
        behind = np.where(places[..., 2] < chin[2] + 0.05 * size, 20.0, 0.0)
        return (places[..., 0] - chin[0]) / size + behind, (places[..., 1] - chin[1]) / size

    builder.loft([ring(row) for row in SKULL], face, detail + 10, texture=on_face)
    _add_nose(builder, skin, size, chin)
    for side in (-1, 1):
        center = (chin[0] + side * 0.325 * size, chin[1] + 0.450 * size, chin[2] - 0.02 * size)
        if looks.head not in ("long", "beanie"):
            builder.ball(HEAD, center, (0.030 * size, 0.105 * size, 0.062 * size), skin, 8, shade=0.9)
    _add_hair(builder, looks, ring, chin, size, detail)


def _add_nose(builder: Builder, skin: Material, size: float, chin: Doubles) -> None:
    rings = []
    for height, width, front in (
        (0.56, 0.022, 0.400), (0.50, 0.030, 0.425), (0.43, 0.042, 0.470), (0.385, 0.058, 0.510), (0.355, 0.072, 0.515),
        (0.335, 0.066, 0.480), (0.320, 0.040, 0.425),
    ):  # fmt: skip
        place = (0.0, chin[1] + size * height, chin[2] + 0.36 * size)
        rings.append(
            Ring(
                (HEAD, HEAD),
                0.0,
                place,
                width * size,
                (front - 0.36) * size,
                0.03 * size,
                1.8,
                1.0 if height > 0.34 else 0.75,
            )
        )
    builder.loft(rings, skin, 10)


def _add_hair(builder: Builder, looks: Looks, ring: RingOf, chin: Doubles, size: float, detail: int) -> None:
    if looks.head == "bald":
        return
    low = {"short": 0.10, "long": 0.02, "bun": 0.12, "tail": 0.12, "cap": 0.14, "beanie": 0.2}[looks.head]
    side = {"short": 0.52, "long": 0.20, "bun": 0.56, "tail": 0.56, "cap": 0.52, "beanie": 0.50}[looks.head]
    hair = Material(looks.hair, pattern=Pattern.HAIR, gloss=0.25, a=0.80, b=side, c=low)

    def on_head(places: Floats, turns: Floats, along: Floats) -> tuple[Floats, Floats]:
        return np.pi - np.abs(turns - np.pi) - np.pi, (places[..., 1] - chin[1]) / size

    def by_angle(places: Floats, turns: Floats, along: Floats) -> tuple[Floats, Floats]:
        return turns - np.pi, (places[..., 1] - chin[1]) / size

    rows = [row for row in SKULL if row[0] > -0.02]
    more = {"long": 0.045, "short": 0.030, "bun": 0.024, "tail": 0.024, "cap": 0.015, "beanie": 0.02}[looks.head]
    builder.loft(
        [ring(row, more if row[0] > 0.2 else 0.012, 0.035 if row[0] > 0.95 else 0.0) for row in rows],
        hair,
        detail + 6,
        texture=by_angle,
    )
    plain = Material(looks.hair, gloss=0.25, pattern=Pattern.STRIPES, scale=0.017, second=_darker(looks.hair), a=0.45)
    if looks.head == "long":
        _add_curtain(builder, plain, looks.proportions, chin, size)
    elif looks.head == "bun":
        builder.ball(HEAD, (chin[0], chin[1] + 0.80 * size, chin[2] - 0.43 * size), (0.15 * size,) * 3, plain)
    elif looks.head == "tail":
        _add_tail(builder, plain, chin, size)
    elif looks.head in ("cap", "beanie"):
        _add_hat(builder, looks, ring, chin, size, detail)


def _darker(color: tuple[int, int, int]) -> tuple[int, int, int]:
    return color[0] * 8 // 10, color[1] * 8 // 10, color[2] * 8 // 10


def _add_curtain(builder: Builder, hair: Material, p: Proportions, chin: Doubles, size: float) -> None:
    """Long hair falls from the sides and the back of the head to the shoulders."""
    rings = []
    for height, width, front, back, weight in (
        (0.62, 0.350, -0.02, 0.45, 0.0), (0.4, 0.365, -0.02, 0.44, 0.0), (0.15, 0.350, -0.03, 0.40, 0.25),
        (-0.10, 0.330, -0.08, 0.37, 0.6), (-0.32, 0.290, -0.13, 0.36, 1.0),
    ):  # fmt: skip
        center = (0.0, chin[1] + size * height, chin[2] - 0.18 * size)
        rings.append(
            Ring(
                (HEAD, CHEST),
                weight * 0.8,
                center,
                width * size,
                (front + 0.18) * size,
                (back - 0.18) * size,
                2.4,
                0.95,
            )
        )
    builder.loft(rings, hair, 14)


def _add_tail(builder: Builder, hair: Material, chin: Doubles, size: float) -> None:
    rings = []
    for height, back, radius, weight in (
        (0.72, 0.42, 0.06, 0.0), (0.66, 0.52, 0.10, 0.0), (0.45, 0.58, 0.11, 0.1), (0.15, 0.57, 0.10, 0.3),
        (-0.10, 0.52, 0.05, 0.5),
    ):  # fmt: skip
        rings.append(
            Ring(
                (HEAD, NECK),
                weight,
                (0.0, chin[1] + size * height, chin[2] - size * back),
                radius * size,
                radius * size,
            )
        )
    builder.loft(rings, hair, 8)


def _add_hat(builder: Builder, looks: Looks, ring: RingOf, chin: Doubles, size: float, detail: int) -> None:
    cloth = Material(looks.top.second) if looks.head == "cap" else Material(looks.shoes.color)
    start = 0.66 if looks.head == "cap" else 0.58
    columns = np.array(SKULL)
    first = (start, *(float(np.interp(start, columns[:, 0], columns[:, i])) for i in (1, 2, 3)))
    rows = [first, *(row for row in SKULL if row[0] > start + 0.03)]
    builder.loft([ring(row, 0.045, 0.03 if row[0] > 0.85 else 0.0) for row in rows], cloth, detail + 6)
    if looks.head == "cap":

        def brim(middles: Floats) -> NDArray[np.bool_]:
            return np.asarray(middles[:, 2] > chin[2] + 0.2 * size)

        center = (0.0, chin[1] + 0.665 * size, chin[2] + 0.25 * size)
        plates = [
            Ring(
                (HEAD, HEAD),
                0.0,
                (center[0], center[1] + lift * size, center[2]),
                0.31 * size,
                0.46 * size,
                0.3 * size,
                2.6,
            )
            for lift in (-0.012, 0.012)
        ]
        builder.loft(plates, cloth, 16)
