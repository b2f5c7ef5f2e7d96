"""Events of several origins, kept together: which of them hold, in which order, with whose ID."""

import threading

import numpy as np
import pytest

from app import event_book
from app.cast import Cast
from app.event_book import EventBook
from app.label_colors import LabelColors
from app.trace_log import TraceLog
from core.analysis import LABEL_COLORS
from core.types import Event
from tests.app.test_desktop_parts import person, result


def event(name: str, start: float, end: float | None, person: int = 1) -> Event:
    return Event(name, person, start, end, 0.9)


@pytest.fixture
def book() -> EventBook:
    return EventBook()


def test_events_of_all_origins_are_told_in_the_order_of_their_start(book: EventBook) -> None:
    before = book.version
    book.add("falls", [event("fall", 3, None)])
    book.add("actions", [event("serve", 1, 2), event("serve", 5, 6)])
    assert [each.start for each in book.all()] == [1, 3, 5]
    assert book.version > before
    before = book.version
    book.add("actions", [])
    assert book.version == before


def test_what_goes_on_is_replaced_when_it_has_ended(book: EventBook) -> None:
    book.add("falls", [event("fall", 3, None)])
    book.add("falls", [event("fall", 3, 9)])
    assert book.all() == (event("fall", 3, 9),)
    book.add("falls", [event("fall", 20, None), event("fall", 30, None)])
    assert [each.start for each in book.all()] == [3, 20, 30], "who never got up may fall again"


def test_a_film_that_is_seen_again_has_no_event_twice(book: EventBook) -> None:
    book.add("actions", [event("serve", 1, 2), event("serve", 4, 5), event("serve", 5, 6), event("lob", 1.5, 1.8)])
    book.add("actions", [event("serve", 1.1, 2.1)])
    book.add("actions", [event("serve", 1.1, 2.1, person=2)])
    assert [(each.event, each.person, each.start) for each in book.all()] == [
        ("serve", 1, 1.1), ("serve", 2, 1.1), ("lob", 1, 1.5), ("serve", 1, 4), ("serve", 1, 5),
    ]  # fmt: skip
    book.add("actions", [event("serve", 4.5, 5.5)])
    assert [each.start for each in book.all() if each.event == "serve" and each.person == 1] == [1.1, 4.5]


def test_one_by_one_comes_to_the_same_as_all_anew() -> None:
    random = np.random.default_rng(3)
    book, spans = EventBook(), np.array([[20.0, 40.0], [60.0, 70.0]])
    for step in range(400):
        start = float(random.integers(0, 200)) / 2
        length = None if random.random() < 0.2 else float(random.integers(1, 9)) / 2
        name, origin = [("serve", "actions"), ("lob", "actions"), ("fall", "falls")][random.integers(3)]
        book.add(origin, [event(name, start, None if length is None else start + length, int(random.integers(1, 4)))])
        if step == 150:
            book.settle("actions", [event("serve", 25, 26), event("lob", 61, 62)], spans)
        before, at = set(book.all()), {time: set(book.at(time)) for time in range(0, 105, 5)}
        assert [each.start for each in book.all()] == sorted(each.start for each in book.all())
        with book._lock:
            book._changed()
        assert set(book.all()) == before
        assert {time: set(book.at(time)) for time in range(0, 105, 5)} == at


def test_what_is_settled_holds_where_it_was_looked_for(book: EventBook) -> None:
    book.add("actions", [event("serve", 1, 2), event("serve", 7, 8)])
    book.add("falls", [event("fall", 1, 2)])
    book.settle("actions", [event("lob", 2, 3)], np.array([[0.0, 5.0]]))
    assert [(each.event, each.start) for each in book.all()] == [("fall", 1), ("lob", 2), ("serve", 7)]
    book.settle("actions", [], np.array([[0.0, 5.0], [6.0, 9.0]]))
    assert [each.event for each in book.all()] == ["fall"]
    book.forget("falls")
    assert book.all() == ()


def test_what_is_done_at_a_time(book: EventBook) -> None:
    book.add("actions", [event("serve", 1, 4), event("lob", 2, 3, person=2)])
    book.add("falls", [event("fall", 3.5, None)])
    names = {time: [each.event for each in book.at(time)] for time in (0.9, 1, 2.5, 3.2, 4, 99)}
    assert names == {0.9: [], 1: ["serve"], 2.5: ["serve", "lob"], 3.2: ["serve"], 4: ["serve", "fall"], 99: ["fall"]}


def test_who_asks_does_not_sort(book: EventBook, monkeypatch: pytest.MonkeyPatch) -> None:
    sorting: set[threading.Thread] = set()

    def start(event: Event) -> float:
        sorting.add(threading.current_thread())
        return event.start

    monkeypatch.setattr(event_book, "_start", start)
    other = threading.Thread(target=book.add, args=("actions", [event("serve", 4, 5), event("lob", 1, 2)]))
    other.start()
    other.join()
    assert [each.event for each in (*book.at(1.5), *book.all())] == ["lob", "lob", "serve"]
    assert sorting == {other}


def test_the_oldest_are_forgotten() -> None:
    book = EventBook(most=100)
    for n in range(1000):
        book.add("actions", [event("serve", n, n + 0.5, person=n % 7)])
    assert 100 <= len(book.all()) <= 126
    assert book.all()[-1].start == 999


def test_many_threads_add(book: EventBook) -> None:
    def add(person: int) -> None:
        for n in range(200):
            book.add("actions", [event("serve", n, n + 0.5, person)])
            found = [each.start for each in book.all()]
            assert found == sorted(found)

    threads = [threading.Thread(target=add, args=(person,)) for person in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(book.all()) == 800


# -- whose they are --


@pytest.fixture
def cast() -> Cast:
    """#1 and #2 through 20 frames, 25 a second."""
    log = TraceLog()
    for frame in range(20):
        both = [np.concatenate(pair) for pair in zip(*map(_parts, (person(9, 9), person(30, 9))), strict=True)]
        log.add(result(frame / 25, type(person(0, 0))(*both), [1, 2]))
    return Cast(log)


def _parts(people: object) -> tuple[np.ndarray, ...]:  # type: ignore[type-arg]
    return people.keypoints, people.scores, people.totals  # type: ignore[attr-defined]


def test_events_go_with_the_ids_that_the_user_sees(cast: Cast) -> None:
    events = [event("serve", 0.2, 0.3, 1), event("serve", 0.6, 0.7, 1), event("lob", 0.6, 0.7, 2)]
    before = cast.edition
    cast.edits.swap(1, 2, 10)
    assert cast.edition != before
    assert [each.person for each in cast.told(events)] == [1, 2, 1]
    cast.edits.hide(2)
    assert [each.person for each in cast.told(events)] == [1, 1]
    cast.edits.undo()
    cast.edits.undo()
    assert [each.person for each in cast.told(events)] == [1, 1, 2]
    assert cast.told([]) == []


# -- colours --


def test_labels_have_one_colour_each_and_those_of_the_user_keep_theirs() -> None:
    colors = LabelColors()
    colors.begin(["backhand", "forehand"])
    assert [colors.of(name) for name in ("backhand", "forehand")] == list(LABEL_COLORS[:2])
    colors.keep({"forehand": "#123456", "lob": LABEL_COLORS[0]})
    assert colors.of("forehand") == "#123456"
    assert colors.of("backhand") == LABEL_COLORS[1], "the first is taken"
    others = [colors.of(name) for name in ("a", "b", "c")]
    assert len({*LABEL_COLORS[:2], *others}) == 5
    assert colors.of("a") == others[0]
    assert colors.of("fall") not in LABEL_COLORS
    assert len({colors.of(str(n)) for n in range(30)}) == len(LABEL_COLORS), "there are no more"
    version = colors.version
    colors.begin(["backhand", "forehand"])
    colors.keep({"forehand": "#123456", "lob": LABEL_COLORS[0]})
    assert colors.version == version
    colors.keep({})
    assert colors.of("backhand") == LABEL_COLORS[0]
    assert colors.version > version
    assert colors.drawn(["backhand"]) == {"backhand": (0x00, 0x9F, 0xE6)}
