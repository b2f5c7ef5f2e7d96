"""Actions, measured: on labelled tennis shots, on Penn Action, on drawn tennis, and how long a frame takes.

    python -m tests.bench.actions shots FOLDER          # a folder of matches: each in turn is tried by the others
    python -m tests.bench.actions penn ZIP              # Penn Action's labels, its own training and test clips
    python -m tests.bench.actions demo                  # drawn players: true points, and points with a net's errors
    python -m tests.bench.actions speed MODEL           # milliseconds of the processor a person and frame

`--set NAME=VALUE` changes how it is trained, as of `posedesk actions train`; `--json F` writes the figures. With
`--harder` what is tried is also spoiled: fewer frames a second, points missing or wrong, a mirror, another side.
"""

import argparse
import io
import json
import time as clock
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from app.cli.actions import make_settings
from core import skeleton
from core.actions import ActionModel, Interval, MarkedTrack, Recogniser, load_model, recognise
from core.actions.features import mirrored
from core.actions.scores import Score, judge
from core.actions.training import TrainSettings, train
from core.marked_sources import read_source
from core.settings import TrackingSettings
from core.sources.synthetic import open_demo
from core.tracking import make_tracker
from core.types import Event, Frame, People
from tests.bench.noise import Detector, Noise

# Penn Action's 13 joints: head, then shoulders, elbows, wrists, hips, knees, ankles, left before right.
_PENN = (0, 5, 2, 6, 3, 7, 4, 11, 8, 12, 9, 13, 10)
_PENN_RATE = 30.0  # frames a second, taken for all clips, as the labels do not say


# -- what is tried, spoiled --


def fewer(track: MarkedTrack) -> MarkedTrack:
    """Every second frame."""
    return replace(track, times=track.times[::2], keypoints=track.keypoints[::2])


def missing(track: MarkedTrack) -> MarkedTrack:
    """A fifth of all points not found, frame by frame, and one whole limb."""
    random = np.random.default_rng(len(track.times))
    keypoints = track.keypoints.copy()
    keypoints[random.uniform(size=keypoints.shape[:2]) < 0.2] = np.nan
    keypoints[:, random.choice([[9, 10], [12, 13], [3, 4], [6, 7]])] = np.nan
    return replace(track, keypoints=keypoints)


def wrong(track: MarkedTrack) -> MarkedTrack:
    """Points that err by a twentieth of the torso."""
    torso = np.nanmedian(
        np.linalg.norm(track.keypoints[:, skeleton.NECK] - track.keypoints[:, skeleton.R_HIP], axis=-1)
    )
    noise = np.random.default_rng(len(track.times)).normal(0, 0.05 * torso, track.keypoints.shape)
    return replace(track, keypoints=(track.keypoints + noise).astype(np.float32))


def mirror(track: MarkedTrack) -> MarkedTrack:
    return replace(track, keypoints=mirrored(track.keypoints))


def aside(track: MarkedTrack) -> MarkedTrack:
    """As from a camera 40 degrees farther round, were people flat."""
    return replace(track, keypoints=track.keypoints * np.array((0.77, 1.0), np.float32))


HARDER: dict[str, Callable[[MarkedTrack], MarkedTrack]] = {
    "as it is": lambda track: track,
    "half the frames": fewer,
    "points missing": missing,
    "points wrong": wrong,
    "mirrored": mirror,
    "narrower": aside,
}


def tried(model: ActionModel, tracks: Sequence[MarkedTrack], harder: bool) -> dict[str, Score]:
    ways = HARDER if harder else {"as it is": HARDER["as it is"]}
    return {way: judge(model, [spoil(track) for track in tracks]) for way, spoil in ways.items()}


# -- the measurements --


def shots(arguments: argparse.Namespace, settings: TrainSettings) -> dict[str, Any]:
    """Each match tried by a model of the others."""
    tracks = read_source(arguments.source)
    figures: dict[str, Any] = {}
    means: dict[str, list[float]] = {}
    for match in sorted({track.recording for track in tracks}):
        model = train([track for track in tracks if track.recording != match], settings)
        scores = tried(model, [track for track in tracks if track.recording == match], arguments.harder)
        figures[match] = {way: score.macro_f1 for way, score in scores.items()}
        show(match, scores)
        for way, score in scores.items():
            means.setdefault(way, []).append(score.macro_f1)
    figures["mean"] = {way: float(np.mean(values)) for way, values in means.items()}
    print("mean macro F1:", {way: round(value, 3) for way, value in figures["mean"].items()})
    return figures


def penn(arguments: argparse.Namespace, settings: TrainSettings) -> dict[str, Any]:
    """Penn Action's own split."""
    learn: list[MarkedTrack] = []
    held: list[MarkedTrack] = []
    for track, train_it in read_penn(Path(arguments.source)):
        (learn if train_it else held).append(track)
    model = train(learn, settings)
    score = judge(model, held)
    show(f"Penn Action, {len(learn)} clips learnt, {len(held)} tried", {"as it is": score})
    right = float(np.trace(score.confusion) / score.confusion.sum())
    print(f"accuracy {right:.3f}")
    return {"macro_f1": score.macro_f1, "accuracy": right, "per_class": score.f1}


def read_penn(file: Path) -> list[tuple[MarkedTrack, bool]]:
    """Each clip, and whether it is for training."""
    from scipy.io import loadmat

    result = []
    with zipfile.ZipFile(file) as archive:
        for name in sorted(each for each in archive.namelist() if each.endswith(".mat")):
            clip = loadmat(io.BytesIO(archive.read(name)))
            places = np.stack([clip["x"], clip["y"]], axis=-1).astype(np.float32)
            places[(clip["visibility"] == 0) & (places <= 1).all(axis=-1)] = np.nan  # not in the picture
            keypoints = np.full((len(places), skeleton.POINTS, 2), np.nan, np.float32)
            keypoints[:, list(_PENN)] = places
            times = np.arange(len(places)) / _PENN_RATE
            label = str(clip["action"][0])
            interval = Interval(label, 0.0, float(times[-1]))
            track = MarkedTrack(name, 1, times, keypoints, (interval,), whole=True, name=name)
            result.append((track, int(clip["train"][0, 0]) == 1))
    return result


def demo(arguments: argparse.Namespace, settings: TrainSettings) -> dict[str, Any]:
    """Players of seeds that were not learnt from; with true points, and with a net's errors and a tracker's IDs."""
    learnt = [track for seed in range(1, 1 + arguments.learn) for track in scene(seed)]
    model = load_model(Path(arguments.source)) if arguments.source else train(learnt, settings)
    tracks = [track for seed in range(1000, 1000 + arguments.tried) for track in scene(seed)]
    score = judge(model, tracks)
    show("demo:tennis, true points", {"windows": score})
    exact = compared([(track, recognise(model, track)) for track in tracks])
    print(f"events, true points: {exact}")
    erring = compared([(scene(seed)[0], noisy(model, seed)) for seed in range(1000, 1000 + arguments.tried)])
    print(f"events, points with a net's errors: {erring}")
    return {"windows": score.macro_f1, "events": exact, "events with a net's errors": erring}


def address(seed: int) -> str:
    return f"demo:tennis?seconds=40&seed={seed}&fps={(30, 25, 50, 15)[seed % 4]}"


def scene(seed: int) -> list[MarkedTrack]:
    return read_source(address(seed))


def noisy(model: ActionModel, seed: int) -> list[Event]:
    """The events of a scene as a net and a tracker give it: ghosts, points in the wrong place, other IDs."""
    size = (640, 360)
    detect = Detector(Noise(), seed, size)
    tracker = make_tracker(TrackingSettings(method="centroid"))
    recogniser = Recogniser(model)
    blank = np.zeros((size[1], size[0], 3), np.uint8)
    events: list[Event] = []
    with open_demo(address(seed)) as drawn:
        for index in range(drawn.length):
            time = drawn.time_of(index)
            tracks = tracker.update(detect(drawn.truth(index), time), Frame(blank, index, time))
            events += recogniser.update(tracks.people, tracks.ids, time).events
    return events + recogniser.finish()


def compared(pairs: Sequence[tuple[MarkedTrack, list[Event]]]) -> dict[str, float]:
    """Events that overlap an interval of their label by half of both together, each interval found once."""
    hits = events = intervals = 0
    delays: list[float] = []
    for track, found in pairs:
        events, intervals = events + len(found), intervals + len(track.intervals)
        for interval in track.intervals:
            near = [each for each in found if each.event == interval.label and overlap(each, interval) >= 0.5]
            hits += bool(near)
            delays += [near[0].start - interval.start] if near else []
    return {
        "intervals": intervals, "found": hits, "events": events,
        "f1": round(2 * hits / max(events + intervals, 1), 3),
        "begin late by s": round(float(np.mean(delays)), 3) if delays else float("nan"),
    }  # fmt: skip


def overlap(event: Event, interval: Interval) -> float:
    both = min(event.end, interval.end) - max(event.start, interval.start)
    return both / (max(event.end, interval.end) - min(event.start, interval.start))


def speed(arguments: argparse.Namespace, settings: TrainSettings) -> dict[str, Any]:
    """Time of the processor, of this thread alone: others do not count."""
    model = load_model(Path(arguments.source))
    track = read_source("demo:tennis?seconds=10&seed=9")[0]
    figures: dict[str, Any] = {}
    for count in (1, 4, 10):
        recogniser = Recogniser(model)
        ids = np.arange(1, count + 1, dtype=np.int32)
        spent = []
        for time, keypoints in zip(track.times.tolist(), track.keypoints, strict=True):
            people = People(np.repeat(keypoints[None], count, 0), np.ones((count, 18), np.float32), np.ones(count))
            begun = clock.thread_time()
            recogniser.update(people, ids, time)
            spent.append(1e3 * (clock.thread_time() - begun) / count)
        figures[str(count)] = {"median": float(np.median(spent)), "p95": float(np.percentile(spent, 95))}
        print(
            f"{count} people: {np.median(spent):.2f} ms a person and frame, 95 % below {np.percentile(spent, 95):.2f}"
        )
    return figures


def show(title: str, scores: dict[str, Score]) -> None:
    for way, score in scores.items():
        print(f"{title}, {way}: macro F1 {score.macro_f1:.3f}", {k: round(v, 3) for k, v in score.f1.items()})
    first = next(iter(scores.values()))
    print(np.array2string(first.confusion), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = {"shots": shots, "penn": penn, "demo": demo, "speed": speed}
    parser.add_argument("kind", choices=kinds)
    parser.add_argument("source", nargs="?", default="")
    parser.add_argument("--set", action="append", dest="changes")
    parser.add_argument("--seconds", type=float, default=TrainSettings().window.seconds)
    parser.add_argument("--no-mirror", action="store_true")
    parser.add_argument("--harder", action="store_true")
    parser.add_argument("--learn", type=int, default=16, help="demo: how many scenes are learnt from")
    parser.add_argument("--tried", type=int, default=8, help="demo: on how many it is tried")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    window = TrainSettings().window.changed(seconds=arguments.seconds)
    figures = kinds[arguments.kind](
        arguments, make_settings(arguments.changes, window, mirror=not arguments.no_mirror, idle=None)
    )
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
