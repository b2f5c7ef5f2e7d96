"""The annotated video and the folder of annotated images."""

import signal
import struct
import subprocess
import sys
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from core.errors import InputError, PoseDeskError
from core.outputs import ImageFolder, Recorder, open_recording
from core.types import Frame, Image, People
from tests.core.outputs_scene import backdrop, result_of

TIMES = [7.0, 7.033, 7.1, 7.1005, 7.5, 8.2, 8.2, 9.9]  # not from 0, uneven, one twice


def record(recorder: Recorder, pictures: list[Image], times: list[float]) -> None:
    with recorder:
        for index, (picture, time) in enumerate(zip(pictures, times, strict=True)):
            recorder.write(result_of(Frame(picture, index, time), People.empty()), picture)


def read(path: Path) -> tuple[list[Image], list[float]]:
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    return [frame.to_ndarray(format="bgr24") for frame in frames], [float(frame.time or 0) for frame in frames]


def boxes(path: Path) -> list[str]:
    """The names of the top boxes of an MP4."""
    data, at, names = path.read_bytes(), 0, []
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        if size == 1:
            (size,) = struct.unpack(">Q", data[at + 8 : at + 16])
        names.append(name.decode())
        at += size
    return names


def test_pictures_and_times_come_back(tmp_path: Path) -> None:
    pictures = [np.full((48, 64, 3), (20, 60 + 20 * i, 200 - 20 * i), np.uint8) for i in range(len(TIMES))]
    record(Recorder(tmp_path / "a:b c.mp4", crf=10), pictures, TIMES)
    seen, times = read(tmp_path / "a:b c.mp4")
    assert times == pytest.approx(np.array(TIMES) - 7, abs=2e-5)
    assert (np.diff(times) > 0).all()
    for picture, back in zip(pictures, seen, strict=True):
        assert np.abs(back.astype(int) - picture).max() <= 6


def test_a_finished_file_is_an_ordinary_mp4(tmp_path: Path) -> None:
    record(Recorder(tmp_path / "a.mp4"), [backdrop(64, 48)] * 40, [i / 10 for i in range(40)])
    assert "moof" not in boxes(tmp_path / "a.mp4")
    assert boxes(tmp_path / "a.mp4").count("moov") == 1
    with av.open(str(tmp_path / "a.mp4")) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert stream.frames == 40
        assert float((stream.duration or 0) * (stream.time_base or 0)) == pytest.approx(4, abs=0.15)
        keys = [
            float(packet.pts * packet.time_base)
            for packet in container.demux(stream)
            if packet.pts is not None and packet.is_keyframe
        ]
    assert keys == pytest.approx([0, 1, 2, 3])


def test_colours_survive(tmp_path: Path) -> None:
    """Red, green and blue as they were: the matrix that was used is the one that the file names."""
    picture = np.zeros((48, 96, 3), np.uint8)
    picture[:, :32, 2], picture[:, 32:64, 1], picture[:, 64:, 0] = 255, 255, 255
    record(Recorder(tmp_path / "a.mp4", crf=5), [picture] * 2, [0, 0.1])
    seen, _ = read(tmp_path / "a.mp4")
    for x in (16, 48, 80):
        assert np.abs(seen[0][24, x].astype(int) - picture[24, x]).max() <= 8


@pytest.mark.parametrize(("width", "height"), [(65, 48), (64, 49), (33, 17)])
def test_odd_sizes_lose_nothing(tmp_path: Path, width: int, height: int) -> None:
    picture = backdrop(width, height)
    picture[-6:, -6:] = (0, 0, 250)
    record(Recorder(tmp_path / "a.mp4", crf=5), [picture], [0])
    seen, _ = read(tmp_path / "a.mp4")
    assert seen[0].shape[:2] == (height + height % 2, width + width % 2)
    assert seen[0][height - 1, width - 1].tolist() == pytest.approx([0, 0, 250], abs=25)


def test_another_size_is_fitted_into_the_first(tmp_path: Path) -> None:
    white = np.full((48, 64, 3), 255, np.uint8)
    record(Recorder(tmp_path / "a.mp4"), [white, np.full((96, 64, 3), 255, np.uint8), white[:24, :32]], [0, 0.1, 0.2])
    seen, _ = read(tmp_path / "a.mp4")
    assert {picture.shape for picture in seen} == {(48, 64, 3)}
    assert seen[1][24, 4].max() < 30  # half as wide: borders left and right
    assert seen[1][24, 32].min() > 225
    assert seen[2][2, 2].min() > 225


def test_pictures_too_large_for_a_video_are_told(tmp_path: Path) -> None:
    record(Recorder(tmp_path / "large.mp4"), [np.zeros((16, 16384, 3), np.uint8)], [0])
    assert read(tmp_path / "large.mp4")[0][0].shape == (16, 16384, 3)
    with pytest.raises(PoseDeskError, match="too many for a video"):
        record(Recorder(tmp_path / "larger.mp4"), [np.zeros((16386, 16, 3), np.uint8)], [0])
    assert not (tmp_path / "larger.mp4").exists()


def test_an_earlier_file_stays_until_the_first_picture(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"old")
    recorder = Recorder(tmp_path / "a.mp4")
    recorder.close()
    recorder.close()
    assert (tmp_path / "a.mp4").read_bytes() == b"old"


SCRIPT = """
import os, resource, signal, sys
from pathlib import Path
import numpy as np
from core.outputs import Recorder, Sinks
from core.types import Frame, People
from tests.core.outputs_scene import result_of
target, count, step, limit = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
if limit:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
random = np.random.default_rng(0)
told = []
with Sinks([Recorder(target)], lambda error: print(error)) as sinks:
    for index in range(count):
        picture = random.integers(0, 255, (120, 160, 3), dtype=np.uint8)
        sinks.write(result_of(Frame(picture, index, index * step), People.empty()), picture)
    if not limit:
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize(("count", "step"), [(2, 1 / 30), (47, 1 / 30), (12, 0.7)])
def test_a_killed_recording_plays(tmp_path: Path, count: int, step: float) -> None:
    target = tmp_path / "a.mp4"
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(target), str(count), str(step), "0"], check=False)
    assert done.returncode == -signal.SIGKILL
    _, times = read(target)
    assert len(times) >= count - 1
    assert times == pytest.approx([index * step for index in range(len(times))], abs=2e-5)


@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files as Linux does")
def test_a_full_disk_leaves_what_fitted(tmp_path: Path) -> None:
    target = tmp_path / "a.mp4"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(target), "60", "0.04", "400000"], check=True, capture_output=True, text=True
    )
    assert done.stdout.count("Cannot write") == 1
    assert not done.stderr
    _, times = read(target)
    assert 5 < len(times) < 60
    assert times == pytest.approx([index * 0.04 for index in range(len(times))], abs=2e-5)


@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files as Linux does")
def test_a_disk_full_from_the_start_leaves_no_broken_file(tmp_path: Path) -> None:
    target = tmp_path / "a.mp4"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(target), "3", "0.04", "500"], check=True, capture_output=True, text=True
    )
    assert done.stdout.count("Cannot write") == 1
    assert not target.exists()


def test_a_folder_of_images(tmp_path: Path) -> None:
    picture = backdrop(64, 48)
    with ImageFolder(tmp_path / "out", "dance") as sink:
        for name, index in (("golf.jpg", 0), ("golf.PNG", 1), ("", 2), ("map.tif", 3), ("grey.pgm", 4)):
            sink.write(result_of(Frame(picture, index, name=name), People.empty()), picture)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "dance_000000000002.jpg",
        "golf.PNG",
        "golf.jpg",
        "grey.pgm.jpg",
        "map.tif",
    ]
    for name in ("golf.PNG", "map.tif"):
        assert np.array_equal(cv2.imread(str(tmp_path / "out" / name)), picture), "its own form loses nothing"
    with ImageFolder(tmp_path / "png", suffix=".png") as sink:
        sink.write(result_of(Frame(picture, index=3), People.empty()), picture)
    assert np.array_equal(cv2.imread(str(tmp_path / "png" / "000000000003.png")), picture)


def test_the_name_decides_what_is_recorded(tmp_path: Path) -> None:
    assert isinstance(open_recording(tmp_path / "a.MP4"), Recorder)
    assert isinstance(open_recording(tmp_path / "run.1"), ImageFolder)
    for name in ("a.avi", "a.jpg"):
        with pytest.raises(InputError, match=r"\.mp4, or a folder"):
            open_recording(tmp_path / name)
