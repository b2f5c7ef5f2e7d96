"""Where a crop looks, how it is turned and lit: what is drawn by lot for each crop, apart from how it is made."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.skeleton import AFFINITY_CHANNEL, LINKS
from core.types import Floats

STRIDE = 8  # pixels of the net's input that a cell of its output covers
CHANNELS = AFFINITY_CHANNEL + 2 * len(LINKS)  # of its output

Affine = NDArray[np.float64]  # (2, 3)


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


def frame(
    height: int, width: int, regions: Floats, rng: np.random.Generator, how: Augmentation, mirror: bool
) -> Affine:
    """(2, 3) from pixels of a picture to pixels of a crop, by lot.

    regions: (n, 4) left, top, right, bottom of the people in the picture, in its pixels
    """
    if len(regions) and rng.random() >= how.elsewhere:
        smallest = max(how.smallest, how.least_share * how.size)
        wanted = math.exp(rng.uniform(math.log(smallest), math.log(how.largest)))
        extents = np.maximum((regions[:, 2:] - regions[:, :2]).max(axis=1), 1.0).astype(np.float64)
        number = _one_of_size(wanted, extents, rng, how)
        left, top, right, bottom = regions[number].astype(float)
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


@dataclass(frozen=True, slots=True)
class Light:
    """Other light, another camera: what is done to the colours of a picture.

    gain:   (3,) of blue, green and red
    gamma:  exponent of values from 0 to 1
    offset: added to values from 0 to 255
    color:  1: as it is, 0: grey, above 1: stronger colours
    blur:   standard deviation, pixels of the crop; 0: none
    noise:  standard deviation, values from 0 to 255; 0: none
    """

    gain: NDArray[np.float64]
    gamma: float
    offset: float
    color: float
    blur: float
    noise: float


def light(rng: np.random.Generator) -> Light:
    """A light by lot."""
    return Light(
        gain=math.exp(rng.normal(0, 0.15)) * np.exp(rng.normal(0, 0.06, 3)),
        gamma=math.exp(rng.normal(0, 0.2)),
        offset=rng.normal(0, 8),
        color=rng.uniform(0, 1.5) if rng.random() < 0.3 else 1.0,
        blur=rng.uniform(0.4, 1.5) if rng.random() < 0.1 else 0.0,
        noise=rng.uniform(2, 14) if rng.random() < 0.2 else 0.0,
    )


@dataclass(frozen=True, slots=True)
class Occluder:
    """Something that stands in front: a box in pixels of the crop, in one colour (blue, green, red)."""

    left: int
    top: int
    width: int
    height: int
    color: tuple[int, int, int]


def occluder(size: int, rng: np.random.Generator) -> Occluder | None:
    """Now and then something stands in front. What it hides stays in the target: a net should guess a hidden elbow."""
    if rng.random() >= 0.25:
        return None
    x, y = rng.integers(0, size, 2)
    w, h = rng.integers(size // 12, size // 4, 2)
    blue, green, red = rng.integers(0, 256, 3).tolist()
    return Occluder(int(x), int(y), int(w), int(h), (blue, green, red))


def chained(last: Affine, first: Affine) -> Affine:
    """`last` after `first`."""
    return np.ascontiguousarray(last @ np.concatenate([first, [[0.0, 0.0, 1.0]]]))


def inverse(affine: Affine) -> Affine:
    turn = np.linalg.inv(affine[:, :2]).astype(np.float64)
    back: Affine = np.concatenate([turn, -turn @ affine[:, 2:]], axis=1)
    return back


def to_cells(to_crop: Affine) -> Affine:
    """From pixels of a picture to cells, instead of to pixels of the crop: cell c covers the pixels 8 c to 8 c + 7."""
    cells: Affine = (to_crop - np.array([[0, 0, (STRIDE - 1) / 2]] * 2)) / STRIDE
    return cells
