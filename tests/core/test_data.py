"""The body layout, the settings and the structures that travel."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core import skeleton
from core.settings import DECODE_PRESETS, DecodeSettings, NetworkSettings, Section, Settings, TrackingSettings
from core.types import People, Transform

# The lecture's table: two points, then the x and y output channel of the net, of links 0 to 16.
LECTURE_TABLE = """
1-2 31,32  1-5 39,40  2-3 33,34  3-4 35,36  5-6 41,42  6-7 43,44  1-8 19,20  8-9 21,22  9-10 23,24  1-11 25,26
11-12 27,28  12-13 29,30  1-0 47,48  0-14 49,50  14-16 53,54  0-15 51,52  15-17 55,56
"""


def test_links_and_channels_are_those_of_the_lecture() -> None:
    words = LECTURE_TABLE.split()
    for link, points, channels in zip(skeleton.LINKS, words[::2], words[1::2], strict=False):
        assert points == f"{link.a}-{link.b}"
        offset = skeleton.AFFINITY_CHANNEL
        assert channels == f"{link.x_channel + offset},{link.y_channel + offset}"
    # Shoulder to ear of the same side, as the nets were trained; the lecture prints them crossed.
    assert [(link.a, link.b) for link in skeleton.LINKS[17:]] == [(2, 16), (5, 17)]
    used = sorted(channel for link in skeleton.LINKS for channel in (link.x_channel, link.y_channel))
    assert used == list(range(38))


def test_body_links_are_a_tree_listed_from_the_neck_outwards() -> None:
    reached = {skeleton.NECK}
    for link in skeleton.LINKS[: skeleton.BODY_LINKS]:
        assert link.a in reached
        assert link.b not in reached
        reached.add(link.b)
    assert len(reached) == skeleton.POINTS


def test_a_mirror_swaps_left_and_right() -> None:
    for point, other in enumerate(skeleton.MIRRORED_POINTS):
        assert skeleton.MIRRORED_POINTS[other] == point
        swapped = skeleton.POINT_NAMES[point].replace("right", "L").replace("left", "right").replace("L", "left")
        assert skeleton.POINT_NAMES[other] == swapped


@pytest.mark.parametrize("section", [NetworkSettings, DecodeSettings, TrackingSettings])
def test_every_setting_has_a_sentence_of_help(section: type[Section]) -> None:
    for name, field in section.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name


@pytest.mark.parametrize(
    ("section", "values"),
    [
        (DecodeSettings(), {"peak_threshold": 0.0}),
        (DecodeSettings(), {"min_points": 19}),
        (DecodeSettings(), {"no_such_setting": 1}),
        (NetworkSettings(), {"input_height": 100}),
        (NetworkSettings(), {"backend": "abacus"}),
        (TrackingSettings(), {"lifetime": -1}),
    ],
)
def test_values_out_of_bounds_are_refused(section: Section, values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        section.changed(**values)


def test_settings_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValidationError):
        Settings().decoding = DECODE_PRESETS["lecture"]  # type: ignore[misc]


@given(
    image=st.tuples(st.integers(1, 8000), st.integers(1, 8000)),
    cells=st.tuples(st.integers(1, 400), st.integers(1, 400)),
    point=st.tuples(st.floats(-10, 500), st.floats(-10, 500)),
)
def test_a_transform_and_its_inverse_agree(
    image: tuple[int, int], cells: tuple[int, int], point: tuple[float, float]
) -> None:
    transform = Transform.of_resize(image, (cells[0] * 8, cells[1] * 8), 8)
    there = transform.to_image(np.array(point, np.float32))
    np.testing.assert_allclose(transform.to_cells(there), point, atol=0.02)
    # The borders of the grid are the borders of the image.
    corners = transform.to_image(np.array([[-0.5, -0.5], [cells[0] - 0.5, cells[1] - 0.5]], np.float32))
    np.testing.assert_allclose(corners, [[-0.5, -0.5], [image[0] - 0.5, image[1] - 0.5]], atol=0.01)


def test_people_can_be_sliced_and_nobody_is_somebody_too() -> None:
    assert len(People.empty()) == 0
    assert People.empty().boxes().shape == (0, 4)
    keypoints = np.arange(3 * 36, dtype=np.float32).reshape(3, 18, 2)
    keypoints[1, 4] = np.nan
    people = People(
        keypoints, np.where(np.isnan(keypoints[..., 0]), 0, 1).astype(np.float32), np.array([3.0, 2, 1], np.float32)
    )
    assert len(people[:2]) == 2
    assert list(people[np.array([False, True, True])].totals) == [2.0, 1.0]
    np.testing.assert_array_equal(people.boxes()[1], [36, 37, 70, 71])
    assert people.found().sum() == 3 * 18 - 1
