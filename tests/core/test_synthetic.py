"""The drawn scenes: what they show, that they are the same each time, and that their truth is true."""

from __future__ import annotations

import time
from functools import lru_cache

import numpy as np
import pytest

from core import skeleton
from core.errors import InputError
from core.sources import Seekable, open_source
from core.sources.synthetic import ACTIONS, DEMOS, SyntheticScene, Truth
from core.sources.synthetic.footsteps import BALL, HEEL
from core.sources.synthetic.rig import L_FOOT, R_FOOT
from core.types import Image

NAMES = pytest.mark.parametrize("name", list(DEMOS))
SIZE = (192, 108)  # the truth does not depend on it but for rounding, and it is quick


@lru_cache
def scene(name: str, **options: int) -> SyntheticScene:
    return SyntheticScene(name, size=SIZE, **options)  # type: ignore[arg-type]


def picture(source: SyntheticScene, index: int) -> Image:
    source.seek(index)
    frame = source.read()
    assert frame is not None
    assert frame.index == index
    return frame.image


def truths(name: str, every: float) -> list[Truth]:
    source = scene(name)
    return [source.truth(source.index_at(seconds)) for seconds in np.arange(0, source.duration, every)]


@NAMES
def test_a_frame_depends_on_its_index_only(name: str) -> None:
    first, second = SyntheticScene(name, size=SIZE), SyntheticScene(name, size=SIZE)
    in_order = [first.read() for _ in range(4)]
    assert [frame and frame.index for frame in in_order] == [0, 1, 2, 3]
    picture(second, 200)
    for index in (3, 0, 2):
        frame = in_order[index]
        assert frame is not None
        np.testing.assert_array_equal(picture(second, index), frame.image)
        ours, theirs = first.truth(index), second.truth(index)
        np.testing.assert_array_equal(ours.keypoints, theirs.keypoints)
        np.testing.assert_array_equal(ours.visible, theirs.visible)
        assert ours.actions == theirs.actions


@NAMES
def test_people_move_and_seeds_differ(name: str) -> None:
    source = scene(name)
    before, after = picture(source, 30), picture(source, 45)
    assert np.abs(before.astype(int) - after).max() > 40
    other = SyntheticScene(name, size=SIZE, seed=7)
    assert np.abs(before.astype(int) - picture(other, 30)).mean() > 4


@NAMES
def test_truth_has_its_shape(name: str) -> None:
    for truth in truths(name, 2.3):
        n = DEMOS[name].people
        assert (truth.keypoints.shape, truth.keypoints.dtype) == ((n, 18, 2), np.float32)
        assert (truth.visible.shape, truth.visible.dtype) == ((n, 18), bool)
        assert (truth.ids.tolist(), truth.ids.dtype) == (list(range(n)), np.int32)
        assert len(truth.actions) == len(truth) == n
        assert set(truth.actions) <= set(ACTIONS)
        assert np.isfinite(truth.keypoints).all()
        seen = truth.keypoints[truth.visible]
        assert (seen >= -0.5).all()
        assert (seen <= np.array(SIZE) - 0.5).all()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("walk", {"walk"}),
        ("cross", {"walk", "idle"}),
        ("tennis", {"idle", "ready", "forehand", "backhand", "forehand slice", "backhand slice"}),
        ("fall", {"idle", "walk", "sit down", "sit", "get up", "bow", "fall", "lie"}),
        (
            "living",
            {
                "idle",
                "walk",
                "sit down",
                "sit",
                "tie shoes",
                "get up",
                "lie down",
                "lie",
                "bow",
                "crouch",
                "squat",
                "kneel",
                "push-up",
            },
        ),
        ("accident", {"idle", "walk", "sit down", "sit", "get up", "bow", "fall", "lie"}),
    ],
)
def test_every_action_of_a_demo_happens(name: str, expected: set[str]) -> None:
    assert {action for truth in truths(name, 0.2) for action in truth.actions} == expected


def test_right_is_the_persons_own_right() -> None:
    """A player faces the viewer, so what is right lies left in the picture."""
    k = scene("tennis").truth(0).keypoints[0]
    for right, left in ((2, 5), (8, 11), (9, 12), (10, 13), (14, 15), (16, 17)):
        assert k[right, 0] < k[left, 0], skeleton.POINT_NAMES[right]
    assert k[skeleton.NOSE, 1] < k[skeleton.NECK, 1] < k[skeleton.R_HIP, 1] < k[skeleton.R_ANKLE, 1]
    np.testing.assert_allclose(k[skeleton.NECK], 0.5 * (k[2] + k[5]), atol=1e-3)


@NAMES
def test_bones_keep_their_lengths(name: str) -> None:
    bones = [(2, 3), (3, 4), (5, 6), (6, 7), (8, 9), (9, 10), (11, 12), (12, 13), (0, 14), (14, 15), (15, 17), (8, 11)]
    source = scene(name)
    for actor in source._stage.actors:
        poses = [actor.person.figure(actor.pose(seconds)) for seconds in np.arange(0, source.duration, 0.37)]
        points = np.array([actor.person.points(figure.bones) for figure in poses])
        lengths = np.array([np.linalg.norm(points[:, a] - points[:, b], axis=1) for a, b in bones])
        assert np.ptp(lengths, axis=1).max() < 1e-6
        assert lengths.min() > 0.02


@NAMES
def test_nobody_leaps(name: str) -> None:
    """No point of a body jumps from one moment to the next: hands are quick in a stroke, but nothing teleports."""
    source = scene(name)
    step = 0.02
    for actor in source._stage.actors:
        figures = [actor.person.figure(actor.pose(seconds)) for seconds in np.arange(0, source.duration, step)]
        points = np.array([actor.person.points(figure.bones) for figure in figures])
        speed = np.linalg.norm(np.diff(points, axis=0), axis=2) / step
        assert speed[:, [8, 11]].max() < 4, "hips"
        assert speed.max() < (14 if name == "tennis" else 8)


def test_feet_do_not_slide() -> None:
    """Whenever a foot is on the floor, its heel or its ball stays where it is."""
    source = scene("walk")
    actor = source._stage.actors[0]
    s = actor.person.stature
    step = 0.01
    for foot in (R_FOOT, L_FOOT):
        places = []
        for seconds in np.arange(2, 8, step):
            bones = actor.person.figure(actor.pose(seconds)).bones
            at, turn = bones.places[foot], bones.turns[foot]
            ends = [at + turn @ (0, -0.039 * s, part * s) for part in (HEEL, BALL)]
            places.append(min(ends, key=lambda place: float(place[1])))
        track = np.array(places)
        down = (track[1:, 1] < 0.004) & (track[:-1, 1] < 0.004)
        moved = np.linalg.norm(np.diff(track[:, [0, 2]], axis=0), axis=1)
        moved = moved[down & (moved < 0.05)]  # more is the change from heel to ball
        assert down.mean() > 0.5
        assert (moved / step < 0.15).mean() > 0.97
        assert track[:, 1].min() > -0.02


def test_one_hides_the_other_for_a_while() -> None:
    source = scene("cross")
    hidden = np.array([~source.truth(i).visible[1] for i in range(source.length)])
    inside = [(source.truth(i).keypoints[1, :, 0] > 0).all() for i in range(0, source.length, 30)]
    assert all(inside)
    longest = current = 0
    for much in hidden.sum(axis=1) >= 15:
        current = current + 1 if much else 0
        longest = max(longest, current)
    assert 0.3 <= longest / source.fps <= 1.5
    shown = [source.truth(i).visible[1].sum() for i in range(0, source.length, 10)]
    assert max(shown) >= 12


def test_what_is_hidden_is_not_visible() -> None:
    """From the side, the far ear, and eye, and much of the far arm lie behind the head and the trunk."""
    source = scene("walk")
    index = source.index_at(0.8)  # walks to the right of the picture: the left side is far
    visible = source.truth(index).visible[0]
    assert visible[skeleton.R_EAR]
    assert visible[skeleton.R_SHOULDER]
    assert not visible[skeleton.L_EAR]
    assert not visible[skeleton.L_SHOULDER]


def test_options_of_an_address() -> None:
    with open_source("demo:cross?size=320x180&fps=25&seconds=2&seed=3&people=3") as source:
        assert isinstance(source, SyntheticScene)
        assert isinstance(source, Seekable)
        assert (source.size, source.fps, source.length, source.duration) == ((320, 180), 25.0, 50, 2.0)
        assert not source.live
        assert len(source.truth(0)) == 3
        frame = source.read()
        assert frame is not None
        assert frame.image.shape == (180, 320, 3)
        source.seek(49)
        last = source.read()
        assert last is not None
        assert last.time == pytest.approx(49 / 25)
        assert source.read() is None
        assert [source.index_at(seconds) for seconds in (-1, 0, 0.5, 99)] == [0, 0, 12, 49]
        assert source.time_of(12) == pytest.approx(0.48)
        for wrong in (-1, 50):
            with pytest.raises(IndexError):
                source.seek(wrong)
            with pytest.raises(IndexError):
                source.truth(wrong)
    assert source.read() is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("demo:", "demo:living and demo:accident"),
        ("demo:dance", "demo:living and demo:accident"),
        ("demo:walk?speed=3", "seed, people and live"),
        ("demo:walk?speed", "seed, people and live"),
        ("demo:walk?size=big", "size=1280x720"),
        ("demo:walk?size=4x4", "between 16 and 8192"),
        ("demo:walk?fps=0", "between 1 and 1000"),
        ("demo:walk?fps=nan", "between 1 and 1000"),
        ("demo:walk?fps=fast", "a number"),
        ("demo:walk?seconds=-2", "between"),
        ("demo:walk?seed=x", "whole number"),
        ("demo:fall?people=9", "between 1 and 1"),
    ],
)
def test_wrong_addresses_are_told_in_a_sentence(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        open_source(text)
    assert message in str(caught.value)
    assert str(caught.value).endswith(".")


def test_live_frames_come_when_they_are_due() -> None:
    with SyntheticScene("walk", size=(64, 36), fps=50, seconds=1, live=True) as source:
        start = time.monotonic()
        for _ in range(6):
            source.read()
        assert time.monotonic() - start >= 0.1


@pytest.mark.parametrize("size", [(16, 16), (90, 160), (333, 77)])
def test_odd_sizes(size: tuple[int, int]) -> None:
    source = SyntheticScene("walk", size=size, seconds=1, people=2)
    frame = source.read()
    assert frame is not None
    assert frame.size == size
    assert source.truth(5).keypoints.shape == (2, 18, 2)
