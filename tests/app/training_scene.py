"""Films with marks to learn from, a model that was learnt, and the process that learns, for tests of training."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.training.work import TrainingWork
from core.actions import MarkedTrack
from core.actions.scores import Decision, Score
from core.actions.training import TrainSettings, train
from core.actions.trial import Trained
from core.analysis import Analysis, Found, ModelInfo, SourceInfo
from core.settings import Settings
from core.types import People
from tests.core.actions_scene import track

SOON = 90_000  # milliseconds
QUICK = TrainSettings(rounds=3, copies=0, mirror=False, features=("places",))


def write_analysis(
    path: Path, one: MarkedTrack, *, of: int | None = 1, film: str = "", name: str = "", key: str = ""
) -> Path:
    """What somebody does, with marks; `of`: whom they are of."""
    count = len(one.times)
    about = SourceInfo(name=name or f"{path.stem}.mp4", location=film, fingerprint=key, fps=30.0, length=count)
    ones = np.ones((1, 18), np.float32)
    with Analysis.create(path, about, one.times, ModelInfo(title="none"), Settings()) as made:
        made.add(
            Found(n, float(one.times[n]), People(one.keypoints[n : n + 1], ones, ones[:, 0]), np.ones(1, np.int32))
            for n in range(count)
        )
        labels = {name: made.marks.add_label(name, "#e69f00").id for name in ("punch", "wave")}
        for mark in one.intervals if of is not None else ():
            made.marks.add(labels[mark.label], of, mark.start, mark.end)
    return path


@pytest.fixture(name="trained", scope="module")
def model_of_two_tracks() -> Trained:
    """A model of three classes, and a score with two that were wrong."""
    model = train([track("a"), track("b", seed=1)], QUICK)
    decisions = [
        Decision("a", 1, "a", 0.0, 0.5, "idle", "idle", 0.9),
        Decision("a", 1, "a", 2.0, 2.5, "wave", "wave", 0.8),
        Decision("b", 2, "b", 0.4, 0.9, "wave", "punch", 0.7),
        Decision("b", 2, "b", 0.2, 0.7, "idle", "wave", 0.6),
        Decision("b", 2, "b", 6.0, 6.5, "punch", "punch", 0.6),
    ]
    return Trained(model, Score.of(model.labels, decisions), "", "recording", 2)


@pytest.fixture(name="make_work")
def work_in_a_process(no_qt_left: None, qapp: object) -> object:
    made: list[TrainingWork] = []

    def make(*command: str) -> TrainingWork:
        made.append(TrainingWork(command=command) if command else TrainingWork())
        return made[-1]

    yield make
    for work in made:
        assert work.shutdown()


Make = Callable[..., TrainingWork]
