"""How many of the points of drawn people nets find: `python -m tests.bench.scene_points --model A --model B`.

A true point counts as found when somebody who was found has it within 5 % of the person's height.  Only points that can
be seen are asked for.
"""

import argparse
from collections.abc import Iterator

import numpy as np

from app.cli.options import make_settings
from core.decode import decode
from core.network import Network
from core.sources.synthetic import DEMOS, SyntheticScene
from core.types import Floats, Image
from models import registry

NEAR = 0.05  # of the person's height
SIZE = (656, 368)


def points_found(people: Floats, keypoints: Floats, visible: np.ndarray) -> np.ndarray:
    """(18,) bool, which of a person's visible points that one has who has the most of them.

    people: (n, 18, 2) found, image pixels; keypoints: (18, 2) true; visible: (18,) bool
    """
    if not len(people):
        return np.zeros(len(keypoints), np.bool_)
    size = float(np.ptp(keypoints, axis=0).max())
    near = np.linalg.norm(people - keypoints, axis=2) < NEAR * size  # NaN compares false
    found: np.ndarray = (near & visible)[(near & visible).sum(axis=1).argmax()]
    return found


def moments(demo: str, seeds: int, count: int) -> Iterator[tuple[Image, Floats, np.ndarray]]:
    """Pictures of a demo with the true points (n, 18, 2) and whether each can be seen (n, 18)."""
    for seed in range(seeds):
        with SyntheticScene(demo, size=SIZE, seed=seed) as scene:
            for index in np.linspace(0, scene.length - 1, count).astype(int).tolist():
                scene.seek(index)
                frame = scene.read()
                assert frame is not None
                truth = scene.truth(index)
                yield frame.image, truth.keypoints, truth.visible


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--model", action="append", help="name or manifest; may be repeated")
    arguments.add_argument("--seeds", type=int, default=3)
    arguments.add_argument("--moments", type=int, default=10, help="pictures of each demo and seed")
    chosen = arguments.parse_args()
    settings = make_settings()
    for name in chosen.model or [settings.network.model]:
        network = Network.open(registry.find(name), settings.network)
        shares = []
        for demo in DEMOS:
            found = there = 0
            for image, keypoints, visible in moments(demo, chosen.seeds, chosen.moments):
                people = decode(network(image), settings.decoding).keypoints
                for person, seen in zip(keypoints, visible, strict=True):
                    found += int(points_found(people, person, seen).sum())
                    there += int(seen.sum())
            shares.append(f"{demo} {found / there:.3f}")
        print(f"{name}: {', '.join(shares)}")


if __name__ == "__main__":
    main()
