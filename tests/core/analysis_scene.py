"""An analysis with two people and then two others, and what tests of analyses do with it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core import skeleton
from core.analysis import Analysis, Found, ModelInfo, SourceInfo
from core.crowd import crowd
from core.settings import DecodeSettings, Settings
from core.types import People

FPS = 25
LENGTH = 100
SETTINGS = Settings(decoding=DecodeSettings(peak_threshold=0.07))


def people_at(frame: int, count: int = 2) -> People:
    """Standing figures, other ones in each frame; the last of them has no nose."""
    keypoints = crowd(count, 640, 360, seed=frame)
    scores = np.linspace(0.2, 0.9, count * skeleton.POINTS, dtype=np.float32).reshape(count, skeleton.POINTS)
    if count:
        keypoints[-1, skeleton.NOSE] = np.nan
        scores[-1, skeleton.NOSE] = 0
    return People(keypoints, scores, scores.sum(axis=1))


def found(frame: int, *ids: int) -> Found:
    return Found(frame, frame / FPS, people_at(frame, len(ids)), np.array(ids, np.int32))


def create(path: Path) -> Analysis:
    source = SourceInfo(location="/films/dance.mp4", name="dance.mp4", length=LENGTH, fps=FPS)
    return Analysis.create(path, source, np.arange(LENGTH) / FPS, ModelInfo(name="net", checksum="1"), SETTINGS)


@pytest.fixture(name="path")
def path_of_a_file(tmp_path: Path) -> Path:
    return tmp_path / "dance.posedesk"


@pytest.fixture(name="analysis")
def new_analysis(path: Path) -> Iterator[Analysis]:
    with create(path) as made:
        yield made


@pytest.fixture(name="filled")
def filled_analysis(analysis: Analysis) -> Analysis:
    """Frames 10 to 29: persons 1 and 2, from frame 20 on 1 and 3; in 25 nobody."""
    analysis.add(found(f, *(() if f == 25 else (1, 2) if f < 20 else (1, 3))) for f in range(10, 30))
    return analysis


def ids_at(analysis: Analysis, frame: int) -> list[int]:
    tracks = analysis.people(frame)
    assert tracks is not None
    return tracks.ids.tolist()


def assert_same(one: People, other: People) -> None:
    np.testing.assert_array_equal(one.keypoints, other.keypoints)
    np.testing.assert_array_equal(one.scores, other.scores)
    np.testing.assert_array_equal(one.totals, other.totals)


def now_and_reopened(analysis: Analysis, path: Path) -> Iterator[Analysis]:
    """The same must hold of what is in memory and of what is in the file."""
    yield analysis
    yield reopened(analysis, path)


def reopened(analysis: Analysis, path: Path) -> Analysis:
    analysis.close()
    return Analysis.open(path)
