"""Smoothed traces of an analysis: what was put by hand stays there, in each of the places that plot or measure it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from app.beside import Beside, measures_beside, read_other
from app.ranges import Clock, Stretch, ranged
from app.saved import ROOM, SavedTraces, WholeTraces
from app.series import Choice, make_series
from app.trace_log import TraceLog, Traces
from core import skeleton
from core.analysis import Analysis, Found, ModelInfo, SourceInfo
from core.settings import Settings
from tests.core.outputs_scene import figures

FPS, LENGTH, PUT = 25, 40, 20
WRIST = Choice("x", (skeleton.R_WRIST,), smooth=True)


@pytest.fixture(name="analysis")
def corrected(tmp_path: Path) -> Iterator[Analysis]:
    """Two people who stand still; the wrist of #1 was put far away in frame PUT."""
    source = SourceInfo(location="/films/still.mp4", name="still.mp4", length=LENGTH, fps=FPS)
    made = ModelInfo(name="net", checksum="1")
    with Analysis.create(tmp_path / "still.posedesk", source, np.arange(LENGTH) / FPS, made, Settings()) as analysis:
        people, ids = figures((200, 40, 300), (600, 40, 300)), np.array([1, 2], np.int32)
        analysis.add(Found(frame, frame / FPS, people, ids) for frame in range(LENGTH))
        analysis.editor.move_point(PUT, 1, skeleton.R_WRIST, (5.0, 6.0))
        yield analysis


def saved(analysis: Analysis, room: int = ROOM) -> Traces:
    jobs: list[Callable[[], None]] = []
    traces = SavedTraces(analysis, TraceLog(), lambda: [1, 2], jobs.append, room)
    for person in (1, 2):
        traces.poses(person)
        jobs.pop()()
    return traces


def saved_without_room(analysis: Analysis) -> Traces:
    return saved(analysis, room=0)


def whole(analysis: Analysis) -> Traces:
    return WholeTraces(analysis, TraceLog())


@pytest.mark.parametrize("traces", [saved, saved_without_room, whole])
def test_curves_go_through_what_was_put_by_hand(analysis: Analysis, traces: Callable[[Analysis], Traces]) -> None:
    mine, other = make_series(traces(analysis), [1, 2], WRIST)
    assert mine.values[PUT] == 5.0
    assert 5.0 < mine.values[PUT + 1] < mine.values[0], "what was found after it is smoothed"
    assert np.ptp(other.values) == 0.0


def test_ranges_are_those_of_the_curves(analysis: Analysis) -> None:
    clock = Clock(analysis.times(), LENGTH / FPS)
    [row] = ranged(whole(analysis), [Stretch("", (1,), 0.0, clock.end)], WRIST, clock)
    [x] = row.found.values()
    assert (x.least, x.least_at) == (5.0, PUT / FPS)


def test_so_are_curves_of_another_film(analysis: Analysis) -> None:
    analysis.close()
    [(_, values)] = measures_beside(Beside(read_other(analysis.path), 0.5), WRIST)
    assert values[PUT] == 5.0
