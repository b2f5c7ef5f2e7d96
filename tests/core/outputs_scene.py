"""A made-up scene for the tests of the outputs: figures with known points, the maps of a perfect net, and results."""

from __future__ import annotations

import cv2
import numpy as np

from core import skeleton
from core.types import Floats, Frame, Image, Links, Maps, Peaks, People, Result, Transform

# A standing figure, (x, y) in parts of its height; x grows to the picture's right, where the figure's left side is.
FIGURE: Floats = np.array(
    [
        (0.0, 0.10), (0.0, 0.19),
        (-0.11, 0.20), (-0.17, 0.35), (-0.13, 0.48),
        (0.11, 0.20), (0.19, 0.33), (0.25, 0.20),
        (-0.06, 0.52), (-0.08, 0.74), (-0.09, 0.95),
        (0.06, 0.52), (0.10, 0.73), (0.16, 0.93),
        (-0.018, 0.08), (0.018, 0.08), (-0.045, 0.09), (0.045, 0.09),
    ],
    np.float32,
)  # fmt: skip


def figures(*places: tuple[float, float, float]) -> People:
    """One figure for each (x of its middle, y of its crown, height), in pixels."""
    xy = np.array([FIGURE * height + (x, y) for x, y, height in places], np.float32).reshape(-1, skeleton.POINTS, 2)
    scores = np.full(xy.shape[:2], 0.8, np.float32)
    return People(xy, scores, np.full(len(xy), 29.6, np.float32))


def crowd(count: int, width: int = 1280, height: int = 720) -> People:
    """`count` figures beside each other, of different heights."""
    step = width / (count + 1)
    return figures(
        *((step * (i + 1), height * (0.08 + 0.05 * (i % 3)), height * (0.85 - 0.12 * (i % 4))) for i in range(count))
    )


def hide(people: People, *points: int) -> People:
    """The same people without some points."""
    keypoints, scores = people.keypoints.copy(), people.scores.copy()
    keypoints[:, points] = np.nan
    scores[:, points] = 0
    return People(keypoints, scores, people.totals)


def backdrop(width: int, height: int) -> Image:
    """A soft gradient with noise, neither dark nor bright throughout."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    shade = 60 + 130 * x / width + 50 * y / height
    noise = np.random.default_rng(1).normal(0, 8, (height, width, 1))
    tint = np.array((1.0, 0.95, 0.9))
    return np.clip(shade[..., None] * tint + noise, 0, 255).astype(np.uint8)


def maps_of(people: People, size: tuple[int, int], cell: int = 8, input_height: int = 368) -> Maps:
    """What a perfect net would say of `people` in a picture of `size` (width, height)."""
    net = (round(size[0] * input_height / size[1] / cell) * cell, input_height)
    width, height = net[0] // cell, net[1] // cell
    transform = Transform.of_resize(size, net, cell)
    cells = transform.to_cells(people.keypoints)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    confidence = np.zeros((19, height, width), np.float32)
    affinity = np.zeros((38, height, width), np.float32)
    for person in cells:
        for point, (px, py) in enumerate(person):
            bump = np.exp(-((x - px) ** 2 + (y - py) ** 2) / 2)
            confidence[point] = np.fmax(confidence[point], bump)
        for link in skeleton.LINKS:
            a, b = person[link.a], person[link.b]
            canvas = np.zeros((height, width), np.uint8)
            if np.isfinite([a, b]).all():
                cv2.line(canvas, np.round(a).astype(int).tolist(), np.round(b).astype(int).tolist(), 1, 2)
                unit = (b - a) / max(float(np.linalg.norm(b - a)), 1e-6)
                affinity[link.x_channel][canvas > 0] = unit[0]
                affinity[link.y_channel][canvas > 0] = unit[1]
    confidence[18] = 1 - confidence[:18].max(axis=0)
    return Maps(confidence, affinity, transform)


def peaks_and_links(people: People, transform: Transform) -> tuple[Peaks, Links]:
    """The points and links of `people` as the decoder hands them on."""
    count = len(people)
    xy = transform.to_cells(people.keypoints.transpose(1, 0, 2).reshape(-1, 2))
    peaks = Peaks(xy, people.scores.T.reshape(-1), np.arange(19, dtype=np.int32) * count)
    pairs = [(link.a * count + i, link.b * count + i) for link in skeleton.LINKS for i in range(count)]
    starts = np.arange(len(skeleton.LINKS) + 1, dtype=np.int32) * count
    return peaks, Links(np.array(pairs, np.int32).reshape(-1, 2), np.full(len(pairs), 0.9, np.float32), starts)


def result_of(frame: Frame, people: People, ids: list[int] | None = None) -> Result:
    """A result of `frame` with `people`, numbered from 1 unless `ids` are given; the maps are empty."""
    transform = Transform.of_resize(frame.size, frame.size, 8)
    maps = Maps(np.zeros((19, 2, 2), np.float32), np.zeros((38, 2, 2), np.float32), transform)
    peaks, links = peaks_and_links(people, transform)
    numbers = list(range(1, len(people) + 1)) if ids is None else ids
    return Result(frame, maps, peaks, links, people, np.array(numbers, np.int32))
