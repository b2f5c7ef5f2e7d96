"""Marks of one analysis of a film in another of it, whose people have other IDs and other points."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.analysis import Analysis, Found, ModelInfo, NewMark, SourceInfo, open_cached
from core.analysis.carrying import Carried, carried, marked_elsewhere
from core.settings import NetworkSettings, Settings
from core.types import Floats, People

FPS, LENGTH = 25, 100
Open = Callable[..., Analysis]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POSEDESK_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def opened() -> Iterator[Open]:
    """The kept analysis of one film with a net, by its name; `NET@FILM` is of another. words: of the source."""
    with ExitStack() as stack:

        def make(name: str, **words: Any) -> Analysis:
            net, _, film = name.partition("@")
            source = SourceInfo(name="dance.mp4", fingerprint=film or "dance", length=LENGTH, fps=FPS, **words)
            settings = Settings(network=NetworkSettings(model=net))
            times = np.arange(LENGTH) / FPS
            return stack.enter_context(open_cached(source, times, ModelInfo(name=net, checksum=net), settings))

        yield make


def standing(x: float, seed: int, points: int = 18) -> Floats:
    """(18, 2) somebody at x; the first `points` of them are found."""
    rng = np.random.default_rng(seed)
    body = np.stack([x + rng.uniform(-20, 20, 18), 100 + rng.uniform(0, 120, 18)], axis=1).astype(np.float32)
    body[points:] = np.nan
    return body


def fill(analysis: Analysis, people: dict[int, Callable[[int], Floats]], frames: range = range(LENGTH)) -> None:
    """people: for each ID where the points are in a frame"""

    def found(frame: int) -> Found:
        keypoints = np.stack([place(frame) for place in people.values()])
        scores = np.where(np.isnan(keypoints[..., 0]), 0, 0.5).astype(np.float32)
        ids = np.array(list(people), np.int32)
        return Found(frame, frame / FPS, People(keypoints, scores, scores.sum(axis=1)), ids)

    analysis.add(map(found, frames))


def left(points: int = 18) -> Callable[[int], Floats]:
    return lambda frame: standing(100 + frame, frame, points)


def right(points: int = 18) -> Callable[[int], Floats]:
    return lambda frame: standing(400 - frame, 1000 + frame, points)


def mark(analysis: Analysis, *marks: NewMark) -> None:
    analysis.marks.take([("serve", "#123456"), ("lob", "#654321")], list(marks))


def take(analysis: Analysis) -> Carried:
    return carried(analysis, marked_elsewhere(analysis))


def test_marks_go_to_whoever_is_in_the_same_place(opened: Open) -> None:
    old, new = opened("small"), opened("large")
    fill(old, {1: left(), 2: right()})
    fill(new, {8: right(15), 9: left(15)})
    marks = [NewMark("serve", 1, 0.4, 1.0), NewMark("lob", 2, 0.8, 1.6), NewMark("serve", None, 2.0, 2.4)]
    mark(old, *marks)
    [there] = marked_elsewhere(new)
    assert (there.path, there.spans) == (old.path, ((0.4, 1.0), (0.8, 1.6), (2.0, 2.4)))
    found = take(new)
    assert found.labels == (("serve", "#123456"), ("lob", "#654321"))
    assert found.marks == (
        NewMark("serve", 9, 0.4, 1.0), NewMark("lob", 8, 0.8, 1.6), NewMark("serve", None, 2.0, 2.4),
    )  # fmt: skip
    assert found.lost == 0
    new.marks.take(found.labels, found.marks)
    assert {label.name: label.color for label in new.marks.labels()} == {"serve": "#123456", "lob": "#654321"}
    assert take(new) == Carried((), (), 0), "what was taken over is not taken twice"
    assert take(old) == Carried((), (), 0), "nor back"


def test_a_mark_that_was_moved_since_is_the_same_mark(opened: Open) -> None:
    old, new = opened("small"), opened("large")
    fill(old, {1: left()})
    fill(new, {8: left()})
    mark(old, NewMark("serve", 1, 1.0, 2.0))
    mark(new, NewMark("serve", 8, 1.1, 2.2))
    assert take(new).marks == ()
    mark(old, NewMark("serve", 1, 2.2, 3.0))  # another one
    assert take(new).marks == (NewMark("serve", 8, 2.2, 3.0),)


def test_who_is_elsewhere_or_not_known_yet_is_nobody(opened: Open) -> None:
    old, new = opened("small"), opened("large")
    fill(old, {1: left(), 2: right()})
    fill(new, {8: right()}, range(50))
    mark(old, NewMark("serve", 1, 0.0, 1.0), NewMark("lob", 2, 0.0, 1.0), NewMark("lob", 2, 2.4, 3.6))
    found = take(new)
    assert (found.marks, found.lost) == ((NewMark("lob", 8, 0.0, 1.0),), 2)
    fill(new, {8: right()}, range(50, LENGTH))
    found = take(new)
    assert [each.start for each in found.marks] == [0.0, 2.4]
    assert found.lost == 1


def test_who_is_hardly_wider_than_a_line_is_found(opened: Open) -> None:
    def arm(off: float) -> Callable[[int], Floats]:
        def place(frame: int) -> Floats:
            body = np.full((18, 2), np.nan, np.float32)
            body[2:5] = [(60 + frame + off, 30 + 32 * i) for i in range(3)]
            return body

        return place

    old, new = opened("small"), opened("large")
    fill(old, {1: arm(0)})
    fill(new, {7: arm(40), 8: arm(0.3)})
    mark(old, NewMark("serve", 1, 1.0, 2.0))
    assert take(new).marks == (NewMark("serve", 8, 1.0, 2.0),)


def test_people_are_taken_as_edited(opened: Open) -> None:
    """Joined in the one, of two IDs in the other: whoever is there for most of the mark."""
    old, new = opened("small"), opened("large")
    fill(old, {1: left()}, range(30))
    fill(old, {2: left()}, range(30, LENGTH))
    old.editor.join(2, into=1)
    fill(new, {5: left()}, range(20))
    fill(new, {6: left()}, range(20, LENGTH))
    mark(old, NewMark("serve", 1, 0.6, 1.8))
    assert take(new).marks == (NewMark("serve", 6, 0.6, 1.8),)


def test_a_mark_between_two_frames_has_the_next(opened: Open) -> None:
    old, new = opened("small"), opened("large")
    fill(old, {1: left()})
    fill(new, {8: left()})
    mark(old, NewMark("serve", 1, 1.01, 1.02))
    assert take(new).marks == (NewMark("serve", 8, 1.01, 1.02),)


def test_of_another_film_nothing_is_taken(opened: Open) -> None:
    other, new = opened("small@walk"), opened("large")
    fill(other, {1: left()})
    fill(new, {8: left()})
    mark(other, NewMark("serve", 1, 1.0, 2.0))
    assert marked_elsewhere(new) == []


@pytest.mark.parametrize("turned", [{"mirror": True}, {"angle": 180}])
def test_of_the_film_as_it_was_turned_otherwise_nothing_is_taken(opened: Open, turned: dict[str, Any]) -> None:
    plain, new, again = opened("small"), opened("small", **turned), opened("large", **turned)
    for analysis in (plain, new, again):
        fill(analysis, {1: left(), 2: right()})
    mark(plain, NewMark("serve", 1, 1.0, 2.0))
    assert marked_elsewhere(new) == [], "in that place is somebody else"
    mark(new, NewMark("lob", 2, 1.0, 2.0))
    assert [each.path for each in marked_elsewhere(again)] == [new.path]
    assert marked_elsewhere(plain) == []


def test_what_cannot_be_read_is_passed_over(opened: Open) -> None:
    old, new = opened("small"), opened("large")
    fill(old, {1: left()})
    mark(old, NewMark("serve", 1, 1.0, 2.0))
    old.path.with_name("broken.posedesk").write_bytes(b"no analysis at all")
    assert [each.path for each in marked_elsewhere(new)] == [old.path]


def test_no_machine_in_the_network_is_asked_on_the_word_of_a_file(
    home: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    location, asked = "//host/films/dance.mp4", list[str]()
    is_file = os.path.isfile
    monkeypatch.setattr(os.path, "isfile", lambda path: asked.append(str(path)) or is_file(path))
    source = SourceInfo(name="dance.mp4", location=location, fingerprint="dance", length=LENGTH, fps=FPS)
    times = np.arange(LENGTH) / FPS
    old = opened("a")
    mark(old, NewMark("serve", None, 0.4, 1.0))
    with Analysis.create(home / "theirs.posedesk", source, times, ModelInfo(), Settings()) as theirs:
        assert [each.path for each in marked_elsewhere(theirs)] == [old.path]
    assert location not in asked
    with open_cached(source, times, ModelInfo(name="b", checksum="b"), Settings()) as kept:
        marked_elsewhere(kept)
    assert location in asked, "the user has opened it there"


def test_marks_are_counted_once_where_the_home_folder_lies_behind_a_link(
    home: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "disk").mkdir()
    (home / "link").symlink_to(home / "disk", target_is_directory=True)
    monkeypatch.setenv("POSEDESK_HOME", str(home / "link"))
    old, new = opened("small"), opened("large")
    mark(old, NewMark("serve", None, 0.4, 1.0))
    assert [each.spans for each in marked_elsewhere(new)] == [((0.4, 1.0),)]


def test_files_beside_the_film_are_looked_at_too(home: Path, opened: Open) -> None:
    film = home / "films" / "dance.mp4"
    film.parent.mkdir()
    film.write_bytes(b"")
    old = opened("a")
    fill(old, {1: left()})
    old.marks.take([("kick", "#123456")], [NewMark("kick", 1, 1.0, 2.0)])
    beside, elsewhere, other = film.with_name("mine.posedesk"), home / "mine.posedesk", opened("a@other")
    for target in (beside, elsewhere):
        old.copy_to(target)
    fill(other, {1: left()})
    other.marks.take([("kick", "#123456")], [NewMark("kick", 1, 1.0, 2.0)])
    other.copy_to(film.with_name("other.posedesk"))
    film.with_name("none.posedesk").write_text("no analysis")
    source = SourceInfo(name="dance.mp4", location=str(film), fingerprint="dance", length=LENGTH, fps=FPS)
    times, before = np.arange(LENGTH) / FPS, sorted(film.parent.iterdir())
    with open_cached(source, times, ModelInfo(name="b", checksum="b"), Settings()) as new:
        assert {each.path for each in marked_elsewhere(new)} == {old.path, beside}
        fill(new, {7: left()})
        assert len(carried(new, marked_elsewhere(new)).marks) == 1, "they are the same"
    assert sorted(film.parent.iterdir()) == before, "nothing of ours is left there"
    with Analysis.open(elsewhere) as here:
        assert {each.path for each in marked_elsewhere(here)} == {old.path}
        old.copy_to(home / "again.posedesk")
        assert {each.path for each in marked_elsewhere(here)} == {old.path, home / "again.posedesk"}


def test_names_go_with_marks_to_who_has_none(opened: Open) -> None:
    old, new = opened("old"), opened("new")
    fill(old, {1: left(), 2: right()})
    fill(new, {8: left(12), 9: right(12)})
    mark(old, NewMark("serve", 1, 1.0, 2.0), NewMark("lob", 2, 1.0, 2.0), NewMark("lob", None, 0.0, 1.0))
    old.editor.rename(1, "Anna")
    old.editor.rename(2, "Ben")
    new.editor.rename(9, "Bo")
    found = take(new)
    assert found.names == ((8, "Anna"),), "who has a name keeps it"
    who = new.who_version
    new.editor.take(found.labels, found.marks, found.names)
    assert new.names() == {8: "Anna", 9: "Bo"}
    assert len(new.marks.all()) == 3
    assert new.who_version > who, "it is shown"
    assert take(new) == Carried((), (), 0)
    assert str(new.editor.undo()) == "Add 3 marks"
    assert (new.names(), new.marks.all()) == ({9: "Bo"}, [])
    new.editor.redo()
    assert new.names() == {8: "Anna", 9: "Bo"}
    new.editor.take([("serve", "#123456")], [], [])
    assert str(new.editor.next_undo) == "Add 3 marks", "nothing is no step"
