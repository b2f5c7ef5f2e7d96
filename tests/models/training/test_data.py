"""From archives to crops: nothing may shift by a pixel or swap left and right on the way."""

import json
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from core.skeleton import L_ANKLE, L_SHOULDER, NECK, NOSE, POINTS, R_ANKLE, R_SHOULDER, R_WRIST
from core.types import Image
from models.training.augment import sample
from models.training.datasets import Example, read_coco, read_leeds
from models.training.drawn import draw_pictures, draw_scenes
from models.training.framing import CHANNELS, STRIDE, Augmentation, _one_of_size
from models.training.pack import Pack, write_pack
from models.training.teacher import SoftMaps, upright


def png(image: Image) -> bytes:
    done, data = cv2.imencode(".png", image)
    assert done
    return data.tobytes()


def archive(path: Path, name: str, data: object) -> Path:
    with zipfile.ZipFile(path, "w") as files:
        files.writestr(name, json.dumps(data))
        files.writestr("images/a.png", png(np.full((60, 80, 3), 7, np.uint8)))
    return path


def test_coco(tmp_path: Path) -> None:
    keypoints = [0.0] * 51
    for place, (x, y, state) in {0: (30, 10, 2), 5: (40, 20, 2), 6: (20, 22, 1), 16: (25, 55, 2)}.items():
        keypoints[3 * place : 3 * place + 3] = [x, y, state]
    person = {"image_id": 5, "keypoints": keypoints, "bbox": [18, 5, 30, 50]}
    path = archive(
        tmp_path / "coco.zip",
        "person_keypoints.json",
        {"images": [{"id": 5, "file_name": "a.png"}], "annotations": [person]},
    )
    (example,) = read_coco(path)
    assert example.image.shape == (60, 80, 3)
    assert example.known.all()
    (points,) = example.people
    assert points[NOSE].tolist() == [30, 10]
    assert points[L_SHOULDER].tolist() == [40, 20]
    assert points[R_SHOULDER].tolist() == [20, 22]
    assert points[NECK].tolist() == [30, 21]
    assert points[R_ANKLE].tolist() == [25, 55]
    assert np.isnan(points[L_ANKLE]).all()
    assert example.regions[0].tolist() == [14, 1, 52, 59]


def test_leeds_has_no_faces_and_its_unseen_joints_are_dropped(tmp_path: Path) -> None:
    joints = [[float(10 + 2 * k), float(50 - 3 * k), 1] for k in range(14)]
    joints[0] = [-3.0, -26.0, 0]  # right ankle
    path = archive(tmp_path / "leeds.zip", "joints.json", {"images": [{"file_name": "a.png", "joints": joints}]})
    (example,) = read_leeds(path)
    (points,) = example.people
    assert np.isnan(points[R_ANKLE]).all()
    assert np.isnan(points[NOSE]).all()
    assert points[R_WRIST].tolist() == joints[6][:2]
    assert points[L_ANKLE].tolist() == joints[5][:2]
    assert points[NECK].tolist() == [27, 24.5]  # the middle of the shoulders, not the joint of that name
    assert not example.known[[NOSE, 14, 15, 16, 17]].any()


def test_a_leeds_picture_without_enough_joints_is_left_out(tmp_path: Path) -> None:
    joints = [[5.0, 5.0, 0]] * 14
    path = archive(tmp_path / "leeds.zip", "joints.json", {"images": [{"file_name": "a.png", "joints": joints}]})
    assert not list(read_leeds(path))


def test_an_unreadable_image_is_named(tmp_path: Path) -> None:
    path = tmp_path / "coco.zip"
    with zipfile.ZipFile(path, "w") as files:
        files.writestr(
            "person_keypoints.json", json.dumps({"images": [{"id": 1, "file_name": "b.png"}], "annotations": []})
        )
        files.writestr("images/b.png", b"nothing")
    with pytest.raises(ValueError, match=r"b\.png"):
        list(read_coco(path))


def dots(size: tuple[int, int], points: dict[int, tuple[float, float]]) -> Example:
    """A black picture with a soft white dot at each point of one person."""
    y, x = np.mgrid[: size[1], : size[0]].astype(np.float32)
    image = np.zeros((size[1], size[0]), np.float32)
    person = np.full((1, POINTS, 2), np.nan, np.float32)
    for point, (px, py) in points.items():
        image += 255 * np.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * 5.0**2))
        person[0, point] = px, py
    picture = np.repeat(np.clip(image, 0, 255).astype(np.uint8)[..., None], 3, axis=2)
    region = np.array([[0, 0, size[0], size[1]]], np.float32)
    return Example(picture, person, region, np.ones(POINTS, np.bool_))


def no_teacher(example: Example) -> SoftMaps:
    height, width = example.image.shape[:2]
    shape = (CHANNELS, height // STRIDE, width // STRIDE)
    return SoftMaps(
        np.zeros(shape, np.int8), np.array([[1 / STRIDE, 0, -3.5 / STRIDE], [0, 1 / STRIDE, -3.5 / STRIDE]])
    )


def test_targets_lie_where_the_picture_shows_the_point() -> None:
    """Through zoom, turn, mirror image and the border: the bright dot of the crop is under the peak of the target."""
    example = dots((160, 128), {R_WRIST: (90, 60)})
    soft = no_teacher(example)
    how = Augmentation(size=128, smallest=100, largest=200, layers=1, any_turn=0.5, elsewhere=0, labels=1.0)
    brighter = []
    mirrored = set()
    for seed in range(60):
        found = sample(lambda: (example, soft), np.random.default_rng(seed), how)
        point = int(found.target[:POINTS].max(axis=(1, 2)).argmax())
        peak = found.target[point]
        if peak.max() < 0.8:
            continue  # the point is outside of this crop
        mirrored.add(point)
        y, x = np.unravel_index(peak.argmax(), peak.shape)
        around = found.image[max(8 * y - 16, 0) : 8 * y + 24, max(8 * x - 16, 0) : 8 * x + 24]
        brighter.append(found.image[8 * y : 8 * y + 8, 8 * x : 8 * x + 8].mean() > around.mean() + 5)
    assert len(brighter) > 20
    assert np.mean(brighter) > 0.9  # now and then something stands in front of it
    assert mirrored == {R_WRIST, 7}  # a mirrored right wrist is a left one


def test_a_sample_is_complete_and_repeats() -> None:
    example = dots((160, 128), {R_WRIST: (90, 60), R_SHOULDER: (60, 40), NECK: (50, 40)})
    soft = no_teacher(example)
    first, again = (sample(lambda: (example, soft), np.random.default_rng(4), Augmentation(size=96)) for _ in range(2))
    assert first.image.shape == (96, 96, 3)
    assert first.image.dtype == np.uint8
    assert first.target.shape == (CHANNELS, 12, 12)
    assert np.isfinite(first.target).all()
    np.testing.assert_allclose(first.target[POINTS], 1 - first.target[:POINTS].max(axis=0), atol=1e-6)
    np.testing.assert_array_equal(first.image, again.image)
    np.testing.assert_array_equal(first.target, again.target)


def test_large_crops_are_about_large_people() -> None:
    extents = np.array([12.0, 30.0, 160.0])
    rng = np.random.default_rng(3)
    how = Augmentation(size=352)
    able = {
        wanted: {_one_of_size(wanted, extents, rng, how) for _ in range(40)} for wanted in (20.0, 60.0, 300.0, 900.0)
    }
    assert able == {20.0: {0, 1}, 60.0: {1, 2}, 300.0: {2}, 900.0: {2}}


def test_labels_do_not_speak_of_points_that_their_data_set_does_not_have() -> None:
    example = dots((128, 128), {NOSE: (64, 64)})
    example.known[NOSE] = False
    how = Augmentation(size=128, smallest=120, largest=130, layers=1, any_turn=0, elsewhere=0)
    for seed in range(5):
        assert not sample(lambda: (example, no_teacher(example)), np.random.default_rng(seed), how).target[NOSE].any()


def test_someone_upside_down_is_shown_upright_to_the_teacher() -> None:
    person = np.full((POINTS, 2), np.nan, np.float32)
    person[NECK], person[8], person[11] = (50, 80), (45, 40), (55, 40)
    turn = upright(person, np.array([30, 10, 70, 100], np.float32))
    neck, hip = (turn @ (*person[point], 1) for point in (NECK, 8))
    assert hip[1] > neck[1] + 10
    assert abs(np.linalg.det(turn[:, :2])) > 1  # and larger


def test_a_pack_gives_back_what_was_put_in(tmp_path: Path) -> None:
    written = list(draw_pictures(3, seed=1))
    assert write_pack(tmp_path / "drawn", iter(written)) == 3
    pack = Pack(tmp_path / "drawn")
    assert len(pack) == 3
    for (example, soft), (other, other_soft) in zip(written, map(pack.__getitem__, range(3)), strict=True):
        np.testing.assert_array_equal(example.image, other.image)
        np.testing.assert_array_equal(example.people, other.people)
        np.testing.assert_array_equal(example.regions, other.regions)
        np.testing.assert_array_equal(soft.maps, other_soft.maps)
        np.testing.assert_array_equal(soft.to_cells, other_soft.to_cells)


def test_drawn_people_are_asked_for_only_where_they_can_be_seen() -> None:
    for example, soft in draw_pictures(6, seed=3):
        inside = example.people[np.isfinite(example.people[..., 0])]
        assert ((inside >= 0) & (inside <= 255)).all()
        assert soft.maps.shape == (CHANNELS, 32, 32)
        assert len(example.regions) == len(example.people)


def test_moments_of_the_demos() -> None:
    moments = list(draw_scenes(2, seed=2))
    assert [example.image.shape for example, _ in moments] == [(272, 480, 3)] * 2
    assert any(len(example.people) for example, _ in moments)
