"""What the net is to answer: against the slow twin, and in turned, scaled and mirrored frames."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.crowd import crowd
from core.network.ideal import ideal_maps
from core.skeleton import MIRRORED_POINTS, POINTS
from core.types import Floats, Transform
from models.training.targets import labelled_maps, taught_maps

CELLS = Transform((1.0, 1.0), (0.0, 0.0))


def people_in(count: int, cells: int, seed: int) -> Floats:
    """People in cells of a square grid."""
    return crowd(count, cells, cells, seed=seed)


@given(count=st.integers(0, 6), missing=st.floats(0, 1), seed=st.integers(0, 1000))
def test_labelled_maps_are_those_of_the_slow_twin(count: int, missing: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    people = people_in(count, 40, seed)
    people[rng.random((count, POINTS)) < missing] = np.nan
    twin = ideal_maps(people, CELLS, (36, 44))
    ours = labelled_maps(people, (36, 44))
    np.testing.assert_allclose(ours[: POINTS + 1], twin.confidence, atol=1e-5)
    np.testing.assert_allclose(ours[POINTS + 1 :], twin.affinity, atol=1e-5)


def test_two_points_in_one_place_have_no_field_between_them() -> None:
    people = people_in(1, 30, 0)
    people[:] = people[0, 0]
    assert np.isfinite(labelled_maps(people, (30, 30))).all()


@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize(("turn", "scale"), [(0, 1.0), (90, 1.0), (180, 1.0), (30, 1.0), (0, 1.4), (-60, 0.75)])
def test_a_teachers_maps_turn_with_the_picture(turn: float, scale: float, mirror: bool) -> None:
    """Drawing people and moving the maps is like moving the people and drawing them."""
    people = people_in(1, 48, 3) * 0.6 + 9.5
    taught = np.round(127 * labelled_maps(people, (48, 48))).astype(np.int8)
    angle = math.radians(turn)
    there = scale * np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    there = there @ np.diag([-1.0 if mirror else 1.0, 1.0])
    middle = np.array([23.5, 23.5])
    back = np.linalg.inv(there)
    moved = ((people - middle) @ there.T + middle).astype(np.float32)
    if mirror:
        moved = moved[:, list(MIRRORED_POINTS)]
    wanted = labelled_maps(moved, (48, 48))
    to_source = np.concatenate([back, (middle - back @ middle)[:, None]], axis=1)
    got = taught_maps(taught, to_source, mirror, (48, 48))
    for channels, least in ((slice(0, POINTS), 0.97), (slice(POINTS + 1, None), 0.8)):  # fields have hard edges
        a, b = got[channels].ravel(), wanted[channels].ravel()
        assert a @ b / (np.linalg.norm(a) * np.linalg.norm(b)) > least
    for point in range(POINTS):  # peaks lie where they belong, and interpolation leaves most of their height
        y, x = np.unravel_index(got[point].argmax(), got[point].shape)
        assert abs(np.array([x, y]) - moved[0, point]).max() < 1
        assert got[point].max() > 0.6 * wanted[point].max()


def test_what_a_teacher_did_not_see_is_empty() -> None:
    maps = np.full((57, 8, 8), 100, np.int8)
    far = np.array([[1.0, 0, 20], [0, 1, 0]])
    got = taught_maps(maps, far, False, (8, 8))
    assert not np.delete(got, POINTS, axis=0).any()
    assert (got[POINTS] == 1).all()
