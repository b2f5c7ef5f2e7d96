"""The tracker by temporal affinity: its kernels against slow twins, and drawn people with true IDs."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.crowd import crowd
from core.settings import TrackingSettings
from core.skeleton import L_ELBOW, L_WRIST, MIRRORED_POINTS, R_ANKLE, R_ELBOW, R_KNEE, R_WRIST
from core.sources.synthetic import SyntheticScene
from core.tracking import Tracker, make_tracker, naive
from core.tracking.affinity import owners_of, wait_for_id
from core.tracking.cuts import Cuts
from core.tracking.flow import Flow, shrunk
from core.tracking.fragments import LEGS, put_together
from core.tracking.looks import REGIONS, looks, unlike
from core.tracking.moves import score_moves
from core.types import Floats, Frame, Image, People
from tests.bench.mot import Score
from tests.bench.noise import Detector, Noise
from tests.bench.tracking import compare
from tests.core.test_tracking import as_people, people_at, without

BACKDROP: Image = cv2.resize(
    np.random.default_rng(0).integers(0, 256, (23, 40, 3), np.uint8), (640, 368), interpolation=cv2.INTER_CUBIC
)


def tracker(**changes: object) -> Tracker:
    return make_tracker(TrackingSettings.model_validate({"method": "affinity", **changes}))


def picture(time: float, image: Image = BACKDROP) -> Frame:
    return Frame(image, time=time)


def holes(values: Floats, random: np.random.Generator) -> Floats:
    values = values.astype(np.float32)
    values[random.random(values.shape[:2]) < 0.2] = np.nan
    return values


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(0, 3), st.integers(0, 3), st.sampled_from([0.0, 1.0, 30.0]))
def test_moves_are_scored_as_the_slow_twin_does(seed: int, tracks: int, people: int, reach: float) -> None:
    random = np.random.default_rng(seed)
    points = holes(random.uniform(0, 100, (tracks, 18, 2)), random)
    moves = holes(random.normal(0, reach, (tracks, 18, 2)), random)
    radii = random.uniform(0, 10, tracks).astype(np.float32)
    candidates = holes(random.uniform(0, 100, (people, 18, 2)), random)
    if tracks and people:
        candidates[0] = points[0] + moves[0]
    found, expected = score_moves(points, moves, radii, candidates), naive.score_moves(points, moves, radii, candidates)
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_a_point_that_went_where_it_was_said_to_scores_full_and_less_beside() -> None:
    points, moves = np.zeros((1, 1, 2), np.float32), np.array([[[20, 0]]], np.float32)
    candidates = np.array([[20, 0], [20, 6], [30, 0], [0, 0], [-20, 0]], np.float32)[:, None]
    scores = score_moves(points, moves, np.array([4], np.float32), candidates)[0, :, 0]
    assert scores[0] == pytest.approx(1)
    assert scores[0] > scores[1] > scores[2] > scores[3] > scores[4] == 0


@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1))
def test_looks_are_those_of_the_slow_twin(seed: int) -> None:
    random = np.random.default_rng(seed)
    image = random.integers(0, 256, (40, 30, 3), np.uint8)
    keypoints = holes(random.uniform(-10, 50, (2, 18, 2)), random)
    np.testing.assert_allclose(looks(image, keypoints, REGIONS), naive.looks(image, keypoints, REGIONS), atol=1e-5)


def test_looks_tell_colours_apart_and_forgive_a_little_light() -> None:
    keypoints = crowd(1, 100, 200)
    red, pink, blue = (
        np.full((200, 100, 3), color, np.uint8) for color in ((40, 40, 200), (55, 55, 215), (200, 40, 40))
    )
    seen = np.concatenate([looks(image, keypoints, REGIONS) for image in (red, pink, blue)])
    apart = unlike(seen, seen)
    assert apart[0, 1] < 0.45 < 0.9 < apart[0, 2]
    np.testing.assert_allclose(np.diag(apart), 0, atol=1e-3)
    nobody = looks(red, np.full((1, 18, 2), np.nan, np.float32), REGIONS)
    assert np.isnan(unlike(seen, nobody)).all()


@pytest.mark.parametrize("height", [184, 368, 720])
def test_flow_is_that_of_the_picture(height: int) -> None:
    scale = height / 368
    image = cv2.resize(BACKDROP, None, fx=scale, fy=scale)
    shifted = np.roll(image, (round(6 * scale), round(10 * scale)), (0, 1))
    points = (crowd(2, 640, 368) * scale).astype(np.float32)
    points[0, 3] = np.nan
    flow = Flow()
    share = shrunk(image).shape[0] / height
    assert np.isnan(flow.update(shrunk(image), points, share)).all()
    moves = flow.update(shrunk(shifted), points, share) / scale
    assert np.isnan(moves[0, 3]).all()
    np.testing.assert_allclose(np.nanmedian(moves, axis=(0, 1)), (10, 6), atol=1.0)


@pytest.mark.parametrize("shape", [(1, 1), (40, 60), (48, 48), (500, 30)])
def test_tiny_pictures_are_no_trouble(shape: tuple[int, int]) -> None:
    follow = tracker()
    image = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    for i in range(3):
        assert len(follow.update(people_at((0, 0), (300, 10)), picture(i / 10, image)).ids) == 2


def test_a_cut_is_told_from_movement_and_light() -> None:
    cuts = Cuts()
    other = cv2.flip(BACKDROP, -1)
    pictures = {
        "first": (BACKDROP, False),
        "moved": (np.roll(BACKDROP, 4, 1), False),
        "darker": ((BACKDROP // 2).astype(np.uint8), False),
        "another": (other, True),
        "black": (np.zeros_like(other), False),
        "and back": (BACKDROP, True),
    }
    for name, (image, cut) in pictures.items():
        assert cuts.update(image) is cut, name


def test_after_a_cut_everyone_is_new_at_once() -> None:
    follow = tracker()
    scene = people_at((200, 100), (400, 100))
    assert list(follow.update(scene, picture(0.0)).ids) == [1, 2]
    assert list(follow.update(scene, picture(0.04)).ids) == [1, 2]
    assert list(follow.update(scene, picture(0.08, np.ascontiguousarray(BACKDROP[::-1, ::-1]))).ids) == [3, 4]


def test_a_ghost_gets_no_id_but_a_whole_body_gets_one_at_once() -> None:
    follow = tracker(patience=0.1)
    follow.update(people_at((200, 100)), picture(0.0))
    both = people_at((200, 100), (450, 150))
    few = without(both, 1, [i for i in range(18) if i not in (2, 3, 4)])
    for i in range(1, 7):
        assert list(follow.update(few, picture(0.1 * i)).ids) == [1, -1]
    assert list(follow.update(few, picture(0.71)).ids) == [1, 2]
    assert list(follow.update(people_at((200, 100), (50, 100)), picture(0.75)).ids) == [1, 3]


@pytest.mark.parametrize("fps", [2.1, 3.0, 5.0])
def test_at_low_rates_the_wait_ends_too(fps: float) -> None:
    follow = tracker()
    follow.update(people_at((200, 100)), picture(0.0))
    both = people_at((200, 100), (450, 150))
    upper = without(both, 1, [i for i in range(18) if i not in (0, 1, 2, 3, 5, 6, 14, 15)])
    ids = [list(follow.update(upper, picture((i + 1) / fps)).ids) for i in range(3)]
    assert ids[-1] == [1, 2]


def test_the_fewer_points_the_longer_the_wait_for_an_id() -> None:
    waits = [wait_for_id(TrackingSettings(patience=0.1), points) for points in (3, 8, 9, 18)]
    assert waits == pytest.approx([0.6, 0.1, 0, 0])


def test_a_fragment_does_not_push_a_body_to_another_track() -> None:
    """A film's: the track of a limb finds only the body, as the limb moved; all at once that would be the cheapest."""
    cost = np.array([[0.23, 0.66], [1.43, 3.80]])  # tracks: body, limb; people: body, limb
    full = np.array([True, False])
    assert list(owners_of(cost, full, full)) == [0, -1]
    neither = np.zeros(2, np.bool_)
    assert list(owners_of(cost, neither, neither)) == [1, 0]


def test_trunk_and_legs_of_one_person_are_put_together() -> None:
    whole = people_at((300, 100))
    trunk, legs = without(whole, 0, LEGS), without(whole, 0, [i for i in range(18) if i not in LEGS])
    pieces = as_people(np.concatenate([trunk.keypoints, legs.keypoints]))
    for beginning in ([whole, pieces, whole], [pieces, pieces, whole]):
        follow = tracker()
        for i, people in enumerate(beginning):
            tracks = follow.update(people, picture(i / 25))
            assert list(tracks.ids) == [1]
            np.testing.assert_array_equal(tracks.people.keypoints, whole.keypoints)
            np.testing.assert_allclose(tracks.people.totals, whole.totals, rtol=1e-5)


def test_legs_of_a_trunk_that_is_a_fragment_are_not_lost() -> None:
    whole = people_at((300, 100))
    parts = ([0, 14, 15, 16, 17], [1, 2, 3, 4, 5, 6, 7], LEGS)
    pieces = [without(whole, 0, [i for i in range(18) if i not in part]).keypoints for part in parts]
    people, left = put_together(as_people(np.concatenate(pieces)), np.array([-1, 0, 1], np.int32))
    assert list(left) == [0]
    np.testing.assert_array_equal(people.keypoints, whole.keypoints)


def test_a_stray_limb_does_not_take_the_id_of_the_body() -> None:
    follow = tracker()
    follow.update(people_at((300, 300)), picture(0.0))
    moved = people_at((310, 300), (300, 300))  # the body has moved, an arm was seen where it had been
    scene = without(moved, 1, [i for i in range(18) if i not in (2, 3, 4)])
    assert list(follow.update(scene, picture(0.04)).ids) == [1, -1]


def found_twice(place: tuple[float, float]) -> People:
    """A body and its twin, of which the points on one side are found as those of the other and lie a little inside."""
    body = people_at(place).keypoints
    twin = body[:, list(MIRRORED_POINTS)].copy()
    twin[0, [R_ELBOW, R_WRIST, R_KNEE, R_ANKLE, L_ELBOW, L_WRIST], 0] = place[0]
    return as_people(np.concatenate([body, twin]))


def test_a_body_found_twice_has_one_id_whichever_is_left() -> None:
    follow, twice = tracker(), found_twice((300, 100))
    assert list(follow.update(twice[:1], picture(0.0)).ids) == [1]
    for i, (people, ids) in enumerate([(twice, [1, -1]), (twice, [1, -1]), (twice[1:], [1]), (twice[:1], [1])], 1):
        assert list(follow.update(people, picture(i / 10)).ids) == ids


def test_of_a_body_found_twice_at_first_the_surer_gets_the_id() -> None:
    follow, twice = tracker(), found_twice((300, 100))
    assert list(follow.update(twice, picture(0.0)).ids) == [1, -1]
    assert list(follow.update(twice[::-1], picture(0.1)).ids).count(-1) == 1


def test_who_steps_out_from_behind_somebody_gets_an_id_then() -> None:
    follow = tracker()
    follow.update(people_at((300, 100)), picture(0.0))
    ids = [list(follow.update(people_at((300, 100), (x, 104)), picture(t)).ids) for t, x in ((0.1, 306), (0.2, 330))]
    assert ids == [[1, -1], [1, 2]]


def test_people_who_are_known_keep_their_ids_one_before_the_other() -> None:
    follow = tracker()
    for i in range(21):
        assert list(follow.update(people_at((250 + 5 * i, 100), (350 - 5 * i, 104)), picture(i / 25)).ids) == [1, 2]


def test_legs_of_a_neighbour_stay_his() -> None:
    both = people_at((200, 100), (420, 100))
    trunk = without(both, 0, LEGS)
    follow = tracker()
    assert list(follow.update(trunk, picture(0.0)).ids) == [1, 2]
    legs_only = without(trunk, 1, [i for i in range(18) if i not in LEGS])
    assert list(follow.update(legs_only, picture(0.04)).ids) == [1, 2]


@pytest.mark.parametrize(("away", "known"), [(3.0, True), (12.0, False)])
def test_who_comes_back_is_known_by_looks(away: float, known: bool) -> None:
    dressed, elsewhere = BACKDROP.copy(), BACKDROP.copy()
    dressed[80:300, 150:260] = (30, 30, 200)
    elsewhere[80:300, 450:560] = (30, 30, 200)
    follow = tracker(memory=10.0)
    for i in range(5):
        assert list(follow.update(people_at((200, 100)), picture(i / 25, dressed)).ids) == [1]
    follow.update(People.empty(), picture(away / 2))
    assert list(follow.update(people_at((500, 100)), picture(away, elsewhere)).ids) == [1 if known else 2]


@pytest.mark.parametrize(("demo", "fps"), [("cross", 15), ("walk", 10)])
def test_people_who_cross_keep_their_ids(demo: str, fps: float) -> None:
    """With noise as of a net; the figures of many more films are in docs/tracking.md."""
    scene = SyntheticScene(demo, fps=fps, seconds=5.0, people=2, seed=0)
    detect, follow, score = Detector(Noise(), 0, (640, 360)), tracker(), Score()
    with scene:
        while (frame := scene.read()) is not None:
            truth = scene.truth(frame.index)
            tracks = follow.update(detect(truth, frame.time), frame)
            compare(truth, tracks.people, tracks.ids, (640, 360), score)
    assert score.switches <= 1
    assert score.idf1 > 0.85
    assert score.mota > 0.85
