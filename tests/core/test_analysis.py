"""The `.posedesk` file: what is put in comes out."""

from pathlib import Path

import numpy as np
import pytest

from core import skeleton
from core.analysis import Analysis, Found, ModelInfo, SourceInfo
from tests.core.analysis_scene import (  # noqa: F401
    FPS,
    LENGTH,
    SETTINGS,
    assert_same,
    filled_analysis,
    found,
    ids_at,
    new_analysis,
    now_and_reopened,
    path_of_a_file,
    people_at,
)


def test_what_is_put_in_comes_out(filled: Analysis, path: Path) -> None:
    filled.close()
    assert [each.name for each in path.parent.iterdir()] == [path.name]  # one file
    with Analysis.open(path) as again:
        assert again.settings == SETTINGS
        assert again.source.name == "dance.mp4"
        assert again.model.checksum == "1"
        assert again.maker.date
        assert again.length == LENGTH
        for frame in (10, 25, 29):
            tracks = again.people(frame)
            assert tracks is not None
            assert_same(tracks.people, found(frame, *tracks.ids).people)
        assert ids_at(again, 12) == [1, 2]
        assert again.people(9) is None
        assert again.people(30) is None
        assert again.time_of(12) == 12 / FPS
        np.testing.assert_array_equal(again.times(), np.arange(LENGTH) / FPS)


def test_ranges_counts_and_presence(filled: Analysis, path: Path) -> None:
    filled.add([found(50, 3), found(51, 3)])
    for analysis in now_and_reopened(filled, path):
        assert analysis.ranges().tolist() == [[10, 30], [50, 52]]
        counts = analysis.counts()
        assert counts[9] == -1
        assert counts[10] == 2
        assert counts[25] == 0
        assert counts[50] == 1
        presence = {person: spans.tolist() for person, spans in analysis.presence().items()}
        assert presence == {1: [[10, 25], [26, 30]], 2: [[10, 20]], 3: [[20, 25], [26, 30], [50, 52]]}
        bridged = analysis.presence(bridge=0.1)
        assert bridged[3].tolist() == [[20, 30], [50, 52]]
        first, second, third = analysis.persons()
        assert (first.id, first.frames, first.first, first.last) == (1, 19, 10, 29)
        assert first.seconds == pytest.approx(19 / FPS)
        assert (second.id, third.id) == (3, 2)
    analysis.close()


def test_who_is_seen_throughout_a_film_of_uneven_frames_is_seen_as_long_as_it_lasts(path: Path) -> None:
    times = np.cumsum([0.0, *[0.01, 0.01, 0.1] * 20])
    source = SourceInfo(location="/films/phone.mp4", name="phone.mp4", length=len(times), fps=FPS)
    with Analysis.create(path, source, times, ModelInfo(name="net", checksum="1"), SETTINGS) as analysis:
        ids = np.array([1], np.int32)
        analysis.add(Found(frame, time, people_at(frame, 1), ids) for frame, time in enumerate(times.tolist()))
        [person] = analysis.persons()
        assert person.seconds == pytest.approx(2.41)


def test_a_frame_that_comes_again_takes_the_place(filled: Analysis, path: Path) -> None:
    filled.add([found(12, 8), found(12, 7)])
    for analysis in now_and_reopened(filled, path):
        assert ids_at(analysis, 12) == [7]
        assert analysis.counts()[12] == 1
        assert analysis.presence()[1][0].tolist() == [10, 12]
    analysis.close()


def test_a_trace_has_gaps_where_nobody_was(filled: Analysis) -> None:
    trace = filled.trace(3, 18, 32)
    assert trace.frames.tolist() == list(range(18, 32))
    np.testing.assert_array_equal(trace.times, np.arange(18, 32) / FPS)
    assert trace.points.shape == (14, skeleton.POINTS, 3)
    there = ~np.isnan(trace.points[:, skeleton.NECK, 0])
    assert there.tolist() == [18 + i in (*range(20, 25), *range(26, 30)) for i in range(14)]
    np.testing.assert_array_equal(trace.points[2, :, :2], people_at(20).keypoints[1])
    np.testing.assert_array_equal(trace.points[2, :, 2], people_at(20).scores[1])
    assert np.isnan(trace.points[:, skeleton.NOSE, 0]).all()
    assert len(filled.trace(99).points) == LENGTH


def test_frames_come_in_order(filled: Analysis) -> None:
    seen = [(found.frame, tracks.ids.tolist()) for found, tracks in filled.frames(19, 27)]
    assert seen == [(19, [1, 2]), *((f, [1, 3]) for f in range(20, 25)), (25, []), (26, [1, 3])]
