"""The rasteriser against its slow twin, the skeleton against geometry, and random pictures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sources.synthetic import naive, random_picture
from core.sources.synthetic.body import body_mesh
from core.sources.synthetic.looks import random_looks
from core.sources.synthetic.materials import Material, table
from core.sources.synthetic.pose_track import Track, ease
from core.sources.synthetic.random_poses import random_pose
from core.sources.synthetic.raster import VALUES, fill
from core.sources.synthetic.rig import L_FOOT, L_HAND, PELVIS, R_FOOT, R_HAND, SKIRT, Pose, Proportions, pose_bones
from core.types import Floats, Ints

MATERIALS = table((Material((200, 100, 50)), Material((10, 250, 120), gloss=0.5)))


def both(triangles: Ints, corners: Floats, size: tuple[int, int] = (24, 18)) -> None:
    """Draw with the kernel and with the twin, and compare."""
    kinds = (np.arange(len(triangles)) % 2).astype(np.int32)
    results = []
    for draw in (fill, naive.fill):
        colors, nearness = np.zeros((size[1], size[0], 3), np.uint8), np.zeros((size[1], size[0]), np.float32)
        draw(triangles, kinds, corners, MATERIALS, colors, nearness)
        results.append((colors, nearness))
    (ours, our_depth), (slow, slow_depth) = results
    # A sample on an edge may fall to either side by rounding.
    same = np.isclose(our_depth, slow_depth, rtol=1e-4, atol=1e-5)
    assert same.mean() > 0.985
    assert np.abs(ours[same].astype(int) - slow[same]).max(initial=0) <= 1


def random_triangles(rng: np.random.Generator, count: int) -> tuple[Ints, Floats]:
    corners = rng.uniform(0.1, 1.2, (3 * count, VALUES)).astype(np.float32)
    corners[:, 0] = rng.uniform(-8, 32, 3 * count)
    corners[:, 1] = rng.uniform(-8, 26, 3 * count)
    return np.arange(3 * count, dtype=np.int32).reshape(-1, 3), corners


@pytest.mark.parametrize("seed", range(6))
def test_triangles_are_drawn_as_the_twin_does(seed: int) -> None:
    both(*random_triangles(np.random.default_rng(seed), 12))


def test_awkward_triangles() -> None:
    rng = np.random.default_rng(0)
    triangles, corners = random_triangles(rng, 8)
    both(triangles[:0], corners)
    corners[0:3, :2] = 5.0  # a point
    corners[3:6, 0] = (1, 2, 3)
    corners[3:6, 1] = (1, 2, 3)  # a line
    corners[6, 2] = -1  # behind the camera
    corners[9:12, :2] = ((0, 0), (0, 17), (23, 0))  # exact corners
    corners[12:15, :2] += 1000  # outside
    both(triangles, corners)


def test_a_mesh_of_a_body_is_closed_and_faces_outward() -> None:
    rng = np.random.default_rng(3)
    for _ in range(4):
        looks = random_looks(rng)
        joints = looks.proportions.joints()
        mesh = body_mesh(looks, joints)
        places = mesh.centers[mesh.ring_of] + mesh.corners
        a, b, c = (places[mesh.triangles[:, i]] for i in range(3))
        facing = np.cross(b - a, c - a)
        agree = (facing * mesh.normals[mesh.triangles].sum(axis=1)).sum(axis=1)
        assert (agree > -1e-9).mean() > 0.99
        assert np.isfinite(places).all()
        s = looks.proportions.stature
        assert -0.01 * s < places[:, 1].min() < 0.02 * s
        assert 0.98 * s < places[:, 1].max() < 1.12 * s  # with hair, a hat or a bun
        np.testing.assert_allclose(np.linalg.norm(mesh.normals, axis=1), 1, atol=1e-3)


def test_limbs_reach_what_they_have_to() -> None:
    joints = Proportions().joints()
    rng = np.random.default_rng(0)
    for _ in range(50):
        pose = Pose()
        pose.place[:] = joints[PELVIS]
        pose.turn[:] = rng.normal(0, 0.3, 3)
        pose.ankles[:] = joints[[R_FOOT, L_FOOT]] + rng.uniform(0.03, 0.2, (2, 3))
        pose.wrists[:] = (joints[[7, 8]] + joints[[R_HAND, L_HAND]]) / 2 + rng.uniform(-0.1, 0.1, (2, 3)) + (0, 0, 0.2)
        bones = pose_bones(joints, pose)
        for targets, ends, reach in ((pose.ankles, (R_FOOT, L_FOOT), 0.84), (pose.wrists, (R_HAND, L_HAND), 0.55)):
            for target, end in zip(targets, ends, strict=True):
                first = bones.places[end - 4]
                if np.linalg.norm(target - first) < reach:
                    np.testing.assert_allclose(bones.places[end], target, atol=1e-6)
        stiff = bones.turns[:SKIRT]  # cloth stretches
        np.testing.assert_allclose(stiff @ stiff.transpose(0, 2, 1), np.eye(3)[None].repeat(SKIRT, 0), atol=1e-6)
        np.testing.assert_allclose(np.linalg.det(stiff), 1, atol=1e-6)


def test_tracks_pass_through_their_keys_without_overshooting() -> None:
    track = Track([0.0, 1.0, 1.5, 3.0], [[0.0], [2.0], [2.0], [-1.0]])
    assert [track(t)[0] for t in (-1, 0, 1, 1.5, 3, 9)] == [0, 0, 2, 2, -1, -1]
    values = np.array([track(t)[0] for t in np.linspace(0, 3, 200)])
    assert values.max() <= 2
    assert values.min() >= -1
    assert (ease(0), ease(0.5), ease(1), ease(7)) == (0, 0.5, 1, 1)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31), width=st.integers(32, 160), height=st.integers(32, 160), people=st.integers(0, 3))
def test_random_pictures(seed: int, width: int, height: int, people: int) -> None:
    picture = random_picture(np.random.default_rng(seed), width, height, people)
    image, keypoints, visible = picture
    assert (image.shape, image.dtype) == ((height, width, 3), np.uint8)
    assert (keypoints.shape, keypoints.dtype) == ((people, 18, 2), np.float32)
    assert (visible.shape, visible.dtype) == ((people, 18), bool)
    assert np.isfinite(keypoints[visible]).all()
    if people:
        assert np.isfinite(keypoints).mean() > 0.5
    seen = keypoints[visible]
    assert (seen > -0.5).all()
    assert (seen < np.array((width, height)) - 0.5).all()


def test_random_pictures_are_the_same_for_the_same_seed() -> None:
    first, second = (random_picture(np.random.default_rng(5), 96, 64, 2) for _ in range(2))
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)
    given_backdrop = random_picture(np.random.default_rng(5), 96, 64, 1, np.full((64, 96, 3), 90, np.uint8))
    assert given_backdrop.image.shape == (64, 96, 3)
    with pytest.raises(ValueError, match="backdrop"):
        random_picture(np.random.default_rng(5), 96, 64, 1, np.zeros((96, 64, 3), np.uint8))


def test_random_pictures_show_who_is_there() -> None:
    rng = np.random.default_rng(0)
    share = np.mean([random_picture(rng, 128, 128, 1).visible.mean() for _ in range(60)])
    assert 0.25 < share < 0.9


def test_random_poses_keep_within_reason() -> None:
    rng = np.random.default_rng(0)
    joints = Proportions().joints()
    for _ in range(100):
        bones = pose_bones(joints, random_pose(rng, 1.75))
        assert np.isfinite(bones.places).all()
        assert np.linalg.norm(bones.places, axis=1).max() < 1.6
