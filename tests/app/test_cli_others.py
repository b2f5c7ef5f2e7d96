"""The other commands: doctor, explain, eval, bench, models, and the help of all."""

import json
import re
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import typer.main
from typer.testing import CliRunner

from app.bench import decode as decode_bench
from app.bench import pipeline as pipeline_bench
from app.cli.explain import CAPTION, GAP
from app.main import app
from core import skeleton
from core.decode import score_links
from core.sources.images import load_image
from core.types import Image
from tests.app.conftest import Command
from tests.tiny_net import POINTS, Place, points_of, write_picture, write_video

LEFT: Place = (40, 25)
RIGHT: Place = (115, 30)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return write_picture(tmp_path / "photo.png", LEFT, RIGHT)


# -- help --


def commands() -> list[list[str]]:
    """The words of every command."""
    top = typer.main.get_command(app)
    found = []
    for name, command in top.commands.items():  # type: ignore[attr-defined]
        found += [[name, below] for below in getattr(command, "commands", {})] or [[name]]
    return found


def test_there_are_all_commands() -> None:
    names = {" ".join(words) for words in commands()}
    assert names >= {"run", "eval", "explain", "doctor", "bench decode", "bench network", "bench pipeline"}
    assert names >= {f"models {name}" for name in ("list", "info", "fetch", "verify", "import")}


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_help_has_an_example(words: list[str]) -> None:
    for option in ("--help", "-h"):
        result = CliRunner(env={"TERMINAL_WIDTH": "200"}).invoke(app, [*words, option])
        assert result.exit_code == 0
        assert "Example" in result.output
        assert f"posedesk {' '.join(words)}" in " ".join(result.output.split())
        assert "Usage:" in result.output


def test_help_of_the_overlay_has_every_word() -> None:
    result = CliRunner(env={"TERMINAL_WIDTH": "200"}).invoke(app, ["run", "--help"])
    said = " ".join(result.output.replace("\N{BOX DRAWINGS LIGHT VERTICAL}", " ").split())
    for word in ("boxes, actions, names", "blur (faces)", "-ids takes ids away"):
        assert word in said


def test_a_group_alone_shows_the_help(posedesk: Command) -> None:
    for words in (("bench",), ("models",)):
        answer = posedesk(*words)
        assert "Usage" in answer.out + answer.err
        assert "Commands" in answer.out + answer.err


def test_version(posedesk: Command) -> None:
    answer = posedesk("--version")
    assert (answer.code, answer.err) == (0, "")
    assert re.fullmatch(r"PoseDesk \d+\.\d+\.\d+", answer.out)


def test_an_unknown_command_is_bad_input(posedesk: Command) -> None:
    assert posedesk("dance").code == 2
    assert posedesk("bench", "dance").code == 2


# -- doctor --


def test_doctor(posedesk: Command, net: Path) -> None:
    answer = posedesk("doctor", "--model", net)
    assert answer.code == 0
    for words in ("Python", "cores", "numpy", "opencv-contrib-python", "backend cpu CPU, OpenCV: found", "cameras"):
        assert words in answer.out
    assert f"chosen {net} on " in answer.out
    assert "runs." in answer.out
    assert "General configuration" not in answer.out


def test_doctor_without_a_net_says_how_to_get_one(posedesk: Command) -> None:
    answer = posedesk("doctor", "--model", "mobilenet-thin")
    assert answer.code == 0
    assert "posedesk models fetch mobilenet-thin" in answer.out
    assert "chosen nothing" in answer.out


def test_doctor_shows_how_opencv_was_built(posedesk: Command, net: Path) -> None:
    assert "General configuration" in posedesk("doctor", "--model", net, "--full").out


def test_doctor_says_what_a_device_needs(posedesk: Command, net: Path) -> None:
    if cv2.cuda.getCudaEnabledDeviceCount():
        pytest.skip("there is a CUDA device")
    answer = posedesk("doctor", "--model", net)
    assert "backend cuda CUDA: not on this machine" in answer.out
    assert "build_cuda_opencv.md" in answer.out


# -- explain --


def explain(posedesk: Command, net: Path, *words: object) -> Any:
    return posedesk("explain", *words, "--model", net, "--input-height", 128)


def panels(page: Image) -> list[Image]:
    """The six pictures of a page, with their captions."""
    whole = page[GAP:, GAP:]
    return [part for row in np.array_split(whole, 2) for part in np.array_split(row, 3, axis=1)]


def test_explain(posedesk: Command, net: Path, picture: Path, tmp_path: Path) -> None:
    page = tmp_path / "pages" / "page.png"
    answer = explain(posedesk, net, picture, "--out", page)
    assert answer.code == 0, answer.err
    assert "6 points, 4 links, 2 people" in answer.out
    assert str(page) in answer.out
    image = load_image(page)
    height, width = image.shape[:2]
    assert 1.2 < width / height < 2.2, "two rows of three pictures of 160 x 128"
    assert width > 1500
    pictures = panels(image)
    for i, panel in enumerate(pictures):
        assert panel.std() > 20, f"panel {i} is empty"
        for j in range(i):
            assert not np.array_equal(panel, pictures[j])


def test_explain_shows_the_point_and_link_asked_for(
    posedesk: Command, net: Path, picture: Path, tmp_path: Path
) -> None:
    def changed(*words: str) -> list[bool]:
        """Which of the six pictures, without their captions, differ from those of the usual page."""
        assert explain(posedesk, net, picture, "--out", tmp_path / "other.png", *words).code == 0
        other = panels(load_image(tmp_path / "other.png"))
        return [not np.array_equal(a[CAPTION + GAP :], b[CAPTION + GAP :]) for a, b in zip(usual, other, strict=True)]

    assert explain(posedesk, net, picture, "--out", tmp_path / "page.png").code == 0
    usual = panels(load_image(tmp_path / "page.png"))
    assert changed() == [False] * 6
    assert changed("--point", "right elbow") == [True, True, False, False, False, False]
    assert changed("--point", "2") == [True, True, False, False, False, False]
    assert changed("--link", "neck - nose") == [False, False, False, True, False, False]


def test_explain_of_nobody(posedesk: Command, net: Path, tmp_path: Path) -> None:
    empty = write_picture(tmp_path / "empty.png", size=(320, 128))
    answer = explain(posedesk, net, empty, "--out", tmp_path / "page.jpg")
    assert answer.code == 0
    assert "0 points, 0 links, 0 people" in answer.out
    assert load_image(tmp_path / "page.jpg").size


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--point", "tail"), "--point: there is no 'tail'"),
        (("--point", "18"), "left ear, or 0 to 17."),
        (("--point", "background"), "left ear, or 0 to 17."),
        (("--link", "nose - tail"), "--link: there is no 'nose - tail'"),
        (("--link", "19"), "--link: there is no '19'; known are neck"),
        (("--decode", "guess"), "--decode guess"),
    ],
)
def test_explain_what_is_not_there(
    posedesk: Command, net: Path, picture: Path, tmp_path: Path, words: tuple[str, str], message: str
) -> None:
    answer = explain(posedesk, net, picture, "--out", tmp_path / "page.png", *words)
    assert answer.code == 2
    assert message in answer.err
    assert not (tmp_path / "page.png").exists()


def test_explain_needs_a_picture_and_a_place(posedesk: Command, net: Path, picture: Path, tmp_path: Path) -> None:
    answer = explain(posedesk, net, tmp_path / "nothing.png", "--out", tmp_path / "page.png")
    assert (answer.code, "nothing.png does not exist" in answer.err) == (2, True)
    answer = explain(posedesk, net, picture, "--out", tmp_path / "page.xyz")
    assert (answer.code, "ends in .png or .jpg" in answer.err) == (2, True)
    answer = explain(posedesk, net, picture, "--out", picture)
    assert (answer.code, "would overwrite" in answer.err) == (2, True)
    assert explain(posedesk, net, picture).code == 2
    assert load_image(picture).shape == (128, 160, 3)


# -- eval --


def data_set(folder: Path, off: float = 0.0) -> tuple[Path, Path]:
    """Annotations and images of three arms on two pictures; the annotations are `off` by so many pixels."""
    shoulders = {1: [LEFT], 2: [LEFT, RIGHT]}
    images, people = [], []
    (folder / "images").mkdir()
    for number, places in shoulders.items():
        name = write_picture(folder / "images" / f"{number}.png", *places).name
        images.append({"id": number, "file_name": name, "width": 160, "height": 128})
        for place in places:
            keypoints = np.zeros((18, 3))
            for point, (x, y) in zip(POINTS, points_of(place), strict=True):
                keypoints[point] = x + off, y, 2
            box = [place[0] - 20, place[1] - 10, 40, 90]
            people.append(
                {
                    "id": len(people) + 1, "image_id": number, "category_id": 1, "iscrowd": 0, "num_keypoints": 3,
                    "keypoints": keypoints[skeleton.COCO_ORDER].ravel().tolist(), "bbox": box, "area": 40 * 90,
                }
            )  # fmt: skip
    path = folder / "keypoints.json"
    path.write_text(json.dumps({"images": images, "annotations": people, "categories": [{"id": 1}]}))
    return path, folder / "images"


def evaluate(posedesk: Command, net: Path, annotations: Path, images: Path, *words: object) -> Any:
    options = ("--annotations", annotations, "--images", images, "--model", net, "--input-height", 128)
    return posedesk("eval", *options, *words)


def test_eval(posedesk: Command, net: Path, tmp_path: Path) -> None:
    annotations, images = data_set(tmp_path)
    figures, results = tmp_path / "out" / "figures.json", tmp_path / "out" / "results.json"
    answer = evaluate(posedesk, net, annotations, images, "--json", figures, "--write-results", results)
    assert answer.code == 0, answer.err
    assert answer.err == ""
    for word in ("2 images", "AP", "AP50", "AR", "1.0000"):
        assert word in answer.out
    content = json.loads(figures.read_text())
    assert {"AP", "AP50", "AP75", "AR", "ms"} <= set(content)
    assert content["AP"] == content["AP50"] == content["AP75"] == content["AR"] == pytest.approx(1.0)
    assert set(content["ms"]) == {"network", "decode", "tracking"}
    assert all(ms > 0 for ms in content["ms"].values())
    assert [entry["image_id"] for entry in json.loads(results.read_text())] == [1, 2, 2]


def test_eval_tells_good_from_bad(posedesk: Command, net: Path, tmp_path: Path) -> None:
    annotations, images = data_set(tmp_path, off=12)
    assert evaluate(posedesk, net, annotations, images, "--json", tmp_path / "a.json").code == 0
    assert json.loads((tmp_path / "a.json").read_text())["AP"] < 0.5


def test_eval_of_the_mirror_image_finds_what_is_not_there(posedesk: Command, net: Path, tmp_path: Path) -> None:
    annotations, images = data_set(tmp_path)
    words = ("--flip", "--set", "decoding.min_score=0.1", "--write-results", tmp_path / "a.json")
    twice = ("--set", "decoding.drop_duplicates=false")  # an arm of the picture, and one of its mirror image
    for more, count in ((twice, 6), ((), 3)):
        assert evaluate(posedesk, net, annotations, images, *words, *more).code == 0
        assert len(json.loads((tmp_path / "a.json").read_text())) == count


def test_eval_of_what_cannot_be_used(posedesk: Command, net: Path, tmp_path: Path) -> None:
    annotations, images = data_set(tmp_path)
    bad = tmp_path / "bad.json"
    bad.write_text("{}")
    for files, message in (
        ((tmp_path / "nothing.json", images), "Cannot read the annotations"),
        ((bad, images), "does not hold person keypoints"),
        ((annotations, tmp_path / "nowhere"), "There is no folder of images"),
    ):
        answer = evaluate(posedesk, net, *files)
        assert answer.code == 2
        assert message in answer.err
    (images / "2.png").unlink()
    answer = evaluate(posedesk, net, annotations, images)
    assert (answer.code, "2.png" in answer.err) == (2, True)
    answer = evaluate(posedesk, net, annotations, images, "--json", annotations)
    assert (answer.code, "would overwrite" in answer.err) == (2, True)
    assert evaluate(posedesk, net, annotations, images, "--json", bad / "below").code == 2
    same = evaluate(posedesk, net, annotations, images, "--json", tmp_path / "a", "--write-results", tmp_path / "a")
    assert (same.code, "same name" in same.err) == (2, True)


# -- bench --


def test_bench_decode(posedesk: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode_bench.naive, "score_links", score_links)  # plain Python takes seconds for 50 people
    answer = posedesk("bench", "decode", "--runs", 3, "--json", tmp_path / "a.json")
    assert answer.code == 0, answer.err
    figures = json.loads((tmp_path / "a.json").read_text())
    assert figures["shape"] == [57, 46, 82]
    for table in ("people", "naive"):
        assert list(figures[table]) == ["1", "5", "20", "50"]
        assert all(ms > 0 for ms in figures[table].values())
    assert figures["found"]["1"] == 1
    assert figures["found"]["5"] == 5
    for count, ms in figures["people"].items():
        assert ms < figures["naive"][count]
        assert f"{ms:.3f}" in answer.out


def test_bench_network(posedesk: Command, net: Path, tmp_path: Path) -> None:
    words = ("--model", net, "--size", "160x128", "--runs", 3, "--json", tmp_path / "a.json")
    answer = posedesk("bench", "network", *words, "--backend", "openvino", "--backend", "cpu")
    assert answer.code == 0, answer.err
    figures = json.loads((tmp_path / "a.json").read_text())
    assert figures["size"] == [160, 128]
    assert [case["device"] for case in figures["nets"]] == ["CPU, OpenVINO", "CPU, OpenCV"]
    for case in figures["nets"]:
        assert (case["model"], case["size"]) == (str(net), [160, 128])
        assert 0 < case["best_ms"] <= case["ms"]


def test_bench_network_gives_each_net_a_size_that_it_can_take(posedesk: Command, net: Path, tmp_path: Path) -> None:
    words = ("--model", net, "--model", "embedded", "--size", "160x100", "--runs", 1, "--json", tmp_path / "a.json")
    assert posedesk("bench", "network", *words).code == 0
    sizes = {case["model"]: case["size"] for case in json.loads((tmp_path / "a.json").read_text())["nets"]}
    assert sizes == {str(net): [160, 96], "embedded": [168, 104]}


@pytest.mark.parametrize("size", ["large", "100", "8x8", "100x100x3", "-16x32"])
def test_bench_network_at_a_size_that_cannot_be(posedesk: Command, net: Path, size: str) -> None:
    answer = posedesk("bench", "network", "--model", net, "--size", size)
    assert (answer.code, f"--size {size}" in answer.err) == (2, True)


def test_bench_pipeline(posedesk: Command, net: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline_bench, "ROUNDS", 2)
    video = write_video(tmp_path / "walk.mp4", [[(40 + i, 25)] for i in range(12)])
    words = ("--model", net, "--input-height", 128, "--frames", 10, "--json", tmp_path / "a.json")
    answer = posedesk("bench", "pipeline", video, *words)
    assert answer.code == 0, answer.err
    figures = json.loads((tmp_path / "a.json").read_text())
    assert set(figures["fps"]) == {"bare", "whole", "recording"}
    assert all(fps > 0 for fps in figures["fps"].values())
    assert set(figures["of_bare"]) == {"whole", "recording"}
    assert "bare forward pass" in answer.out


def test_bench_pipeline_makes_a_video_where_none_is_given(
    posedesk: Command, net: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline_bench, "ROUNDS", 1)
    monkeypatch.setattr(pipeline_bench, "VIDEO_SIZE", (320, 192))
    answer = posedesk("bench", "pipeline", "--model", net, "--input-height", 128, "--frames", 5)
    assert answer.code == 0, answer.err
    assert "whole, recording" in answer.out


def test_bench_without_a_net(posedesk: Command) -> None:
    for what in ("network", "pipeline"):
        answer = posedesk("bench", what, "--model", "mobilenet-thin")
        assert (answer.code, "posedesk models fetch" in answer.err) == (2, True)


# -- models --


def test_models_list(posedesk: Command) -> None:
    answer = posedesk("models", "list")
    assert answer.code == 0
    for name in ("openpose-coco", "mobilenet-thin"):
        assert name in answer.out


def test_a_net_of_ones_own_can_be_imported_and_run(posedesk: Command, net: Path, picture: Path, tmp_path: Path) -> None:
    files = ("--prototxt", net.with_name("tiny.prototxt"), "--caffemodel", net.with_name("tiny.caffemodel"))
    answer = posedesk("models", "import", "mine", *files, "--scale", "1/255", "--size-multiple", 16)
    assert answer.code == 0, answer.err
    assert "mine" in posedesk("models", "list").out
    answer = posedesk("run", picture, "--model", "mine", "--input-height", 128)
    assert (answer.code, "2 poses" in answer.out) == (0, True)


def test_a_model_that_is_not_known(posedesk: Command) -> None:
    answer = posedesk("models", "info", "openpose")
    assert (answer.code, "No model is called 'openpose'" in answer.err) == (2, True)
