"""Sessions: a file loses nothing, a live source stays in the present, and every end is a clean one."""

import threading
from collections.abc import Callable, Iterator
from time import monotonic

import numpy as np
import pytest

from core.crowd import crowd
from core.errors import InputError, PoseDeskError
from core.estimator import Estimator
from core.network.ideal import ideal_maps
from core.session import ROOM, Session
from core.settings import OPENPOSE, TrackingSettings
from core.sources import ArraySource, Event, FakeSource
from core.tracking import make_tracker
from core.types import Floats, Frame, Image, Maps, Result, Transform

SOON = 60.0  # seconds, far more than anything here takes; a test that needs them fails
WIDTH, HEIGHT = 320, 240
TRANSFORM = Transform.of_resize((WIDTH, HEIGHT), (WIDTH, HEIGHT), 8)
MOST_UNDER_WAY = 2 * ROOM + 3  # both queues full, and a frame in the hands of each thread


def picture(people: int) -> Image:
    """An empty picture that tells the net below how many people it has to find."""
    return np.full((HEIGHT, WIDTH, 3), people, np.uint8)


def truth(people: int) -> Floats:
    return crowd(people, WIDTH, HEIGHT)


def network(image: Image) -> Maps:
    """A net that finds as many people as the picture says."""
    return ideal_maps(truth(int(image[0, 0, 0])), TRANSFORM, (HEIGHT // 8, WIDTH // 8))


def nobody(image: Image) -> Maps:
    """A net for when it does not matter what is found: as fast as it gets."""
    return Maps(np.zeros((19, 2, 2), np.float32), np.zeros((38, 2, 2), np.float32), TRANSFORM)


def estimator(net: Callable[[Image], Maps] = nobody, max_people: int | None = None) -> Estimator:
    return Estimator(net, OPENPOSE, make_tracker(TrackingSettings()), max_people)


def pictures(count: int) -> list[Image]:
    return [picture(0)] * count


def endless() -> Iterator[Image]:
    while True:
        yield picture(0)


def finish(session: Session) -> None:
    session.start()
    assert session.wait(SOON), "the session does not end"


class Gate:
    """An output, or a net, that holds back until it is let through."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.open = threading.Event()

    def __call__(self, result: Result) -> None:
        self.reached.set()
        assert self.open.wait(SOON)

    def net(self, image: Image) -> Maps:
        self.reached.set()
        assert self.open.wait(SOON)
        return nobody(image)


def until_true(condition: Callable[[], bool]) -> None:
    """Return when the condition holds."""
    pause = threading.Event()
    deadline = monotonic() + SOON
    while not condition():
        assert monotonic() < deadline, "it does not come true"
        pause.wait(0.001)


def test_every_frame_of_a_file_arrives_in_order() -> None:
    source = ArraySource([picture(i % 4) for i in range(40)], times=[0.05 * i + 0.01 * (i % 2) for i in range(40)])
    results: list[Result] = []
    session = Session(source, estimator(network), results.append)
    finish(session)
    assert [result.frame.index for result in results] == list(range(40))
    assert [result.frame.time for result in results] == [source.time_of(i) for i in range(40)]
    assert [len(result.people) for result in results] == [i % 4 for i in range(40)]
    figures = session.figures
    assert (figures.captured, figures.analysed, figures.written, figures.skipped) == (40, 40, 40, 0)
    assert figures.time == source.time_of(39)
    assert figures.elapsed > 0
    assert figures.fps == pytest.approx(40 / figures.elapsed, rel=0.5)


def test_people_are_found_where_they_are_and_keep_their_ids() -> None:
    results: list[Result] = []
    finish(Session(ArraySource([picture(3)] * 5), estimator(network), results.append))
    expected = truth(3)
    for result in results:
        assert len(result.people) == 3
        order = np.argsort(result.people.keypoints[:, 1, 0])
        np.testing.assert_allclose(result.people.keypoints[order], expected, atol=2.5)
        assert sorted(result.ids.tolist()) == [1, 2, 3]
        assert set(result.timings) == {"network", "decode", "tracking"}
    by_id = [result.people.keypoints[np.argsort(result.ids)] for result in results]
    for one in by_id[1:]:
        np.testing.assert_array_equal(one, by_id[0])


def test_only_the_surest_are_kept_where_asked() -> None:
    results: list[Result] = []
    finish(Session(ArraySource([picture(4)]), estimator(network, max_people=2), results.append))
    assert len(results[0].people) == len(results[0].ids) == 2


def test_a_file_without_frames_ends_at_once() -> None:
    session = Session(ArraySource([]), estimator(), lambda result: None)
    assert session.figures.fps == 0.0
    finish(session)
    assert session.figures.written == 0


def test_a_slow_output_holds_back_capture() -> None:
    gate = Gate()
    handed_out = 0

    def counted() -> Iterator[Image]:
        nonlocal handed_out
        for image in pictures(100):
            handed_out += 1
            yield image

    session = Session(FakeSource(counted(), live=False), estimator(), gate)
    session.start()
    try:
        assert gate.reached.wait(SOON)
        until_true(lambda: handed_out >= MOST_UNDER_WAY)  # everything is full now
        assert not session.wait(0.05)
        assert handed_out == MOST_UNDER_WAY
        assert session.figures.captured <= MOST_UNDER_WAY
        assert session.figures.written == 0
    finally:
        gate.open.set()
    assert session.wait(SOON)
    assert session.figures.written == 100


def test_frames_under_way_are_bounded_all_along() -> None:
    source_count = written = most = 0

    def counted() -> Iterator[Image]:
        nonlocal source_count
        for image in pictures(200):
            source_count += 1
            yield image

    def output(result: Result) -> None:
        nonlocal written, most
        most = max(most, source_count - written)
        written += 1

    finish(Session(FakeSource(counted(), live=False), estimator(), output))
    assert written == 200
    assert most <= MOST_UNDER_WAY


def test_a_live_source_skips_and_counts() -> None:
    gate = Gate()
    results: list[Result] = []
    given = threading.Event()

    def camera() -> Iterator[Image]:
        yield picture(0)
        assert gate.reached.wait(SOON)  # the net is busy with the first
        yield from pictures(50)
        given.set()

    session = Session(FakeSource(camera(), fps=1e6), estimator(gate.net), results.append)
    session.start()
    try:
        assert given.wait(SOON), "capture waits for the net"
    finally:
        gate.open.set()
    assert session.wait(SOON)
    assert [result.frame.index for result in results] == [0, 50], "the newest frame wins"
    figures = session.figures
    assert (figures.captured, figures.analysed, figures.written, figures.skipped) == (51, 2, 2, 49)


def test_a_camera_that_is_pulled_out_ends_the_session_with_an_event() -> None:
    events: list[Event] = []
    results: list[Result] = []
    gone = Event("gone", "The camera is gone.")
    source = FakeSource(pictures(3), fps=1000, failure=gone, on_event=events.append)
    finish(Session(source, estimator(), results.append))
    assert events == [gone]
    assert results[-1].frame.index == 2


def test_until_ends_before_the_first_frame_that_is_not_wanted() -> None:
    results: list[Result] = []
    asked: list[int] = []
    source = ArraySource(pictures(50))

    def late(frame: Frame) -> bool:
        asked.append(frame.index)
        return frame.time >= 0.4

    session = Session(source, estimator(), results.append, until=late)
    finish(session)
    assert [result.frame.index for result in results] == list(range(10))
    assert asked == list(range(11)), "nothing is read beyond"
    assert session.figures.captured == 10


# -- ends --


def test_stop_drops_what_waits_for_the_net_and_writes_what_is_analysed() -> None:
    gate = Gate()
    written: list[int] = []

    def output(result: Result) -> None:
        gate(result)
        written.append(result.frame.index)

    session = Session(FakeSource(endless(), live=False), estimator(), output)
    session.start()
    ending = threading.Thread(target=session.stop, daemon=True)
    try:
        assert gate.reached.wait(SOON)
        until_true(lambda: session.figures.analysed == ROOM + 2)  # in the output, waiting for it, in the net's hands
        ending.start()
        until_true(lambda: session._frames.closed)
    finally:
        gate.open.set()
    ending.join(SOON)
    assert not ending.is_alive()
    assert written == list(range(ROOM + 2))
    assert session.figures.written == session.figures.analysed == ROOM + 2
    assert session.figures.skipped == 0, "what a stop drops of a file did not come too soon"


def test_stop_does_not_wait_for_the_next_frame_of_a_live_source() -> None:
    results: list[Result] = []
    source = FakeSource(endless(), fps=0.001)  # the second frame comes after a quarter of an hour
    session = Session(source, estimator(), results.append)
    session.start()
    until_true(lambda: len(results) == 1)
    session.stop()  # raises where it has to wait
    assert len(results) == 1


def test_a_stopped_file_can_be_read_on() -> None:
    source = ArraySource(pictures(1000))
    first = Gate()
    session = Session(source, estimator(), first)
    session.start()
    try:
        assert first.reached.wait(SOON)
    finally:
        first.open.set()
    session.stop()
    source.seek(990)
    results: list[Result] = []
    finish(Session(source, estimator(), results.append))
    assert [result.frame.index for result in results] == list(range(990, 1000))


def test_stop_after_the_end_changes_nothing() -> None:
    results: list[Result] = []
    session = Session(ArraySource(pictures(5)), estimator(), results.append)
    finish(session)
    session.stop()
    assert len(results) == 5
    assert session.wait(0)


def test_threads_that_do_not_stop_are_named(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr("core.session.PATIENCE", 0.05)
    gate = Gate()
    session = Session(ArraySource(pictures(5)), estimator(), gate)
    session.start()
    try:
        assert gate.reached.wait(SOON)
        until_true(lambda: session._ended["capture"].is_set() and session._ended["inference"].is_set())
        with pytest.raises(PoseDeskError, match="did not end within"):
            session.stop()
        assert "do not stop: output" in caplog.text
    finally:
        gate.open.set()
    assert session.wait(SOON)


def test_wait_comes_back_when_its_time_is_up() -> None:
    gate = Gate()
    session = Session(ArraySource(pictures(3)), estimator(), gate)
    session.start()
    try:
        assert not session.wait(0.01)
        assert not session.wait(0)
    finally:
        gate.open.set()
    assert session.wait(SOON)


# -- errors --


def broken(after: int, error: Exception) -> Callable[[object], None]:
    """Something that works so many times, then raises."""
    done = 0

    def work(thing: object) -> None:
        nonlocal done
        if done == after:
            raise error
        done += 1

    return work


def expect(session: Session, error: Exception) -> None:
    """The session ends with `error`, which is told once."""
    session.start()
    with pytest.raises(type(error)) as raised:
        until_true(lambda: session.wait(0.05))
    assert raised.value is error
    assert session.wait(0), "it is told once"


def causing(message: str) -> PoseDeskError:
    error = PoseDeskError(message)
    error.__cause__ = OSError(5, "the cable")
    return error


def test_an_error_of_the_source_is_told_after_what_came_before_it_was_written() -> None:
    error = causing("The stream is broken.")
    results: list[Result] = []
    session = Session(FakeSource(pictures(20), live=False, failure=error), estimator(), results.append)
    expect(session, error)
    assert isinstance(error.__cause__, OSError)
    assert [result.frame.index for result in results] == list(range(20))


def test_an_error_of_the_net_ends_everything() -> None:
    error = causing("No device is left.")
    fail = broken(7, error)
    results: list[Result] = []

    def net(image: Image) -> Maps:
        fail(image)
        return nobody(image)

    expect(Session(ArraySource(pictures(500)), estimator(net), results.append), error)
    assert [result.frame.index for result in results] == list(range(7)), "what was analysed is written"


def test_an_error_of_the_output_ends_everything() -> None:
    error = causing("Nowhere to write.")
    session = Session(FakeSource(endless(), live=False), estimator(), broken(7, error))
    expect(session, error)
    assert session.figures.written == 7


def test_an_error_of_the_output_wakes_a_net_that_waits_for_it() -> None:
    error = causing("Nowhere to write.")

    def output(result: Result) -> None:
        until_true(lambda: session.figures.analysed == ROOM + 2)  # the last of them finds no room
        raise error

    session = Session(FakeSource(endless(), live=False), estimator(), output)
    expect(session, error)


def test_an_error_that_is_no_fault_of_the_user_is_logged_with_its_trace(caplog: pytest.LogCaptureFixture) -> None:
    error = ZeroDivisionError("a fault of ours")
    expect(Session(ArraySource(pictures(5)), estimator(), broken(1, error)), error)
    assert "posedesk-output failed" in caplog.text
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("where", ["net", "output"])
def test_an_error_does_not_wait_for_the_next_frame_of_a_live_source(where: str) -> None:
    error = InputError("It does not work.")
    fail = broken(0, error)

    def net(image: Image) -> Maps:
        if where == "net":
            fail(image)
        return nobody(image)

    source = FakeSource(endless(), fps=0.001)
    session = Session(source, estimator(net), fail if where == "output" else lambda result: None)
    expect(session, error)


def test_of_two_errors_the_first_is_told() -> None:
    first, second = causing("the first"), causing("the second")

    def images() -> Iterator[Image]:
        yield picture(0)
        until_true(lambda: session._frames.closed)  # the output has failed
        raise second

    session = Session(FakeSource(images(), live=False), estimator(), broken(0, first))
    expect(session, first)


def test_threads_have_names_that_tell_what_they_do() -> None:
    names: set[str] = set()

    def net(image: Image) -> Maps:
        names.add(threading.current_thread().name)
        return nobody(image)

    def output(result: Result) -> None:
        names.add(threading.current_thread().name)

    def images() -> Iterator[Image]:
        names.add(threading.current_thread().name)
        yield picture(0)

    finish(Session(FakeSource(images(), live=False), estimator(net), output))
    assert names == {"posedesk-capture", "posedesk-inference", "posedesk-output"}
