"""Traces of everyone in an analysis, however many they are: whole, and read once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from app.saved import SavedTraces
from app.series import MOST, Choice, csv_of, make_series
from app.trace_log import TraceLog
from core import skeleton
from core.analysis import Analysis, Found, ModelInfo, SourceInfo
from core.settings import Settings
from tests.app.test_desktop_parts import result
from tests.core.outputs_scene import figures

CROWD, LENGTH, FPS = 30, 40, 25
SPEED = Choice("speed", (skeleton.R_WRIST,))


@pytest.fixture
def analysis(tmp_path: Path) -> Iterator[Analysis]:
    """CROWD people who walk beside each other through the whole film."""
    source = SourceInfo(location="/films/match.mp4", name="match.mp4", length=LENGTH, fps=FPS)
    made = ModelInfo(name="net", checksum="1")
    with Analysis.create(tmp_path / "match.posedesk", source, np.arange(LENGTH) / FPS, made, Settings()) as analysis:
        ids = np.arange(1, CROWD + 1, dtype=np.int32)
        places = [[(40.0 * i + 3 * frame, 40.0, 100.0) for i in range(CROWD)] for frame in range(LENGTH)]
        analysis.add(Found(frame, frame / FPS, figures(*where), ids) for frame, where in enumerate(places))
        yield analysis


@pytest.fixture
def live() -> TraceLog:
    """Of the film only the begin was played."""
    log = TraceLog()
    log.add(result(0.0, figures((40, 40, 100)), [1]))
    return log


def traces_of(analysis: Analysis, live: TraceLog, room: int) -> tuple[SavedTraces, list[Callable[[], None]]]:
    """And what it has to be done outside the GUI thread."""
    jobs: list[Callable[[], None]] = []
    return SavedTraces(analysis, live, lambda: list(range(1, CROWD + 1)), jobs.append, room), jobs


@pytest.mark.parametrize("people", [0, 3, CROWD])
def test_everyone_is_read_once_and_shown_whole(analysis: Analysis, live: TraceLog, people: int) -> None:
    """people: for how many there is room"""
    traces, jobs = traces_of(analysis, live, room=people * LENGTH * skeleton.POINTS * 2 * 4)
    reads, before = 0, -1
    while before != traces.changes:  # as the panel does
        before = traces.changes
        series = make_series(traces, traces.people(), SPEED)
        reads += len(jobs)
        assert reads <= CROWD, "each makes the panel ask again"
        while jobs:
            jobs.pop()()
    assert reads == CROWD
    assert [len(one.times) for one in series] == [LENGTH] * CROWD
    for one in series:
        assert np.isfinite(one.values).all()


def test_a_table_of_everyone_has_everyone(analysis: Analysis, live: TraceLog) -> None:
    traces, _ = traces_of(analysis, live, room=0)
    whole = traces.whole()
    choice = Choice("x and y", (skeleton.R_WRIST,))
    assert len(make_series(whole, whole.people(), choice)) == MOST
    head, *rows = csv_of(make_series(whole, whole.people(), choice, most=None), "pixels").decode().splitlines()
    assert len(head.split(",")) == 1 + 2 * CROWD
    assert len(rows) == LENGTH
    assert all(cell for row in rows for cell in row.split(","))


def test_who_comes_late_and_leaves_has_no_more_than_that(analysis: Analysis, live: TraceLog) -> None:
    analysis.add(Found(f, f / FPS, figures((40, 40, 100)), np.array([1], np.int32)) for f in range(30, LENGTH))
    traces, jobs = traces_of(analysis, live, room=1 << 20)
    traces.poses(2)
    jobs.pop()()
    times, poses = traces.poses(2)
    assert (times[0], times[-1], len(poses)) == (0.0, 29 / FPS, 30)
    times, poses = traces.poses(2, since=0.5, until=1.0)
    assert (times[0], times[-1], len(poses)) == (pytest.approx(0.52), 1.0, 13)


def test_who_is_plotted_grows_with_the_analysis_whoever_was_read_before(
    analysis: Analysis, live: TraceLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A film that stands still: nothing but the analysis moves."""
    now, seen = [100.0], [-1]
    monkeypatch.setattr("app.saved.monotonic", lambda: now[0])
    traces, jobs = traces_of(analysis, live, room=1 << 20)
    curve = list[int]()

    def look() -> int:
        """As the panel does, which asks when `changes` is another: how long the curve of #1 is then."""
        for _ in range(10):
            if seen[0] == (changes := traces.changes):
                return curve[-1]
            seen[0] = changes
            curve.append(len(traces.poses(1)[0]))
            while jobs:
                jobs.pop()()
        pytest.fail("it does not come to rest")

    traces.poses(5)
    jobs.pop()()
    assert look() == LENGTH
    for length in range(LENGTH, LENGTH + 30, 10):
        frames = range(length, length + 10)
        analysis.add(Found(f, f / FPS, figures((40, 40, 100)), np.array([1], np.int32)) for f in frames)
        now[0] += 100
        assert look() == length + 10
        now[0] += 100
        assert look() == length + 10, "#5 is old by now"


@pytest.mark.parametrize("whole", [False, True])
def test_who_is_hidden_has_no_curve_of_before_the_edits(analysis: Analysis, live: TraceLog, whole: bool) -> None:
    """What was played knows nothing of a split: #1 from frame 10 on was somebody else's curve."""
    for frame in range(1, LENGTH):
        live.add(result(frame / FPS, figures((40 + 3 * frame, 40, 100)), [1]))
    analysis.editor.split(1, 10)
    analysis.editor.hide(1)
    traces, jobs = traces_of(analysis, live, room=1 << 20)
    traces.poses(1)
    jobs.pop()()
    log = traces.whole() if whole else traces
    assert not np.isfinite(log.poses(1)[1]).any()


@pytest.mark.parametrize("whole", [False, True])
def test_who_came_after_the_analysed_part_is_as_they_were_played(
    analysis: Analysis, live: TraceLog, whole: bool
) -> None:  # fmt: skip
    """Of an analysed frame the analysis knows better: an ID that was split off there may have been taken back."""
    late, last = CROWD + 1, LENGTH + 2
    for frame in range(last):
        live.add(result(frame / FPS, figures((40 + 3 * frame, 40, 100)), [late]))
    traces, jobs = traces_of(analysis, live, room=1 << 20)
    traces.poses(late)
    jobs.pop()()
    times, poses = (traces.whole() if whole else traces).poses(late)
    seen = times[np.isfinite(poses[:, skeleton.R_WRIST, 0])]
    assert seen.tolist() == pytest.approx([LENGTH / FPS, (LENGTH + 1) / FPS])
