"""The decoder against its slow twin, on plausible, random and awkward maps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core import skeleton
from core.crowd import crowd
from core.decode import assemble_people, decode, find_peaks, group_links, naive, score_links
from core.network.ideal import ideal_maps
from core.settings import LECTURE, OPENPOSE, DecodeSettings
from core.types import Floats, Links, Maps, Peaks, Transform

WIDTH, HEIGHT = 656, 368
TRANSFORM = Transform.of_resize((WIDTH, HEIGHT), (WIDTH, HEIGHT), 8)
PRESETS = pytest.mark.parametrize("preset", [OPENPOSE, LECTURE], ids=["openpose", "lecture"])


def maps_of(keypoints: Floats, noise: float = 0.0, seed: int = 0) -> Maps:
    ideal = ideal_maps(keypoints, TRANSFORM, (HEIGHT // 8, WIDTH // 8))
    random = np.random.default_rng(seed)
    confidence = ideal.confidence + random.normal(0, noise, ideal.confidence.shape).astype(np.float32)
    affinity = ideal.affinity + random.normal(0, noise, ideal.affinity.shape).astype(np.float32)
    return Maps(confidence.astype(np.float32), affinity.astype(np.float32), TRANSFORM)


def assert_same_peaks(ours: Peaks, slow: Peaks) -> None:
    np.testing.assert_array_equal(ours.starts, slow.starts)
    np.testing.assert_allclose(ours.xy, slow.xy, atol=1e-4)
    np.testing.assert_allclose(ours.scores, slow.scores, rtol=1e-4)
    assert ours.dropped == slow.dropped


def assert_same_links(ours: Links, slow: Links) -> None:
    np.testing.assert_array_equal(ours.starts, slow.starts)
    np.testing.assert_array_equal(ours.pairs, slow.pairs)
    np.testing.assert_allclose(ours.scores, slow.scores, rtol=1e-4, atol=1e-5)


def assert_same_everything(maps: Maps, preset: DecodeSettings) -> None:
    """Every step of the kernels on the twin's input, so that a rounding in one step does not change the next."""
    peaks = naive.find_peaks(maps.confidence, preset)
    assert_same_peaks(find_peaks(maps.confidence, preset), peaks)
    links = naive.score_links(peaks, maps.affinity, preset)
    assert_same_links(score_links(peaks, maps.affinity, preset), links)
    members, totals = naive.group_links(peaks, links, preset)
    ours, our_totals = group_links(peaks, links, preset)
    np.testing.assert_array_equal(ours, members)
    np.testing.assert_allclose(our_totals, totals, rtol=1e-5)


@PRESETS
@pytest.mark.parametrize("people", [0, 1, 3, 12])
def test_crowds_decode_as_the_twin_does(people: int, preset: DecodeSettings) -> None:
    assert_same_everything(maps_of(crowd(people, WIDTH, HEIGHT), noise=0.015), preset)


@PRESETS
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), width=st.integers(1, 7), height=st.integers(1, 7), level=st.floats(0.0, 1.0))
def test_random_maps_of_any_size_decode_as_the_twin_does(
    preset: DecodeSettings, seed: int, width: int, height: int, level: float
) -> None:
    random = np.random.default_rng(seed)
    confidence = (random.random((19, height, width)) * (random.random((19, height, width)) < level)).astype(np.float32)
    confidence[::3] = np.round(confidence[::3], 1)  # ties
    affinity = random.normal(0.4, 0.5, (38, height, width)).astype(np.float32)
    assert_same_everything(Maps(confidence, affinity, TRANSFORM), preset)


@settings(max_examples=60, deadline=None)
@given(
    image=hnp.arrays(
        np.float32,
        hnp.array_shapes(min_dims=2, max_dims=2, max_side=7),
        elements=st.sampled_from([0.0, 0.1, 0.2, 0.2, 1.0, np.nan, np.inf, -np.inf]).map(np.float32),
    )
)
def test_peaks_of_plateaus_borders_and_nan_are_those_of_the_twin(image: Floats) -> None:
    confidence = np.zeros((19, *image.shape), np.float32)
    confidence[4] = image
    for preset in (OPENPOSE, LECTURE):
        # NaN beside a peak makes its refined place NaN in both; the number and order of peaks is what is compared here.
        ours, slow = find_peaks(confidence, preset), naive.find_peaks(confidence, preset)
        np.testing.assert_array_equal(ours.starts, slow.starts)


def test_everyone_in_a_crowd_is_found_where_they_are() -> None:
    truth = crowd(8, WIDTH, HEIGHT)
    people = decode(maps_of(truth), OPENPOSE)
    assert len(people) == 8
    order = [int(np.argmin(np.abs(truth[:, 1] - neck).sum(axis=1))) for neck in people.keypoints[:, 1]]
    error = np.linalg.norm(people.keypoints - truth[order], axis=-1)
    assert people.found().mean() > 0.97
    # Where nobody is near, a point is found to a tenth of a pixel; two people's faces may pull at each other.
    assert np.nanmedian(error) < 0.1
    assert np.nanpercentile(error, 95) < 1.0


def test_people_come_with_the_surest_first_and_totals_add_up() -> None:
    maps = maps_of(crowd(5, WIDTH, HEIGHT))
    peaks = find_peaks(maps.confidence, OPENPOSE)
    links = score_links(peaks, maps.affinity, OPENPOSE)
    people = assemble_people(peaks, links, maps.transform, OPENPOSE)
    assert len(people) == 5
    assert list(people.totals) == sorted(people.totals, reverse=True)
    body = links.scores[: links.starts[skeleton.BODY_LINKS]]  # nobody needs the links that attach ears
    np.testing.assert_allclose(people.totals.sum(), peaks.scores.sum() + body.sum(), rtol=1e-5)


def test_nobody_flows_through_the_same_code() -> None:
    people = decode(maps_of(np.empty((0, 18, 2), np.float32)), OPENPOSE)
    assert len(people) == 0
    assert people.keypoints.shape == (0, 18, 2)
    assert people.boxes().shape == (0, 4)


def test_missing_points_are_nan_with_score_zero() -> None:
    truth = crowd(1, WIDTH, HEIGHT)
    truth[0, skeleton.L_ANKLE] = np.nan
    people = decode(maps_of(truth), OPENPOSE)
    assert np.isnan(people.keypoints[0, skeleton.L_ANKLE]).all()
    assert people.scores[0, skeleton.L_ANKLE] == 0
    assert people.found().sum() == 17


def test_an_ear_is_attached_from_the_shoulder_when_the_eye_is_hidden() -> None:
    truth = crowd(1, WIDTH, HEIGHT)
    truth[0, skeleton.R_EYE] = np.nan  # the chain nose, eye, ear is broken
    maps = maps_of(truth)
    assert decode(maps, OPENPOSE).found()[0, skeleton.R_EAR]
    assert not decode(maps, OPENPOSE.changed(attach_ears=False)).found()[0, skeleton.R_EAR]


def test_points_on_one_spot_are_joined_as_openpose_does() -> None:
    peaks = Peaks(
        np.array([[10.0, 10.0], [10.1, 10.0]], np.float32),
        np.array([0.9, 0.8], np.float32),
        np.array([0, 0, 1, 2, *[2] * 15], np.int32),  # a neck and a right shoulder
    )
    nothing = np.zeros((38, 46, 82), np.float32)
    links = score_links(peaks, nothing, OPENPOSE)
    assert len(links) == 1
    assert links.scores[0] == pytest.approx(OPENPOSE.peak_threshold, abs=1e-5)
    assert len(score_links(peaks, nothing, OPENPOSE.changed(near_links=False))) == 0


def test_noise_neither_stalls_nor_overflows_and_is_counted() -> None:
    random = np.random.default_rng(1)
    confidence = random.random((19, 92, 164)).astype(np.float32)
    affinity = random.normal(0, 1, (38, 92, 164)).astype(np.float32)
    peaks = find_peaks(confidence, OPENPOSE)
    counts = np.diff(peaks.starts)
    assert (counts == OPENPOSE.max_peaks).all()
    assert peaks.dropped > 18 * 127
    assert_same_peaks(peaks, naive.find_peaks(confidence, OPENPOSE))
    links = score_links(peaks, affinity, OPENPOSE.changed(link_share=0.0, link_threshold=-1.0))
    people = assemble_people(peaks, links, TRANSFORM, OPENPOSE)
    assert len(people) <= OPENPOSE.max_peaks * 17


def test_the_strongest_peaks_are_the_ones_that_stay() -> None:
    confidence = np.zeros((19, 9, 90), np.float32)
    strengths = np.linspace(0.2, 0.9, 30, dtype=np.float32)
    confidence[0, 4, 1::3] = np.random.default_rng(3).permutation(strengths)
    peaks = find_peaks(confidence, OPENPOSE.changed(max_peaks=10))
    assert peaks.dropped == 20
    np.testing.assert_allclose(np.sort(peaks.scores), strengths[-10:], rtol=1e-4)
    assert (np.diff(peaks.xy[:, 0]) > 0).all()  # in reading order still


@pytest.mark.parametrize("place", [(0.0, 0.0), (0.3, 0.2), (-0.4, 20.0), (81.4, 45.2), (40.5, 45.0), (33.33, 7.77)])
def test_a_peak_is_found_between_cells_and_at_the_border(place: tuple[float, float]) -> None:
    keypoints = np.full((1, 18, 2), np.nan, np.float32)
    keypoints[0, 0] = TRANSFORM.to_image(np.array(place, np.float32))
    peaks = find_peaks(ideal_maps(keypoints, TRANSFORM, (46, 82)).confidence, OPENPOSE)
    assert len(peaks) == 1
    np.testing.assert_allclose(peaks.xy[0], place, atol=0.01)
    assert peaks.scores[0] == pytest.approx(1.0, abs=0.01)


def test_two_points_in_one_region_are_one_for_the_lecture_and_two_for_openpose() -> None:
    keypoints = np.full((2, 18, 2), np.nan, np.float32)
    keypoints[:, 0] = TRANSFORM.to_image(np.array([[20, 20], [22.5, 20]], np.float32))
    confidence = ideal_maps(keypoints, TRANSFORM, (46, 82)).confidence
    assert len(find_peaks(confidence, OPENPOSE)) == 2
    assert len(find_peaks(confidence, LECTURE)) == 1


def test_a_plateau_raises_no_score_beyond_what_a_gaussian_may() -> None:
    confidence = np.zeros((19, 12, 12), np.float32)
    confidence[0, 5, 5:7] = 0.9
    confidence[1, 5:7, 5:7] = 0.06
    peaks = find_peaks(confidence, OPENPOSE)
    assert peaks.scores[0] == pytest.approx(1.0)
    assert 0.06 <= peaks.scores[1] < 0.09


def test_maps_with_broken_values_give_no_broken_people() -> None:
    maps = maps_of(crowd(2, WIDTH, HEIGHT))
    random = np.random.default_rng(0)
    for values in (maps.confidence, maps.affinity):
        broken = random.random(values.shape) < 0.01
        values[broken] = random.choice([np.nan, np.inf, -np.inf], broken.sum())
    people = decode(maps, OPENPOSE)
    assert np.isfinite(people.totals).all()
    assert np.isfinite(people.keypoints[people.found()]).all()
    assert np.isfinite(people.scores).all()
