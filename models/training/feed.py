"""Batches of crops, made by worker processes while the net learns."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from models.training.augment import sample
from models.training.batches import Batch, CropSize
from models.training.datasets import Example
from models.training.framing import Augmentation
from models.training.pack import Pack
from models.training.teacher import Features, SoftMaps


class Feed(IterableDataset[Batch]):
    """An endless stream of batches."""

    def __init__(
        self,
        folder: Path,
        shares: dict[str, float],
        how: Augmentation,
        size: CropSize,
        seed: int,
        teacher: Callable[[], Features] | None = None,
    ) -> None:
        """folder: of the packs; shares: how often each is drawn from; teacher: makes, in each worker, what gives
        features; none: there are no features.
        """
        self._teacher = teacher
        self._paths = [folder / name for name in shares]
        self._shares = np.array(list(shares.values())) / sum(shares.values())
        self._how = how
        self._size = size
        self._seed = seed

    def __iter__(self) -> Iterator[Batch]:
        if get_worker_info():
            os.nice(19)  # the net goes first, workers fill the gaps
        cv2.setNumThreads(1)
        torch.set_num_threads(1)
        worker = get_worker_info()
        rng = np.random.default_rng((self._seed, worker.id if worker else 0))
        packs = [Pack(path) for path in self._paths]
        features = self._teacher() if self._teacher else None

        def draw() -> tuple[Example, SoftMaps]:
            pack = packs[rng.choice(len(packs), p=self._shares)]
            return pack[int(rng.integers(len(pack)))]

        while True:
            how = replace(self._how, size=self._size.pixels)
            samples = [sample(draw, rng, how) for _ in range(self._size.batch(how.size))]
            images = np.stack([s.image for s in samples]).transpose(0, 3, 1, 2)
            seen = np.stack([features(s.image) for s in samples]) if features else np.empty(0, np.float32)
            targets = np.stack([s.target for s in samples])
            yield torch.from_numpy(images.copy()), torch.from_numpy(targets).half(), torch.from_numpy(seen).half()


def batches(feed: Feed, workers: int) -> Iterator[Batch]:
    """The stream, made by so many processes."""
    return iter(DataLoader(feed, batch_size=None, num_workers=workers, prefetch_factor=3 if workers else None))
