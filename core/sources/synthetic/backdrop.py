"""Backdrops: floors, walls, windows, lawns and courts, as flat rectangles in space, painted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from core.kernel import kernel
from core.sources.synthetic.camera import Camera
from core.sources.synthetic.materials import Material, mixed, noise, table
from core.sources.synthetic.rig import Doubles
from core.types import Floats, Image

Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A flat rectangle. corner: where it begins; u, v: its two sides, metres; light: brightness; ground: shadows may
    fall on it.
    """

    corner: Vector
    u: Vector
    v: Vector
    material: Material
    light: float = 1.0
    ground: bool = False
    fade: float = 0.0


def floor(material: Material, half: float = 40.0, height: float = 0.0, light: float = 1.0) -> Rectangle:
    """A floor as far as one sees."""
    return Rectangle((-half, height, -half), (2 * half, 0, 0), (0, 0, 2 * half), material, light, ground=True)


def upright(
    left: float, right: float, bottom: float, top: float, z: float, material: Material, light: float = 1.0
) -> Rectangle:
    """A rectangle that faces the viewer."""
    return Rectangle((left, bottom, z), (right - left, 0, 0), (0, top - bottom, 0), material, light)


def lying(left: float, right: float, back: float, front: float, material: Material, height: float = 0.002) -> Rectangle:
    """A rectangle on the floor."""
    return Rectangle((left, height, back), (right - left, 0, 0), (0, 0, front - back), material, ground=True)


def sidewise(
    x: float, back: float, front: float, bottom: float, top: float, material: Material, light: float = 1.0
) -> Rectangle:
    """A wall at the side."""
    return Rectangle((x, bottom, back), (0, 0, front - back), (0, top - bottom, 0), material, light)


@kernel(
    "void(float64[:, ::1], float32[:, ::1], float64[:, ::1], float64[::1], float64, float64, float64, float64,"
    "float64[::1], float64[::1], uint8[:, :, ::1], uint8[:, ::1])"
)
def _paint(
    rectangles: Doubles,
    materials: Floats,
    view: Doubles,
    eye: Doubles,
    focal: float,
    middle_x: float,
    middle_y: float,
    grime: float,
    above: Doubles,
    below: Doubles,
    image: Image,
    ground: Image,
) -> None:
    """Every pixel shows the nearest rectangle along its ray, or the sky, from `below` at the horizon to `above`."""
    height, width = ground.shape
    for y in range(height):
        for x in range(width):
            a, b = (x - middle_x) / focal, (y - middle_y) / focal
            d0 = a * view[0, 0] + b * view[1, 0] + view[2, 0]
            d1 = a * view[0, 1] + b * view[1, 1] + view[2, 1]
            d2 = a * view[0, 2] + b * view[1, 2] + view[2, 2]
            best, found, u, v = 1e9, -1, 0.0, 0.0
            for k in range(len(rectangles)):
                r = rectangles[k]
                slope = r[9] * d0 + r[10] * d1 + r[11] * d2
                if abs(slope) < 1e-9:
                    continue
                t = (r[9] * (r[0] - eye[0]) + r[10] * (r[1] - eye[1]) + r[11] * (r[2] - eye[2])) / slope
                if t < 0.05 or t >= best:
                    continue
                p0, p1, p2 = eye[0] + t * d0 - r[0], eye[1] + t * d1 - r[1], eye[2] + t * d2 - r[2]
                s = p0 * r[3] + p1 * r[4] + p2 * r[5]
                q = p0 * r[6] + p1 * r[7] + p2 * r[8]
                if s < 0 or q < 0 or s > r[12] or q > r[13]:
                    continue
                best, found, u, v = t, k, s, q
            ground[y, x] = 0
            if found < 0:
                up = min(max(d1 / np.sqrt(d0 * d0 + d1 * d1 + d2 * d2) * 2.2, 0.0), 1.0)
                cloud = max(noise(np.float32(d0 / (0.25 + abs(d1)) * 2), np.float32(6 * d1 + 3)) - 0.45, 0.0) * 0.9
                for c in range(3):
                    sky = below[c] + (above[c] - below[c]) * up
                    image[y, x, c] = np.uint8(min(sky + (245 - sky) * cloud, 255.0))
                continue
            r = rectangles[found]
            row = materials[found]
            fu, fv = np.float32(u), np.float32(v)
            share, light = mixed(row, fu, fv)
            # What is too far to be told apart melts together.
            blur = min(max(best / focal / max(row[7], np.float32(0.01)) * 1.5 - 0.2, 0.0), 1.0)
            share = (
                share + (np.float32(0.3) * (row[9] if row[0] < 5 else np.float32(0.3)) - share) * blur
                if row[0] > 0
                else share
            )
            light = light + (1 - light) * blur
            light *= r[14] * (1 - grime + grime * (1.4 * noise(fu * 1.3, fv * 1.3) + 0.6 * noise(fu * 9, fv * 9)))
            haze = r[16] * (1 - np.exp(-best / 40.0))
            for c in range(3):
                color = row[1 + c] + (row[4 + c] - row[1 + c]) * max(share, np.float32(0))
                image[y, x, c] = np.uint8(min(max(color * light * (1 - haze) + below[c] * haze, 0.0), 255.0))
            ground[y, x] = np.uint8(r[15])


def paint(
    rectangles: Sequence[Rectangle],
    camera: Camera,
    *,
    grime: float = 0.12,
    above: Vector = (215, 170, 120),
    below: Vector = (235, 225, 215),
    samples: int = 2,
) -> tuple[Image, Image]:
    """The backdrop that a camera sees: (height, width, 3) uint8, and (height, width) uint8, above 0 where shadows may
    fall. grime: unevenness, 0..1; above, below: sky, BGR; samples: along each side of a pixel.
    """
    width, height = camera.size
    rows = np.empty((len(rectangles), 17))
    for row, r in zip(rows, rectangles, strict=True):
        u, v = np.array(r.u), np.array(r.v)
        long, high = np.linalg.norm(u), np.linalg.norm(v)
        row[:3], row[3:6], row[6:9], row[9:12] = r.corner, u / long, v / high, np.cross(u / long, v / high)
        row[12:] = long, high, r.light, 255 * r.ground, r.fade
    image: Image = np.empty((height * samples, width * samples, 3), np.uint8)
    ground: Image = np.empty((height * samples, width * samples), np.uint8)
    shift = 0.5 * (samples - 1)
    _paint(
        rows, table(tuple(r.material for r in rectangles)), camera.turn, camera.place, camera.focal * samples,
        camera.center[0] * samples + shift, camera.center[1] * samples + shift, grime,
        np.array(above, float), np.array(below, float), image, ground,
    )  # fmt: skip
    if samples > 1:
        image = np.asarray(cv2.resize(image, camera.size, interpolation=cv2.INTER_AREA), np.uint8)
        ground = np.ascontiguousarray(ground[::samples, ::samples])
    return image, ground
