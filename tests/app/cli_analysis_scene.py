"""A film that is analysed by the command line, and what tests of `posedesk analyse` and `posedesk convert` share."""

from pathlib import Path

import pytest

from tests.app.conftest import Command
from tests.tiny_net import write_video

FRAMES = 20
TIMES = [40 * i + (15 if i % 3 == 1 else 0) for i in range(FRAMES)]  # milliseconds
HEAD = "frame,time,person,point,x,y,score\n"  # of a table of poses
GOOD = "0,0.0,1,nose,1,2,0.5\n"  # a row of one


@pytest.fixture(name="video", scope="module")
def video_of_two_arms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20 frames at a variable rate: an arm that wanders, one that stands still and is not there in the end, nobody."""
    arms = [[(40 + i, 25), (115, 30)] if i < 12 else [(40 + i, 25)] if i < 18 else [] for i in range(FRAMES)]
    return write_video(tmp_path_factory.mktemp("video") / "walk.mp4", arms, times=TIMES)


@pytest.fixture(name="analyse")
def analyse_with_the_tiny_net(posedesk: Command, net: Path) -> Command:
    """`posedesk analyse` with the tiny net, at the size that its pictures have."""
    return lambda *words: posedesk("analyse", *words, "--model", net, "--input-height", 128)


@pytest.fixture(name="analysed")
def analysis_of_the_video(analyse: Command, video: Path, tmp_path: Path) -> Path:
    target = tmp_path / "walk.posedesk"
    assert analyse(video, "--out", target).code == 0
    return target
