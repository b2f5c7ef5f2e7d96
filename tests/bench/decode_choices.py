"""What each choice of the decoder gains in average precision, on the same maps of annotated images.

    python -m tests.bench.decode_choices MODEL ANNOTATIONS IMAGES

The net runs once on every image (and once on its mirror image); then every variant decodes the same maps.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np

from core.decode import assemble_people, decode, find_peaks, score_links
from core.evaluation import Evaluation
from core.network import Network
from core.settings import LECTURE, OPENPOSE, DecodeSettings, NetworkSettings
from core.skeleton import POINTS
from core.types import Floats, Frame, Maps, Peaks, People, Result
from models import registry

Decoder = Callable[[Maps], People]


def plain(settings: DecodeSettings) -> Decoder:
    return lambda maps: decode(maps, settings)


def with_peaks(change: Callable[[Maps, Peaks], Peaks]) -> Decoder:
    """The default decoder, its peaks changed before they are linked."""

    def decoder(maps: Maps) -> People:
        peaks = change(maps, find_peaks(maps.confidence, OPENPOSE))
        return assemble_people(peaks, score_links(peaks, maps.affinity, OPENPOSE), maps.transform, OPENPOSE)

    return decoder


def unrefined(maps: Maps, peaks: Peaks) -> Peaks:
    """Peaks in the middle of their cells."""
    return Peaks(np.round(peaks.xy).astype(np.float32), peaks.scores, peaks.starts)


def centroid(maps: Maps, peaks: Peaks) -> Peaks:
    """Peaks at the weighted centre of the nine cells about them."""
    xy = np.round(peaks.xy).astype(int)
    moved = np.empty_like(peaks.xy)
    for i, (kind, (x, y)) in enumerate(zip(peaks.kinds(), xy, strict=True)):
        rows, columns = slice(max(y - 1, 0), y + 2), slice(max(x - 1, 0), x + 2)
        part = np.maximum(maps.confidence[kind, rows, columns], 0)
        down, right = np.mgrid[rows.start : rows.start + part.shape[0], columns.start : columns.start + part.shape[1]]
        moved[i] = (part * right).sum() / part.sum(), (part * down).sum() / part.sum()
    return Peaks(moved, peaks.scores, peaks.starts)


def bicubic(maps: Maps, peaks: Peaks) -> Peaks:
    """Peaks at the maximum of the bicubic surface about their cells, on a grid of a sixteenth of a cell."""
    factor, reach = 16, 4
    xy = np.round(peaks.xy).astype(int)
    moved = np.empty_like(peaks.xy)
    scores = np.empty_like(peaks.scores)
    for i, (kind, (x, y)) in enumerate(zip(peaks.kinds(), xy, strict=True)):
        wide = cv2.copyMakeBorder(maps.confidence[kind], *[reach] * 4, cv2.BORDER_REPLICATE)
        part = wide[y : y + 2 * reach + 1, x : x + 2 * reach + 1]
        large = cv2.resize(part, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
        first = round((reach - 0.25) * factor)  # three quarters of a cell to either side of the middle
        near = large[first : first + 3 * factor // 2, first : first + 3 * factor // 2]
        row, column = np.unravel_index(np.argmax(near), near.shape)
        offset = (first + 0.5) / factor - 0.5 - reach
        moved[i] = x + column / factor + offset, y + row / factor + offset
        scores[i] = near[row, column]
    return Peaks(np.maximum(moved, 0), scores, peaks.starts)


def as_openpose(maps: Maps) -> People:
    """OpenPose's way: whole maps times 8, strict maxima, centres of 7 x 7 pixels; its links and people are ours."""
    factor = 8
    xy: list[tuple[float, float]] = []
    scores: list[float] = []
    starts = [0]
    for kind in range(POINTS):
        large = cv2.resize(maps.confidence[kind], None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
        above = large > OPENPOSE.peak_threshold
        for dx, dy in ((i, j) for i in (-1, 0, 1) for j in (-1, 0, 1) if (i, j) != (0, 0)):
            above &= large > np.roll(large, (dy, dx), (0, 1))
        above[[0, -1]], above[:, [0, -1]] = False, False
        for y, x in np.argwhere(above)[: OPENPOSE.max_peaks]:
            rows, columns = slice(max(y - 3, 0), y + 4), slice(max(x - 3, 0), x + 4)
            part = np.maximum(large[rows, columns], 0)
            down, right = np.mgrid[
                rows.start : rows.start + part.shape[0], columns.start : columns.start + part.shape[1]
            ]
            place = (part * right).sum() / part.sum(), (part * down).sum() / part.sum()
            xy.append(((place[0] + 0.5) / factor - 0.5, (place[1] + 0.5) / factor - 0.5))
            scores.append(float(large[y, x]))
        starts.append(len(xy))
    places = np.clip(np.array(xy, np.float32).reshape(-1, 2), 0, None)
    peaks = Peaks(places, np.array(scores, np.float32), np.array(starts, np.int32))
    return assemble_people(peaks, score_links(peaks, maps.affinity, OPENPOSE), maps.transform, OPENPOSE)


def rescored(score: Callable[[People], Floats]) -> Decoder:
    """The default decoder; people ranked by another score. `People.confidence` divides totals by 37."""

    def decoder(maps: Maps) -> People:
        people = decode(maps, OPENPOSE)
        return People(people.keypoints, people.scores, (37 * score(people)).astype(np.float32))

    return decoder


def points_found(people: People) -> Floats:
    return np.maximum(people.found().sum(axis=1), 1)


VARIANTS: dict[str, Decoder] = {
    "default": plain(OPENPOSE),
    "peaks: middle of the cell": with_peaks(unrefined),
    "peaks: centre of 3 x 3 cells": with_peaks(centroid),
    "peaks: bicubic about each peak": with_peaks(bicubic),
    "peaks: whole maps x 8, as OpenPose": as_openpose,
    "limbs found twice stay": plain(OPENPOSE.changed(drop_duplicates=False)),
    "no ears from shoulders": plain(OPENPOSE.changed(attach_ears=False)),
    "no links of near points": plain(OPENPOSE.changed(near_links=False)),
    "score: mean over 18 points": rescored(lambda people: people.scores.sum(axis=1) / 18),
    "score: mean of the points found": rescored(lambda people: people.scores.sum(axis=1) / points_found(people)),
    "score: total / points found": rescored(lambda people: people.totals / points_found(people) / 2),
    "score: total / root of points found": rescored(lambda people: people.totals / np.sqrt(points_found(people)) / 8),
    "point threshold 0.02": plain(OPENPOSE.changed(peak_threshold=0.02)),
    "point threshold 0.1": plain(OPENPOSE.changed(peak_threshold=0.1)),
    "share of samples 0.75": plain(OPENPOSE.changed(link_share=0.75)),
    "least score 0.05, 2 points": plain(OPENPOSE.changed(min_score=0.05, min_points=2)),
    "preset lecture": plain(LECTURE),
}


class Recorded:
    """Stands for an estimator: decodes maps that are there already, image after image."""

    def __init__(self, maps: list[Maps], decoder: Decoder) -> None:
        self._maps: Iterator[Maps] = iter(maps)
        self._decoder = decoder

    def process(self, frame: Frame) -> Result:
        maps = next(self._maps)
        nothing = SimpleNamespace()
        people = self._decoder(maps)
        return Result(frame, maps, nothing, nothing, people, np.full(len(people), -1, np.int32))  # type: ignore[arg-type]


class Recorder:
    """Runs the net, and keeps the maps."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.maps: list[Maps] = []

    def process(self, frame: Frame) -> Result:
        self.maps.append(self.network(frame.image))
        nothing = SimpleNamespace()
        empty = People.empty()
        return Result(frame, self.maps[-1], nothing, nothing, empty, np.empty(0, np.int32))  # type: ignore[arg-type]


def main(model: str, annotations: str, images: str) -> None:
    evaluation = Evaluation(Path(annotations), Path(images))
    rows = []
    for flip in (False, True):
        recorder = Recorder(Network.open(registry.find(model), NetworkSettings(flip=flip)))
        evaluation.run(recorder)  # type: ignore[arg-type]
        variants = {"flip: mean with the mirror image": plain(OPENPOSE)} if flip else VARIANTS
        for name, decoder in variants.items():
            figures = evaluation.run(Recorded(recorder.maps, decoder)).figures  # type: ignore[arg-type]
            rows.append((name, figures))
    base = rows[0][1]["AP"]
    print("| variant | AP | gain | AP50 | AP75 | AR |\n|---|---|---|---|---|---|")
    for name, f in rows:
        print(f"| {name} | {f['AP']:.4f} | {f['AP'] - base:+.4f} | {f['AP50']:.3f} | {f['AP75']:.3f} | {f['AR']:.3f} |")


if __name__ == "__main__":
    main(*sys.argv[1:])
