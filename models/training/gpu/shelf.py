"""Where each picture of the packs lies in the memory of the GPU. Knows the index of the packs and no pixel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.types import Floats
from models.training.framing import CHANNELS

LEVELS = (
    4  # of each picture, each 1 / sqrt(2) as large as the one before: crops are cut from the one of about their scale
)
STEP = 2**0.5


@dataclass(frozen=True, slots=True)
class Shelf:
    """Pictures of several packs, one after the other, `n` in all.

    sizes:   (LEVELS, n, 2) int64, height and width of each level
    starts:  (LEVELS, n) int64, the number of the first pixel of each among all pixels
    maps:    (n, 2) int64, height and width of a teacher's maps
    map_starts: (n,) int64, of their first value among all values of maps (57 channels)
    to_cells: (n, 2, 3) float64, from pixels of the picture to cells of its maps
    first:   (n + 1,) int64, number of the first person of each picture
    people:  (m, 18, 2) float32, pixels; NaN where missing
    regions: (m, 4) float32, pixels
    known:   (n,) bool, whether labels tell of every point; else of the body alone
    drawn:   (n,) bool, whether the labels are the whole truth, so that no teacher is needed
    packs:   (p + 1,) int64, number of the first picture of each pack
    """

    sizes: NDArray[np.int64]
    starts: NDArray[np.int64]
    maps: NDArray[np.int64]
    map_starts: NDArray[np.int64]
    to_cells: NDArray[np.float64]
    first: NDArray[np.int64]
    people: Floats
    regions: Floats
    known: NDArray[np.bool_]
    drawn: NDArray[np.bool_]
    packs: NDArray[np.int64]

    @property
    def pixels(self) -> int:
        """Of all levels of all pictures."""
        return int(self.sizes.prod(axis=2).sum())


def shelf(folder: Path, names: list[str], drawn: set[str]) -> Shelf:
    """The shelf of the packs in a folder. drawn: names of those whose labels are the whole truth."""
    indices = [np.load(folder / name / "index.npz") for name in names]
    shapes = np.concatenate([index["shapes"] for index in indices])
    counts = [len(index["shapes"]) for index in indices]
    sizes = np.stack([np.maximum(np.round(shapes[:, :2] / STEP**level), 2) for level in range(LEVELS)]).astype(np.int64)
    pixels = sizes.prod(axis=2).ravel()
    values = CHANNELS * shapes[:, 3:].prod(axis=1)
    return Shelf(
        sizes=sizes,
        starts=(np.cumsum(pixels) - pixels).reshape(LEVELS, -1),
        maps=shapes[:, 3:],
        map_starts=np.cumsum(values) - values,
        to_cells=np.concatenate([index["to_cells"] for index in indices]),
        first=np.concatenate([[0], np.cumsum(shapes[:, 2])]),
        people=np.concatenate([index["people"] for index in indices]),
        regions=np.concatenate([index["regions"] for index in indices]),
        known=np.concatenate([index["known"].all(axis=1) for index in indices]),
        drawn=np.repeat([name in drawn for name in names], counts),
        packs=np.concatenate([[0], np.cumsum(counts)]),
    )
