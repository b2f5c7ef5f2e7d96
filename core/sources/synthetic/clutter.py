"""Backdrops of no particular place: gradients, smooth noise, shapes, a floor and a wall; and what spoils a picture."""

from __future__ import annotations

import cv2
import numpy as np

from core.sources.synthetic.backdrop import Rectangle, paint
from core.sources.synthetic.camera import Camera
from core.sources.synthetic.looks import random_color
from core.sources.synthetic.materials import Material, Pattern
from core.types import Image


def random_backdrop(rng: np.random.Generator, camera: Camera, floor: float) -> tuple[Image, Image]:
    """As `backdrop.paint`: a picture, and where shadows may fall. floor: height of the ground in metres."""
    width, height = camera.size
    kind = rng.uniform()
    ground: Image = np.zeros((height, width), np.uint8)
    if kind < 0.45:
        image, ground = _floor_and_wall(rng, camera, floor)
    elif kind < 0.75:
        image = _noise(rng, width, height)
    else:
        image = _gradient(rng, width, height)
    if rng.uniform() < 0.65:
        _shapes(rng, image, int(rng.integers(2, 26)))
    return image, ground


def _floor_and_wall(rng: np.random.Generator, camera: Camera, floor: float) -> tuple[Image, Image]:
    far = rng.uniform(3, 14)
    place = camera.place
    rectangles = [
        Rectangle(
            (place[0] - 40, floor, place[2] - 40),
            (80, 0, 0),
            (0, 0, 80),
            _surface(rng, True),
            rng.uniform(0.7, 1.1),
            True,
        )
    ]
    if rng.uniform() < 0.75:
        rectangles.append(
            Rectangle(
                (place[0] - 40, floor, place[2] - far),
                (80, 0, 0),
                (0, rng.uniform(1, 9), 0),
                _surface(rng, False),
                rng.uniform(0.6, 1.1),
            )
        )
    if rng.uniform() < 0.4:
        x = place[0] + rng.choice((-1, 1)) * rng.uniform(1, 4)
        rectangles.append(
            Rectangle(
                (x, floor, place[2] - far),
                (0, 0, far + 5),
                (0, rng.uniform(1, 6), 0),
                _surface(rng, False),
                rng.uniform(0.5, 0.9),
            )
        )
    above, below = (tuple(float(c) for c in random_color(rng)) for _ in range(2))
    return paint(rectangles, camera, grime=rng.uniform(0.05, 0.35), above=above, below=below, samples=1)  # type: ignore[arg-type]


def _surface(rng: np.random.Generator, lying: bool) -> Material:
    patterns = [
        Pattern.PLAIN,
        Pattern.MOTTLED,
        Pattern.TILES,
        Pattern.PLANKS if lying else Pattern.BRICKS,
        Pattern.STRIPES,
        Pattern.CHECKS,
    ]
    pattern = patterns[rng.choice(6, p=(0.25, 0.25, 0.15, 0.2, 0.08, 0.07))]
    first = random_color(rng)
    factor = rng.uniform(0.6, 1.3)
    blue, green, red = (int(np.clip(c * factor, 0, 255)) for c in first)
    scale = {Pattern.PLANKS: 0.13, Pattern.BRICKS: 0.09}.get(pattern, rng.uniform(0.1, 0.9))
    return Material(
        first, (blue, green, red), pattern, scale, 0, rng.uniform(0.05, 0.6), rng.uniform(0, 50), rng.uniform(0, 50)
    )


def _noise(rng: np.random.Generator, width: int, height: int) -> Image:
    """Smooth noise of several sizes, as leaves, crowds and walls out of focus have it."""
    total = np.zeros((height, width, 3), np.float32)
    base = np.array(random_color(rng), np.float32)
    color = rng.uniform(0.0, 0.7)
    for cells in (2, 5, 14, 36, 80):
        strength = rng.uniform(0, 45) * (1.0 if cells < 40 else 0.5)
        small = rng.standard_normal((cells, cells * 4 // 3 + 1, 3), np.float32) * np.float32(strength)
        small = small * color + small.mean(axis=2, keepdims=True) * (1 - color)
        total += np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR))
    return np.clip(total + base, 0, 255).astype(np.uint8)


def _gradient(rng: np.random.Generator, width: int, height: int) -> Image:
    corners = np.array([[random_color(rng), random_color(rng)], [random_color(rng), random_color(rng)]], np.float32)
    middle = corners.mean(axis=(0, 1))
    corners = middle + (corners - middle) * rng.uniform(0.1, 1.0)
    return np.asarray(cv2.resize(corners, (width, height), interpolation=cv2.INTER_LINEAR), np.float32).astype(np.uint8)


def _shapes(rng: np.random.Generator, image: Image, count: int) -> None:
    """Boxes, discs, bars and polygons of any colour, some of them as long and round as limbs, none of them a person."""
    height, width = image.shape[:2]
    for _ in range(count):
        color = random_color(rng)
        x, y = int(rng.uniform(0, width)), int(rng.uniform(0, height))
        size = float(np.exp(rng.uniform(np.log(0.03), np.log(0.5)))) * height
        kind = rng.integers(5)
        if kind == 0:
            box = cv2.boxPoints(
                ((x, y), (size, size * rng.uniform(0.2, 2)), float(rng.choice((0, 0, rng.uniform(0, 90)))))
            )
            cv2.fillConvexPoly(image, box.astype(np.int32), color, cv2.LINE_AA)
        elif kind == 1:
            axes = int(size / 2) + 1, int(size / 2 * rng.uniform(0.3, 1)) + 1
            cv2.ellipse(image, (x, y), axes, rng.uniform(0, 180), 0, 360, color, -1, cv2.LINE_AA)
        elif kind == 2:
            turn = rng.uniform(0, 2 * np.pi)
            end = int(x + size * 1.5 * np.cos(turn)), int(y + size * 1.5 * np.sin(turn))
            cv2.line(image, (x, y), end, color, max(1, int(size * rng.uniform(0.02, 0.3))), cv2.LINE_AA)
        elif kind == 3:
            points = np.array((x, y)) + rng.normal(0, size / 2, (int(rng.integers(3, 7)), 2))
            cv2.fillPoly(image, [points.astype(np.int32)], color, cv2.LINE_AA)
        else:
            thickness = max(1, int(size * 0.08))
            cv2.rectangle(image, (x, y), (int(x + size), int(y + size * rng.uniform(0.3, 1.5))), color, thickness)


def spoil(rng: np.random.Generator, image: Image) -> Image:
    """What cameras do to a picture: unsharp, too dark, coloured light, noise, blocks."""
    if rng.uniform() < 0.35:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), rng.uniform(0.3, 1.6)), np.uint8)
    gain = rng.uniform(0.75, 1.4) * rng.uniform(0.9, 1.1, 3)
    values = np.arange(256)[:, None] * gain + rng.uniform(-25, 25)
    if rng.uniform() < 0.5:
        values = 255 * (np.clip(values, 0, 255) / 255) ** rng.uniform(0.7, 1.4)
    image = np.asarray(cv2.LUT(image, np.clip(values, 0, 255).astype(np.uint8)[None]), np.uint8)
    if rng.uniform() < 0.6:
        height, width = image.shape[:2]
        tile = rng.normal(0, rng.uniform(1, 11), (64, 97, 3)).astype(
            np.int16
        )  # smaller than the picture: it is quicker
        repeats = -(-height // 64), -(-width // 97), 1
        image = np.clip(image + np.tile(tile, repeats)[:height, :width], 0, 255).astype(np.uint8)
    if rng.uniform() < 0.3:
        _, packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 85))])
        image = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    if rng.uniform() < 0.06:
        gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
        image = np.repeat(gray[:, :, None], 3, axis=2)
    return np.ascontiguousarray(image)
