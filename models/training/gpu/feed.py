"""Batches of crops that never leave the GPU: worker processes only draw the lots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from models.training.batches import DRAWN, Batch, CropSize
from models.training.framing import Augmentation
from models.training.gpu.onboard import Onboard
from models.training.gpu.plan import plan
from models.training.gpu.shelf import Shelf, shelf

Planned = tuple[Tensor, Tensor, Tensor, int]  # see `plan.Plan`; and the size of the crops


class _Plans(IterableDataset[Planned]):
    def __init__(self, on: Shelf, shares: NDArray[np.float64], how: Augmentation, size: CropSize, seed: int) -> None:
        self._shelf, self._shares, self._how, self._size, self._seed = on, shares, how, size, seed

    def __iter__(self) -> Iterator[Planned]:
        torch.set_num_threads(1)
        worker = get_worker_info()
        rng = np.random.default_rng((self._seed, worker.id if worker else 0))
        while True:
            size = self._size.pixels
            how = replace(self._how, size=size)
            floats, ints, crops = plan(self._shelf, self._shares, rng, how, self._size.batch(size))
            yield torch.from_numpy(floats), torch.from_numpy(ints), torch.from_numpy(crops), size


def gpu_batches(
    folder: Path,
    shares: dict[str, float],
    how: Augmentation,
    size: CropSize,
    seed: int,
    workers: int,
    device: torch.device,
) -> Iterator[Batch]:
    """An endless stream of batches on the device; none has a teacher's features. See `models.training.feed`."""
    names = list(shares)
    on = shelf(folder, names, set(DRAWN))
    board = Onboard(on, folder, names, how.labels, device)
    nothing = torch.empty(0, device=device)
    plans = _Plans(on, np.array(list(shares.values())) / sum(shares.values()), how, size, seed)
    for floats, ints, crops, pixels in DataLoader(
        plans, batch_size=None, num_workers=workers, pin_memory=device.type == "cuda"
    ):
        yield *board.batch(floats, ints, crops, pixels), nothing
