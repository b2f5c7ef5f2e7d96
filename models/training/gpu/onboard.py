"""The packs in the memory of a GPU, and batches made of them there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import max_pool2d

from core.network.ideal import SIGMA
from core.skeleton import LINK_CHANNELS, LINK_POINTS, MIRRORED_LINKS, MIRRORED_POINTS, POINTS
from models.training.framing import CHANNELS, STRIDE
from models.training.gpu.kernels import cut_crops, draw_targets
from models.training.gpu.shelf import LEVELS, Shelf

_BLOCK = 128  # pixels that one program makes
_NEAR, _FAR = int(np.ceil(2.5 * SIGMA)), int(np.ceil(2.5 * SIGMA)) + 1  # cells around where a top is looked for


class Onboard:
    """Pictures, teachers' maps and labels of a shelf, on a device."""

    def __init__(self, shelf: Shelf, folder: Path, names: list[str], labels: float, device: torch.device) -> None:
        """folder, names: of the packs on the shelf; labels: weight of the labels against the teacher"""
        self._device = device
        self._labels = labels
        self._pixels = torch.from_numpy(levels(shelf, folder, names)).to(device)
        self._maps = torch.from_numpy(
            np.concatenate([np.fromfile(folder / name / "maps.i8", np.int8) for name in names])
        ).to(device)
        self._tops, self._wide_tops = self._find_tops(shelf)
        self._people = torch.from_numpy(shelf.people).to(device)
        self._regions = torch.from_numpy(shelf.regions).to(device)
        self._tables = [
            torch.from_numpy(np.array(table, np.int32)).to(device)
            for table in (MIRRORED_POINTS, MIRRORED_LINKS, LINK_POINTS, LINK_CHANNELS)
        ]

    def _find_tops(self, shelf: Shelf) -> list[Tensor]:
        """Of each confidence of a teacher, the largest around, near and farther."""
        tops = [torch.empty(len(self._maps) // CHANNELS * POINTS, dtype=torch.int8, device=self._device) for _ in "12"]
        for (height, width), start in zip(shelf.maps.tolist(), shelf.map_starts.tolist(), strict=True):
            area = height * width
            confidence = self._maps[start : start + POINTS * area].view(1, POINTS, height, width).float().clamp(min=0)
            at = start // CHANNELS * POINTS
            for top, reach in zip(tops, (_NEAR, _FAR), strict=True):
                top[at : at + POINTS * area] = max_pool2d(confidence, 2 * reach + 1, 1, reach).view(-1).to(torch.int8)
        return tops

    def batch(self, floats: Tensor, ints: Tensor, crops: Tensor, size: int) -> tuple[Tensor, Tensor]:
        """Crops as planned (see `plan.Plan`): images (n, 3, size, size) uint8 and targets (n, 57, size / 8, size / 8)
        float16, both with the channels last in memory.
        """
        floats, ints, crops = (part.to(self._device, non_blocking=True) for part in (floats, ints, crops))
        count, layers = floats.shape[:2]
        cells = size // STRIDE
        images = torch.empty(count, size, size, 3, dtype=torch.uint8, device=self._device)
        targets = torch.empty(count, cells, cells, CHANNELS, dtype=torch.float16, device=self._device)
        blocks = -(-size * size // _BLOCK)
        cut_crops[(count, blocks)](self._pixels, floats, ints, crops, images, size, LAYERS=layers, BLOCK=_BLOCK)
        blocks = -(-cells * cells // _BLOCK)
        draw_targets[(count, blocks)](
            self._maps, self._tops, self._wide_tops, self._people, self._regions, *self._tables,
            floats, ints, crops, targets, cells, self._labels, LAYERS=layers, BLOCK=_BLOCK,
        )  # fmt: skip
        return images.permute(0, 3, 1, 2), targets.permute(0, 3, 1, 2)


def levels(shelf: Shelf, folder: Path, names: list[str]) -> NDArray[np.int32]:
    """All pixels of all levels, packed: blue, green, red and nothing in the bytes of each number."""
    packed = np.zeros((shelf.pixels, 4), np.uint8)
    firsts = zip(shelf.packs[:-1].tolist(), shelf.packs[1:].tolist(), strict=True)

    def put(picture: int, image: NDArray[np.uint8]) -> None:
        for level in range(LEVELS):
            rows, columns = (int(size) for size in shelf.sizes[level, picture])
            start = int(shelf.starts[level, picture])
            smaller = cv2.resize(image, (columns, rows), interpolation=cv2.INTER_AREA) if level else image
            packed[start : start + rows * columns, :3] = smaller.reshape(-1, 3)

    with ThreadPoolExecutor() as pool:
        jobs = []
        for name, (first, end) in zip(names, firsts, strict=True):
            images = np.memmap(folder / name / "images.u8", np.uint8, "r")
            at = 0
            for picture in range(first, end):
                rows, columns = (int(size) for size in shelf.sizes[0, picture])
                image = images[at : at + 3 * rows * columns].reshape(rows, columns, 3)
                jobs.append(pool.submit(put, picture, image))
                at += 3 * rows * columns
        for job in jobs:
            job.result()
    return packed.view(np.int32).ravel()
