"""Do people keep their IDs where a film is analysed in pieces? `python -m tests.bench.pieces [SOURCE ...]`.

Each drawn scene, with the maps of a perfect net, is analysed in one go, and again beginning at three places, the last
first. Printed: IDs in each, and the share of poses with the ID that they have in one go, IDs told apart one to one.
"""

import sys
import tempfile
import zlib
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
        path = folder / f"{len(list(folder.iterdir()))}.posedesk"
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
    print(f"{'scene':42} {'poses':>6} {'IDs':>4} {'in pieces':>9} {'same ID':>8}")
    with tempfile.TemporaryDirectory() as name:
        for text in scenes:
            with open_demo(text) as scene:
                net = PerfectNet(scene)
                whole = analysed(Path(name), text, net, ())
                pieces = analysed(Path(name), text, net, PLACES)
            print(f"{text:42} {compare(whole, pieces)}")


def compare(whole: Analysis, pieces: Analysis) -> str:
    pairs = []
    for frame in range(whole.length):
        one, other = whole.people(frame), pieces.people(frame)
        assert one is not None
        assert other is not None
        for i in range(len(one.people)):
            same = [j for j in range(len(other.people)) if _same(one.people.keypoints[i], other.people.keypoints[j])]
            pairs.append((int(one.ids[i]), int(other.ids[same[0]]) if same else 0))
    rows, columns = sorted({a for a, _ in pairs}), sorted({b for _, b in pairs})
    votes = np.zeros((len(rows), len(columns)))
    for a, b in pairs:
        votes[rows.index(a), columns.index(b)] += 1
    agreed = votes[linear_sum_assignment(-votes)].sum() / max(len(pairs), 1)
    numbers = len(whole.persons()), len(pieces.persons())
    whole.close()
    pieces.close()
    return f"{len(pairs):6} {numbers[0]:4} {numbers[1]:9} {agreed:8.4f}"


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    return bool((one == other).all(axis=1).sum() > 0)


if __name__ == "__main__":
    main()
