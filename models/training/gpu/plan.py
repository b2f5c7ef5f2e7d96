"""What a batch of crops is made of, as numbers for the kernels: made on the processor, by lot."""

from __future__ import annotations

import math
from enum import IntEnum, auto

import numpy as np
from numpy.typing import NDArray

from core.types import Floats
from models.training.framing import STRIDE, Augmentation, Light, chained, frame, inverse, light, occluder, to_cells
from models.training.gpu.shelf import LEVELS, STEP, Shelf

_WIDE = (
    1.2  # from so many cells of a teacher to a cell of the crop on, the top of its Gaussian is looked for farther away
)


class Real(IntEnum):
    """Numbers of a layer that are not whole. Affines have six, row by row."""

    CUT = 0  # from pixels of the crop to pixels of the level
    TO_PICTURE = 6  # from cells to pixels of the picture
    TO_MAPS = 12  # from cells to cells of the teacher's maps
    TURN = 18  # 4: from directions in the picture to directions in the crop
    BACK = 22  # 4: from directions in the teacher's maps to directions in the crop
    ZOOM = 26  # cells of the crop for a pixel of the picture
    POWER = 27  # what a Gaussian of the teacher is raised to
    GAIN = 28  # 3
    GAMMA = 31
    OFFSET = 32
    COLOR = 33
    NOISE = 34
    COUNT = 35


class Whole(IntEnum):
    """Whole numbers of a layer."""

    START = 0  # of the level
    HEIGHT = auto()  # of the level
    WIDTH = auto()
    PICTURE_HEIGHT = auto()
    PICTURE_WIDTH = auto()
    MAP_START = auto()
    MAP_HEIGHT = auto()
    MAP_WIDTH = auto()
    FIRST = auto()  # number of the first person
    PEOPLE = auto()
    MIRROR = auto()
    DRAWN = auto()  # the labels are the whole truth
    KNOWN = auto()  # the labels tell of every point
    WIDE = auto()  # a Gaussian of the teacher reaches far
    COUNT = auto()


class Crop(IntEnum):
    """Whole numbers of a crop."""

    GROUND = 0  # 3: colour where no picture is
    BOX = 3  # 4: left, top, right, bottom of what stands in front
    BOX_COLOR = 7  # 3
    SEED = 10  # of its noise
    MOST_PEOPLE = 11  # in any of its layers
    COUNT = 12


# floats (n, layers, Real.COUNT) float32; ints (n, layers, Whole.COUNT) int64; crops (n, Crop.COUNT) int32
Plan = tuple[Floats, NDArray[np.int64], NDArray[np.int32]]


def plan(shelf: Shelf, shares: NDArray[np.float64], rng: np.random.Generator, how: Augmentation, count: int) -> Plan:
    """A batch of so many crops. shares: how often each pack is drawn from."""
    floats = np.zeros((count, how.layers, Real.COUNT), np.float32)
    ints = np.zeros((count, how.layers, Whole.COUNT), np.int64)
    crops = np.zeros((count, Crop.COUNT), np.int32)
    axis = np.linspace(0, how.size - 1, 12)
    grid = np.stack([*np.meshgrid(axis, axis), np.ones((12, 12))])  # where it is looked whether a crop is full
    for number in range(count):
        crop = crops[number]
        crop[Crop.GROUND : Crop.GROUND + 3] = rng.integers(0, 256, 3)
        crop[Crop.SEED] = rng.integers(2**31)
        if box := occluder(how.size, rng):
            crop[Crop.BOX : Crop.BOX + 4] = box.left, box.top, box.left + box.width + 1, box.top + box.height + 1
            crop[Crop.BOX_COLOR : Crop.BOX_COLOR + 3] = box.color
        empty = np.ones((12, 12), np.bool_)
        for layer in range(how.layers):
            pack = rng.choice(len(shares), p=shares)
            picture = int(rng.integers(shelf.packs[pack], shelf.packs[pack + 1]))
            cut = _fill(floats[number, layer], ints[number, layer], shelf, picture, rng, how)
            height, width = shelf.sizes[0, picture]
            x, y = np.tensordot(cut, grid, 1)
            empty &= ~((x >= -0.5) & (x < width - 0.5) & (y >= -0.5) & (y < height - 0.5))
            if empty.mean() < how.least_empty:
                break
        crop[Crop.MOST_PEOPLE] = ints[number, :, Whole.PEOPLE].max()
    return floats, ints, crops


def _fill(
    floats: Floats,
    ints: NDArray[np.int64],
    shelf: Shelf,
    picture: int,
    rng: np.random.Generator,
    how: Augmentation,
) -> NDArray[np.float64]:
    """Write one layer. Returns (2, 3) from pixels of the crop to pixels of the picture."""
    height, width = (int(size) for size in shelf.sizes[0, picture])
    first, end = (int(number) for number in shelf.first[picture : picture + 2])
    mirror = bool(rng.random() < 0.5)
    to_crop = frame(height, width, shelf.regions[first:end], rng, how, mirror)
    lit = light(rng)
    zoom = math.sqrt(abs(float(np.linalg.det(to_crop[:, :2]))))
    level = level_for(zoom, lit)
    rows, columns = (int(size) for size in shelf.sizes[level, picture])
    cut = inverse(to_crop)
    scale = np.array([[columns / width], [rows / height]])
    floats[Real.CUT : Real.CUT + 6] = _shifted(cut, scale).ravel()
    there = to_cells(to_crop)
    back = inverse(there)
    to_maps = chained(shelf.to_cells[picture], back)
    source = math.sqrt(abs(float(np.linalg.det(to_maps[:, :2]))))  # cells of the maps that a cell of the crop covers
    floats[Real.TO_PICTURE : Real.TO_PICTURE + 6] = back.ravel()
    floats[Real.TO_MAPS : Real.TO_MAPS + 6] = to_maps.ravel()
    floats[Real.TURN : Real.TURN + 4] = (to_crop[:, :2] / zoom).ravel()
    # The inverse of a turn or mirror is its transpose.
    floats[Real.BACK : Real.BACK + 4] = (to_maps[:, :2].T / source).ravel()
    floats[Real.ZOOM] = zoom / STRIDE
    floats[Real.POWER] = 1 / (source * source)
    floats[Real.GAIN : Real.GAIN + 3] = lit.gain
    floats[Real.GAMMA], floats[Real.OFFSET] = lit.gamma, lit.offset
    floats[Real.COLOR], floats[Real.NOISE] = lit.color, lit.noise
    ints[Whole.START] = shelf.starts[level, picture]
    ints[Whole.HEIGHT], ints[Whole.WIDTH] = rows, columns
    ints[Whole.PICTURE_HEIGHT], ints[Whole.PICTURE_WIDTH] = height, width
    ints[Whole.MAP_START] = shelf.map_starts[picture]
    ints[Whole.MAP_HEIGHT], ints[Whole.MAP_WIDTH] = shelf.maps[picture]
    ints[Whole.FIRST], ints[Whole.PEOPLE] = first, end - first
    ints[Whole.MIRROR], ints[Whole.DRAWN], ints[Whole.KNOWN] = mirror, shelf.drawn[picture], shelf.known[picture]
    ints[Whole.WIDE] = source > _WIDE
    return cut


def level_for(zoom: float, lit: Light) -> int:
    """The level whose scale is nearest to that of the crop, so that little is left out or made up; a coarser one to
    blur.
    """
    level = math.floor(-math.log(zoom, STEP) + 0.5)
    if lit.blur:
        level += round(2 * math.log2(1 + lit.blur))
    return min(max(level, 0), LEVELS - 1)


def _shifted(affine: NDArray[np.float64], scale: NDArray[np.float64]) -> NDArray[np.float64]:
    """The affine followed by a change of scale that keeps the corners of the picture in place, not its first centre."""
    moved = affine * scale
    moved[:, 2:] += (scale - 1) / 2
    return moved
