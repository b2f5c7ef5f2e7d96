"""What training is fed with, however it is made."""

from __future__ import annotations

import multiprocessing

from torch import Tensor

# images (n, 3, size, size) uint8; targets (n, 57, size / 8, size / 8) float16; a teacher's features, as many cells, or
# nothing
Batch = tuple[Tensor, Tensor, Tensor]


SHARES = {"coco": 0.5, "leeds": 0.33, "drawn": 0.11, "scenes": 0.06}  # how often each pack is drawn from
DRAWN = ("drawn", "scenes")  # packs whose labels are the whole truth


class CropSize:
    """The size of the crops of the batches to come. It may be set while processes make them; batches under way keep
    the old one.
    """

    def __init__(self, pixels: int, together: int) -> None:
        """pixels: of a side; together: pixels of all crops of a batch"""
        self._pixels = multiprocessing.Value("i", pixels)
        self._together = together

    @property
    def pixels(self) -> int:
        return int(self._pixels.value)

    @pixels.setter
    def pixels(self, pixels: int) -> None:
        self._pixels.value = pixels

    def batch(self, size: int) -> int:
        """Crops in a batch, so that each batch costs about the same."""
        return max(4, round(self._together / size**2))
