"""Crops and targets that are made on a GPU are those that the processor makes. Runs in Triton's interpreter."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

os.environ["TRITON_INTERPRET"] = "1"  # read when Triton is imported
pytest.importorskip("torch", reason="PyTorch comes with the extra `train`")
pytest.importorskip("triton", reason="Triton comes with PyTorch for CUDA")
import torch

from core.crowd import crowd
from core.skeleton import POINTS
from models.training import augment
from models.training.datasets import BODY, Example
from models.training.framing import Augmentation, Light
from models.training.gpu import plan as planning
from models.training.gpu.onboard import Onboard
from models.training.gpu.plan import plan
from models.training.gpu.shelf import shelf
from models.training.pack import Pack, write_pack
from models.training.targets import labelled_maps
from models.training.teacher import SoftMaps

SIZE = 96
PLAIN = Light(gain=np.ones(3), gamma=1.0, offset=0.0, color=1.0, blur=0.0, noise=0.0)


def taught(seed: int) -> tuple[Example, SoftMaps]:
    """A soft picture with two people, of whom the teacher sees each a little beside where the labels are."""
    rng = np.random.default_rng(seed)
    height, width = 120 + 8 * seed, 200
    image = cv2.resize(rng.integers(0, 256, (6, 10, 3), np.uint8), (width, height), interpolation=cv2.INTER_CUBIC)
    people = crowd(2, width, height, seed=seed)
    people[0, 4] = np.nan
    regions = np.concatenate([np.nanmin(people, axis=1) - 8, np.nanmax(people, axis=1) + 8], axis=1)
    known = np.ones(POINTS, np.bool_)
    if seed % 2:
        known[:] = False
        known[list(BODY)] = True
    cells = ((people + 5) / 4).astype(np.float32)
    maps = np.round(127 * labelled_maps(cells, (height // 4, width // 4))).astype(np.int8)
    to_cells = np.array([[0.25, 0, 0], [0, 0.25, 0]])
    return Example(image, people, regions.astype(np.float32), known), SoftMaps(maps, to_cells)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_pack(tmp_path / "photographs", [taught(seed) for seed in range(4)])
    return tmp_path


def test_a_crop_is_the_same_on_the_processor_and_on_the_gpu(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (augment, planning):
        monkeypatch.setattr(module, "light", lambda _: PLAIN)
        monkeypatch.setattr(module, "occluder", lambda _, __: None)
    how = Augmentation(size=SIZE, smallest=60, largest=120, layers=2, least_empty=0)
    on = shelf(folder, ["photographs"], set())
    board = Onboard(on, folder, ["photographs"], how.labels, torch.device("cpu"))
    pack = Pack(folder / "photographs")
    for seed in range(3):
        floats, ints, crops = plan(on, np.ones(1), np.random.default_rng(seed), how, 1)
        images, targets = board.batch(*map(torch.from_numpy, (floats, ints, crops)), SIZE)
        twin = augment.sample(same_lots(pack, rng := np.random.default_rng(seed)), rng, how)
        difference = np.abs(images[0].permute(1, 2, 0).numpy().astype(int) - twin.image.astype(int))
        assert np.median(difference) <= 2
        assert (difference.max(axis=2) > 24).mean() < 0.05  # along the borders of pictures
        difference = np.abs(targets[0].float().numpy() - twin.target)
        assert difference.mean() < 0.01
        assert (difference > 0.1).mean() < 0.02


def same_lots(pack: Pack, rng: np.random.Generator) -> augment.Draw:
    """Draws pictures from a generator as `plan` does."""
    first = True

    def draw() -> tuple[Example, SoftMaps]:
        nonlocal first
        if first:
            rng.integers(2**31)  # the seed of the noise
        first = False
        rng.choice(1, p=np.ones(1))
        return pack[int(rng.integers(0, len(pack)))]

    return draw
