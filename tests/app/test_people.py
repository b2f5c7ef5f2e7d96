"""Who is who to the user: edits and their undo, what was seen of everyone, who is at a place of the picture."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from app.cast import LONGEST_STEP, Cast, SessionEdits
from app.picking import person_at
from app.saved import SavedFilm
from app.trace_log import TraceLog
from core import skeleton
from core.analysis import Analysis, Found, ModelInfo, SourceInfo, persons_in
from core.analysis.edits import GONE, Edit
from core.errors import InputError
from core.outputs import Overlay, blur_faces, draw, parse_overlay
from core.settings import Settings
from core.types import Image, People, Result
from tests.app.test_desktop_parts import person, result
from tests.core.outputs_scene import backdrop, figures


def both(x: float, y: float) -> People:
    """Two of whom only the right wrist is seen."""
    one, other = person(x, 0), person(y, 0)
    return People(
        np.concatenate([one.keypoints, other.keypoints]),
        np.concatenate([one.scores, other.scores]),
        np.concatenate([one.totals, other.totals]),
    )


@pytest.fixture
def cast() -> Cast:
    """#1 at 1 and #2 at 2 for a second, 25 a second."""
    log = TraceLog()
    for frame in range(26):
        log.add(result(frame / 25, both(1, 2), [1, 2]))
    return Cast(log)


def wrists(cast: Cast, who: int) -> list[float]:
    return cast.log.trace(who, skeleton.R_WRIST)[1][:, 0].tolist()


def test_everyone_who_was_seen_with_time_and_score(cast: Cast) -> None:
    cast.log.add(result(1.04, person(1, 0), [1]))
    first, second = cast.persons()
    assert (first.id, first.frames, first.first, first.last) == (1, 27, 0, 26)
    assert first.seconds == pytest.approx(1.08)
    assert second.seconds == pytest.approx(1.04)
    assert first.score == pytest.approx(1 / 37)


def test_nobody_is_counted_while_the_source_stood_still(cast: Cast) -> None:
    cast.log.add(result(500.0, person(1, 0), [1]))
    assert cast.persons()[0].seconds == pytest.approx(1.0 + LONGEST_STEP + 0.04)


def test_a_frame_counts_until_the_next_as_in_an_analysis() -> None:
    frames = [Found(0, 0.0, both(1, 2), np.array([1, 2], np.int32))]
    frames += [Found(frame, frame / 25, person(1, 0), np.array([1], np.int32)) for frame in range(1, 25)]
    frames += [Found(frame, (24 + 6 * (frame - 24)) / 25, person(2, 0), np.array([2], np.int32)) for frame in (25, 26)]
    log = TraceLog()
    for found in frames:
        log.add(result(found.time, found.people, found.ids.tolist()))
    live, saved = Cast(log).persons(), persons_in(frames)
    assert {each.id: each.seconds for each in live} == pytest.approx({each.id: each.seconds for each in saved})
    assert {each.id: each.seconds for each in live} == pytest.approx({1: 1.2, 2: 0.32})


def test_from_a_frame_on_two_have_each_others_ids(cast: Cast) -> None:
    cast.edits.swap(1, 2, 10)
    assert wrists(cast, 1) == [1.0] * 10 + [2.0] * 16
    people, ids = cast.seen(result(0.5, both(1, 2), [1, 2]))
    assert ids.tolist() == [2, 1]
    assert people.keypoints[0, skeleton.R_WRIST, 0] == 1
    assert str(cast.edits.undo()) == "Swap #1 and #2 from frame 10 on"
    assert wrists(cast, 1) == [1.0] * 26
    cast.edits.redo()
    assert wrists(cast, 2)[-1] == 1.0


def test_a_split_person_has_an_id_that_the_tracker_does_not_reach(cast: Cast) -> None:
    new = cast.edits.split(2, 20)
    assert np.isnan(wrists(cast, 2)[20:]).all()
    assert wrists(cast, new)[20:] == [2.0] * 6
    assert new > 500
    assert cast.edits.split(1, 20) != new


def test_who_is_joined_is_one_person_and_leaves_what_both_had_out(cast: Cast) -> None:
    cast.log.add(result(1.04, person(7, 0), [3]))
    cast.edits.join(3, 1)
    assert wrists(cast, 1) == [1.0] * 26 + [7.0]
    cast.edits.join(2, 1)
    assert [each.id for each in cast.persons()] == [1]
    assert cast.shown(result(0.0, both(1, 2), [1, 2]))[1].tolist() == [1]
    with pytest.raises(InputError, match="Choose two"):
        cast.edits.join(1, 1)
    with pytest.raises(InputError, match="Choose two"):
        cast.edits.swap(1, 1, 3)


def shared(cast: Cast, one: int, other: int) -> int:
    """In how many frames both are."""
    there = cast.frames_of((one, other))
    return int((there[one] & there[other]).sum())


def test_in_which_frames_somebody_is(cast: Cast, tmp_path: Path) -> None:
    """In what lasts as long as the session, and in a saved analysis."""
    cast.log.add(result(1.04, person(7, 0), [3]))
    assert (shared(cast, 1, 2), shared(cast, 1, 3), shared(cast, 1, 99)) == (26, 0, 0)
    with Analysis.create(
        tmp_path / "film.posedesk", SourceInfo(length=6), np.arange(6.0), ModelInfo(), Settings()
    ) as a:
        a.add(Found(n, float(n), *((both(1, 2), np.array([1, 2], np.int32)) if n in (0, 1, 4) else
                                   (person(1, 0), np.array([1], np.int32)))) for n in range(6))  # fmt: skip
        cast.keep_in(a)
        assert cast.frames_of([2])[2].tolist() == [True, True, False, False, True, False]
        assert (shared(cast, 1, 2), shared(cast, 2, 1), shared(cast, 1, 99)) == (3, 3, 0)
        a.editor.hide(2)
        assert shared(cast, 1, 2) == 0, "who is hidden is in no frame"


def test_people_who_come_and_go_are_compared_in_little_memory(cast: Cast, tmp_path: Path) -> None:
    """Each is there in thousands of stretches: every one of one person against every one of the other is too much."""
    length = 4000
    two, nobody = both(1, 2), both(1, 2)[:0]
    with Analysis.create(
        tmp_path / "film.posedesk", SourceInfo(length=length), np.arange(float(length)), ModelInfo(), Settings()
    ) as a:
        a.add(Found(n, float(n), nobody if n % 2 else two, np.array([] if n % 2 else [1, 2], np.int32))
              for n in range(length))  # fmt: skip
        cast.keep_in(a)
        a.presence()  # what the analysis remembers of it is there
        tracemalloc.start()
        assert shared(cast, 1, 2) == length // 2
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 500 * length


def test_whom_a_join_leaves_out_is_not_drawn_but_has_the_face_blurred(cast: Cast, tmp_path: Path) -> None:
    """In what lasts as long as the session, and in a saved analysis."""
    two, image = figures((200, 20, 400), (440, 60, 300)), backdrop(640, 480)
    blurred = blur_faces(image, two)
    assert (blurred != blur_faces(image, two[:1])).any()

    def drawn(found: Result, overlay: Overlay) -> Image:
        people, ids = cast.seen(found)
        return draw(image, people, ids, None, overlay, cast.context(overlay, ids, 0.0))

    faces, bones = parse_overlay("none").changed(blur=True), parse_overlay("skeleton")
    found = result(0.0, two, [1, 2])
    cast.edits.join(2, 1)
    np.testing.assert_array_equal(drawn(found, faces), blurred)
    np.testing.assert_array_equal(drawn(found, bones), draw(image, two[:1], np.array([1], np.int32), None, bones))
    source = SourceInfo(length=1)
    with Analysis.create(tmp_path / "film.posedesk", source, np.zeros(1), ModelInfo(), Settings()) as analysis:
        analysis.add([Found.of(found)])
        cast.keep_in(analysis)
        cast.edits.join(2, 1)
        saved = SavedFilm(analysis).people(0, analysis.settings.decoding)
        assert saved is not None
        found = result(0.0, saved.people, saved.ids.tolist())
        np.testing.assert_array_equal(drawn(found, faces), blurred)
        assert cast.shown(found)[1].tolist() == [1]
        assert analysis.people(0).ids.tolist() == [1]  # type: ignore[union-attr]


def test_names_hidden_people_and_trails_reach_the_drawing(cast: Cast) -> None:
    cast.edits.rename(1, " Anna ")
    cast.edits.hide(2)
    overlay = Overlay(trail_of=skeleton.R_WRIST, trail_seconds=0.2)
    context = cast.context(overlay, np.array([1, -1], np.int32), 0.6, frozenset({1}))
    assert (context.names, context.hidden, context.selected) == ({1: "Anna"}, {2, GONE}, {1})
    assert list(context.trails) == [1]
    assert len(context.trails[1].xy) == 6, "and nothing of later"
    assert context.trails[1].ages[[0, -1]] == pytest.approx((1, 0), abs=1e-6)
    cast.edits.rename(1, "")
    assert cast.name(1) == "#1"
    assert [(each.id, each.hidden) for each in cast.persons()] == [(1, False), (2, True)]


def test_an_edit_ends_what_could_be_done_again() -> None:
    held: list[tuple[Edit, ...]] = []
    edits = SessionEdits(held.append, lambda: 1001)
    assert edits.undo() is edits.redo() is None
    edits.hide(1)
    edits.rename(2, "Bo")
    assert str(edits.next_undo) == "Name #2 Bo"
    edits.undo()
    assert str(edits.next_redo) == "Name #2 Bo"
    edits.hide(3)
    assert edits.next_redo is None
    assert [len(each) for each in held] == [1, 2, 1, 2]


def test_people_of_a_saved_analysis_are_edited_in_its_file(cast: Cast, tmp_path: Path) -> None:
    cast.edits.rename(1, "of the session")
    path = tmp_path / "film.posedesk"
    times = np.arange(30) / 25
    with Analysis.create(path, SourceInfo(length=30), times, ModelInfo(), Settings()) as analysis:
        analysis.add(Found.of(result(frame / 25, both(1, 2), [1, 2])) for frame in range(20))
        cast.keep_in(analysis)
        assert [(each.id, each.name) for each in cast.persons()] == [(1, ""), (2, "")]
        cast.edits.rename(2, "Bo")
        cast.edits.hide(1)
        context = cast.context(Overlay(), np.array([1, 2], np.int32), 0.1)
        assert (context.names, context.hidden) == ({2: "Bo"}, {1, GONE})
        _, ids = cast.seen(result(0.4, both(1, 2), [1, 2]))
        assert ids.tolist() == [1, 2]
        cast.keep_in(None)
        assert cast.name(1) == "of the session"
    with Analysis.open(path) as analysis:
        cast.keep_in(analysis)
        assert cast.name(2) == "Bo"
        assert str(cast.edits.undo()) == "Hide #1"


# -- who is at a place --


def test_the_nearest_body_is_meant_and_nobody_far_away() -> None:
    people = figures((160, 60, 360), (300, 60, 360))
    for index in range(2):
        for x, y in people.keypoints[index].tolist():
            assert person_at(people, x, y) == index
    assert person_at(people, 160, 60 + 0.35 * 360) == 0, "between neck and hips"
    assert person_at(people, 600, 100) is None
    assert person_at(People.empty(), 1, 1) is None


# -- the log --


def test_a_log_keeps_its_newest_however_long_it_runs() -> None:
    log = TraceLog(most=50)
    for frame in range(1000):
        log.add(result(frame / 25, both(frame, -frame), [1, 1 + frame // 500]))
    times, xy = log.trace(2, skeleton.R_WRIST)
    assert len(times) == 50
    assert xy[:, 0].tolist() == list(range(-950, -1000, -1))
    for frame in (960, 970, 960):  # seen again
        log.add(result(frame / 25, person(frame + 0.5, 0), [2]))
    times, xy = log.trace(2, skeleton.R_WRIST)
    assert times.tolist() == [frame / 25 for frame in range(950, 1000)]
    assert xy[[10, 20, 30], 0].tolist() == [960.5, 970.5, -980]
