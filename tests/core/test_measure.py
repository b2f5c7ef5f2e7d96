"""Lines and angles that are measured in a picture, against shapes that are known."""

from math import cos, isnan, pi, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.measure import Measure
from core.motion import body_height
from core.skeleton import L_HIP, NECK, R_HIP
from tests.core.outputs_scene import figures

BODY = figures((200, 40, 300)).keypoints[0]


def test_a_line_has_its_length_in_pixels_and_by_a_body() -> None:
    neck, hips = BODY[NECK].tolist(), (0.5 * (BODY[R_HIP] + BODY[L_HIP])).tolist()
    line = Measure((neck[0], neck[1]), (hips[0], hips[1]))
    assert line.length == pytest.approx(0.33 * 300)
    pixels, torso, heights = line.said(BODY)
    assert (pixels, torso) == ("99 px", "1.00 torso lengths")
    assert heights == f"{99 / float(body_height(BODY)):.2f} body heights"
    assert line.said() == ["99 px"], "nobody is chosen"
    assert line.said(np.full_like(BODY, np.nan)) == ["99 px"], "who is not to be seen is no measure"
    assert isnan(line.angle)


@given(st.floats(0, 2 * pi), st.floats(0, pi), st.sampled_from([-1, 1]), st.floats(1, 500), st.floats(1, 500))
def test_an_angle_is_the_same_however_it_lies(turn: float, angle: float, side: int, one: float, other: float) -> None:
    second = turn + side * angle
    a, c = (one * cos(turn), one * sin(turn)), (other * cos(second), other * sin(second))
    bent = Measure(a, (0.0, 0.0)).bent_to(c)
    assert bent.angle == pytest.approx(angle * 180 / pi, abs=1e-4)
    assert bent.length == pytest.approx(one)
    assert bent.said()[-1] == f"{bent.angle:.0f}\N{DEGREE SIGN}"


def test_two_places_that_are_one_have_no_angle() -> None:
    assert isnan(Measure((1.0, 1.0), (5.0, 5.0), (5.0, 5.0)).angle)
    assert Measure((5.0, 5.0), (5.0, 5.0), (1.0, 1.0)).said() == ["0 px"]
