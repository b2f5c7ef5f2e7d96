"""A film is analysed in the background, in any order."""

import math
import threading
from pathlib import Path

import numpy as np
import pytest

from core.analysis import (
    Analyser,
    Analysis,
)
from core.errors import PoseDeskError
from core.network import Network
from core.session import Session
from core.settings import Settings, TrackingSettings
from core.sources import ArraySource
from core.types import Frame, Image, Maps
from tests.core.analyser_scene import (  # noqa: F401
    FPS,
    LENGTH,
    PATIENCE,
    Held,
    Make,
    Method,
    analyse,
    assert_same,
    film_of_two_arms,
    in_order,
    make_analysis,
    shown,
    source_of_the_film,
    tiny_network,
    wait_until,
)


def test_a_film_is_analysed_as_by_the_estimator(
    make: Make, source: ArraySource, network: Network, film: list[Image]
) -> None:
    analysis = make()
    changes: list[int] = []
    analyser = Analyser(analysis, source, network, on_change=lambda: changes.append(1))
    analyser.start()
    assert analyser.wait(PATIENCE)
    progress = analyser.progress
    assert (progress.done, progress.total, progress.state) == (LENGTH, LENGTH, "finished")
    assert changes
    assert analysis.ranges().tolist() == [[0, LENGTH]]
    for frame, tracks in enumerate(in_order(film, network, Settings())):
        assert_same(shown(analysis, frame).people, tracks.people)
        np.testing.assert_array_equal(shown(analysis, frame).ids, tracks.ids)
    assert len(analysis.persons()) == 2


def test_where_it_begins_is_a_wish_and_ids_go_through(make: Make, source: ArraySource, network: Network) -> None:
    analysis, net = make(), Held(network)
    analyser = Analyser(analysis, source, net)
    analyser.begin_at(40)
    analyser.start()
    net.step_until(lambda: analyser.progress.at >= 42)
    assert analyser.progress.at < 50
    analyser.begin_at(10)  # a jump back, then one to the middle, before anything in between is there
    net.step_until(lambda: 10 < analyser.progress.at < 40)
    analyser.begin_at(25)
    net.go_on()
    assert analyser.wait(PATIENCE)
    assert analysis.ranges().tolist() == [[0, LENGTH]]
    assert net.calls <= LENGTH + 10  # what was there was not looked at again; a jump drops the few frames that wait
    people = analysis.persons()
    assert [person.frames for person in people] == [LENGTH, LENGTH]
    assert {person.id for person in people} == {1, 2}, "as they were called first"
    left, right = (analysis.trace(person.id).points[:, 2, 0] for person in people)
    assert (np.diff(left) * np.sign(left[-1] - left[0]) > -0.5).all()  # nobody changed places at a seam
    assert (np.diff(right) * np.sign(right[-1] - right[0]) > -0.5).all()


def test_a_net_that_takes_longer_than_one_waits_for_a_stop_ends_nothing(
    make: Make, source: ArraySource, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.session.PATIENCE", 0.0)
    analysis, net = make(), Held(network)
    analyser = Analyser(analysis, source, net)
    analyser.start()
    net.step_until(lambda: analyser.progress.at >= 2)
    analyser.begin_at(40)
    assert not analyser.wait(0.5)  # the frame that is in the net is waited for
    net.go_on()
    assert analyser.wait(PATIENCE)
    assert analysis.ranges().tolist() == [[0, LENGTH]]


def test_a_wish_for_what_is_about_to_be_done_changes_nothing(
    make: Make, source: ArraySource, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces, net = list[tuple[int, int]](), Held(network)
    do_piece = Analyser._piece

    def noted(self: Analyser, start: int, stop: int) -> None:
        pieces.append((start, stop))
        do_piece(self, start, stop)

    monkeypatch.setattr(Analyser, "_piece", noted)
    analyser = Analyser(make(), source, net)
    analyser.begin_at(40)
    analyser.start()
    wait_until(lambda: analyser.progress.at == 39)  # the piece has begun, and nothing of it is there
    analyser.begin_at(40)
    analyser.begin_at(42)
    net.step_until(lambda: analyser.progress.at >= 44)
    analyser.begin_at(41)  # analysed, and perhaps not written yet
    analyser.begin_at(10)
    net.go_on()
    assert analyser.wait(PATIENCE)
    assert pieces[:2] == [(40, LENGTH), (10, 40)]


@pytest.mark.parametrize("method", ["affinity", "centroid", "lecture"])
def test_what_was_stopped_goes_on(
    make: Make, source: ArraySource, network: Network, film: list[Image], tmp_path: Path, method: Method,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    settings = Settings(tracking=TrackingSettings(method=method))
    analysis, net, stopped, end = make(settings=settings), Held(network), threading.Event(), Session._end

    def noted(session: Session) -> None:
        end(session)
        stopped.set()

    monkeypatch.setattr(Session, "_end", noted)
    analyser = Analyser(analysis, source, net)
    analyser.start()
    net.go_on(20)
    wait_until(lambda: analyser.progress.at == 19)
    ending = threading.Thread(target=analyser.stop)
    ending.start()
    wait_until(stopped.is_set)
    net.go_on(1)  # what the net is at is done yet
    ending.join(PATIENCE)
    done = analyser.progress.done
    assert 20 <= done <= 21
    assert analyser.progress.state == "stopped"
    analysis.close()
    with Analysis.open(tmp_path / "film.posedesk") as again:
        assert again.ranges().tolist() == [[0, done]]
        rest = Held(network)
        rest.go_on()
        analyse(again, source, rest)
        assert rest.calls == LENGTH - done
        assert len(again.persons()) == 2
        for frame, tracks in enumerate(in_order(film, network, settings)):
            assert_same(shown(again, frame).people, tracks.people)
            np.testing.assert_array_equal(shown(again, frame).ids, tracks.ids)


def test_it_can_be_paused(make: Make, source: ArraySource, network: Network) -> None:
    analysis, net = make(), Held(network)
    analyser = Analyser(analysis, source, net)
    analyser.pause()
    analyser.start()
    wait_until(lambda: analyser.progress.state == "paused")
    net.go_on()
    assert not analyser.wait(0.1)
    assert net.calls == 0
    analyser.resume()
    assert analyser.wait(PATIENCE)
    assert analyser.progress.done == LENGTH


def test_a_net_that_fails_is_told_and_what_was_found_stays(make: Make, source: ArraySource, network: Network) -> None:
    analysis = make()
    calls = 0

    def failing(image: Image) -> Maps:
        nonlocal calls
        calls += 1
        if calls > 30:
            raise PoseDeskError("The device is gone.")
        return network(image)

    analyser = Analyser(analysis, source, failing)
    analyser.start()
    with pytest.raises(PoseDeskError, match="device is gone"):
        analyser.wait(PATIENCE)
    assert analyser.progress.state == "failed"
    assert analysis.ranges().tolist() == [[0, 30]]


def test_a_fault_of_ours_does_not_end_it_silently(
    make: Make, source: ArraySource, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(image: Image) -> Maps:
        raise ZeroDivisionError("oops")

    analyser = Analyser(make(), source, broken)
    analyser.start()
    with pytest.raises(PoseDeskError, match="oops"):
        analyser.wait(PATIENCE)
    assert "ZeroDivisionError" in caplog.text


class Holed(ArraySource):
    """A film of which two frames cannot be decoded."""

    def _read(self) -> Frame | None:
        frame = super()._read()
        return self._read() if frame is not None and frame.index in (7, 8) else frame


def test_frames_that_cannot_be_read_are_left_out(make: Make, film: list[Image], network: Network) -> None:
    analysis = make()
    analyse(analysis, Holed(film, fps=FPS), network)
    assert analysis.ranges().tolist() == [[0, 7], [9, LENGTH]]


def test_pictures_are_not_tracked(make: Make, source: ArraySource, network: Network) -> None:
    analysis = make(settings=Settings(tracking=TrackingSettings(method="none")))
    analyse(analysis, source, network)
    assert shown(analysis, 30).ids.tolist() == [-1] * len(shown(analysis, 30).ids)
    assert analysis.persons() == []


def test_a_frame_that_is_about_to_be_analysed_can_be_waited_for(
    make: Make, source: ArraySource, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.analysis.analyser.BATCH_SECONDS", 1000.0)  # nothing is written unless somebody waits
    analysis, net = make(), Held(network)
    analyser = Analyser(analysis, source, net)
    assert not analyser.wait_for(3, PATIENCE), "nothing has begun"
    analyser.start()
    net.go_on(2)
    wait_until(lambda: analyser.progress.at == 1)
    assert not analysis.has(0)
    waiting, there = threading.Event(), list[bool]()

    def wait() -> None:
        waiting.set()
        there.append(analyser.wait_for(3, PATIENCE))

    thread = threading.Thread(target=wait)
    thread.start()
    assert waiting.wait(PATIENCE)
    net.step_until(lambda: bool(there))
    thread.join()
    assert there == [True]
    assert analysis.has(3)
    assert analyser.wait_for(0, 0.0), "it is there"
    net.go_on()
    assert analyser.wait(PATIENCE)


def test_what_does_not_come_soon_is_not_waited_for(
    make: Make, source: ArraySource, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.analysis.analyser.REACH", 1.0)
    net = Held(network)
    analyser = Analyser(make(), source, net)
    analyser.begin_at(10)
    analyser.start()
    net.step_until(lambda: analyser.progress.at == 12)
    for frame, why in ((5, "before the piece"), (LENGTH, "after it"), (LENGTH - 1, "too far away")):
        assert not analyser.wait_for(frame, PATIENCE), why
    assert not analyser.wait_for(14, 0.01), "it takes longer than one waits"
    analyser.pause()
    assert not analyser.wait_for(14, PATIENCE), "it is being paused"
    analyser.resume()
    net.go_on()
    assert analyser.wait(PATIENCE)


def test_how_fast_it_works_is_known_for_a_moment(
    make: Make, source: ArraySource, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("core.analysis.analyser.monotonic", lambda: now[0])
    net = Held(network)
    analyser = Analyser(make(), source, net)
    analyser.start()
    for done in range(8):  # ten frames a second
        net.go_on(1)
        wait_until(lambda done=done: analyser.progress.at == done)
        now[0] += 0.1
    assert analyser.rate == pytest.approx(10)
    assert analyser.seconds_to(17) == pytest.approx(1)
    assert analyser.seconds_to(LENGTH) == math.inf, "there is no such frame"
    assert analyser.is_analysing
    now[0] += 10
    assert analyser.rate is None
    assert analyser.seconds_to(17) == math.inf
    net.go_on()
    assert analyser.wait(PATIENCE)
