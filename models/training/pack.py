"""Reads every training picture once, asks the teacher, and writes a pack that training maps into memory.

python -m models.training.pack --data training --teacher mobilenet_v2_140.toml --out build/training
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from core.network import Network
from core.settings import NetworkSettings
from core.types import Floats
from models import registry
from models.training.datasets import Example, read_coco, read_leeds
from models.training.drawn import Taught, draw_pictures, draw_scenes
from models.training.teacher import SoftMaps, soft_maps

# How the teacher sees each data set: whole pictures, at three sizes and mirrored too; single people as they are.
_CAREFUL = NetworkSettings(input_height=368, flip=True, scales=(0.5, 1.0, 1.5))
_QUICK = NetworkSettings(input_height=288)


@dataclass(frozen=True, slots=True)
class Photographs:
    """A data set of photographs: its archives, and how the teacher looks at it."""

    pattern: str
    read: Callable[[Path], Iterator[Example]]
    settings: NetworkSettings


@dataclass(frozen=True, slots=True)
class Drawings:
    """Pictures that are drawn, so that no teacher is needed."""

    draw: Callable[[int, int], Iterator[Taught]]
    count: int
    seed: int


PARTS: dict[str, Photographs | Drawings] = {
    "coco": Photographs("coco_train_*.zip", read_coco, _CAREFUL),
    "leeds": Photographs("lspet_train_*.zip", read_leeds, _QUICK),
    "drawn": Drawings(draw_pictures, 4000, 7),
    "scenes": Drawings(draw_scenes, 1500, 8),
}


class Pack:
    """Examples with soft maps, on disk, read as they are needed. Any number of processes may read one."""

    def __init__(self, path: Path) -> None:
        index = np.load(path / "index.npz")
        self._shapes: NDArray[np.int64] = index["shapes"]  # (n, 5): image height, width; people; map height, width
        self._starts: NDArray[np.int64] = index["starts"]  # (n, 3): of image, people and maps
        self._to_cells: NDArray[np.float64] = index["to_cells"]
        self._people: Floats = index["people"]
        self._regions: Floats = index["regions"]
        self._known: NDArray[np.bool_] = index["known"]
        self._images = np.memmap(path / "images.u8", np.uint8, "r")
        self._maps = np.memmap(path / "maps.i8", np.int8, "r")

    def __len__(self) -> int:
        return len(self._shapes)

    def __getitem__(self, number: int) -> Taught:
        height, width, people, map_height, map_width = self._shapes[number]
        image, first, maps = self._starts[number]
        example = Example(
            self._images[image : image + 3 * height * width].reshape(height, width, 3),
            self._people[first : first + people],
            self._regions[first : first + people],
            self._known[number],
        )
        cells = 57 * map_height * map_width
        soft = self._maps[maps : maps + cells].reshape(57, map_height, map_width)
        return example, SoftMaps(soft, self._to_cells[number])


def write_pack(path: Path, examples: Iterable[Taught]) -> int:
    """Write a pack into the folder `path`. Returns the number of examples."""
    path.mkdir(parents=True, exist_ok=True)
    shapes, starts, to_cells, people, regions, known = [], [], [], [], [], []
    image_start = people_start = map_start = 0
    with (path / "images.u8").open("wb") as images, (path / "maps.i8").open("wb") as maps:
        for example, soft in examples:
            shapes.append((*example.image.shape[:2], len(example.people), *soft.maps.shape[1:]))
            starts.append((image_start, people_start, map_start))
            to_cells.append(soft.to_cells)
            people.append(example.people)
            regions.append(example.regions)
            known.append(example.known)
            image_start += images.write(example.image.tobytes())
            map_start += maps.write(soft.maps.tobytes())
            people_start += len(example.people)
    np.savez(
        path / "index.npz",
        shapes=np.array(shapes, np.int64),
        starts=np.array(starts, np.int64),
        to_cells=np.array(to_cells),
        people=np.concatenate(people),
        regions=np.concatenate(regions),
        known=np.array(known),
    )
    return len(shapes)


_network: Network  # of a worker process


def _start(teacher: str, settings: NetworkSettings) -> None:
    global _network
    cv2.setNumThreads(1)
    _network = Network.open(registry.find(teacher), settings)


def _ask(example: Example) -> Taught:
    return example, soft_maps(_network, example)


def _asked(
    examples: Iterator[Example], teacher: str, settings: NetworkSettings, workers: int, name: str
) -> Iterator[Taught]:
    """The examples with soft maps, a bounded number of them under way."""
    started = time.monotonic()
    done = 0
    with ProcessPoolExecutor(workers, initializer=_start, initargs=(teacher, settings)) as pool:
        while batch := list(islice(examples, 64 * workers)):
            for result in pool.map(_ask, batch, chunksize=4):
                yield result
                done += 1
            print(f"{name}: {done} pictures, {done / (time.monotonic() - started):.1f} a second", flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True, help="folder of the zip files")
    arguments.add_argument("--teacher", required=True, help="name or manifest of the net to learn from")
    arguments.add_argument("--out", type=Path, required=True, help="folder for the packs")
    arguments.add_argument("--parts", nargs="+", default=list(PARTS), choices=list(PARTS))
    arguments.add_argument("--workers", type=int, default=2)
    chosen = arguments.parse_args()
    for name in chosen.parts:
        part = PARTS[name]
        if isinstance(part, Drawings):
            taught = part.draw(part.count, part.seed)
        else:
            examples = chain.from_iterable(part.read(path) for path in sorted(chosen.data.glob(part.pattern)))
            taught = _asked(examples, chosen.teacher, part.settings, chosen.workers, name)
        count = write_pack(chosen.out / name, taught)
        print(f"{name}: {count} pictures in {chosen.out / name}")


if __name__ == "__main__":
    main()
