"""Maps made visible: exactly where they belong."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import skeleton
from core.decode import find_peaks
from core.outputs import affinity_picture, confidence_picture, place_labels, regions_of, regions_picture
from core.outputs.fields import upsample
from core.settings import LECTURE, OPENPOSE
from core.types import Maps, Peaks, Transform
from tests.core.outputs_scene import figures, maps_of

BLACK = np.zeros((360, 640, 3), np.uint8)
PEOPLE = figures((180, 20, 300), (450, 60, 260))
MAPS = maps_of(PEOPLE, (640, 360))
NOTHING = Peaks(np.empty((0, 2), np.float32), np.empty(0, np.float32), np.zeros(19, np.int32))


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([(640, 480), (480, 853), (1920, 400), (333, 777)]),
    st.sampled_from([256, 368, 736]),
    st.floats(0.2, 0.8),
    st.floats(0.2, 0.8),
)
def test_a_peak_comes_up_where_it_was_put(size: tuple[int, int], height: int, x: float, y: float) -> None:
    network = (max(64, round(height * size[0] / size[1] / 8) * 8), height)
    transform = Transform.of_resize(size, network, 8)
    truth = np.array((x * size[0], y * size[1]), np.float32)
    cx, cy = transform.to_cells(truth)
    rows, columns = np.mgrid[0 : network[1] // 8, 0 : network[0] // 8]
    large = upsample(np.exp(-((columns - cx) ** 2 + (rows - cy) ** 2) / 4).astype(np.float32), transform, size)
    assert large.shape == (size[1], size[0])
    weights = np.where(large > 0.3, large, 0)
    found = np.array(
        [(weights.sum(axis=axis) @ np.arange(n)) / weights.sum() for axis, n in zip((0, 1), size, strict=True)]
    )
    assert np.abs(found - truth).max() < 0.5


def test_values_at_the_cells_centres_are_kept() -> None:
    values = np.random.default_rng(0).random((6, 9)).astype(np.float32)
    large = upsample(values, Transform((5.0, 4.0), (2.0, 1.0)), (45, 24))
    np.testing.assert_allclose(large[1::4, 2::5], values, atol=1e-5)


def test_a_map_that_covers_the_picture_agrees_with_a_resize() -> None:
    values = cv2.GaussianBlur(np.random.default_rng(0).random((46, 82)).astype(np.float32), (0, 0), 2)
    large = upsample(values, Transform.of_resize((1312, 736), (656, 368), 8), (1312, 736))
    np.testing.assert_allclose(large, cv2.resize(values, (1312, 736), interpolation=cv2.INTER_CUBIC), atol=0.02)


def test_the_confidence_map_glows_at_its_points() -> None:
    picture = confidence_picture(BLACK, MAPS, skeleton.L_KNEE)
    for person in PEOPLE.keypoints:
        x, y = np.round(person[skeleton.L_KNEE]).astype(int)
        assert picture[y, x].max() > 120
    assert picture[5, 5].max() == 0
    assert BLACK.max() == 0


def test_the_affinity_field_shows_its_direction() -> None:
    right, down = np.zeros((2, 10, 10), np.float32), np.zeros((2, 10, 10), np.float32)
    right[0], down[1] = 1, 1
    pictures = []
    for field in (right, down, 0.05 * right):
        affinity = np.zeros((38, 10, 10), np.float32)
        affinity[skeleton.LINK_CHANNELS[6]] = field
        maps = Maps(np.zeros((19, 10, 10), np.float32), affinity, Transform.of_resize((160, 160), (80, 80), 8))
        pictures.append(affinity_picture(np.zeros((160, 160, 3), np.uint8), maps, 6))
    assert not np.array_equal(pictures[0], pictures[1])
    assert pictures[0].mean() > 30
    assert pictures[2].max() == 0  # noise is not shown


def test_regions() -> None:
    peaks = find_peaks(MAPS.confidence, LECTURE)
    picture = regions_picture(BLACK, MAPS, peaks, skeleton.L_KNEE, 0.1)
    beside = np.round(PEOPLE.keypoints[:, skeleton.L_KNEE] - (12, 0)).astype(int)
    shades = {tuple(picture[y, x]) for x, y in beside}
    assert len(shades) == 2
    assert (0, 0, 0) not in shades
    assert regions_picture(BLACK, MAPS, NOTHING, skeleton.L_KNEE, 2.0).max() == 0


def test_the_peaks_of_the_decoder_are_marked_in_their_regions() -> None:
    """Two maxima in one region: one peak by the lecture's rule, two by OpenPose's."""
    rows, columns = np.mgrid[0:45, 0:80]
    confidence = np.zeros((19, 45, 80), np.float32)
    for x, height in ((30, 0.9), (36, 0.8)):
        bump = height * np.exp(-((columns - x) ** 2 + (rows - 20) ** 2) / 8)
        confidence[skeleton.L_KNEE] = np.fmax(confidence[skeleton.L_KNEE], bump)
    maps = Maps(confidence, MAPS.affinity, Transform.of_resize((640, 360), (640, 360), 8))
    assert regions_of(maps, skeleton.L_KNEE, 0.1)[0] == 1
    for preset, marked in ((LECTURE, [True, False]), (OPENPOSE, [True, True])):
        picture = regions_picture(BLACK, maps, find_peaks(confidence, preset), skeleton.L_KNEE, 0.1)
        places = np.round(maps.transform.to_image(np.array([(30, 20), (36, 20)], np.float32))).astype(int)
        assert [tuple(picture[y, x]) == (255, 255, 255) for x, y in places] == marked


@pytest.mark.parametrize("values", [np.nan, np.inf, -5.0])
def test_odd_values_do_no_harm(values: float) -> None:
    """A half-precision net can give NaN and infinity."""
    maps = Maps(
        np.full((19, 5, 5), values, np.float32),
        np.full((38, 5, 5), values, np.float32),
        Transform.of_resize((80, 80), (40, 40), 8),
    )
    image = np.zeros((80, 80, 3), np.uint8)
    with np.errstate(invalid="ignore"):
        confidence_picture(image, maps, 0)
        affinity_picture(image, maps, 0)
        regions_picture(image, maps, NOTHING, 0, 0.1)


def test_labels_cover_neither_each_other_nor_what_they_name() -> None:
    rng = np.random.default_rng(5)
    places = rng.uniform((20, 20), (300, 180), (60, 2)).astype(np.float32)
    size, within, away = (34.0, 14.0), (320.0, 200.0), 8.0
    corners = place_labels(places, [size] * len(places), within, away)
    assert corners[0] is not None
    boxes = [(*corner, corner[0] + size[0], corner[1] + size[1]) for corner in corners if corner is not None]
    assert 5 < len(boxes) < len(places)
    for i, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0
        assert top >= 0
        assert right <= within[0]
        assert bottom <= within[1]
        assert not any(x0 < right and x1 > left and y0 < bottom and y1 > top for x0, y0, x1, y1 in boxes[:i])
        if i:  # the first is there, whatever it covers
            assert not ((places > (left, top)) & (places < (right, bottom))).all(axis=1).any()


def test_the_first_label_is_there_without_room_and_none_without_places() -> None:
    crowded = np.full((3, 2), 10, np.float32) + np.array([(0, 0), (3, 1), (-2, 2)], np.float32)
    corners = place_labels(crowded, [(50.0, 50.0)] * 3, (20.0, 20.0), 4.0)
    assert [corner is None for corner in corners] == [False, True, True]
    assert place_labels(np.empty((0, 2), np.float32), [], (20.0, 20.0), 4.0) == []
