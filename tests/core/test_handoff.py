"""Hand-offs: what is put in comes out in order, the counters add up, and closing wakes everyone."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.handoff import Bounded, Latest

SOON = 60.0  # seconds, far more than anything here takes; a test that needs them fails


@contextmanager
def running(work: Callable[[], object]) -> Iterator[threading.Thread]:
    """A thread that does `work`, and has ended afterwards."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        thread.join(SOON)
        assert not thread.is_alive(), "the thread still waits"


def waiters(handoff: Latest[int] | Bounded[int]) -> int:
    """How many threads wait at the hand-off."""
    with handoff._changed:
        return len(handoff._changed._waiters)  # type: ignore[attr-defined]


def until_waiting(handoff: Latest[int] | Bounded[int], count: int = 1) -> None:
    """Return when so many threads wait at the hand-off."""
    pause = threading.Event()
    deadline = monotonic() + SOON
    while monotonic() < deadline:
        if waiters(handoff) >= count:
            return
        pause.wait(0.001)
    raise AssertionError(f"nobody waits: {waiters(handoff)} of {count}")


def drain(handoff: Latest[int] | Bounded[int]) -> list[int]:
    """Everything up to the end."""
    items = []
    while (item := handoff.get()) is not None:
        items.append(item)
    return items


@given(st.lists(st.integers(), max_size=30))
def test_bounded_keeps_the_order(items: list[int]) -> None:
    handoff: Bounded[int] = Bounded(30)
    assert all(handoff.put(item) for item in items)
    handoff.close()
    assert drain(handoff) == items
    assert (handoff.passed, handoff.skipped) == (len(items), 0)


@given(st.lists(st.sampled_from(("put", "get", "close", "abandon")), max_size=40))
def test_latest_is_a_slot_whose_counters_add_up(steps: list[str]) -> None:
    handoff: Latest[int] = Latest()
    slot: int | None = None
    closed = False
    put = passed = skipped = 0
    for number, step in enumerate(steps):
        match step:
            case "put":
                assert handoff.put(number) is not closed
                if not closed:
                    put += 1
                    skipped += slot is not None
                    slot = number
            case "get":
                assert handoff.get(0) == slot
                passed += slot is not None
                slot = None
            case "close":
                handoff.close()
                closed = True
            case "abandon":
                handoff.abandon()
                skipped += slot is not None
                slot, closed = None, True
        assert (handoff.passed, handoff.skipped, handoff.closed) == (passed, skipped, closed)
        assert passed + skipped + (slot is not None) == put


@given(st.integers(1, 5), st.lists(st.sampled_from(("put", "get", "close", "abandon")), max_size=40))
def test_a_queue_keeps_order_and_counts(room: int, steps: list[str]) -> None:
    handoff: Bounded[int] = Bounded(room)
    waiting: list[int] = []
    closed = False
    passed = skipped = 0
    for number, step in enumerate(steps):
        match step:
            case "put":
                if closed or len(waiting) < room:  # else it would wait
                    assert handoff.put(number) is not closed
                    waiting += [] if closed else [number]
            case "get":
                expected = waiting.pop(0) if waiting else None
                assert handoff.get(0) == expected
                passed += expected is not None
            case "close":
                handoff.close()
                closed = True
            case "abandon":
                handoff.abandon()
                skipped += len(waiting)
                waiting, closed = [], True
        assert (handoff.passed, handoff.skipped, handoff.closed) == (passed, skipped, closed)


@pytest.mark.parametrize("handoff", [Latest[int](), Bounded[int](3)], ids=["latest", "bounded"])
def test_a_get_that_waits_too_long_gives_nothing(handoff: Latest[int] | Bounded[int]) -> None:
    assert handoff.get(0.01) is None
    assert handoff.put(1)
    assert handoff.get(0.01) == 1


def test_a_get_waits_for_what_is_put_later() -> None:
    for handoff in (Latest[int](), Bounded[int](1)):
        got: list[int | None] = []
        with running(lambda handoff=handoff, got=got: got.append(handoff.get())):  # type: ignore[misc]
            until_waiting(handoff)
            assert not got
            handoff.put(7)
        assert got == [7]


def test_a_put_waits_for_room() -> None:
    handoff: Bounded[int] = Bounded(2)
    assert handoff.put(0)
    assert handoff.put(1)
    told: list[bool] = []
    with running(lambda: told.append(handoff.put(2))):
        until_waiting(handoff)
        assert not told, "it came back although there was no room"
        assert handoff.get() == 0
    assert told == [True]
    assert [handoff.get(0), handoff.get(0), handoff.get(0)] == [1, 2, None]


@pytest.mark.parametrize("ending", ["close", "abandon"])
def test_an_end_wakes_everyone_who_puts(ending: str) -> None:
    handoff: Bounded[int] = Bounded(1)
    assert handoff.put(0)
    told: list[bool] = []
    with ExitStack() as threads:
        for number in (1, 2, 3):
            threads.enter_context(running(lambda number=number: told.append(handoff.put(number))))  # type: ignore[misc]
        until_waiting(handoff, 3)
        getattr(handoff, ending)()
    assert told == [False] * 3
    assert handoff.get() == (0 if ending == "close" else None), "only what was in before may come out"
    assert handoff.skipped == (1 if ending == "abandon" else 0)


@pytest.mark.parametrize("ending", ["close", "abandon"])
@pytest.mark.parametrize("make", [Latest[int], lambda: Bounded[int](3)], ids=["latest", "bounded"])
def test_an_end_wakes_everyone_who_gets(make: Callable[[], Latest[int] | Bounded[int]], ending: str) -> None:
    handoff = make()
    got: list[int | None] = []
    with ExitStack() as threads:
        for _ in range(3):
            threads.enter_context(running(lambda: got.append(handoff.get())))
        until_waiting(handoff, 3)
        getattr(handoff, ending)()
    assert got == [None] * 3
    assert handoff.closed
    assert not handoff.put(1)


def test_what_waits_at_a_close_can_still_be_taken_out() -> None:
    handoff: Bounded[int] = Bounded(3)
    for number in range(3):
        handoff.put(number)
    handoff.close()
    assert not handoff.put(3)
    assert drain(handoff) == [0, 1, 2]


@settings(max_examples=15, deadline=None)
@given(room=st.integers(1, 4), writers=st.integers(1, 3), readers=st.integers(1, 3), each=st.integers(0, 60))
def test_nothing_is_lost_or_doubled_between_threads(room: int, writers: int, readers: int, each: int) -> None:
    handoff: Bounded[int] = Bounded(room)
    taken: list[list[int]] = [[] for _ in range(readers)]

    def write(writer: int) -> None:
        for number in range(each):
            assert handoff.put(writer * 1000 + number)

    with ExitStack() as reading:
        for own in taken:
            reading.enter_context(running(lambda own=own: own.extend(drain(handoff))))  # type: ignore[misc]
        with ExitStack() as writing:
            for writer in range(writers):
                writing.enter_context(running(lambda writer=writer: write(writer)))  # type: ignore[misc]
        handoff.close()
    everything = sorted(number for own in taken for number in own)
    assert everything == sorted(writer * 1000 + number for writer in range(writers) for number in range(each))
    assert (handoff.passed, handoff.skipped) == (writers * each, 0)
    for own in taken:  # what one thread puts, another takes in the same order
        for writer in range(writers):
            numbers = [number for number in own if number // 1000 == writer]
            assert numbers == sorted(numbers)


def test_a_fast_writer_and_a_slow_reader_of_the_latest() -> None:
    handoff: Latest[int] = Latest()
    taken: list[int] = []
    halfway = threading.Event()

    def read() -> None:
        while (item := handoff.get()) is not None:
            taken.append(item)
            if len(taken) == 3:
                halfway.wait(SOON)  # busy, while the writer goes on

    with running(read):
        number = 0
        while len(taken) < 3:  # as many as it takes
            number += 1
            assert handoff.put(number)
        for _ in range(500):
            number += 1
            assert handoff.put(number)
        halfway.set()
        handoff.close()
    assert taken == sorted(set(taken)), "in order, and none twice"
    assert taken[-1] == number, "the newest is never lost"
    assert handoff.passed == len(taken)
    assert handoff.passed + handoff.skipped == number
    assert handoff.skipped >= 499


def test_an_offer_never_waits_and_counts_what_found_no_room() -> None:
    handoff: Bounded[int] = Bounded(2)
    assert [handoff.offer(item) for item in range(4)] == [True, True, False, False]
    assert handoff.skipped == 2
    assert handoff.get() == 0
    assert handoff.offer(4)
    handoff.close()
    assert not handoff.offer(5)
    assert drain(handoff) == [1, 4]
    assert (handoff.passed, handoff.skipped) == (3, 2)
