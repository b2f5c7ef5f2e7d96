"""Films whose frames take long to be found: each is seen small at once, and then as it is."""

import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app import places
from app.window import Window
from core.previews.store import folder
from core.sources.video import VideoFile
from core.types import Frame, Image, Maps
from tests.app.film_scene import FRAMES, SOON, arm, do, go, is_saved, open_film, until_analysed, until_on_screen
from tests.tiny_net import write_video


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_video(tmp_path_factory.mktemp("video") / "arm.mp4", map(arm, range(FRAMES)))


class Door:
    """Lets frames through that were sought in the film that is watched."""

    def __init__(self) -> None:
        self.is_open = threading.Event()
        self.is_open.set()


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    """Every frame takes long, but for those of films that are read onward."""
    door, read = Door(), VideoFile._read

    def behind_the_door(film: VideoFile) -> Frame | None:
        while film._keeps and not door.is_open.wait(0.001):
            if film._closed.is_set() or not film._wanted_still():
                return None
        return read(film)

    monkeypatch.setattr("core.previews.maker.SLOW", -1.0)
    monkeypatch.setattr("core.sources.playback.PROMPT", -1.0)
    monkeypatch.setattr(VideoFile, "_read", behind_the_door)
    yield door
    door.is_open.set()


def until_small(window: Window, qtbot: QtBot) -> None:
    """Small pictures of all frames are there."""
    opening = window.film_view.analysing._open
    assert opening is not None
    previews = opening._previews

    def there() -> bool:
        found = previews._previews
        return found is not None and all(found.get(index) is not None for index in (0, FRAMES - 1))

    qtbot.waitUntil(there, timeout=SOON)


@pytest.fixture
def film(window: Window, video: Path, qtbot: QtBot, door: Door) -> Window:
    """Analysed, kept small, and standing on its first frame."""
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    until_small(window, qtbot)
    qtbot.waitUntil(lambda: is_saved(window), timeout=SOON)
    return window


def test_a_frame_is_seen_small_with_its_people_and_then_as_it_is(film: Window, qtbot: QtBot, door: Door) -> None:
    pipeline = film.pipeline
    assert pipeline is not None
    traced = pipeline.traces.changes
    door.is_open.clear()
    go(film, 20, qtbot)
    assert film.display.is_small
    saved = film.film_view.analysing.saved
    assert saved is not None
    tracks = saved.analysis.people(20)
    assert tracks is not None
    assert len(tracks.people) == 1
    np.testing.assert_array_equal(film.view.people.keypoints, tracks.people.keypoints)
    assert film.view.frame is not None
    size = film.view.frame.size
    assert pipeline.traces.changes == traced, "only the frame itself counts"
    door.is_open.set()
    qtbot.waitUntil(lambda: not film.display.is_small, timeout=SOON)
    assert film.view.frame.index == 20
    assert film.view.frame.size == size
    qtbot.waitUntil(lambda: is_saved(film), timeout=SOON)


def test_one_goes_from_one_to_the_next_without_waiting(film: Window, qtbot: QtBot, door: Door) -> None:
    door.is_open.clear()
    for index in (20, 5, 29, 12):
        go(film, index, qtbot)
        assert film.display.is_small
    door.is_open.set()
    qtbot.waitUntil(lambda: not film.display.is_small, timeout=SOON)
    until_on_screen(film, 12, qtbot)


def test_a_snapshot_waits_for_the_frame_itself(film: Window, qtbot: QtBot, door: Door) -> None:
    door.is_open.clear()
    go(film, 20, qtbot)
    do(film, "snapshot")
    done = threading.Event()
    film.bridge.submit(done.set)  # after what was asked for before
    assert done.wait(SOON / 1000)
    assert not list(places.pictures().glob("*.png"))
    door.is_open.set()
    qtbot.waitUntil(lambda: len(list(places.pictures().glob("*.png"))) == 1, timeout=SOON)
    [path] = places.pictures().glob("*.png")
    qtbot.waitUntil(lambda: cv2.imread(str(path)) is not None, timeout=SOON)
    assert not film.display.is_small


def test_a_snapshot_of_what_has_gone_is_not_made_of_something_else(film: Window, qtbot: QtBot, door: Door) -> None:
    door.is_open.clear()
    go(film, 20, qtbot)
    do(film, "snapshot")
    go(film, 5, qtbot)
    assert "Nothing was kept" in film.banner.label.text()
    door.is_open.set()
    qtbot.waitUntil(lambda: not film.display.is_small, timeout=SOON)
    done = threading.Event()
    film.bridge.submit(done.set)
    assert done.wait(SOON / 1000)
    assert not list(places.pictures().glob("*.png"))


def test_a_small_picture_gives_way_to_the_next_frame_though_nobody_is_known_in_it_yet(
    film: Window, qtbot: QtBot, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline, may_go_on = film.pipeline, threading.Event()
    assert pipeline is not None
    pipeline.maps_wanted = True  # for them the net is run again

    def slow(image: Image) -> Maps:
        may_go_on.wait(SOON / 1000)
        return find(image)

    find = pipeline._estimator.network
    monkeypatch.setattr(pipeline._estimator, "network", slow)
    try:
        door.is_open.clear()
        go(film, 20, qtbot)
        assert film.display.is_small
        door.is_open.set()
        qtbot.waitUntil(lambda: not film.display.is_small, timeout=SOON)
        until_on_screen(film, 20, qtbot)
    finally:
        may_go_on.set()


def test_small_pictures_can_be_switched_off_and_are_removed_then(film: Window, qtbot: QtBot, door: Door) -> None:
    assert list(folder().glob("*.previews"))
    do(film, "previews")
    qtbot.waitUntil(lambda: not list(folder().glob("*.previews")), timeout=SOON)
    assert not film.around.preferences.previews
    door.is_open.clear()
    film.playing.seek(20)
    qtbot.wait(50)
    assert film.view.frame is not None
    assert film.view.frame.index == 0
    door.is_open.set()
    until_on_screen(film, 20, qtbot)
    assert not film.display.is_small
    do(film, "previews")
    until_small(film, qtbot)
    assert film.around.preferences.previews


def test_who_switched_them_off_has_none_in_the_next_film(window: Window, video: Path, qtbot: QtBot, door: Door) -> None:
    do(window, "previews")
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    assert not list(folder().glob("*.previews"))


def test_a_film_is_watched_though_none_can_be_kept(
    window: Window, video: Path, qtbot: QtBot, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.previewing.open_previews", lambda about: None)
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    go(window, 20, qtbot)
    assert not window.display.is_small
