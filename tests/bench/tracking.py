"""Who is who, measured: MOTA, IDF1 and ID switches of each tracker on drawn scenes with known truth.

    python -m tests.bench.tracking                      # true points with the errors of a net (tests/bench/noise.py)
    python -m tests.bench.tracking --model NET.toml     # the poses that a net finds
    python -m tests.bench.tracking --seeds 2 --fps 15 --json figures.json

Scenes `demo:cross` and `demo:walk`; 2 to 4 people, several seeds and frame rates, with and without dropped frames.
Norfair, where it is installed, follows the same poses, once as it comes and once with a memory as long as ours. A
person counts as there with four points in sight; a pose is hers when its points lie in the mean within 0.2 body heights
of hers.
"""

import argparse
import json
import time as clock
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, get_args

import cv2
import numpy as np

from core.decode import decode
from core.network import Network
from core.settings import OPENPOSE, NetworkSettings, TrackingSettings
from core.sources.synthetic import SyntheticScene, Truth
from core.tracking import make_tracker
from core.types import Frame, Ints, People
from models import registry
from tests.bench.mot import Score, total
from tests.bench.noise import LEAST, Detector, Noise, body_heights

NEAR = 0.2  # body heights
METHODS = [name for name in get_args(TrackingSettings.model_fields["method"].annotation) if name != "none"]
Follow = Callable[[People, Frame], tuple[People, Ints]]


@dataclass(frozen=True, slots=True)
class Film:
    """One scene. drop: share of frames that are lost, as from a camera that is too fast."""

    demo: str
    people: int
    fps: float
    drop: float
    seed: int
    seconds: float

    def frames(self, net: Network | None, size: tuple[int, int]) -> Iterator[tuple[Frame, Truth, People]]:
        scene = SyntheticScene(
            self.demo, size=size, fps=self.fps, seconds=self.seconds, seed=self.seed, people=self.people
        )
        detect = Detector(Noise(), self.seed, size)
        rng = np.random.default_rng(self.seed)
        with scene:
            while (frame := scene.read()) is not None:
                if rng.random() < self.drop:
                    continue
                truth = scene.truth(frame.index)
                found = detect(truth, frame.time) if net is None else decode(net(frame.image), OPENPOSE)
                yield frame, truth, found


def films(arguments: argparse.Namespace) -> Iterator[Film]:
    for demo in arguments.demos:
        for people in arguments.people:
            for fps in arguments.fps:
                for drop in arguments.drop:
                    for seed in range(arguments.first_seed, arguments.first_seed + arguments.seeds):
                        yield Film(demo, people, fps, drop, seed, arguments.seconds)


def ours(method: str) -> Follow:
    tracker = make_tracker(TrackingSettings.model_validate({"method": method}))

    def follow(people: People, frame: Frame) -> tuple[People, Ints]:
        tracks = tracker.update(people, frame)
        return tracks.people, tracks.ids

    return follow


def norfair(fps: float, *, memory: bool) -> Follow:
    """Norfair's distance for keypoints; memory: it remembers for a second, and counts its frames by the true rate."""
    import norfair as peer  # type: ignore[import-not-found, unused-ignore]

    settings = {"hit_counter_max": max(2, round(fps)), "initialization_delay": max(1, round(0.1 * fps))}
    tracker = peer.Tracker(
        distance_function=peer.distances.create_keypoints_voting_distance(40.0, 0.2),
        distance_threshold=0.9,
        detection_threshold=0.05,
        **(settings if memory else {}),
    )

    def follow(people: People, frame: Frame) -> tuple[People, Ints]:
        detections = [
            peer.Detection(np.nan_to_num(keypoints.astype(np.float64)), scores, data=i)
            for i, (keypoints, scores) in enumerate(zip(people.keypoints, people.scores, strict=True))
        ]
        ids = np.full(len(people), -1, np.int32)
        for one in tracker.update(detections):
            if one.id is not None and any(one.last_detection is detection for detection in detections):
                ids[one.last_detection.data] = one.id
        return people, ids

    return follow


def compare(truth: Truth, people: People, ids: Ints, size: tuple[int, int], score: Score) -> None:
    """Add a frame to the score; who has no ID is not given."""
    given = np.flatnonzero(ids >= 0)
    there = np.flatnonzero(truth.visible.sum(axis=1) >= LEAST)
    heights = body_heights(truth)
    distances = np.full((len(there), len(given)), np.nan)
    for i, one in enumerate(there):
        for j, other in enumerate(given):
            apart = np.linalg.norm(truth.keypoints[one] - people.keypoints[other], axis=1) / heights[one]
            if np.isfinite(apart).sum() >= 3 and np.nanmean(apart) < NEAR:
                distances[i, j] = np.nanmean(apart)
    score.add([int(one) for one in truth.ids[there]], [int(one) for one in ids[given]], distances)


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    net = None if arguments.model is None else Network.open(registry.find(arguments.model), NetworkSettings())
    size = (arguments.height * 16 // 9, arguments.height)
    makers: dict[str, Callable[[float], Follow]] = {name: lambda fps, name=name: ours(name) for name in METHODS}
    if not arguments.no_norfair:
        makers["norfair"] = partial(norfair, memory=False)
        makers["norfair 1 s"] = partial(norfair, memory=True)
    scores: dict[str, dict[Film, Score]] = {name: {} for name in makers}
    spent = dict.fromkeys(makers, 0.0)
    frames = 0
    for film in films(arguments):
        trackers = {name: make(film.fps) for name, make in makers.items()}
        for name in makers:
            scores[name][film] = Score()
        for frame, truth, people in film.frames(net, size):
            frames += 1
            for name, follow in trackers.items():
                start = clock.process_time()
                poses, ids = follow(people, frame)
                spent[name] += clock.process_time() - start
                compare(truth, poses, ids, size, scores[name][film])

    def line(name: str, chosen: Callable[[Film], bool]) -> dict[str, float]:
        return total([score for film, score in scores[name].items() if chosen(film)])

    groups: dict[str, Callable[[Film], bool]] = {"all": lambda film: True}
    for field, values in (("demo", arguments.demos), ("people", arguments.people), ("fps", arguments.fps),
                          ("drop", arguments.drop)):  # fmt: skip
        for value in values:
            groups[f"{field} {value}"] = lambda film, field=field, value=value: getattr(film, field) == value
    return {
        "frames": frames,
        "films": len(next(iter(scores.values()))),
        "poses": arguments.model or "true points with noise",
        "ms": {name: 1e3 * spent[name] / max(frames, 1) for name in makers},
        "groups": {group: {name: line(name, chosen) for name in makers} for group, chosen in groups.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--demos", nargs="+", default=["cross", "walk"])
    parser.add_argument("--people", nargs="+", type=int, default=[2, 3, 4])
    parser.add_argument("--fps", nargs="+", type=float, default=[10, 15, 30])
    parser.add_argument("--drop", nargs="+", type=float, default=[0.0, 0.3])
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--height", type=int, default=368)
    parser.add_argument("--model")
    parser.add_argument("--no-norfair", action="store_true")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)  # the time of a process is then the time of its tracker
    figures = measure(arguments)
    print(f"{figures['films']} films, {figures['frames']} frames, {figures['poses']}")
    for group, lines in figures["groups"].items():
        print(f"\n{group:24}{'MOTA':>8}{'IDF1':>8}{'switches':>10}")
        for name, values in lines.items():
            print(f"  {name:22}{values['mota']:8.3f}{values['idf1']:8.3f}{values['switches']:10.0f}")
    print("\nms a frame (process time)", {name: round(ms, 2) for name, ms in figures["ms"].items()})
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
