"""Candidates: the kernels against their twin, decoding again against decoding, and the bytes they are kept as."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis.candidates import pack, unpack
from core.crowd import crowd
from core.decode import decode, naive
from core.decode.candidates import Candidates, decode_again, find_candidates, out_of_reach
from core.settings import LECTURE, OPENPOSE, DecodeSettings
from core.types import Maps, People
from tests.core.test_decode import HEIGHT, TRANSFORM, WIDTH, maps_of

PRESETS = pytest.mark.parametrize("preset", [OPENPOSE, LECTURE], ids=["openpose", "lecture"])
CHANGES = [
    {},
    {"peak_threshold": 0.03, "link_threshold": 0.03, "link_share": 0.8},
    {"peak_threshold": 0.3},
    {"link_threshold": 0.4, "link_share": 0.9},
    {"mean_of_all": True, "near_links": False, "attach_ears": False},
    {"min_points": 8, "min_score": 1.2},
]


def random_maps(seed: int, width: int, height: int, level: float) -> Maps:
    random = np.random.default_rng(seed)
    confidence = (random.random((19, height, width)) * (random.random((19, height, width)) < level)).astype(np.float32)
    confidence[::3] = np.round(confidence[::3], 1)  # ties
    affinity = random.normal(0.4, 0.5, (38, height, width)).astype(np.float32)
    return Maps(confidence, affinity, TRANSFORM)


def assert_as_the_twin(maps: Maps, preset: DecodeSettings) -> None:
    ours = find_candidates(maps, preset)
    slow = naive.find_candidates(maps, preset)
    kinds = np.repeat(np.arange(len(ours.starts) - 1), np.diff(ours.starts))
    ends = np.concatenate([[0], np.cumsum(ours.lengths)])
    assert len(slow) == len(ours.pairs)
    for c, (kind, a, b, along) in enumerate(slow):
        assert kinds[c] == kind
        i, j = ours.pairs[c]
        np.testing.assert_allclose(ours.peaks.xy[[i, j]], [a[:2], b[:2]], atol=1e-4)
        np.testing.assert_allclose(ours.peaks.scores[[i, j]], [a[2], b[2]], rtol=1e-4)
        np.testing.assert_allclose(ours.samples[ends[c] : ends[c + 1]], along, atol=1e-4)
    assert ends[-1] == len(ours.samples)


def assert_same_people(one: People, other: People) -> None:
    np.testing.assert_array_equal(one.keypoints, other.keypoints)
    np.testing.assert_array_equal(one.scores, other.scores)
    np.testing.assert_allclose(one.totals, other.totals, atol=5e-3)


@PRESETS
@pytest.mark.parametrize("people", [0, 1, 5])
def test_crowds_have_the_candidates_of_the_twin(people: int, preset: DecodeSettings) -> None:
    assert_as_the_twin(maps_of(crowd(people, WIDTH, HEIGHT), noise=0.01), preset)


@PRESETS
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), width=st.integers(1, 6), height=st.integers(1, 6), level=st.floats(0.0, 1.0))
def test_random_maps_have_the_candidates_of_the_twin(
    preset: DecodeSettings, seed: int, width: int, height: int, level: float
) -> None:
    assert_as_the_twin(random_maps(seed, width, height, level), preset)


@pytest.mark.parametrize("change", CHANGES, ids=str)
@pytest.mark.parametrize("people", [0, 1, 4, 15])
def test_decoding_again_finds_whom_decoding_finds(people: int, change: dict[str, float]) -> None:
    maps = maps_of(crowd(people, WIDTH, HEIGHT), noise=0.015, seed=people)
    wanted = OPENPOSE.changed(**change)
    assert out_of_reach(OPENPOSE, wanted) == ""
    candidates = find_candidates(maps, OPENPOSE)
    assert_same_people(decode_again(candidates, wanted), decode(maps, wanted))
    assert_same_people(decode_again(unpack(pack(candidates, OPENPOSE.link_threshold)), wanted), decode(maps, wanted))


@PRESETS
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), width=st.integers(1, 7), height=st.integers(1, 7), level=st.floats(0.0, 1.0))
def test_its_own_settings_find_the_same_in_random_maps(
    preset: DecodeSettings, seed: int, width: int, height: int, level: float
) -> None:
    maps = random_maps(seed, width, height, level)
    assert_same_people(decode_again(find_candidates(maps, preset), preset), decode(maps, preset))


@settings(max_examples=200, deadline=None)
@given(threshold=st.floats(0, 1), steps=st.integers(-3, 3))
def test_samples_stay_on_their_side_of_the_threshold(threshold: float, steps: int) -> None:
    sample = np.float32(threshold)
    for _ in range(abs(steps)):
        sample = np.nextafter(sample, np.float32(2 * np.sign(steps)))
    candidates = find_candidates(maps_of(crowd(1, WIDTH, HEIGHT)), OPENPOSE)
    samples = np.full_like(candidates.samples, sample)
    kept = unpack(pack(_with(candidates, samples), threshold)).samples
    assert (kept[0] > np.float32(threshold)) == (sample > np.float32(threshold))
    assert kept[0] == pytest.approx(sample, abs=2e-3)


def _with(candidates: Candidates, samples: np.ndarray) -> Candidates:
    names = (name for name in Candidates.__slots__ if name != "samples")
    return Candidates(samples=samples, **{name: getattr(candidates, name) for name in names})


def test_what_is_packed_is_found_again() -> None:
    candidates = find_candidates(maps_of(crowd(3, WIDTH, HEIGHT), noise=0.01), OPENPOSE)
    again = unpack(pack(candidates, OPENPOSE.link_threshold))
    for name in ("xy", "scores", "starts"):
        np.testing.assert_array_equal(getattr(again.peaks, name), getattr(candidates.peaks, name))
    for name in ("cells", "pairs", "starts", "lengths"):
        np.testing.assert_array_equal(getattr(again, name), getattr(candidates, name))
    np.testing.assert_allclose(again.samples, candidates.samples, atol=1e-3)
    assert (again.grid, again.transform) == (candidates.grid, candidates.transform)


@settings(max_examples=300, deadline=None)
@given(place=st.integers(0, 10**6), value=st.integers(0, 255))
def test_other_bytes_are_refused_or_harmless(place: int, value: int) -> None:
    import zlib

    candidates = find_candidates(maps_of(crowd(1, WIDTH, HEIGHT)), OPENPOSE)
    content = bytearray(zlib.decompress(pack(candidates, OPENPOSE.link_threshold)))
    content[place % len(content)] = value
    try:
        damaged = unpack(zlib.compress(bytes(content)))
    except ValueError:
        return
    people = decode_again(damaged, OPENPOSE)
    assert len(people) <= len(damaged.pairs)


def test_a_bomb_is_refused() -> None:
    import zlib

    with pytest.raises(ValueError, match="too large"):
        unpack(zlib.compress(bytes(1 << 26)))
