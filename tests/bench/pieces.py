"""Do people keep their IDs where a film is analysed in pieces? `python -m tests.bench.pieces [SOURCE ...]`.

Each drawn scene, with the maps of a perfect net, is analysed in one go, and again beginning at three places, the last
first. Printed for both: IDs, and the share of poses that have the ID of the true person, IDs told apart one to one.
"""

import sys
import tempfile
import zlib
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from core.analysis import Analyser, Analysis, ModelInfo, SourceInfo, frame_times
from core.network.ideal import ideal_maps
from core.settings import Settings
from core.sources.synthetic import SyntheticScene
from core.sources.synthetic.source import open_demo
from core.types import Image, Maps, Transform

SCENES = (
    "demo:cross?seconds=12",
    "demo:cross?seconds=12&seed=3&people=4",
    "demo:walk?seconds=10",
    "demo:tennis?seconds=8",
)
NET = (656, 368)
PLACES = (0.7, 0.35, 0.1)


class PerfectNet:
    """Knows a picture when it sees it, and who is in it."""

    def __init__(self, scene: SyntheticScene) -> None:
        self._scene = scene
        self._known: dict[int, int] = {}
        for index in range(scene.length):
            scene.seek(index)
            frame = scene.read()
            assert frame is not None
            self._known[zlib.crc32(frame.image.tobytes())] = index

    def __call__(self, image: Image) -> Maps:
        truth = self._scene.truth(self._known[zlib.crc32(image.tobytes())])
        transform = Transform.of_resize((image.shape[1], image.shape[0]), NET, 8)
        return ideal_maps(truth.keypoints, transform, (NET[1] // 8, NET[0] // 8))


def analysed(folder: Path, text: str, net: PerfectNet, places: tuple[float, ...]) -> Analysis:
    """The scene, begun at each of `places`, shares of its length, one after the other."""
    with open_demo(text) as scene:
        source = SourceInfo.of(scene, text)
        path = folder / f"{zlib.crc32(text.encode())}-{len(places)}.posedesk"
        analysis = Analysis.create(path, source, frame_times(scene), ModelInfo(), Settings())
        stretch = scene.length // 6
        for place in places:
            begin = int(place * scene.length)
            _piece(analysis, scene, net, begin, begin + stretch)
        analyser = Analyser(analysis, scene, net, candidates=False)
        analyser.start()
        analyser.wait()
    return analysis


def _piece(analysis: Analysis, scene: SyntheticScene, net: PerfectNet, begin: int, end: int) -> None:
    """From one frame on, up to about another."""
    analyser = Analyser(analysis, scene, net, candidates=False)
    analyser.begin_at(begin)
    analyser.start()
    while not analysis.has(end - 1) and not analyser.wait(0.1):
        pass
    analyser.stop()


def main() -> None:
    scenes = sys.argv[1:] or SCENES
    print(f"{'scene':42} {'poses':>6} {'IDs, one go':>11} {'in pieces':>9} {'right, one go':>13} {'in pieces':>9}")
    with tempfile.TemporaryDirectory() as name:
        for text in scenes:
            with open_demo(text) as scene:
                net = PerfectNet(scene)
                answers = [against_truth(analysed(Path(name), text, net, places), scene) for places in ((), PLACES)]
            (poses, whole, right), (_, pieces, right_too) = answers
            print(f"{text:42} {poses:6} {whole:11} {pieces:9} {right:13.4f} {right_too:9.4f}", flush=True)


def against_truth(analysis: Analysis, scene: SyntheticScene) -> tuple[int, int, float]:
    """Poses, IDs, and the share of poses whose ID is that of the true person, IDs told apart one to one."""
    votes: Counter[tuple[int, int]] = Counter()
    with analysis:
        for frame in range(analysis.length):
            tracks, truth = analysis.people(frame), scene.truth(frame)
            assert tracks is not None
            for person, keypoints in zip(tracks.ids.tolist(), tracks.people.keypoints, strict=True):
                apart = np.nanmedian(np.linalg.norm(truth.keypoints - keypoints, axis=-1), axis=1)
                votes[int(truth.ids[np.argmin(apart)]), person] += 1
        ids = len(analysis.persons())
    table = np.zeros((max(a for a, _ in votes) + 1, max(b for _, b in votes) + 2))
    for (true, person), count in votes.items():
        table[true, person] = count if person > 0 else 0  # who has no ID is not right
    return votes.total(), ids, float(table[linear_sum_assignment(-table)].sum() / max(votes.total(), 1))


if __name__ == "__main__":
    main()
