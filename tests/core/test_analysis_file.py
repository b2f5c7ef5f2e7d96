"""The `.posedesk` file with others at work: a kill, a full disk, a copy and other programs do no harm."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from core.analysis import Analysis, Found, database
from core.errors import InputError, PoseDeskError
from tests.core.analysis_scene import create, filled_analysis, found, ids_at, new_analysis, path_of_a_file, reopened  # noqa: F401


def test_a_file_that_is_there_is_not_overwritten(filled: Analysis, path: Path) -> None:
    with pytest.raises(InputError, match="there already"):
        create(path)


def test_one_program_writes_and_others_read(filled: Analysis, path: Path) -> None:
    with pytest.raises(InputError, match="open in another"):
        Analysis.open(path)
    with Analysis.open(path, write=False) as other:
        assert ids_at(other, 12) == [1, 2]
        with pytest.raises(PoseDeskError, match="reading only"):
            other.editor.hide(1)
    filled.close()
    Analysis.open(path).close()


def test_reading_goes_on_while_another_thread_writes(filled: Analysis) -> None:
    seen: list[list[int]] = []
    editor = threading.Thread(target=lambda: filled.editor.hide(1))
    with filled._database.writing() as connection:
        connection.execute("UPDATE frames SET time = 0")
        editor.start()  # has to wait
        reader = threading.Thread(target=lambda: seen.extend([ids_at(filled, 12), filled.counts().tolist()[12:13]]))
        reader.start()
        reader.join(60)
        assert seen == [[1, 2], [2]]
        assert editor.is_alive()
    editor.join()
    assert ids_at(filled, 12) == [2]


def test_what_fails_half_way_is_not_written(filled: Analysis) -> None:
    class Unpackable:
        totals = np.zeros(1, np.float32)

    bad = Found(41, 1.64, Unpackable(), np.array([1], np.int32))  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        filled.add([found(40, 1), bad])
    assert filled.people(40) is None
    assert not filled.has(40)
    filled.add([found(40, 1)])
    assert filled.has(40)


def test_a_full_disk_is_told_and_nothing_is_lost(filled: Analysis, path: Path) -> None:
    pages = filled._database._writer.execute("PRAGMA page_count").fetchone()[0]
    filled._database._writer.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(PoseDeskError, match="disk is full"):
        filled.add([found(frame, *range(1, 30)) for frame in range(30, 60)])
    assert filled.ranges().tolist() == [[10, 30]]
    again = reopened(filled, path)
    assert again.ranges().tolist() == [[10, 30]]
    again.close()


_WRITER = """
import sys
from pathlib import Path
from tests.core.analysis_scene import create, found
analysis = create(Path(sys.argv[1]))
for frame in range(100):
    analysis.add([found(frame, 1, 2)])
    analysis.marks.add_label(f"label {frame}", "#000000")
    print(frame, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_kill_leaves_what_was_written(path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", _WRITER, path], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        done = -1
        while done < 10:
            done = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
    copied = path.with_name("copy.posedesk")
    shutil.copy(path, copied)  # without the log beside it: older, but whole
    Analysis.open(copied).close()
    with Analysis.open(path) as again:
        assert again.ranges()[0, 0] == 0
        assert again.ranges()[0, 1] > 10
        assert len(again.marks.labels()) >= 10
        assert ids_at(again, 10) == [1, 2]


def left_by_a_kill(path: Path) -> None:
    """An analysis with a label that stands in the log alone."""
    with create(path.with_name("killed.posedesk")) as analysis:
        analysis.marks.add_label("of another film", "#000000")
        for suffix in ("", "-wal"):
            shutil.copy(f"{analysis.path}{suffix}", f"{path}{suffix}")


def test_a_copy_over_what_a_kill_left_is_the_copy(filled: Analysis, path: Path) -> None:
    left_by_a_kill(target := path.with_name("copy.posedesk"))
    filled.copy_to(target)
    with Analysis.open(target) as copy:
        assert copy.marks.labels() == []
        assert copy.ranges().tolist() == filled.ranges().tolist() == [[10, 30]]


def test_a_new_file_has_nothing_of_one_that_was_removed_with_its_log_left(path: Path) -> None:
    left_by_a_kill(path)
    path.unlink()
    with create(path) as made:
        assert made.marks.labels() == []


def test_a_copy_is_done_while_another_thread_goes_on_writing(filled: Analysis, path: Path) -> None:
    with filled._database.writing() as connection:  # large enough that it takes a while
        connection.execute("INSERT INTO meta (key, value) VALUES ('large', zeroblob(?))", (64 << 20,))
    over, copied = threading.Event(), threading.Event()

    def write() -> None:
        until = time.monotonic() + 120
        while not copied.is_set() and time.monotonic() < until:
            filled.add([found(30, 1)])
        over.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        filled.copy_to(path.with_name("copy.posedesk"))
        assert not over.is_set(), "it waited for the writing to end"
    finally:
        copied.set()
        writer.join()


def test_a_copy_says_how_far_it_is_and_can_be_ended(filled: Analysis, path: Path) -> None:
    with filled._database.writing() as connection:
        connection.execute("INSERT INTO meta (key, value) VALUES ('large', zeroblob(?))", (20 << 20,))
    shares: list[float] = []
    filled.copy_to(path.with_name("copy.posedesk"), shares.append)
    assert len(shares) > 4
    assert shares == sorted(shares)
    assert (0 < shares[0] < 0.5, shares[-1]) == (True, 1.0)
    there = path.with_name("there.posedesk")
    there.write_text("what was there")

    def enough(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        filled.copy_to(there, enough)
    assert there.read_text() == "what was there"
    assert list(path.parent.glob(".*.part*")) == []
    filled.add([found(30, 1)])
    assert filled.has(30), "what was copied holds nothing up"


def test_a_copy_does_not_take_the_place_of_what_is_open_elsewhere(filled: Analysis, path: Path) -> None:
    with create(path.with_name("other.posedesk")) as other:
        with pytest.raises(InputError, match="open in another PoseDesk"):
            filled.copy_to(other.path)
        other.marks.add_label("serve", "#000000")
    with Analysis.open(other.path) as again:
        assert [label.name for label in again.marks.labels()] == ["serve"]
        assert not len(again.ranges())


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="for this user every folder can be written")
def test_a_folder_that_cannot_be_written_can_be_read(filled: Analysis, path: Path) -> None:
    filled.close()
    path.parent.chmod(0o500)
    try:
        with Analysis.open(path, write=False) as analysis:
            assert ids_at(analysis, 12) == [1, 2]
        with pytest.raises(InputError, match="nothing can be written"):
            Analysis.open(path)
    finally:
        path.parent.chmod(0o700)


def test_a_file_is_closed_while_it_is_still_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE", 1000.0)
    open_file = database.Database.create(tmp_path / "a.posedesk", {"a": "b"})
    with open_file.reading() as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM meta").fetchone()
        closing = threading.Thread(target=open_file.close, daemon=True)
        closing.start()
        closing.join(60)
        assert not closing.is_alive(), "it waits for who reads"
        connection.execute("ROLLBACK")
