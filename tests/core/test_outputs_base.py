"""The fan-out, the places that cannot be used, the names of frames."""

import errno
from pathlib import Path

import pytest

from core.errors import InputError, PoseDeskError
from core.outputs import CocoResults, CsvFile, ImageFolder, OpenPoseJson, Recorder, Sink, Sinks, forbid_overwriting
from core.outputs.base import FrameNames, sentence, write_whole
from core.types import Frame, Image, People, Result
from tests.core.outputs_scene import backdrop, result_of

RESULT = result_of(Frame(backdrop(64, 48)), People.empty())


class Memory(Sink):
    """Remembers what it got; fails where it is told to."""

    def __init__(
        self, name: str, takes_picture: bool = False, fails: Exception | None = None, at: str = "write"
    ) -> None:
        self.target, self.takes_picture = Path(name), takes_picture
        self.fails, self.at = fails, at
        self.written = 0
        self.closed = 0

    def write(self, result: Result, picture: Image | None) -> None:
        if self.fails and self.at == "write":
            raise self.fails
        self.written += 1

    def close(self) -> None:
        self.closed += 1
        if self.fails and self.at == "close":
            raise self.fails


def test_one_that_fails_stops_alone_and_is_told_of_once() -> None:
    told: list[PoseDeskError] = []
    bad = Memory("out/a.csv", takes_picture=True, fails=OSError(errno.ENOSPC, "No space left on device"))
    good = Memory("out/b.csv")
    with Sinks([bad, good], told.append) as sinks:
        assert sinks.takes_picture
        for _ in range(3):
            sinks.write(RESULT, None)
        assert len(sinks) == 1
        assert not sinks.takes_picture
    assert (good.written, good.closed, bad.closed) == (3, 1, 1)
    assert told == sinks.failures
    assert [str(failure) for failure in told] == [
        "Cannot write out/a.csv: the disk is full. Free some space or write to another disk."
    ]
    assert told[0].exit_code == 1
    assert told[0].__cause__ is bad.fails


def test_failure_while_closing_is_told_of_and_the_others_are_closed() -> None:
    told: list[PoseDeskError] = []
    sinks = Sinks([Memory("a"), Memory("b", fails=PoseDeskError("b is broken."), at="close"), Memory("c")], told.append)
    every = list(sinks._running)
    sinks.close()
    sinks.close()
    assert [sink.closed for sink in every if isinstance(sink, Memory)] == [1, 1, 1]
    assert [str(failure) for failure in told] == ["b is broken."]


def test_a_fault_of_ours_stops_one_output_only(caplog: pytest.LogCaptureFixture) -> None:
    told: list[PoseDeskError] = []
    with Sinks([Memory("a", fails=ZeroDivisionError("division by zero"))], told.append) as sinks:
        sinks.write(RESULT, None)
    assert "division by zero" in str(told[0])
    assert "ZeroDivisionError" in caplog.text


def test_errors_are_sentences() -> None:
    assert sentence(Path("x"), OSError(errno.EISDIR, "Is a directory")).startswith("Cannot write x: it is a folder")
    assert "Odd thing" in sentence(Path("x"), OSError(9999, "Odd thing"))


@pytest.mark.parametrize("sink", [CsvFile, CocoResults, Recorder, OpenPoseJson, ImageFolder])
def test_a_place_below_a_file_is_refused(sink: type, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"Cannot write .*file.*out"):
        sink(tmp_path / "file" / "out")
    assert (tmp_path / "file").read_text() == ""


@pytest.mark.parametrize("sink", [CsvFile, CocoResults, Recorder])
def test_a_folder_in_place_of_a_file_is_refused(sink: type, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="it is a folder"):
        sink(tmp_path)


@pytest.mark.parametrize("sink", [OpenPoseJson, ImageFolder])
def test_a_file_in_place_of_a_folder_is_refused(sink: type, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    with pytest.raises(InputError):
        sink(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "kept"


def test_folders_are_made_and_nothing_else_is_left(tmp_path: Path) -> None:
    Recorder(tmp_path / "a" / "b" / "out.mp4").close()
    ImageFolder(tmp_path / "c" / "d").close()
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "b", "c", "d"]


def test_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "file"
    write_whole(target, b"old")

    def full(self: Path, data: bytes) -> int:
        with open(self, "wb") as file:
            file.write(data[:1])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_names() -> None:
    def name(names: FrameNames, frame_name: str, index: int = 0) -> str:
        return names(result_of(Frame(backdrop(8, 8), index, name=frame_name), People.empty()))

    names = FrameNames("dance")
    assert name(names, "", 7) == "dance_000000000007"
    given = ("a.jpg", "A.png", "in/a.png", "a.jpg", "a_2.jpg", "b", "b", "v1.2.bmp")
    assert [name(names, n) for n in given] == [
        "a", "A.png", "in_a.png", "a.jpg", "a_2", "b", "b_2", "v1.2",
    ]  # fmt: skip
    names = FrameNames("dance", endings=True)
    assert [name(names, n) for n in ("a.jpg", "a.png", "A.JPG", "in/a.jpg")] == [
        "a.jpg",
        "a.png",
        "A_2.JPG",
        "in_a.jpg",
    ]
    assert name(FrameNames(), "", 1_234_567_890_123) == "1234567890123"


def test_the_source_is_not_overwritten(tmp_path: Path) -> None:
    photo = tmp_path / "in" / "a.jpg"
    photo.parent.mkdir()
    photo.write_bytes(b"")
    forbid_overwriting([photo], tmp_path / "out.mp4")
    forbid_overwriting([photo], photo.parent / "new.csv")
    forbid_overwriting([photo], tmp_path)
    forbid_overwriting([], photo)
    for target in (photo, photo.parent, photo.parent / ".." / "in"):
        with pytest.raises(InputError, match="overwrite"):
            forbid_overwriting([photo.parent / "gone.jpg", photo], target)
