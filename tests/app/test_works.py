"""What takes a while, one after the other: the banner says how far that is which is under way."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.window import Window
from app.works import Course, Work
from tests.app.film_scene import SOON


@pytest.fixture
def go_on() -> Iterator[threading.Event]:
    """What `slow` makes is there when it is set."""
    go_on = threading.Event()
    yield go_on
    go_on.set()


@pytest.fixture
def two(window: Window, go_on: threading.Event, tmp_path: Path, qtbot: QtBot) -> list[Path]:
    """A file that is being written, and one that is written after that."""

    def slow(course: Course) -> tuple[bytes, str]:
        course.tell(0.4)
        go_on.wait(SOON / 1000)
        return b"first", ""

    window.works.save(slow, tmp_path / "first.csv")
    window.works.save(lambda course: (b"second", ""), tmp_path / "second.csv")
    qtbot.waitUntil(lambda: window.banner.busy.value() == 40, timeout=SOON)
    return [tmp_path / "first.csv", tmp_path / "second.csv"]


def test_of_two_that_wait_for_each_other_the_first_is_told(
    window: Window, two: list[Path], go_on: threading.Event, qtbot: QtBot
) -> None:
    assert window.banner.label.text() == "Saving first.csv ... (1 more to do)"
    go_on.set()
    qtbot.waitUntil(lambda: not window.works.is_working, timeout=SOON)
    assert [path.read_bytes() for path in two] == [b"first", b"second"]
    assert window.banner.label.text() == f"Saved {two[1]}."


def test_of_two_that_wait_for_each_other_the_first_is_cancelled(
    window: Window, two: list[Path], go_on: threading.Event, qtbot: QtBot
) -> None:
    window.banner.cancel.click()
    assert window.banner.label.text() == "Saving first.csv was cancelled."
    go_on.set()
    qtbot.waitUntil(lambda: not window.works.is_working, timeout=SOON)
    assert not two[0].exists()
    assert two[1].read_bytes() == b"second"


def test_of_two_in_threads_of_their_own_the_last_is_told_and_cancelled(
    window: Window, two: list[Path], go_on: threading.Event, qtbot: QtBot
) -> None:
    def slow(course: Course) -> str:
        course.tell(0.7)
        go_on.wait(SOON / 1000)
        course.check()
        return "It was read."

    window.works.do(Work("Reading"), slow, "posedesk-poses")
    qtbot.waitUntil(lambda: window.banner.busy.value() == 70, timeout=SOON)
    assert window.banner.label.text() == "Reading ... (2 more to do)"
    window.banner.cancel.click()
    assert window.banner.label.text() == "Reading was cancelled."
    go_on.set()
    qtbot.waitUntil(lambda: not window.works.is_working, timeout=SOON)
    assert all(path.exists() for path in two)
