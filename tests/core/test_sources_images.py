"""Image files, folders and patterns."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from core.errors import InputError
from core.sources import Event, Seekable, open_source
from core.sources.images import load_image
from core.types import Frame
from tests.core import videos

ORIENTATION = 0x0112


def save(path: Path, number: int, size: tuple[int, int] = (64, 48)) -> Path:
    """A picture that shows the number; by way of imencode, since imwrite cannot do all names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    good, data = cv2.imencode(path.suffix, videos.picture(number, size))
    assert good
    path.write_bytes(data.tobytes())
    return path


def with_orientation(jpeg: bytes, value: int) -> bytes:
    """The JPEG with an EXIF block that says how the camera was held."""
    tiff = b"II*\0" + (8).to_bytes(4, "little") + (1).to_bytes(2, "little")
    tiff += ORIENTATION.to_bytes(2, "little") + (3).to_bytes(2, "little") + (1).to_bytes(4, "little")
    tiff += value.to_bytes(4, "little") + bytes(4)
    block = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block + jpeg[2:]


def read_all(text: str | Path, events: list[Event] | None = None) -> list[Frame]:
    with open_source(str(text), on_event=[].append if events is None else events.append) as source:
        frames = []
        while (frame := source.read()) is not None:
            frames.append(frame)
        return frames


@pytest.mark.parametrize("name", ["plain.png", "写真 Übung.jpg", "UPPER.PNG", "a [1].bmp", "0.webp"])
def test_one_image(tmp_path: Path, name: str) -> None:
    (frame,) = read_all(save(tmp_path / name, 1234))
    assert (videos.number(frame.image), frame.index, frame.time) == (1234, 0, 0.0)
    assert (frame.name, frame.size) == (name, (64, 48))


@pytest.mark.parametrize(("value", "turns"), [(3, 2), (6, 1), (8, 3)])
def test_photographs_are_turned_upright(tmp_path: Path, value: int, turns: int) -> None:
    lying = np.ascontiguousarray(np.rot90(videos.picture(4321, (96, 128)), turns))
    data = cv2.imencode(".jpg", lying)[1].tobytes()
    path = tmp_path / "phone.jpg"
    path.write_bytes(with_orientation(data, value))
    (frame,) = read_all(path)
    assert (frame.size, videos.number(frame.image)) == ((96, 128), 4321)


def test_grey_and_transparent_pictures_become_bgr(tmp_path: Path) -> None:
    for name, image in (("grey.png", np.zeros((8, 9), np.uint8)), ("clear.png", np.zeros((8, 9, 4), np.uint8))):
        cv2.imwrite(str(tmp_path / name), image)
        (frame,) = read_all(tmp_path / name)
        assert (frame.image.shape, frame.image.dtype) == ((8, 9, 3), np.uint8)


def test_a_folder_is_sorted_as_people_do(tmp_path: Path) -> None:
    for number, name in enumerate(["1.png", "2.png", "10.JPG", "a2.png", "A10.png"]):
        save(tmp_path / name, number, (64 + number, 48))
    (tmp_path / "notes.txt").write_text("no picture")
    save(tmp_path / "below" / "3.png", 99)
    frames = read_all(tmp_path)
    assert [videos.number(frame.image) for frame in frames] == [0, 1, 2, 3, 4]
    assert [frame.name for frame in frames] == ["1.png", "2.png", "10.JPG", "a2.png", "A10.png"]
    assert [frame.time for frame in frames] == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert frames[4].size == (68, 48)


def test_pictures_of_one_stem_stand_together(tmp_path: Path) -> None:
    for name in ("a (2).jpg", "a-1.jpg", "a.jpg", "a.png", "a_2.jpg"):
        save(tmp_path / name, 1)
    names = [frame.name for frame in read_all(tmp_path)]
    assert names == ["a.jpg", "a.png", "a (2).jpg", "a-1.jpg", "a_2.jpg"]


def test_pictures_of_several_folders_are_told_apart(tmp_path: Path) -> None:
    for name in ("x/1.png", "y/deep/1.png"):
        save(tmp_path / "in" / name, 1)
    assert [frame.name for frame in read_all(tmp_path / "in" / "**" / "*.png")] == ["x/1.png", "y/deep/1.png"]


def test_seeking_in_a_folder(tmp_path: Path) -> None:
    for number in range(5):
        save(tmp_path / f"{number}.png", number)
    with open_source(str(tmp_path)) as source:
        assert isinstance(source, Seekable)
        assert (source.length, source.duration, source.fps, source.live) == (5, 5.0, None, False)
        source.seek(3)
        frame = source.read()
        assert frame is not None
        assert (frame.index, videos.number(frame.image), source.time_of(3)) == (3, 3, 3.0)
        assert [source.index_at(seconds) for seconds in (-1.0, 0.9, 3.0, 99.0)] == [0, 0, 3, 4]
        with pytest.raises(IndexError):
            source.seek(5)


def test_a_broken_picture_in_a_folder_is_left_out(tmp_path: Path) -> None:
    for number in range(3):
        save(tmp_path / f"{number}.png", number)
    (tmp_path / "1.png").write_bytes(b"\x89PNG\r\n\x1a\nand no more")
    events: list[Event] = []
    frames = read_all(tmp_path, events)
    assert [(frame.index, videos.number(frame.image)) for frame in frames] == [(0, 0), (2, 2)]
    assert [event.kind for event in events] == ["skipped"]
    assert "1.png" in events[0].message


@pytest.mark.parametrize("missing", [2, 200, 0.5])
def test_of_a_jpeg_that_is_cut_off_what_there_is_is_read(tmp_path: Path, missing: float) -> None:
    """OpenCV itself reads none of it, even where only the two bytes that mark the end are missing."""
    image = np.random.default_rng(0).integers(0, 256, (96, 128, 3), np.uint8)
    image[:48] = 250
    assert cv2.imwrite(str(tmp_path / "cut.jpg"), image)
    data = (tmp_path / "cut.jpg").read_bytes()
    (tmp_path / "cut.jpg").write_bytes(data[: -missing if missing > 1 else round(len(data) * missing)])
    assert load_image(tmp_path / "cut.jpg").shape == image.shape
    for place in (tmp_path / "cut.jpg", tmp_path):
        events: list[Event] = []
        (frame,) = read_all(place, events)
        assert frame.image[:40].min() > 200
        assert [event.kind for event in events] == ["truncated"]
        assert "cut.jpg is cut off" in events[0].message


def test_a_pattern(tmp_path: Path) -> None:
    for number in range(3):
        save(tmp_path / "one" / f"{number}.png", number)
        save(tmp_path / "two" / f"{number}.jpg", number + 10)
    assert [videos.number(frame.image) for frame in read_all(tmp_path / "*" / "[12].*")] == [1, 2, 11, 12]
    assert len(read_all(tmp_path / "**" / "*.jpg")) == 3
    with pytest.raises(InputError, match="No picture fits"):
        open_source(str(tmp_path / "*.tiff"))


def test_what_is_no_picture_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.png").touch()
    (tmp_path / "text.jpg").write_text("This is no picture. " * 50)
    save(tmp_path / "cut.png", 1).write_bytes((tmp_path / "cut.png").read_bytes()[:40])
    for name in ("empty.png", "text.jpg", "cut.png"):
        with pytest.raises(InputError, match=f"{name} is not a picture"):
            open_source(str(tmp_path / name))
    (tmp_path / "nothing").mkdir()
    with pytest.raises(InputError, match="has no pictures"):
        open_source(str(tmp_path / "nothing"))
