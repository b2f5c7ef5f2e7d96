"""Crops of training pictures: where to look, how to turn, and what light does to it."""

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
from models.training.targets import CHANNELS, labelled_maps, set_background, taught_maps
from models.training.teacher import SoftMaps

STRIDE = 8
_MIRRORED = list(MIRRORED_POINTS)


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How crops differ from the pictures they are cut from. Sizes in pixels of the net's input.

    size:      of a square crop
    smallest, largest: size of the person that a crop is about, the long side of the box; evenly by its logarithm
    least_share: of the crop's side that this person takes at least: small people are learnt from small crops, which
               are cheaper, and large crops are for people who fill them
    least_zoom, most_zoom: limits of the change of scale
    any_turn:  share of crops that are turned by any angle; the others by `tilt` degrees (standard deviation)
    elsewhere: share of crops that are about no person in particular
    labels:    weight of the labels against the teacher where both speak
    layers:    most pictures in one crop
    least_empty: share of the crop that may stay empty
    """

    size: int = 192
    smallest: float = 45
    largest: float = 400
    least_share: float = 0.25
    least_zoom: float = 0.3
    most_zoom: float = 2.2
    any_turn: float = 0.25
    tilt: float = 15.0
    elsewhere: float = 0.1
    labels: float = 0.7
    layers: int = 3
    least_empty: float = 0.15


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
        to_crop = _frame(example, rng, how, mirror)
        height, width = example.image.shape[:2]
        seen = cv2.warpAffine(np.ones((height, width), np.uint8), to_crop, empty.shape, flags=cv2.INTER_NEAREST) > 0
        # Pixel centres to cell centres: cell c covers the pixels 8 c to 8 c + 7.
        to_cells = (to_crop - np.array([[0, 0, (STRIDE - 1) / 2]] * 2)) / STRIDE
        maps = taught_maps(soft.maps, _chain(soft.to_cells, _inverse(to_cells)), mirror, (cells, cells))
        _add_labels(maps, example, to_cells, mirror, how.labels)
        new = seen & empty
        here = new[STRIDE // 2 :: STRIDE, STRIDE // 2 :: STRIDE]
        np.copyto(image, _colored(_cut(example.image, to_crop, how.size), rng), where=new[..., None])
        np.copyto(target, maps, where=here)
        empty &= ~seen
        if empty.mean() < how.least_empty:
            break
    set_background(target, POINTS)
    return Sample(_occluded(image, rng), target)


def _frame(example: Example, rng: np.random.Generator, how: Augmentation, mirror: bool) -> NDArray[np.float64]:
    """(2, 3) from pixels of the picture to pixels of the crop."""
    height, width = example.image.shape[:2]
    if len(example.regions) and rng.random() >= how.elsewhere:
        smallest = max(how.smallest, how.least_share * how.size)
        wanted = math.exp(rng.uniform(math.log(smallest), math.log(how.largest)))
        extents = np.maximum((example.regions[:, 2:] - example.regions[:, :2]).max(axis=1), 1.0).astype(np.float64)
        number = _one_of_size(wanted, extents, rng, how)
        left, top, right, bottom = example.regions[number].astype(float)
        zoom = wanted / float(extents[number])
        x, y = rng.uniform(left, right), rng.uniform(top, bottom)
    else:
        zoom = math.exp(rng.uniform(math.log(0.6), math.log(1.8)))
        x, y = rng.uniform(0, width), rng.uniform(0, height)
    zoom = min(max(zoom, how.least_zoom), how.most_zoom)
    angle = math.radians(rng.uniform(-180, 180) if rng.random() < how.any_turn else rng.normal(0, how.tilt))
    c, s = zoom * math.cos(angle), zoom * math.sin(angle)
    turn = np.array([[c, -s], [s, c]]) @ np.diag([-1.0 if mirror else 1.0, 1.0])
    # The point that was chosen lies somewhere in the middle half, so that people are cut by the border too.
    place = (how.size - 1) / 2 + rng.uniform(-how.size / 4, how.size / 4, 2)
    return np.concatenate([turn, (place - turn @ (x, y))[:, None]], axis=1)


def _one_of_size(wanted: float, extents: NDArray[np.float64], rng: np.random.Generator, how: Augmentation) -> int:
    """The number of one of those who can be shown as large as `wanted`, or of the one who comes nearest to it.

    extents: (n,) sizes of people in the picture, in pixels
    """
    zooms = wanted / extents
    able = np.flatnonzero((zooms >= how.least_zoom) & (zooms <= how.most_zoom))
    return int(rng.choice(able)) if len(able) else int(np.abs(np.log(zooms)).argmin())


def _chain(last: NDArray[np.float64], first: NDArray[np.float64]) -> NDArray[np.float64]:
    """`last` after `first`, both (2, 3)."""
    return np.ascontiguousarray(last @ np.concatenate([first, [[0.0, 0.0, 1.0]]]))


def _inverse(affine: NDArray[np.float64]) -> NDArray[np.float64]:
    turn = np.linalg.inv(affine[:, :2])
    return np.concatenate([turn, -turn @ affine[:, 2:]], axis=1)


def _cut(image: Image, to_crop: NDArray[np.float64], size: int) -> Image:
    zoom = math.sqrt(abs(float(np.linalg.det(to_crop[:, :2]))))
    picture: Any = image
    if zoom < 0.75:  # interpolation alone would give false detail
        picture = cv2.blur(image, (round(1 / zoom),) * 2) if zoom > 0.5 else cv2.GaussianBlur(image, (0, 0), 0.4 / zoom)
    return cv2.warpAffine(  # type: ignore[return-value]
        picture, to_crop, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )


def _add_labels(target: Floats, example: Example, to_cells: NDArray[np.float64], mirror: bool, weight: float) -> None:
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


def _colored(image: Image, rng: np.random.Generator) -> Image:
    """Other light, another camera: gains of each colour, contrast, gamma, grey, blur and noise."""
    gain = math.exp(rng.normal(0, 0.15)) * np.exp(rng.normal(0, 0.06, 3))
    gamma = math.exp(rng.normal(0, 0.2))
    offset = rng.normal(0, 8)
    ramp = np.arange(256, dtype=np.float32) / 255
    table = np.clip(255 * ramp[:, None] ** gamma * gain + offset, 0, 255).astype(np.uint8)
    picture = cv2.LUT(image, table[None])
    if rng.random() < 0.3:  # saturation
        grey = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
        share = rng.uniform(0, 1.5)
        picture = cv2.addWeighted(picture, share, grey, 1 - share, 0)
    if rng.random() < 0.1:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 1.5))
    if rng.random() < 0.2:
        noise = np.round(rng.normal(0, rng.uniform(2, 14), picture.shape)).astype(np.int16)
        picture = cv2.add(picture, noise, dtype=cv2.CV_8U)
    return picture  # type: ignore[return-value]


def _occluded(image: Image, rng: np.random.Generator) -> Image:
    """Now and then something stands in front. What it hides stays in the target: a net should guess a hidden elbow."""
    if rng.random() >= 0.25:
        return image
    size = image.shape[0]
    x, y = rng.integers(0, size, 2)
    w, h = rng.integers(size // 12, size // 4, 2)
    cv2.rectangle(image, (int(x), int(y)), (int(x + w), int(y + h)), rng.integers(0, 256, 3).tolist(), -1)
    return image
