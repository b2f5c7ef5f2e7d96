"""A film that plays is shown from its analysis as long as that is ahead."""

import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app import leading
from app.film_analysis import FilmAnalysis
from app.leading import Lead
from app.saved import SavedFilm
from app.steered_estimator import SAVED, SteeredEstimator
from app.window import Window
from core.analysis import Analysis, Found, ModelInfo, SourceInfo
from core.settings import Settings
from core.sources import ArraySource, Playback
from core.types import Frame, Image, Maps, Result
from tests.app.film_scene import SOON, arm, do, open_film
from tests.core.outputs_scene import backdrop, crowd, maps_of
from tests.tiny_net import write_video

FPS = 20.0


@dataclass
class Work:
    """Stands for an analyser. takes: seconds that a wait lasts; comes: the frame is there then; behind: frames"""

    clock: list[float]
    comes: bool = False
    takes: float = leading.TRIAL + 0.01
    rate: float | None = None
    behind: int = 1
    waits: int = 0
    sent: list[int] = field(default_factory=list)

    def wait_for(self, frame: int, timeout: float) -> bool:
        self.waits += 1
        self.clock[0] += self.takes
        return self.comes

    def seconds_to(self, frame: int) -> float:
        return self.behind / self.rate if self.rate else math.inf

    def begin_at(self, frame: int) -> None:
        self.sent.append(frame)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(leading, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def film() -> Iterator[Playback]:
    with Playback(ArraySource([np.zeros((4, 4, 3), np.uint8)] * 200, fps=FPS)) as playback:
        yield playback


def lead_of(film: Playback, work: Work) -> Lead:
    return Lead(film, cast(Any, work), work.begin_at)


def test_what_comes_is_waited_for_while_the_film_plays(film: Playback, clock: list[float]) -> None:
    work = Work(clock, comes=True)
    lead = lead_of(film, work)
    assert lead(10)
    assert lead(11)
    assert work.sent == []
    film.pause()
    assert not lead(12)
    assert work.waits == 2, "where the film stands still the net has it as soon"


def test_a_work_that_is_elsewhere_is_sent_ahead_now_and_then(film: Playback, clock: list[float]) -> None:
    work = Work(clock, takes=0.0)
    lead = lead_of(film, work)
    assert not any(lead(index) for index in range(10, 20))
    assert work.sent == [10 + round(leading.AHEAD * FPS)]
    clock[0] += leading.APART + 1
    assert not lead(50)
    assert work.sent[1:] == [50 + round(leading.AHEAD * FPS)]


def test_a_work_that_is_too_slow_is_left_where_it_is_for_a_while(film: Playback, clock: list[float]) -> None:
    work = Work(clock, rate=FPS)
    lead = lead_of(film, work)
    assert not any(lead(index) for index in range(10, 20))
    assert work.waits == 1
    assert work.sent == []
    clock[0] += leading.REST + 1
    lead(50)
    assert work.waits == 2


@pytest.mark.parametrize(("speed", "waits"), [(1.0, 1), (0.5, 20)])
def test_what_is_fast_enough_comes_nearer_and_is_waited_for(
    film: Playback, clock: list[float], speed: float, waits: int
) -> None:
    work = Work(clock, rate=0.8 * FPS)
    film.set_speed(speed)
    lead = lead_of(film, work)
    for index in range(20):
        lead(index)
    assert work.waits == waits
    assert work.sent == []


def test_what_is_fast_enough_but_too_far_behind_is_sent_ahead(film: Playback, clock: list[float]) -> None:
    work = Work(clock, rate=1.25 * FPS, behind=30)
    lead = lead_of(film, work)
    assert not any(lead(index) for index in range(40, 60))
    assert work.sent == [40 + round(leading.AHEAD * FPS)]
    assert work.waits == 1
    clock[0] += leading.AHEAD + 0.1
    lead(60)
    assert work.waits == 2


def test_what_has_hardly_begun_is_tried_again_soon(film: Playback, clock: list[float]) -> None:
    work = Work(clock)
    lead = lead_of(film, work)
    assert lead.is_on is False
    for index in range(10):
        lead(index)
    assert work.waits == 1
    assert not lead.is_on, "it rests"
    clock[0] += leading.BREATH + 0.1
    work.takes, work.comes = 0.0, True
    assert lead(20)
    assert lead.is_on
    clock[0] += leading.TRIAL + 0.1
    assert not lead.is_on, "nobody has asked for long"


def test_a_frame_that_has_come_is_shown_without_the_net(tmp_path: Path) -> None:
    size = (640, 360)
    people, calls = crowd(2, *size), list[int]()

    def net(image: Image) -> Maps:
        calls.append(1)
        return maps_of(people, size)

    info = SourceInfo(location="x", length=100, duration=4.0)
    with Analysis.create(tmp_path / "a.posedesk", info, np.arange(100) / 25, ModelInfo(), Settings()) as analysis:
        estimator = SteeredEstimator(net, Settings())
        estimator.saved = SavedFilm(analysis)

        def lead(index: int) -> bool:
            if index < 5:
                analysis.add([Found(index, index / 25, people, np.array([7, 8], np.int32))])
            return index < 5

        estimator.lead = lead
        result = estimator.process(Frame(backdrop(*size), 4, 4 / 25, 0.0))
        assert result.ids.tolist() == [7, 8]
        assert not calls
        estimator.process(Frame(backdrop(*size), 5, 5 / 25, 0.0))
        assert len(calls) == 1
        estimator.maps_wanted = True
        estimator.process(Frame(backdrop(*size), 3, 3 / 25, 0.0))
        assert len(calls) == 2, "maps take the net anyway"
        assert not analysis.has(3)


def test_a_film_that_plays_is_seen_from_its_analysis_while_that_is_made(
    window: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.analysis.analyser.BATCH_SECONDS", 1000.0)  # nothing is written unless somebody waits
    monkeypatch.setattr("core.analysis.analyser.BATCH_FRAMES", 100_000)
    find, rest = FilmAnalysis._network, threading.Event()

    def slow(opening: FilmAnalysis, image: Image) -> Maps:
        rest.wait(0.03)  # so that it is not done while nobody looks
        return find(opening, image)

    monkeypatch.setattr(FilmAnalysis, "_network", slow)
    open_film(window, write_video(tmp_path / "long.mp4", [arm(frame % 30) for frame in range(1500)], rate=5), qtbot)
    opening, pipeline, results = window.film_view.analysing._open, window.pipeline, list[Result]()
    assert opening is not None
    assert pipeline is not None
    take = pipeline._session._output

    def note(result: Result) -> None:
        results.append(result)
        take(result)

    pipeline._session._output = note
    do(window, "play")
    qtbot.waitUntil(lambda: len(results) > 8 and all(SAVED in each.timings for each in results[-5:]), timeout=SOON)
    assert opening._analyser is not None
    assert opening._analyser.is_analysing
