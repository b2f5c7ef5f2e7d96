"""How often an ID changes in real films, of people who plainly went on: our trackers and norfair on the same poses.

    python -m tests.bench.film_ids FILM...
    python -m tests.bench.film_ids ../shared/videos/*.* ../shared/videos/tennis/*.mp4 --json figures.json

Real films have no true IDs. But from one frame to the next a body hardly moves: where a pose and one of the frame
before have six points in common, which lie within 0.1 of its height of each other in the mean, and no other pose is
half as near to either, they are one person. A change is counted where the two have different IDs; a gap where the first
had one and the second has none. What happens while somebody is hidden is not counted by that. IDs: how many were given
in all, and what share of the poses has one.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from core.decode import decode
from core.network import Network
from core.settings import OPENPOSE, NetworkSettings
from core.sources import open_source
from core.types import Floats, Frame, Ints, People
from models import registry
from tests.bench.tracking import METHODS, Follow, norfair, ours

COMMON = 6  # points
NEAR = 0.1  # of the body's height
ALONE = 2.0  # the next nearest pose is so many times farther away


@dataclass(slots=True)
class Count:
    """Of one tracker and film."""

    changes: int = 0
    gaps: int = 0
    ids: int = 0
    named: float = 0.0


def apart(now: People, before: People) -> Floats:
    """(n, m) mean distances of the points that two poses have in common, in heights of the second; inf for too few."""
    result = np.full((len(now), len(before)), np.inf, np.float32)
    for j, other in enumerate(before.keypoints):
        known = np.isfinite(other[:, 0])
        height = max(float(np.ptp(other[known], axis=0).max()), 1.0) if known.any() else 1.0
        for i, one in enumerate(now.keypoints):
            distances = np.linalg.norm(one - other, axis=1)
            both = np.isfinite(distances)
            if both.sum() >= COMMON:
                result[i, j] = distances[both].mean() / height
    return result


def same_people(now: People, before: People) -> Iterator[tuple[int, int]]:
    """Pairs of poses of two frames that are plainly of one person."""
    distances = apart(now, before)
    for i, j in zip(*np.nonzero(distances < NEAR), strict=True):
        others = np.concatenate([np.delete(distances[i], j), np.delete(distances[:, j], i)])
        if not len(others) or others.min() > ALONE * distances[i, j]:
            yield int(i), int(j)


def count(followed: list[tuple[People, Ints]]) -> Count:
    given = np.concatenate([ids for _, ids in followed])
    result = Count(ids=len(set(given[given >= 0].tolist())), named=float((given >= 0).mean()))
    for (before, old), (now, new) in pairwise(followed):
        for i, j in same_people(now, before):
            if old[j] >= 0:
                result.gaps += int(new[i] < 0)
                result.changes += int(new[i] >= 0 and new[i] != old[j])
    return result


def poses_of(film: str, network: Network) -> tuple[list[tuple[Frame, People]], float]:
    """Everyone in each frame, and the frames a second."""
    with open_source(film) as source:
        frames = [(frame, decode(network(frame.image), OPENPOSE)) for frame in iter(source.read, None)]
    seconds = frames[-1][0].time - frames[0][0].time
    return frames, (len(frames) - 1) / seconds if seconds > 0 else 25.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("films", nargs="+")
    parser.add_argument("--model", default="embedded")
    parser.add_argument("--no-norfair", action="store_true")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    network = Network.open(registry.find(arguments.model), NetworkSettings())
    figures: dict[str, dict[str, object]] = {}
    names = [*METHODS, *([] if arguments.no_norfair else ["norfair", "norfair 1 s"])]
    print(f"{'changes, gaps, IDs, named':32}{'frames':>7}{'poses':>7}" + "".join(f"{name:>20}" for name in names))
    for film in arguments.films:
        frames, fps = poses_of(film, network)
        trackers: dict[str, Follow] = {name: ours(name) for name in METHODS}
        if not arguments.no_norfair:
            trackers |= {"norfair": norfair(fps, memory=False), "norfair 1 s": norfair(fps, memory=True)}
        counts = {name: count([follow(people, frame) for frame, people in frames]) for name, follow in trackers.items()}
        poses = sum(len(people) for _, people in frames)
        figures[Path(film).stem] = {"frames": len(frames), "poses": poses} | {
            name: asdict(one) for name, one in counts.items()
        }
        cells = "".join(
            f"{f'{one.changes}, {one.gaps}, {one.ids}, {100 * one.named:.0f} %':>20}" for one in counts.values()
        )
        print(f"{Path(film).stem[:31]:32}{len(frames):7}{poses:7}{cells}", flush=True)
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
