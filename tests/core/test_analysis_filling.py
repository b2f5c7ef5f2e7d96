"""A point of a frame from its neighbours: the nearest that have it, and the line between two, by time."""

import numpy as np
import pytest

from core import skeleton
from core.analysis import Trace
from core.analysis.filling import nearest, on_line, place


def trace() -> Trace:
    """Frames 10 to 15 of somebody who is not in 13; the wrist was found in 11 and 15, at uneven times."""
    points = np.full((6, skeleton.POINTS, 3), np.nan, np.float32)
    points[..., 2] = 0
    points[[0, 1, 2, 4, 5], skeleton.NECK] = (1, 1, 0.5)
    points[1, skeleton.R_WRIST], points[5, skeleton.R_WRIST] = (10, 100, 0.5), (30, 50, 0.5)
    return Trace(np.arange(10, 16), np.array([0.0, 1.0, 1.5, 2.0, 4.0, 5.0]), points)


@pytest.mark.parametrize(
    ("frame", "way", "found"), [(13, -1, 11), (13, 1, 15), (11, -1, None), (15, 1, None), (11, 1, 15), (15, -1, 11)]
)
def test_the_nearest_frame_that_has_a_point(frame: int, way: int, found: int | None) -> None:
    assert nearest(trace(), skeleton.R_WRIST, frame, way) == found
    assert nearest(trace(), skeleton.L_ANKLE, frame, way) is None


def test_a_point_goes_from_one_frame_to_another_at_one_speed() -> None:
    assert place(trace(), skeleton.R_WRIST, 15) == (30, 50)
    line = dict(on_line(trace(), skeleton.R_WRIST, 11, 15))
    assert sorted(line) == [12, 14]
    assert line[12] == pytest.approx((12.5, 93.75))
    assert line[14] == pytest.approx((25, 62.5))
    assert on_line(trace(), skeleton.NECK, 11, 12) == []
