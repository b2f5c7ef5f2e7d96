"""A film of two arms, a net that finds them, and what tests of analysers do with both."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Literal

import numpy as np
import pytest

from core.analysis import (
    Analyser,
    Analysis,
    ModelInfo,
    SourceInfo,
    frame_times,
)
from core.estimator import Estimator
from core.network import Network
from core.settings import NetworkSettings, Settings
from core.sources import ArraySource
from core.tracking import make_tracker
from core.types import Image, Maps, People, Tracks
from models import registry
from tests.tiny_net import arms, write_tiny_net

LENGTH = 60
FPS = 25
PATIENCE = 60.0  # seconds: a busy machine is no failure


@pytest.fixture(name="network", scope="module")
def tiny_network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    manifest = write_tiny_net(tmp_path_factory.mktemp("net"))
    return Network.open(registry.find(manifest), NetworkSettings(backend="cpu", input_height=128))


@pytest.fixture(name="film", scope="module")
def film_of_two_arms() -> list[Image]:
    """Two arms that wander; the right one is faint."""
    return [
        np.maximum(arms((30 + 0.5 * i, 25)), (0.15 * arms((115 - 0.4 * i, 40))).astype(np.uint8)) for i in range(LENGTH)
    ]


@pytest.fixture(name="source")
def source_of_the_film(film: list[Image]) -> ArraySource:
    return ArraySource(film, fps=FPS)


Make = Callable[..., Analysis]
Method = Literal["affinity", "centroid", "lecture"]


@pytest.fixture(name="make")
def make_analysis(tmp_path: Path, source: ArraySource) -> Iterator[Make]:
    made: list[Analysis] = []

    def create(name: str = "film", settings: Settings | None = None) -> Analysis:
        info = SourceInfo.of(source, "array")
        path = tmp_path / f"{name}.posedesk"
        made.append(Analysis.create(path, info, frame_times(source), ModelInfo(name="tiny"), settings or Settings()))
        return made[-1]

    yield create
    for analysis in made:
        analysis.close()


def analyse(analysis: Analysis, source: ArraySource, network: Callable[[Image], Maps], **more: bool) -> None:
    analyser = Analyser(analysis, source, network, **more)
    analyser.start()
    assert analyser.wait(PATIENCE)
    assert analyser.progress.state == "finished"


def in_order(film: list[Image], network: Network, settings: Settings) -> list[Tracks]:
    """What the estimator says without any of this."""
    estimator = Estimator(network, settings.decoding, make_tracker(settings.tracking))
    results = [estimator.process(frame) for frame in iter(ArraySource(film, fps=FPS).read, None)]
    return [Tracks(result.people, result.ids) for result in results]


def shown(analysis: Analysis, frame: int) -> Tracks:
    tracks = analysis.people(frame)
    assert tracks is not None
    return tracks


def assert_same(one: People, other: People, atol: float = 0) -> None:
    np.testing.assert_array_equal(one.keypoints, other.keypoints)
    np.testing.assert_allclose(one.scores, other.scores, atol=atol)
    np.testing.assert_allclose(one.totals, other.totals, atol=atol)


class Held:
    """A net that waits before each picture until it is told to go on."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.may = threading.Semaphore(0)
        self.calls = self._allowed = 0

    def __call__(self, image: Image) -> Maps:
        assert self.may.acquire(timeout=PATIENCE)
        self.calls += 1
        return self._network(image)

    def go_on(self, frames: int = 100000) -> None:
        self._allowed += frames
        self.may.release(frames)

    def step_until(self, condition: Callable[[], bool]) -> None:
        """Let it go on picture by picture, and no further, however long that takes."""
        waiting, deadline = threading.Event(), monotonic() + PATIENCE
        while not condition():
            assert monotonic() < deadline, "it never came"
            if self.calls == self._allowed:
                self.go_on(1)
            waiting.wait(0.02)


def wait_until(condition: Callable[[], bool]) -> None:
    waiting, deadline = threading.Event(), monotonic() + PATIENCE
    while not condition():
        assert monotonic() < deadline, "it never came"
        waiting.wait(0.02)
