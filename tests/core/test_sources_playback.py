"""Films that play: in their own time, paused, stepped through, and jumped about in."""

import itertools
import threading
from collections.abc import Callable, Iterator
from time import monotonic

import numpy as np
import pytest

from core.sources import ArraySource, Playback
from core.types import Frame, Image
from tests.core.test_session import SOON, until_true

FPS = 50.0


def pictures(count: int) -> list[Image]:
    return [np.full((4, 6, 3), i, np.uint8) for i in range(count)]


class Viewer:
    """Reads in a thread, as a session does."""

    def __init__(self, playback: Playback) -> None:
        self.playback = playback
        self.frames: list[Frame] = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while (frame := self.playback.read()) is not None:
            self.frames.append(frame)

    def indices(self) -> list[int]:
        return [frame.index for frame in self.frames]

    def until(self, *indices: int) -> None:
        """Wait until exactly these frames have come."""
        until_true(lambda: len(self.frames) >= len(indices))
        assert self.indices() == list(indices)

    def close(self) -> None:
        self.playback.close()
        self._thread.join(SOON)
        assert not self._thread.is_alive(), "read does not end"


def film(count: int, fps: float = FPS) -> ArraySource:
    return ArraySource(pictures(count), fps=fps)


@pytest.fixture
def paused() -> Iterator[Viewer]:
    """A film of 20 frames that stands on its first."""
    viewer = Viewer(Playback(film(20), playing=False))
    viewer.until(0)
    yield viewer
    viewer.close()


def test_it_plays_in_its_own_time_and_stops_at_the_end() -> None:
    begun = monotonic()
    viewer = Viewer(Playback(film(11)))
    until_true(lambda: len(viewer.frames) == 11 and not viewer.playback.playing)
    assert monotonic() - begun >= 10 / FPS - 0.001
    assert viewer.indices() == list(range(11))
    moments = [frame.captured for frame in viewer.frames]
    assert all(b - a >= 0 for a, b in itertools.pairwise(moments))
    assert viewer.playback.index == 10
    viewer.close()


def test_it_never_runs_ahead_of_its_time() -> None:
    viewer = Viewer(Playback(film(11)))
    until_true(lambda: len(viewer.frames) == 11)
    first = viewer.frames[0]
    for frame in viewer.frames:
        assert frame.captured - first.captured >= frame.time - first.time - 0.002
    viewer.close()


def test_speed_changes_while_it_plays() -> None:
    viewer = Viewer(Playback(film(200, fps=0.5)))
    viewer.until(0)
    begun = monotonic()
    viewer.playback.set_speed(4.0)
    until_true(lambda: len(viewer.frames) >= 3)
    assert 0.9 < monotonic() - begun < 3.8, "two frames at two a second, and not at one in two seconds"
    viewer.playback.set_speed(100)
    assert viewer.playback.speed == 4.0
    viewer.close()


def test_a_jump_gives_exactly_that_frame(paused: Viewer) -> None:
    for wanted in (7, 3, 19, 0):
        paused.frames.clear()
        paused.playback.seek(wanted)
        paused.until(wanted)
        assert paused.frames[0].image[0, 0, 0] == wanted
        assert not paused.playback.playing


def test_a_jump_beyond_the_ends_goes_to_them(paused: Viewer) -> None:
    paused.playback.seek(100)
    paused.until(0, 19)
    paused.playback.seek(-5)
    paused.until(0, 19, 0)


def test_steps_add_up_even_where_they_come_faster_than_frames(paused: Viewer) -> None:
    for _ in range(5):
        paused.playback.step(1)
    until_true(lambda: paused.indices()[-1] == 5)
    paused.playback.step(-2)
    until_true(lambda: paused.indices()[-1] == 3)


def test_the_same_frame_comes_again_when_asked(paused: Viewer) -> None:
    paused.playback.seek(paused.playback.index)
    paused.until(0, 0)


def test_play_goes_on_from_where_it_is_without_hurrying(paused: Viewer) -> None:
    paused.playback.seek(10)
    until_true(lambda: paused.indices()[-1] == 10)
    threading.Event().wait(0.15)
    begun = monotonic()
    paused.playback.play()
    until_true(lambda: paused.indices()[-1] == 19)
    assert paused.indices()[-10:] == list(range(10, 20))
    assert paused.frames[-1].captured - begun >= 9 / FPS - 0.002


def test_play_at_the_end_begins_again(paused: Viewer) -> None:
    paused.playback.seek(19)
    until_true(lambda: paused.indices()[-1] == 19)
    paused.playback.play()
    until_true(lambda: len(paused.frames) >= 4)
    assert paused.indices()[2:4] == [0, 1]


def test_loop_begins_again_by_itself() -> None:
    viewer = Viewer(Playback(film(3), loop=True))
    until_true(lambda: len(viewer.frames) >= 7)
    assert viewer.indices()[:7] == [0, 1, 2, 0, 1, 2, 0]
    assert viewer.playback.playing
    viewer.playback.set_loop(False)
    until_true(lambda: not viewer.playback.playing)
    viewer.close()


def test_a_film_of_one_picture_just_stands() -> None:
    viewer = Viewer(Playback(film(1), loop=True))
    viewer.until(0)
    until_true(lambda: not viewer.playback.playing)
    viewer.playback.play()
    assert not viewer.playback.playing
    viewer.close()


def test_a_film_without_pictures_can_be_closed() -> None:
    viewer = Viewer(Playback(film(0)))
    viewer.playback.seek(3)
    viewer.playback.play()
    assert viewer.playback.length == 0
    viewer.close()
    assert viewer.frames == []


def test_jumps_while_it_plays_and_a_close_in_the_middle() -> None:
    viewer = Viewer(Playback(film(200)))
    for wanted in (150, 20, 90):
        before = len(viewer.frames)
        viewer.playback.seek(wanted)
        until_true(lambda wanted=wanted, before=before: wanted in viewer.indices()[before:])  # type: ignore[misc]
        place = viewer.indices().index(wanted, before)
        assert not place or viewer.indices()[place - 1] != wanted - 1, "it did not play up to there"
    viewer.close()
    assert viewer.playback.read() is None


def test_frames_of_a_variable_rate_stand_for_as_long_as_they_should() -> None:
    times = [0.0, 0.02, 0.12, 0.14, 0.24]
    viewer = Viewer(Playback(ArraySource(pictures(5), times=times)))
    until_true(lambda: len(viewer.frames) == 5)
    for frame in viewer.frames:
        assert frame.captured - viewer.frames[0].captured >= frame.time - 0.002
    assert viewer.playback.times.tolist() == times
    assert [viewer.playback.index_at(seconds) for seconds in (-1, 0, 0.019, 0.02, 0.13, 9)] == [0, 0, 0, 1, 2, 4]
    assert viewer.playback.time_of(99) == 0.24
    viewer.close()


def test_a_span_plays_over_and_over_and_its_last_frame_stands_too() -> None:
    times = [0, 0.01, 0.02, 0.03, 0.04, 0.14, 0.15, 0.16, 0.17]
    viewer = Viewer(Playback(ArraySource(pictures(9), times=times), playing=False))
    viewer.until(0)
    viewer.playback.set_span((4, 2))
    begun = monotonic()
    viewer.playback.play()
    until_true(lambda: len(viewer.frames) >= 12)
    assert viewer.playback.span == (2, 4)
    assert viewer.indices()[:12] == [0, 1, 2, 3, 4, 2, 3, 4, 2, 3, 4, 2]
    again = viewer.frames[5].captured - begun
    assert again >= 0.14 - 0.002, "frame 4 stands for a tenth of a second before frame 2 comes again"
    viewer.close()


def test_a_jump_beyond_a_span_leaves_it_and_without_it_the_film_goes_on(paused: Viewer) -> None:
    paused.playback.set_span((2, 4))
    paused.playback.seek(17)
    until_true(lambda: paused.indices()[-1] == 17)
    paused.playback.play()
    until_true(lambda: not paused.playback.playing)
    assert paused.indices()[-3:] == [17, 18, 19]
    paused.playback.play()
    until_true(lambda: paused.indices().count(2) >= 2)
    paused.playback.set_span(None)
    until_true(lambda: not paused.playback.playing)
    assert paused.indices()[-1] == 19


def test_a_span_up_to_the_end() -> None:
    viewer = Viewer(Playback(film(5), playing=False))
    viewer.until(0)
    viewer.playback.set_span((3, 100))
    assert viewer.playback.span == (3, 4)
    viewer.playback.play()
    until_true(lambda: viewer.indices().count(4) >= 2)
    assert viewer.indices()[4:7] == [4, 3, 4]
    viewer.playback.pause()
    viewer.close()


def test_the_last_frame_stands_for_its_time_before_a_film_begins_again() -> None:
    viewer = Viewer(Playback(ArraySource(pictures(3), fps=20.0), loop=True))
    until_true(lambda: len(viewer.frames) >= 5)
    assert viewer.indices()[:5] == [0, 1, 2, 0, 1]
    assert viewer.frames[3].captured - viewer.frames[0].captured >= 3 / 20 - 0.002
    viewer.close()


class Slow(ArraySource):
    """A film each of whose frames takes long to be found, until it is let go of. `began`: what was sought."""

    def __init__(self, images: list[Image]) -> None:
        super().__init__(images, fps=FPS)
        self.began = list[int]()
        self.go = threading.Event()
        self._wanted: Callable[[], bool] = lambda: True

    def seconds_to(self, index: int) -> float:
        return 1.0

    def heed(self, wanted: Callable[[], bool]) -> None:
        self._wanted = wanted

    def seek(self, index: int) -> None:
        self.began.append(index)
        super().seek(index)

    def _read(self) -> Frame | None:
        while not self.go.wait(0.001):
            if not self._wanted() or self._closed.is_set():
                return None
        return super()._read()


@pytest.fixture
def slow() -> Iterator[Viewer]:
    film = Slow(pictures(20))
    film.go.set()
    viewer = Viewer(Playback(film, playing=False))
    viewer.until(0)
    film.go.clear()
    yield viewer
    viewer.close()


def small_of(viewer: Viewer, *there: int) -> list[Frame]:
    """What is shown small from now on, of the frames that are there so."""
    shown = list[Frame]()
    viewer.playback.preview_by(lambda index: pictures(20)[index] if index in there else None, shown.append)
    return shown


def test_a_frame_that_takes_long_is_shown_small_first(slow: Viewer) -> None:
    assert isinstance(slow.playback.film, Slow)
    shown = small_of(slow, 7)
    slow.playback.seek(7)
    until_true(lambda: len(shown) == 1)
    assert (shown[0].index, shown[0].time, shown[0].image[0, 0, 0]) == (7, 7 / FPS, 7)
    assert slow.indices() == [0]
    assert slow.playback.index == 7
    slow.playback.film.go.set()
    slow.until(0, 7)
    assert len(shown) == 1


def test_who_goes_on_does_not_wait_for_what_was_shown_small(slow: Viewer) -> None:
    assert isinstance(slow.playback.film, Slow)
    shown = small_of(slow, 5, 7, 9)
    for index in (5, 7, 9):
        slow.playback.seek(index)
        until_true(lambda index=index: bool(shown) and shown[-1].index == index)
    slow.playback.film.go.set()
    slow.until(0, 9)
    assert [frame.index for frame in shown] == [5, 7, 9]


def test_what_was_given_up_and_is_wished_for_again_comes(slow: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    film = slow.playback.film
    assert isinstance(film, Slow)
    shown = small_of(slow, 5)
    again = slow.playback._is_wanted

    def there_and_back() -> bool:
        slow.playback.seek(6)
        wanted = again()
        slow.playback.seek(5)
        film.heed(again)
        return wanted

    film.heed(there_and_back)
    slow.playback.seek(5)
    until_true(lambda: len(shown) == 2)
    film.go.set()
    slow.until(0, 5)


def test_what_nothing_was_seen_of_is_waited_for(slow: Viewer) -> None:
    assert isinstance(slow.playback.film, Slow)
    shown = small_of(slow)
    slow.playback.seek(5)
    until_true(lambda: slow.playback.film.began[-1] == 5)  # type: ignore[attr-defined]
    slow.playback.seek(9)
    slow.playback.film.go.set()
    until_true(lambda: slow.indices()[-1] == 9)
    assert slow.playback.film.began[-2:] == [5, 9]
    assert shown == []


def test_the_frame_that_is_there_is_not_sought_again(slow: Viewer) -> None:
    assert isinstance(slow.playback.film, Slow)
    shown = small_of(slow, 0)
    slow.playback.seek(0)
    slow.until(0, 0)
    assert shown == []
    assert slow.playback.film.began == [0]


def test_it_plays_on_from_a_frame_that_came_twice(slow: Viewer) -> None:
    assert isinstance(slow.playback.film, Slow)
    slow.playback.film.go.set()
    slow.playback.seek(4)
    slow.until(0, 4)
    slow.playback.seek(4)
    slow.until(0, 4, 4)
    slow.playback.play()
    until_true(lambda: len(slow.frames) >= 6)
    assert slow.indices()[3:6] == [5, 6, 7]


def test_a_frame_that_is_near_is_not_shown_small(paused: Viewer) -> None:
    shown = small_of(paused, 7)
    paused.playback.seek(7)
    paused.until(0, 7)
    assert shown == []
