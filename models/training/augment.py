"""Crops of training pictures, made on the processor. `framing` says what is drawn by lot."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.skeleton import AFFINITY_CHANNEL, LINK_CHANNELS, LINK_POINTS, MIRRORED_POINTS, POINTS
from core.types import Floats, Image
from models.training.datasets import Example
from models.training.framing import (
    CHANNELS,
    STRIDE,
    Affine,
    Augmentation,
    Light,
    Occluder,
    chained,
    frame,
    inverse,
    light,
    occluder,
    to_cells,
)
from models.training.targets import labelled_maps, set_background, taught_maps
from models.training.teacher import SoftMaps

_MIRRORED = list(MIRRORED_POINTS)


@dataclass(frozen=True, slots=True)
class Sample:
    """A crop and what the net should answer.

    image:  (size, size, 3) uint8, BGR
    target: (57, size / 8, size / 8) float32
    """

    image: Image
    target: Floats


Draw = Callable[[], tuple[Example, SoftMaps]]


def sample(draw: Draw, rng: np.random.Generator, how: Augmentation) -> Sample:
    """A random crop with its target. draw: gives a random example.

    What lies outside of a picture is filled with another, up to `layers` of them, since empty ground teaches nothing.
    """
    cells = how.size // STRIDE
    image = np.empty((how.size, how.size, 3), np.uint8)
    image[:] = rng.integers(0, 256, 3)
    target = np.zeros((CHANNELS, cells, cells), np.float32)
    empty = np.ones((how.size, how.size), np.bool_)
    for _ in range(how.layers):
        example, soft = draw()
        mirror = bool(rng.random() < 0.5)
        height, width = example.image.shape[:2]
        to_crop = frame(height, width, example.regions, rng, how, mirror)
        seen = cv2.warpAffine(np.ones((height, width), np.uint8), to_crop, empty.shape, flags=cv2.INTER_NEAREST) > 0
        picture_to_cells = to_cells(to_crop)
        maps = taught_maps(soft.maps, chained(soft.to_cells, inverse(picture_to_cells)), mirror, (cells, cells))
        _add_labels(maps, example, picture_to_cells, mirror, how.labels)
        new = seen & empty
        here = new[STRIDE // 2 :: STRIDE, STRIDE // 2 :: STRIDE]
        np.copyto(image, _lit(_cut(example.image, to_crop, how.size), light(rng), rng), where=new[..., None])
        np.copyto(target, maps, where=here)
        empty &= ~seen
        if empty.mean() < how.least_empty:
            break
    set_background(target, POINTS)
    return Sample(_occluded(image, occluder(how.size, rng)), target)


def _cut(image: Image, to_crop: Affine, size: int) -> Image:
    zoom = math.sqrt(abs(float(np.linalg.det(to_crop[:, :2]))))
    picture: Any = image
    if zoom < 0.75:  # interpolation alone would give false detail
        picture = cv2.blur(image, (round(1 / zoom),) * 2) if zoom > 0.5 else cv2.GaussianBlur(image, (0, 0), 0.4 / zoom)
    return cv2.warpAffine(  # type: ignore[return-value]
        picture, to_crop, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )


def _add_labels(target: Floats, example: Example, to_cells: Affine, mirror: bool, weight: float) -> None:
    """Mix the labels in wherever they hold."""
    people = (example.people @ to_cells[:, :2].T + to_cells[:, 2]).astype(np.float32)
    if mirror:
        people = people[:, _MIRRORED]
    height, width = target.shape[1:]
    labels = labelled_maps(people, (height, width))
    inside = np.zeros((height, width), np.uint8)
    for left, top, right, bottom in example.regions:
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]]) @ to_cells[:, :2].T
        cv2.fillConvexPoly(inside, np.round((corners + to_cells[:, 2]) * 16).astype(np.int32), 1, shift=4)
    share = weight * inside.astype(np.float32)
    for channel in _known_channels(example.known):
        target[channel] += share * (labels[channel] - target[channel])
    set_background(target, POINTS)


def _known_channels(known: NDArray[np.bool_]) -> list[int]:
    channels = [point for point in range(POINTS) if known[point]]
    for (a, b), pair in zip(LINK_POINTS, LINK_CHANNELS, strict=True):
        if known[a] and known[b]:
            channels += [AFFINITY_CHANNEL + int(channel) for channel in pair]
    return channels


def _lit(image: Image, how: Light, rng: np.random.Generator) -> Image:
    """The picture in another light."""
    ramp = np.arange(256, dtype=np.float32) / 255
    table = np.clip(255 * ramp[:, None] ** how.gamma * how.gain + how.offset, 0, 255).astype(np.uint8)
    picture = cv2.LUT(image, table[None])
    if how.color != 1:
        grey = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
        picture = cv2.addWeighted(picture, how.color, grey, 1 - how.color, 0)
    if how.blur:
        picture = cv2.GaussianBlur(picture, (0, 0), how.blur)
    if how.noise:
        noise = np.round(rng.normal(0, how.noise, picture.shape)).astype(np.int16)
        picture = cv2.add(picture, noise, dtype=cv2.CV_8U)
    return picture  # type: ignore[return-value]


def _occluded(image: Image, box: Occluder | None) -> Image:
    if box:
        corner = box.left + box.width, box.top + box.height
        cv2.rectangle(image, (box.left, box.top), corner, box.color, -1)
    return image
