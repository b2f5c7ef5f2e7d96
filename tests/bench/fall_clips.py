"""Films of falls and of daily living, and their poses by a net, kept so that alerts can be tried without the net.

    python -m tests.bench.fall_clips                               # all clips with the embedded net
    python -m tests.bench.fall_clips --model NET.toml --only urfd  # some clips with another

A clip is one of ../shared/videos (urfd_falls: its colour half; gmdcsa24; others, in which nobody falls) or a drawn
scene. The tracker is the default one. Clips that are there already are left as they are; each net has a folder of its
own, with its checksum in the name, so that one that was trained anew under the same name is not taken for the last.
"""

import argparse
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from core.analysis import ModelInfo
from core.decode import decode
from core.network import Network
from core.settings import OPENPOSE, NetworkSettings, TrackingSettings
from core.sources import open_source
from core.sources.synthetic.scenes import DEMOS, Cast
from core.tracking import make_tracker
from core.types import Frame, Ints, People
from models import registry

VIDEOS = Path("../shared/videos")
CACHE = Path("build/falls")
URFD_FPS = 30.0
DRAWN = {"fall": 15.0, "living": 30.0, "accident": 30.0}  # demos, and frames a second that are drawn
SEEDS = 3  # of each
OTHERS = (  # nobody falls in these
    "exercise.avi",
    "openpose_dance.avi",
    "mmaction2_demo.mp4",
    "one-by-one-person-detection.mp4",
    "people_counting.mp4",
)


@dataclass(frozen=True, slots=True)
class Clip:
    """A film. source: what `open_source` takes; fall: seconds from the first sign of it until the person lies, of each
    fall; half: only the right half of the picture.
    """

    group: str
    name: str
    source: str
    falls: tuple[tuple[float, float], ...] = ()
    half: bool = False


@dataclass(frozen=True, slots=True)
class Poses:
    """What was found in a clip, frame by frame. size: (width, height) of its pictures."""

    size: tuple[int, int]
    times: list[float]
    people: list[People]
    ids: list[Ints]


def clips(videos: Path = VIDEOS) -> Iterator[Clip]:
    """All that there are on this machine."""
    yield from _urfd(videos / "urfd_falls")
    yield from _gmdcsa(videos / "gmdcsa24")
    for file in OTHERS:
        if (videos / file).exists():
            yield Clip("others", Path(file).stem, str(videos / file))
    for path in sorted((videos / "tennis").glob("*.mp4")):
        yield Clip("others", path.stem, str(path))
    for demo, fps in DRAWN.items():
        for seed in range(SEEDS):
            yield _drawn(demo, fps, seed)


def _urfd(folder: Path) -> Iterator[Clip]:
    """Labels: a row a frame, from 1; -1 upright, 0 falling, 1 lying."""
    if not (folder / "labels.csv").exists():
        return
    rows: dict[str, list[tuple[int, int]]] = {}
    with (folder / "labels.csv").open() as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["name"], []).append((int(row["frame"]), int(row["label"])))
    for path in sorted(folder.glob("*.mp4")):
        labels = rows[path.stem.removesuffix("-cam0")]
        start = min(frame for frame, label in labels if label == 0)
        end = min(frame for frame, label in labels if label == 1)
        yield Clip("urfd", path.stem, str(path), (((start - 1) / URFD_FPS, (end - 1) / URFD_FPS),), half=True)


def _gmdcsa(folder: Path) -> Iterator[Clip]:
    """Classes in words, such as `Falling (BW)[0.3 to 5]; Standing[0 to 0.2]`: a fall goes to the end of its clip."""
    for path in sorted(folder.glob("*.mp4")):
        kind, number = path.stem.rsplit("_", 1)
        rows = (folder / f"{kind}.csv").read_text(errors="replace").splitlines()
        row = next(row for row in rows if row.startswith(f"{number}.mp4"))
        falls = tuple((float(a), float(a)) for a in re.findall(r"Falling[^\[]*\[\s*([\d.]+)\s*to", row))
        yield Clip("gmdcsa", path.stem, str(path), falls)


def _drawn(demo: str, fps: float, seed: int) -> Clip:
    """A scene whose true actions are known: a fall is a fall up to where the person lies."""
    stage = DEMOS[demo].make(Cast((64, 36), DEMOS[demo].seconds, seed, 1))
    actions = [stage.actors[0].action(i / fps) for i in range(int(fps * DEMOS[demo].seconds))]
    starts = [i for i in range(1, len(actions)) if actions[i] == "fall" != actions[i - 1]]
    falls = tuple((i / fps, (i + actions[i:].index("lie")) / fps) for i in starts if "lie" in actions[i:])
    return Clip("drawn", f"{demo}-seed-{seed}", f"demo:{demo}?seed={seed}&fps={fps:g}", falls)


def poses_of(clip: Clip, model: str, fps: float, cache: Path = CACHE) -> Poses:
    """From the cache where they are there; else the net is run on at most `fps` frames a second."""
    path = folder_of(model, fps, cache) / f"{clip.group}-{clip.name}.npz"
    if not path.exists():
        _save(path, _found(clip, model, fps))
    return _load(path)


def folder_of(model: str, fps: float, cache: Path = CACHE) -> Path:
    """Where poses by a net are kept. Raises ModelError."""
    checksum = ModelInfo.of(registry.find(model)).checksum
    return cache / f"{Path(model).stem}-{fps:g}-{checksum[:12]}"


def _found(clip: Clip, model: str, fps: float) -> Poses:
    network = Network.open(registry.find(model), NetworkSettings())
    tracker = make_tracker(TrackingSettings())
    found = Poses((0, 0), [], [], [])
    due = 0.0
    with open_source(clip.source) as source:
        while (frame := source.read()) is not None:
            if frame.time < due:
                continue
            due = frame.time + 0.9 / fps
            if clip.half:
                frame = _right_half(frame)
            tracks = tracker.update(decode(network(frame.image), OPENPOSE), frame)
            found.times.append(frame.time)
            found.people.append(tracks.people)
            found.ids.append(tracks.ids)
            found = replace(found, size=frame.size)
    return found


def _right_half(frame: Frame) -> Frame:
    return replace(frame, image=np.ascontiguousarray(frame.image[:, frame.size[0] // 2 :]))


def _save(path: Path, poses: Poses) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.npz")
    np.savez_compressed(
        part,
        size=np.array(poses.size),
        times=np.array(poses.times),
        counts=np.array([len(people) for people in poses.people]),
        keypoints=np.concatenate([people.keypoints for people in poses.people]),
        scores=np.concatenate([people.scores for people in poses.people]),
        totals=np.concatenate([people.totals for people in poses.people]),
        ids=np.concatenate(poses.ids),
    )
    part.replace(path)


def _load(path: Path) -> Poses:
    with np.load(path) as data:
        ends = np.cumsum(data["counts"])
        spans = [slice(end - count, end) for end, count in zip(ends, data["counts"], strict=True)]
        everyone = People(data["keypoints"], data["scores"], data["totals"])
        ids: Ints = data["ids"]
        width, height = (int(side) for side in data["size"])
        times: list[float] = data["times"].tolist()
    return Poses((width, height), times, [everyone[span] for span in spans], [ids[span] for span in spans])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="embedded")
    parser.add_argument("--fps", type=float, default=10.0, help="frames a second that are looked at")
    parser.add_argument("--only", default="", help="group of clips, or part of a name")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)  # several of these side by side, not one that waits for itself
    for clip in clips():
        if arguments.only in f"{clip.group}-{clip.name}":
            poses = poses_of(clip, arguments.model, arguments.fps)
            count = sum(len(people) for people in poses.people)
            print(f"{clip.group}-{clip.name}: {len(poses.times)} frames, {count} poses, falls {clip.falls}", flush=True)


if __name__ == "__main__":
    main()
