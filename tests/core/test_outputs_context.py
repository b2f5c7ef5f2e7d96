"""What drawing knows beyond a frame: names, who is hidden or selected, trails; and faces that are blurred."""

import numpy as np
import pytest

from core import skeleton
from core.errors import InputError
from core.outputs import Context, Overlay, Trail, Trails, blur_faces, draw, face_discs, parse_overlay
from core.types import Frame, Image, Links, Peaks, People, Result
from tests.core.outputs_scene import backdrop, figures, hide, maps_of

IDS = np.array([4, 9], np.int32)
SIZE = (640, 480)


@pytest.fixture
def two() -> People:
    return figures((160, 60, 360), (480, 60, 360))


def changed(before: Image, after: Image) -> np.ndarray:  # type: ignore[type-arg]
    return (before != after).any(axis=2)


def test_who_is_hidden_is_not_drawn(two: People) -> None:
    image = backdrop(*SIZE)
    seen = changed(image, draw(image, two, IDS, None, Overlay(), Context(hidden=frozenset({9}))))
    assert seen[:, :320].any()
    assert not seen[:, 320:].any()


def test_a_name_is_written_in_place_of_the_id(two: People) -> None:
    image, overlay = backdrop(*SIZE), parse_overlay("ids")
    numbers, named = (draw(image, two, IDS, None, overlay, Context(names=names)) for names in ({}, {4: "Anna"}))
    assert changed(numbers, named)[:, :320].any()
    assert not changed(numbers, named)[:, 320:].any()


@pytest.mark.parametrize(("name", "label"), [("Anna", "Anna"), ("Jörg", "Jorg"), ("  ", "#4"), ("李", "#4")])
def test_names_are_written_in_letters_that_can_be_drawn(name: str, label: str) -> None:
    assert Context(names={4: name}).label(4) == label


def test_who_is_selected_is_marked_and_nobody_else(two: People) -> None:
    image, nothing = backdrop(*SIZE), parse_overlay("none")
    marked = changed(image, draw(image, two, IDS, None, nothing, Context(selected=frozenset({4}))))
    rows, columns = np.nonzero(marked)
    left, top, right, bottom = two.boxes()[0]
    assert columns.min() < left
    assert right < columns.max() < 320
    assert rows.min() < top
    assert rows.max() > bottom


# -- faces --


def test_a_blurred_face_has_no_detail_left_and_the_rest_all_of_it(two: People) -> None:
    image = backdrop(*SIZE)
    image[::2] //= 2  # stripes: detail everywhere
    blurred = blur_faces(image, two)
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    inside = np.zeros(SIZE[::-1], bool)
    for disc in face_discs(two):
        inside |= (x - disc[0]) ** 2 + (y - disc[1]) ** 2 <= disc[2] ** 2
    np.testing.assert_array_equal(changed(image, blurred) & ~inside, False)
    steps = np.abs(np.diff(blurred.astype(int), axis=0)).max(axis=2)
    within = inside[1:] & inside[:-1]
    assert np.abs(np.diff(image.astype(int), axis=0)).max(axis=2)[within].mean() > 40
    assert steps[within].max() < 20


@pytest.mark.parametrize("missing", [(), (14, 16), (0, 14, 15, 16, 17), (8, 9, 10, 11, 12, 13), (0, 15, 16, 17)])
def test_the_disc_covers_every_point_of_the_head_that_there_is(missing: tuple[int, ...]) -> None:
    whole = figures((300, 50, 400))
    [(x, y, radius)] = face_discs(hide(whole, *missing)).tolist()
    face = whole.keypoints[0, [0, 14, 15, 16, 17]]
    assert (np.hypot(face[:, 0] - x, face[:, 1] - y) < radius).all()
    assert radius < 70, "and not the whole body"


HEAD = (0, 14, 15, 16, 17)


@pytest.mark.parametrize("missing", [(1,), (1, 5), (1, 2, 3, 4), (1, 5, 8, 11)])
def test_where_no_neck_was_found_the_shoulders_tell_where_the_head_has_to_be(missing: tuple[int, ...]) -> None:
    whole = figures((300, 50, 400))
    [(x, y, radius)] = face_discs(hide(whole, *HEAD, *missing)).tolist()
    nose = whole.keypoints[0, skeleton.NOSE]
    assert np.hypot(nose[0] - x, nose[1] - y) < radius < 100, "and not the whole body"


def test_of_a_body_without_head_and_shoulders_nothing_can_be_blurred(two: People) -> None:
    image = backdrop(*SIZE)
    nobody = hide(two, 1, 2, 5, *HEAD)
    np.testing.assert_array_equal(blur_faces(image, nobody), image)
    np.testing.assert_array_equal(blur_faces(image, People.empty()), image)


def test_a_face_outside_the_picture_or_across_its_border_does_no_harm() -> None:
    image = backdrop(*SIZE)
    for x in (-900, -10, 0, 639, 5000):
        assert blur_faces(image, figures((x, -20, 400))).shape == image.shape


def test_the_faces_of_hidden_people_are_blurred_all_the_same(two: People) -> None:
    image = backdrop(*SIZE)
    overlay = parse_overlay("none").changed(blur=True)
    drawn = draw(image, two, IDS, None, overlay, Context(hidden=frozenset({4, 9})))
    np.testing.assert_array_equal(drawn, blur_faces(image, two))
    assert changed(image, drawn).any()


# -- trails --


def result(time: float, people: People, ids: list[int]) -> Result:
    maps = maps_of(people, SIZE)
    nothing = np.empty(0, np.float32)
    peaks = Peaks(nothing.reshape(0, 2), nothing, np.zeros(19, np.int32))
    links = Links(np.empty((0, 2), np.int32), nothing, np.zeros(20, np.int32))
    return Result(Frame(backdrop(*SIZE), time=time), maps, peaks, links, people, np.array(ids, np.int32))


def test_trails_go_back_as_far_as_they_are_asked_for_and_have_gaps() -> None:
    overlay = Overlay(trail_of=skeleton.NOSE, trail_seconds=0.5)
    trails = Trails(overlay)
    for step in range(10):
        people = figures((100 + 10 * step, 50, 300))
        last = trails.after(result(step / 10, people if step != 7 else hide(people, skeleton.NOSE), [3]))
    assert list(last) == [3]
    np.testing.assert_allclose(last[3].ages, (1.0, 0.8, 0.6, 0.4, 0.2, 0.0), atol=1e-5)
    np.testing.assert_allclose(last[3].xy[:, 0], (140, 150, 160, np.nan, 180, 190))
    assert trails.after(result(0.0, figures((0, 50, 300)), [3]))[3].xy.shape == (1, 2), "a jump back begins anew"


def test_nobody_without_an_id_has_a_trail() -> None:
    assert Trails(Overlay(trail_of=0)).after(result(0, figures((100, 50, 300)), [-1])) == {}
    assert Trails(Overlay()).after(result(0, figures((100, 50, 300)), [1])) == {}


def test_a_trail_is_drawn_between_its_points_and_not_across_gaps(two: People) -> None:
    image = np.full((480, 640, 3), 100, np.uint8)
    xy = np.array([(20, 440), (100, 440), (np.nan, np.nan), (200, 440), (300, 440)], np.float32)
    context = Context(trails={4: Trail(xy, np.linspace(0.8, 0, 5, dtype=np.float32))})
    drawn = changed(image, draw(image, two, IDS, None, parse_overlay("none"), context))
    assert drawn[440, 60]
    assert drawn[440, 250]
    assert not drawn[440, 150]


def test_trails_and_blur_on_the_command_line() -> None:
    overlay = parse_overlay("ids,trail=left-ankle,blur")
    assert (overlay.trail_of, overlay.blur, overlay.ids, overlay.skeleton) == (skeleton.L_ANKLE, True, True, False)
    assert parse_overlay("blur").skeleton
    with pytest.raises(InputError, match="--overlay trail=tail: there is no"):
        parse_overlay("trail=tail")
