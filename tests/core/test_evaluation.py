"""Evaluation: a made-up data set with known truth, and files that cannot be used."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from core import skeleton
from core.crowd import crowd
from core.errors import InputError
from core.estimator import Estimator
from core.evaluation import Evaluation, Turn, turned, turned_back
from core.network.ideal import ideal_maps
from core.settings import OPENPOSE, TrackingSettings
from core.tracking import make_tracker
from core.types import Floats, Image, Maps, People, Transform

WIDTH, HEIGHT = 640, 480
TRANSFORM = Transform.of_resize((WIDTH, HEIGHT), (WIDTH, HEIGHT), 8)


def truth(number: int) -> Floats:
    """The people on the image of this number: as many as the number says."""
    return crowd(number, WIDTH, HEIGHT, seed=number)


def network(image: Image) -> Maps:
    """A perfect net: the colour of an image is its number."""
    return ideal_maps(truth(int(image[0, 0, 0])), TRANSFORM, (HEIGHT // 8, WIDTH // 8))


def blind(image: Image) -> Maps:
    """A net that never finds anybody."""
    return ideal_maps(truth(0), TRANSFORM, (HEIGHT // 8, WIDTH // 8))


def estimator(net: Any = network) -> Estimator:
    return Estimator(net, OPENPOSE, make_tracker(TrackingSettings(method="none")))


def annotation(image: int, number: int, person: Floats) -> dict[str, Any]:
    """A person in COCO's form: the 18 points without the neck."""
    points = person[skeleton.COCO_ORDER].astype(float)
    low, high = points.min(axis=0), points.max(axis=0)
    width, height = (high - low).tolist()
    return {
        "id": number,
        "image_id": image,
        "category_id": 1,
        "iscrowd": 0,
        "num_keypoints": 17,
        "keypoints": [value for x, y in points.tolist() for value in (x, y, 2)],
        "bbox": [*low.tolist(), width, height],
        "area": width * height,
    }


def content(numbers: tuple[int, ...] = (1, 2, 3)) -> dict[str, Any]:
    people = [(number, person) for number in numbers for person in truth(number)]
    return {
        "images": [
            {"id": number, "file_name": f"{number:012d}.png", "width": WIDTH, "height": HEIGHT} for number in numbers
        ],
        "annotations": [annotation(image, number, person) for number, (image, person) in enumerate(people, 1)],
        "categories": [{"id": 1, "name": "person", "keypoints": [], "skeleton": []}],
    }


def write(folder: Path, data: object) -> Path:
    path = folder / "keypoints.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """A folder with images 1 to 3."""
    folder = tmp_path / "images"
    folder.mkdir()
    for number in (1, 2, 3):
        cv2.imwrite(str(folder / f"{number:012d}.png"), np.full((HEIGHT, WIDTH, 3), number, np.uint8))
    return folder


def test_perfect_results_have_full_marks(tmp_path: Path, images: Path) -> None:
    evaluation = Evaluation(write(tmp_path, content()), images)
    assert len(evaluation) == 3
    seen: list[int] = []
    score = evaluation.run(estimator(), seen.append)
    assert score.figures["AP"] == pytest.approx(1.0)
    assert score.figures["AP50"] == score.figures["AP75"] == score.figures["AR"] == pytest.approx(1.0)
    assert set(score.figures) == {"AP", "AP50", "AP75", "APM", "APL", "AR"}
    assert seen == [1, 2, 3]
    assert score.images == 3
    assert set(score.ms) == {"network", "decode", "tracking"}
    assert all(ms > 0 for ms in score.ms.values())
    assert sorted(entry["image_id"] for entry in score.results) == [1, 2, 2, 3, 3, 3]
    for entry in score.results:
        assert len(entry["keypoints"]) == 51


def test_results_that_are_a_bit_off_score_less(tmp_path: Path, images: Path) -> None:
    def crooked(image: Image) -> Maps:
        maps = network(image)
        return Maps(
            maps.confidence, maps.affinity, Transform(TRANSFORM.scale, (TRANSFORM.offset[0] + 25, TRANSFORM.offset[1]))
        )

    figures = Evaluation(write(tmp_path, content()), images).run(estimator(crooked)).figures
    assert 0 < figures["AP"] < 0.9
    assert figures["AP"] < figures["AP50"]


def test_finding_nobody_scores_nothing(tmp_path: Path, images: Path) -> None:
    score = Evaluation(write(tmp_path, content()), images).run(estimator(blind))
    assert score.figures["AP"] == score.figures["AR"] == 0.0
    assert score.results == []


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_what_is_found_in_a_turned_picture_comes_back_upright(turn: Turn) -> None:
    picture = np.zeros((40, 60, 3), np.uint8)
    x, y = 47, 11
    picture[y, x] = 255
    shown = turned(picture, turn)
    spot = np.argwhere(shown[..., 0])[0][::-1].astype(np.float32)  # (x, y)
    people = People(np.full((1, 18, 2), spot, np.float32), np.ones((1, 18), np.float32), np.ones(1, np.float32))
    assert turned_back(people, turn, picture).keypoints[0, 0].tolist() == [x, y]


def test_nobody_in_a_turned_picture_is_nobody() -> None:
    assert len(turned_back(People.empty(), 90, np.zeros((4, 6, 3), np.uint8))) == 0


def test_a_net_that_knows_upright_people_only_scores_nothing_on_turned_ones(tmp_path: Path, images: Path) -> None:
    evaluation = Evaluation(write(tmp_path, content()), images)
    assert evaluation.run(estimator(), turn=180).figures["AP"] < 0.2  # the perfect net of this test does not look


def test_a_stranger_in_the_picture_costs_precision(tmp_path: Path, images: Path) -> None:
    data = content()
    data["annotations"] = [a for a in data["annotations"] if a["image_id"] != 3]
    figures = Evaluation(write(tmp_path, data), images).run(estimator()).figures
    assert figures["AP"] < 0.95
    assert figures["AR"] == pytest.approx(1.0)


def without(key: str, where: str) -> dict[str, Any]:
    """The data set, where a key is missing in the first entry of a table."""
    data = content()
    if where:
        del data[where][0][key]
    else:
        del data[key]
    return data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param([], "it is no object with images, annotations and categories", id="list"),
        pytest.param("text", "it is no object with", id="text"),
        pytest.param({}, "images is missing", id="empty"),
        pytest.param({**content(), "images": []}, "images has 0 entries, and needs 1", id="no images"),
        pytest.param({**content(), "images": 7}, "images is no list", id="images a number"),
        pytest.param({**content(), "annotations": []}, "annotations has 0 entries, and needs 1", id="no annotations"),
        pytest.param(without("keypoints", "annotations"), "annotations 0 keypoints is missing", id="boxes only"),
        pytest.param(without("categories", ""), "categories", id="no categories"),
        pytest.param(without("images", ""), "images", id="no table of images"),
        pytest.param(without("id", "images"), "images 0 id", id="image without number"),
        pytest.param(without("file_name", "images"), "images 0 file_name", id="image without file"),
        pytest.param(without("image_id", "annotations"), "annotations 0 image_id", id="annotation without image"),
        pytest.param(without("area", "annotations"), "annotations 0 area", id="annotation without area"),
        pytest.param(without("bbox", "annotations"), "annotations 0 bbox", id="annotation without box"),
        pytest.param(without("iscrowd", "annotations"), "annotations 0 iscrowd", id="annotation without iscrowd"),
        pytest.param({**content(), "images": [5]}, "images 0 is no object", id="image a number"),
        pytest.param(
            {**content(), "images": [{"id": "x", "file_name": "a"}]}, "images 0 id is no number", id="id a word"
        ),
    ],
)
def test_annotations_that_cannot_be_used(tmp_path: Path, images: Path, data: object, message: str) -> None:
    path = write(tmp_path, data)
    with pytest.raises(InputError, match=message) as raised:
        Evaluation(path, images)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)
    assert raised.value.exit_code == 2


def test_a_person_without_all_points_cannot_be_used(tmp_path: Path, images: Path) -> None:
    data = content()
    data["annotations"][0]["keypoints"] = [1, 2, 2]
    with pytest.raises(InputError, match="annotations 0 keypoints"):
        Evaluation(write(tmp_path, data), images)


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe\x00", b"[1, 2"], ids=["empty", "cut", "binary", "cut list"])
def test_a_file_that_is_no_json(tmp_path: Path, images: Path, text: bytes) -> None:
    path = tmp_path / "keypoints.json"
    path.write_bytes(text)
    with pytest.raises(InputError, match="not a JSON file of COCO"):
        Evaluation(path, images)


def test_a_file_that_is_not_there(tmp_path: Path, images: Path) -> None:
    with pytest.raises(InputError, match="Cannot read the annotations"):
        Evaluation(tmp_path / "nothing.json", images)
    with pytest.raises(InputError, match=r"Cannot read the annotations: .* is a folder where a file is needed"):
        Evaluation(images, images)


def test_a_folder_of_images_that_is_not_there(tmp_path: Path, images: Path) -> None:
    with pytest.raises(InputError, match="no folder of images"):
        Evaluation(write(tmp_path, content()), tmp_path / "nowhere")


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b""), lambda path: path.write_text("x")])
def test_an_image_that_cannot_be_read(tmp_path: Path, images: Path, spoil: Any) -> None:
    evaluation = Evaluation(write(tmp_path, content()), images)
    spoil(images / "000000000002.png")
    with pytest.raises(InputError, match=r"000000000002\.png") as raised:
        evaluation.run(estimator())
    assert "\n" not in str(raised.value)


def test_nothing_is_printed(tmp_path: Path, images: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Evaluation(write(tmp_path, content()), images).run(estimator())
    assert capsys.readouterr() == ("", "")
