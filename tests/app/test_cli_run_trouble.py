"""`posedesk run` when something is wrong: one clear sentence, the right exit code, and the other files complete."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import cv2
import pytest

from core.errors import PoseDeskError
from core.network import Network
from core.outputs import CsvFile
from core.sources import FakeSource, open_source
from tests.app.conftest import Answer, Command
from tests.core import videos
from tests.models.caffe import halving_net
from tests.tiny_net import write_picture, write_tiny_net, write_video

FRAMES = 40


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_video(tmp_path_factory.mktemp("video") / "walk.mp4", [[(40 + i, 25)] for i in range(FRAMES)])


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_picture(tmp_path_factory.mktemp("picture") / "photo.png", (40, 25))


def assert_sentence(answer: Answer, code: int, *words: str) -> None:
    """It ended with this exit code and a message with these words, and nothing that looks like a fault of ours."""
    assert answer.code == code, answer
    for word in words:
        assert word in answer.err
    assert "Traceback" not in answer.err
    assert "Error" not in answer.err.replace("Error ─", "")  # the title of the box around a wrong option
    assert len(answer.err) < 700
    assert "wrote" not in answer.out


# -- bad input: exit code 2, and nothing is written --


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param(["--overlay", "hats"], ["--overlay does not know 'hats'", "skeleton", "-ids"], id="overlay"),
        pytest.param(
            ["--overlay", "map=tail"], ["--overlay map=tail: there is no 'tail'", "background"], id="overlay map"
        ),
        pytest.param(["--overlay", "only=background"], ["--overlay only=background: there is no"], id="overlay only"),
        pytest.param(["--overlay", "field=19"], ["--overlay field=19: there is no '19'"], id="overlay field"),
        pytest.param(["--csv=a.csv", "--csv", "b.parquet"], ["--csv is there more than once"], id="csv twice"),
        pytest.param(["--end", "1", "--end", "1.5"], ["--end is there more than once"], id="end twice"),
        pytest.param(["--start", "2", "--end", "1"], ["--end 1 has to come after --start 2"], id="end before start"),
        pytest.param(["--start", "1", "--end", "1"], ["--end 1 has to come after --start 1"], id="end at start"),
        pytest.param(
            ["--start", "1.6"], ["--start 1.6 lies behind the end", "walk.mp4 lasts 1.6 s"], id="start at end"
        ),
        pytest.param(["--start", "99"], ["--start 99 lies behind the end"], id="start behind end"),
        pytest.param(["--start", "-1"], ["--start"], id="start below 0"),
        pytest.param(["--decode", "guess"], ["--decode guess", "openpose and lecture"], id="decode"),
        pytest.param(["--scales", "1,x"], ["--scales 1,x", "0.5,1,1.5"], id="scales"),
        pytest.param(["--scales", "9"], ["network.scales has to be 4.0 or less, but it is 9.0"], id="scales too large"),
        pytest.param(["--scales", ""], ["--scales"], id="scales empty"),
        pytest.param(["--set", "decoding.min_points"], ["--set decoding.min_points", "SECTION.NAME=VALUE"], id="set"),
        pytest.param(["--set", "colour.of=red"], ["--set colour.of=red", "decoding"], id="set section"),
        pytest.param(
            ["--set", "decoding.colour=red"], ["there is no decoding.colour; decoding has peak_search"], id="set name"
        ),
        pytest.param(
            ["--set", "decoding.peak_treshold=0.1"],
            ["no decoding.peak_treshold", "did you mean decoding.peak_threshold"],
            id="set misspelt",
        ),
        pytest.param(["--set", "decodin.min_score=0.1"], ["mean decoding.min_score"], id="set section misspelt"),
        pytest.param(["--set", "min_score=0.1"], ["mean decoding.min_score?"], id="set without section"),
        pytest.param(["--set", "decoding.min_points=99"], ["decoding.min_points", "99"], id="set bounds"),
        pytest.param(
            ["--set", "decoding.min_points=many"],
            ["decoding.min_points has to be a whole number, but it is many."],
            id="set kind",
        ),
        pytest.param(["--max-people", "0"], ["--max-people"], id="max people"),
        pytest.param(["--input-height", "64"], ["--input-height", "128"], id="input height"),
        pytest.param(["--backend", "abacus"], ["--backend abacus", "cuda-fp16", "cpu"], id="backend"),
        pytest.param(["--backend", "gpu"], ["--backend gpu", "NVIDIA GPU it is cuda"], id="backend gpu"),
        pytest.param(
            ["--model", "openpose-cocco"], ["No model is called 'openpose-cocco'", "openpose-coco?"], id="model"
        ),
        pytest.param(["--model", "nowhere/net.toml"], ["nowhere/net.toml cannot be read"], id="model path"),
        pytest.param(["--model", "mobilenet-thin"], ["posedesk models fetch mobilenet-thin"], id="model not here"),
        pytest.param(["--model", "nowhere/net.prototxt"], ["models import", ".toml"], id="model file"),
        pytest.param(["--model", "net.caffemodel"], ["models import", ".toml"], id="model file here"),
        pytest.param(["--scaling", "other"], ["no scaling called 'other'"], id="scaling"),
        pytest.param(["--hats"], ["--hats"], id="unknown option"),
    ],
)
def test_a_value_that_cannot_be(
    posedesk: Command, net: Path, video: Path, tmp_path: Path, options: list[str], words: list[str]
) -> None:
    out = tmp_path / "out"
    first = [] if "--model" in options else ["--model", net]
    answer = posedesk("run", video, *first, "--record", out / "a.mp4", "--csv", out / "a.csv", *options)
    assert_sentence(answer, 2, *words)
    assert not out.exists(), "nothing is written before everything is known to be right"


def empty(folder: Path) -> Path:
    (folder / "empty").mkdir()
    return folder / "empty"


def garbage(folder: Path) -> Path:
    (folder / "garbage.mp4").write_bytes(os.urandom(5000))
    return folder / "garbage.mp4"


def no_picture(folder: Path) -> Path:
    (folder / "photo.jpg").write_bytes(b"no picture")
    return folder / "photo.jpg"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        pytest.param(lambda folder: folder / "nothing.mp4", ["nothing.mp4 does not exist"], id="missing"),
        pytest.param(lambda folder: folder / "*.png", ["No picture fits the pattern"], id="pattern"),
        pytest.param(empty, ["has no pictures in it"], id="empty folder"),
        pytest.param(garbage, ["garbage.mp4 cannot be read as a video"], id="unreadable video"),
        pytest.param(no_picture, ["photo.jpg is not a picture that can be read"], id="unreadable picture"),
        pytest.param(lambda folder: videos.write_sound(folder / "s.mp4"), ["has no video in it"], id="sound only"),
        pytest.param(lambda folder: "camera:63", ["amera"], id="camera"),
        pytest.param(lambda folder: "ftp://example.org/a.mp4", ["is no source that is known"], id="address"),
    ],
)
def test_a_source_that_cannot_be_read(
    run: Command, tmp_path: Path, make: Callable[[Path], object], words: list[str]
) -> None:
    answer = run(make(tmp_path), "--csv", tmp_path / "a.csv")
    assert_sentence(answer, 2, *words)
    assert not (tmp_path / "a.csv").exists()


def test_several_sources_that_are_not_all_pictures(run: Command, video: Path, picture: Path, tmp_path: Path) -> None:
    for wrong, words in (
        (video, f"{picture} is a picture, and others are none"),
        (picture.parent, "is a picture, and others are none"),
        (tmp_path / "gone.jpg", f"There is no file {tmp_path / 'gone.jpg'}"),
        ("camera:0", "is a picture, and others are none"),
    ):
        assert_sentence(run(picture, wrong, "--csv", tmp_path / "a.csv"), 2, words)
        assert not (tmp_path / "a.csv").exists()


@pytest.mark.parametrize("option", ["--record", "--write-json", "--csv", "--coco"])
def test_a_place_that_cannot_be_written(run: Command, video: Path, tmp_path: Path, option: str) -> None:
    (tmp_path / "file").write_text("in the way")
    target = tmp_path / "file" / ("a.mp4" if option == "--record" else "a")
    before = {"--coco": "--csv"}.get(option, "--coco")
    (tmp_path / "other").write_text("of a run before")
    answer = run(video, before, tmp_path / "other", option, target)
    assert_sentence(answer, 2, f"Cannot write {target}")
    assert (tmp_path / "file").read_text() == "in the way"
    assert (tmp_path / "other").read_text() == "of a run before", "nothing is lost before all can begin"


def test_a_recording_that_is_no_mp4(run: Command, video: Path, tmp_path: Path) -> None:
    assert_sentence(run(video, "--record", tmp_path / "a.avi"), 2, "a.avi", "ends in .mp4")


@pytest.mark.parametrize(("option", "name"), [("--record", "in.mp4"), ("--csv", "in"), ("--coco", "in")])
def test_the_source_is_not_overwritten(run: Command, tmp_path: Path, option: str, name: str) -> None:
    source = write_video(tmp_path / "in.mp4", [[(40, 25)]] * 3).rename(tmp_path / name)
    content = source.read_bytes()
    assert_sentence(run(source, option, source), 2, "would overwrite")
    assert source.read_bytes() == content


def test_pictures_are_not_overwritten_by_annotated_ones(run: Command, tmp_path: Path) -> None:
    source = write_picture(tmp_path / "in.jpg", (40, 25))
    content = source.read_bytes()
    for name in (source, tmp_path):
        assert_sentence(run(name, "--record", tmp_path), 2, "would overwrite")
        assert source.read_bytes() == content


def test_a_camera_has_no_start(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.run.open_source", lambda text, **more: FakeSource([]))
    assert_sentence(run("camera:0", "--start", 3), 2, "--start works on files only")


@pytest.mark.parametrize(
    ("option", "value"), [("--camera-size", "large"), ("--camera-size", "1x1"), ("--camera-format", "MJPEG")]
)
def test_a_camera_cannot_be_asked_for_that(run: Command, option: str, value: str) -> None:
    assert_sentence(run("camera:0", option, value), 2, f"{option} {value}")


@pytest.mark.parametrize(
    ("option", "name", "form"),
    [
        ("--csv", "a.json", ".csv or .txt or .parquet"),
        ("--csv", "a.csv.gz", ".csv or .txt or .parquet"),
        ("--coco", "a.csv", ".json"),
        ("--events", "a.parquet", ".csv or .txt"),
    ],
)
def test_a_name_does_not_promise_another_form(
    run: Command, video: Path, tmp_path: Path, option: str, name: str, form: str
) -> None:
    answer = run(video, option, tmp_path / name, *(["--falls"] if option == "--events" else []))
    assert_sentence(answer, 2, f"{option} {tmp_path / name}: give a name that ends in {form}.")
    assert not (tmp_path / name).exists()


def test_two_outputs_of_one_name(run: Command, video: Path, tmp_path: Path) -> None:
    answer = run(video, "--csv", tmp_path / "a", "--coco", tmp_path / "b" / ".." / "a")
    assert_sentence(answer, 2, "Two outputs have the same name")


def test_a_camera_that_gives_nothing(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.run.open_source", lambda text, **more: FakeSource([]))
    assert_sentence(run("camera:0"), 2, "Nothing could be read from camera:0")


# -- failures in the middle: exit code 1 --


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full, a disk that is always full")
def test_a_full_disk_leaves_the_other_files_complete(run: Command, video: Path, tmp_path: Path) -> None:
    answer = run(
        video, "--csv", "/dev/full", "--record", tmp_path / "a.mp4", "--coco", tmp_path / "a.json",
        "--write-json", tmp_path / "json",
    )  # fmt: skip
    assert answer.code == 1
    assert "Cannot write /dev/full: the disk is full. Free some space or write to another disk." in answer.err
    assert answer.err.count("disk is full") == 1, "told once"
    assert f"{FRAMES} frames" in answer.out
    assert "wrote /dev/full" not in answer.out
    assert f"wrote {tmp_path / 'a.mp4'}" in answer.out
    with open_source(str(tmp_path / "a.mp4")) as recorded:
        assert recorded.length == FRAMES
    assert len(json.loads((tmp_path / "a.json").read_text())) == FRAMES
    assert len(os.listdir(tmp_path / "json")) == FRAMES


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full, a disk that is always full")
def test_it_does_not_go_on_for_nobody(run: Command, video: Path) -> None:
    answer = run(video, "--csv", "/dev/full")
    assert_sentence(answer, 1, "Cannot write /dev/full", "No output is left")


def test_a_disk_that_fails_in_the_middle(
    run: Command, video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = CsvFile.write

    def failing(self: CsvFile, result: object, picture: object = None) -> None:
        if result.frame.index == 7:  # type: ignore[attr-defined]
            raise OSError(5, "Input/output error")
        write(self, result, None)  # type: ignore[arg-type]

    monkeypatch.setattr(CsvFile, "write", failing)
    answer = run(video, "--csv", tmp_path / "a.csv", "--record", tmp_path / "a.mp4")
    assert answer.code == 1
    assert "the disk reports an error" in answer.err
    lines = (tmp_path / "a.csv").read_text().splitlines()
    assert len(lines) == 1 + 7 * 18
    with open_source(str(tmp_path / "a.mp4")) as recorded:
        assert recorded.length == FRAMES


def test_a_net_that_fails_in_the_middle_leaves_what_was_found(
    run: Command, video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []
    forward = Network.__call__

    def failing(self: Network, image: object) -> object:
        calls.append(image)
        if len(calls) == 11:
            raise PoseDeskError("No device can run the net any more.")
        return forward(self, image)  # type: ignore[arg-type]

    monkeypatch.setattr(Network, "__call__", failing)
    answer = run(video, "--coco", tmp_path / "a.json", "--record", tmp_path / "a.mp4")
    assert_sentence(answer, 1, "No device can run the net any more.")
    assert len(json.loads((tmp_path / "a.json").read_text())) == 10
    with open_source(str(tmp_path / "a.mp4")) as recorded:
        assert recorded.length == 10


def test_a_net_that_does_not_take_the_size_of_its_manifest(posedesk: Command, picture: Path, tmp_path: Path) -> None:
    halving_net(tmp_path)
    manifest = tmp_path / "halving.toml"
    manifest.write_text(write_tiny_net(tmp_path).read_text().replace("tiny.", "halving.").replace("= 16", "= 8"))
    answer = posedesk("run", picture, "--model", manifest, "--input-height", 136)
    assert_sentence(answer, 2, "cannot be run on 168 x 136 pixels", "size_multiple")
    assert cv2.getLogLevel() == 0, "the lines that OpenCV prints itself go past Python to the terminal"


def test_a_device_that_is_not_there(run: Command, video: Path) -> None:
    if cv2.cuda.getCudaEnabledDeviceCount():
        pytest.skip("there is a CUDA device")
    assert_sentence(run(video, "--backend", "cuda"), 1, "No device can run model tiny", "build_cuda_opencv.md")


# -- what can be read is read, with a warning --


@pytest.mark.parametrize("kind", ["mkv", "fragments"])
def test_a_truncated_video(run: Command, tmp_path: Path, kind: str) -> None:
    name, options = {"mkv": ("cut.mkv", {}), "fragments": ("cut.mp4", {"movflags": "frag_keyframe"})}[kind]
    source = videos.write(tmp_path / name, range(60), options={"g": "10"}, container=options)
    videos.cut(source, 0.6)
    answer = run(source, "--csv", tmp_path / "a.csv")
    assert answer.code == 0, "the file is short, but nothing failed"
    assert f"{source} is cut off after" in answer.err
    assert "What there is can be read" in answer.err
    assert answer.err.count("cut off") == 1
    frames = [line.split(",")[0] for line in (tmp_path / "a.csv").read_text().splitlines()[1:]]
    assert frames == [str(index) for index in range(len(frames))]
    assert 20 < len(frames) < 60


def test_pictures_that_change_their_size(run: Command, tmp_path: Path) -> None:
    for index, size in enumerate([(160, 128), (320, 128), (128, 256)]):
        write_picture(tmp_path / f"{index}.png", (40, 25), size=size)
    answer = run(tmp_path, "--record", tmp_path / "out.mp4", "--csv", tmp_path / "out.csv")
    assert answer.code == 0, answer.err
    with open_source(str(tmp_path / "out.mp4")) as recorded:
        assert (recorded.length, recorded.size) == (3, (160, 128))


def test_an_unexpected_fault_is_no_success(
    posedesk: Command, net: Path, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("app.cli.running.annotate", fault)
    monkeypatch.setattr("app.cli.running.Sinks.takes_picture", True)
    with pytest.raises(ZeroDivisionError):  # Python shows it and ends with 1
        posedesk("run", picture, "--model", net)
