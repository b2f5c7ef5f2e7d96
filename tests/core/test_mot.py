"""The figures of trackers: by hand, and beside motmetrics where it is installed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.mot import Score


def test_a_switch_and_a_miss_by_hand() -> None:
    score = Score()
    near, far = 0.1, np.nan
    score.add([1, 2], [7, 8], np.array([[near, far], [far, near]]))
    score.add([1, 2], [7], np.array([[near], [far]]))  # the second is missed
    score.add([1, 2], [8, 7], np.array([[near, far], [far, near]]))  # they are exchanged
    assert (score.missed, score.false, score.switches) == (1, 0, 2)
    assert score.mota == pytest.approx(1 - 3 / 6)
    assert score.idf1 == pytest.approx(2 * 3 / 11)  # 1 with 7 twice and 2 with 8 once


def test_nobody_is_no_trouble() -> None:
    score = Score()
    score.add([], [], np.empty((0, 0)))
    assert (score.mota, score.idf1) == (1, 0)
    score.add([1], [], np.empty((1, 0)))
    score.add([], [1], np.empty((0, 1)))
    assert (score.missed, score.false, score.mota, score.idf1) == (1, 1, -1, 0)


@settings(max_examples=5)
@given(st.integers(0, 2**32 - 1))
def test_motmetrics_agrees(seed: int) -> None:
    motmetrics = pytest.importorskip("motmetrics", reason="motmetrics is not installed")
    random = np.random.default_rng(seed)
    score, theirs = Score(), motmetrics.MOTAccumulator(auto_id=True)
    for _ in range(20):
        true = [int(i) for i in np.flatnonzero(random.random(4) < 0.8)]
        given_ids = [int(i) for i in 10 + np.flatnonzero(random.random(5) < 0.7)]
        distances = random.random((len(true), len(given_ids)))
        distances[random.random(distances.shape) < 0.6] = np.nan
        score.add(true, given_ids, distances)
        theirs.update(true, given_ids, distances)
    figures = motmetrics.metrics.create().compute(theirs, metrics=["mota", "idf1", "num_switches"])
    assert score.switches == int(figures["num_switches"].iloc[0])
    assert score.mota == pytest.approx(float(figures["mota"].iloc[0]))
    assert score.idf1 == pytest.approx(float(figures["idf1"].iloc[0]))
