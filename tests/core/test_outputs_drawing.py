"""People drawn over pictures, and the short form of the overlay's settings."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from core import skeleton
from core.errors import InputError
from core.outputs import Overlay, annotate, draw, draw_links, draw_peaks, parse_overlay, person_color
from core.outputs.drawing import UNTRACKED, person_sizes, stroke_radii
from core.outputs.paint import Strokes, label_size, paint_label
from core.types import Floats, Frame, Image, People, Transform
from tests.core.outputs_scene import backdrop, crowd, figures, hide, maps_of, peaks_and_links, result_of

GREY: Image = np.full((480, 640, 3), 120, np.uint8)
ONE = figures((320, 40, 400))
ID = np.array([1], np.int32)
NOTHING = parse_overlay("none")


def changed(picture: Image, original: Image = GREY) -> np.ndarray:
    """(height, width) bool: where a picture differs from the original."""
    different: np.ndarray = (picture != original).any(axis=2)
    return different


def at(picture: Image, place: Floats) -> list[int]:
    x, y = np.round(place).astype(int)
    colors: list[int] = picture[y, x].tolist()
    return colors


def test_the_picture_itself_is_left_alone() -> None:
    image = backdrop(320, 240)
    image.flags.writeable = False
    before = image.copy()
    people = crowd(3, 320, 240)
    overlay = Overlay(boxes=True, names=True, scores=True, map_of=4, field_of=6, background="dimmed")
    drawn = draw(image, people, np.arange(3, dtype=np.int32), maps_of(people, (320, 240)), overlay)
    assert np.array_equal(image, before)
    assert drawn.shape == image.shape
    assert drawn.dtype == np.uint8
    assert np.array_equal(draw(image, people, ID, None, NOTHING), image)
    assert draw(image, people, ID, None, NOTHING) is not image


def test_nobody_is_drawn_as_nobody() -> None:
    everything = Overlay(boxes=True, names=True, scores=True)
    assert np.array_equal(draw(GREY, People.empty(), np.empty(0, np.int32), None, everything), GREY)


def test_left_and_right_have_their_colours_at_their_places() -> None:
    drawn = draw(GREY, ONE, ID, None, Overlay(ids=False))
    for point in (skeleton.R_WRIST, skeleton.L_WRIST, skeleton.R_KNEE, skeleton.L_KNEE):
        assert at(drawn, ONE.keypoints[0, point]) == list(skeleton.POINT_COLORS[point])
    for link in skeleton.LINKS[2:12]:
        assert at(
            drawn,
            ONE.keypoints[
                0,
                (link.a, link.b),
            ].mean(axis=0),
        ) == list(link.color)


def test_missing_points_and_their_links_are_left_out() -> None:
    """Hiding the right wrist changes the picture around the right forearm and nowhere else."""
    whole = draw(GREY, ONE, ID, None, Overlay(ids=False))
    partly = draw(GREY, hide(ONE, skeleton.R_WRIST), ID, None, Overlay(ids=False))
    ys, xs = np.nonzero(changed(whole, partly))
    elbow, wrist = ONE.keypoints[0, skeleton.R_ELBOW], ONE.keypoints[0, skeleton.R_WRIST]
    assert len(xs)
    assert elbow[1] - 10 < ys.min()
    assert ys.max() < wrist[1] + 10
    assert elbow[0] - 10 < xs.min()
    assert xs.max() < wrist[0] + 10
    assert at(partly, wrist) == [120, 120, 120]


def test_only_chosen_points() -> None:
    chosen = parse_overlay("points,skeleton,only=right elbow,only=right wrist")
    drawn = draw(GREY, ONE, ID, None, chosen)
    assert at(drawn, ONE.keypoints[0, skeleton.R_WRIST]) == list(skeleton.POINT_COLORS[skeleton.R_WRIST])
    assert at(drawn, ONE.keypoints[0, skeleton.L_WRIST]) == [120, 120, 120]
    assert at(drawn, ONE.keypoints[0, skeleton.R_SHOULDER]) == [120, 120, 120]


def test_the_label_has_the_persons_colour() -> None:
    for person in (0, 3, 14):
        drawn = draw(GREY, ONE, np.array([person], np.int32), None, parse_overlay("ids"))
        assert (drawn == person_color(person)).all(axis=2).sum() > 50
    untracked = draw(GREY, ONE, np.array([-1], np.int32), None, parse_overlay("ids"))
    assert np.array_equal(untracked, GREY)
    assert (draw(GREY, ONE, np.array([-1], np.int32), None, parse_overlay("scores")) == UNTRACKED).all(axis=2).any()


def test_labels_stay_in_the_picture_and_apart() -> None:
    """Four people in one place, above the border: four labels that can be told apart."""
    people = figures(*((320, -60 + i, 400) for i in range(4)))
    drawn = draw(GREY, people, np.arange(4, dtype=np.int32), None, parse_overlay("ids"))
    counts = [int((drawn == person_color(person)).all(axis=2).sum()) for person in range(4)]
    assert min(counts) > 0.6 * max(counts)


def test_names_do_not_bury_small_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """The smaller a person, the less is written: names with scores, names alone, nothing."""
    written: list[str] = []
    monkeypatch.setattr("core.outputs.drawing.paint_label", lambda image, text, *more: written.append(text))

    def names(size: float) -> set[str]:
        written.clear()
        draw(GREY, figures((320, 40, size)), ID, None, NOTHING.changed(names=True, scores=True))
        return set(written) - {"0.80"}  # the label of the person, above the head

    assert "R knee 0.80" in names(420)
    assert "R knee" in names(180)
    assert not names(60)


def test_of_labels_without_room_the_surer_person_keeps_the_place() -> None:
    """Forty people in one place: whoever is written is written whole."""
    people = figures(*((320, 40 + i / 10, 100) for i in range(40)))
    drawn = draw(GREY, people, np.arange(40, dtype=np.int32) % 13, None, parse_overlay("ids"))
    height = changed(drawn)[:, 300:340].any(axis=1).sum()
    assert height < 12 * 20, "one column of labels about the head"
    assert (drawn == person_color(0)).all(axis=2).sum() > 50


def test_widths_follow_person_and_picture() -> None:
    sizes = np.array([60, 200, 600], np.float32)
    small, large = stroke_radii(sizes, GREY), stroke_radii(sizes, np.zeros((2160, 3840, 3), np.uint8))
    assert (np.diff(small) >= 0).all()
    assert small[2] > small[1]
    assert (large >= small).all()
    assert large[0] > 2


def test_the_size_of_a_person_who_is_half_hidden() -> None:
    whole = person_sizes(ONE)[0]
    assert whole == pytest.approx(400, rel=0.02)
    assert person_sizes(hide(ONE, 9, 10, 12, 13))[0] == pytest.approx(whole, rel=0.25)
    assert np.isfinite(person_sizes(hide(ONE, *range(1, 18)))).all()
    assert person_sizes(People.empty()).shape == (0,)


def test_backgrounds() -> None:
    assert draw(GREY, ONE, ID, None, parse_overlay("none").changed(background="black")).max() == 0
    assert draw(GREY, ONE, ID, None, parse_overlay("none").changed(background="dimmed")).max() == 42


def test_annotate_draws_the_result() -> None:
    result = result_of(Frame(GREY), ONE)
    assert np.array_equal(annotate(result, Overlay()), draw(GREY, ONE, result.ids, None, Overlay()))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 70), st.integers(1, 70), st.floats(-1e9, 1e9), st.floats(-1e9, 1e9), st.floats(0, 1e6))
def test_nothing_breaks_it(width: int, height: int, x: float, y: float, size: float) -> None:
    """Tiny pictures, people far outside or of size 0, everything switched on."""
    image = np.full((height, width, 3), 90, np.uint8)
    people = hide(figures((x, y, size), (5, 5, 10)), 3)
    overlay = Overlay(boxes=True, names=True, scores=True)
    assert draw(image, people, np.array([0, -1], np.int32), None, overlay).shape == image.shape


def test_a_stroke_is_as_wide_as_it_says_wherever_it_lies() -> None:
    """What a line of radius r and length 40 covers adds up to its area, at any angle and fraction of a pixel."""
    for angle in np.linspace(0, np.pi, 7):
        for radius in (0.3, 0.7, 2.4, 6.0):
            image = np.zeros((100, 100, 3), np.uint8)
            middle = np.array((50.3, 49.6), np.float32)
            half = 20 * np.array((np.cos(angle), np.sin(angle)), np.float32)
            strokes = Strokes()
            strokes.lines(middle - half, middle + half, radius, (255, 255, 255))
            strokes.paint(image)
            area = image[..., 0].sum() / 255
            assert area == pytest.approx(40 * 2 * radius + np.pi * radius**2, rel=0.12 if radius > 0.5 else 0.35)
            ys, xs = np.nonzero(image[..., 0])
            weights = image[ys, xs, 0].astype(float)
            assert np.average(xs, weights=weights) == pytest.approx(50.3, abs=0.25)
            assert np.average(ys, weights=weights) == pytest.approx(49.6, abs=0.25)


def test_labels_are_cut_at_the_border() -> None:
    for left, top in ((-20, -5), (630, 470), (-500, 5), (5, 900)):
        image = GREY.copy()
        paint_label(image, "#12", left, top, 14, (0, 200, 0))
        width, height = label_size("#12", 14)
        inside = left + width > 0 and top + height > 0 and left < 640 and top < 480
        assert changed(image).any() == inside


def test_candidates_and_links() -> None:
    transform = Transform.of_resize((640, 480), (496, 368), 8)
    peaks, links = peaks_and_links(ONE, transform)
    points = draw_peaks(GREY, peaks, transform)
    for point, color in enumerate(skeleton.POINT_COLORS):
        if point > 1:
            assert at(points, ONE.keypoints[0, point]) == list(color)
    lines = draw_links(GREY, peaks, links, transform)
    assert at(
        lines,
        ONE.keypoints[
            0,
            (9, 10),
        ].mean(axis=0),
    ) == list(skeleton.LINKS[8].color)
    assert changed(draw_peaks(GREY, peaks, transform, labels=True), points).any()
    assert changed(draw_links(GREY, peaks, links, transform, labels=True), lines).any()
    nobody = peaks_and_links(People.empty(), transform)
    assert np.array_equal(draw_links(draw_peaks(GREY, nobody[0], transform), *nobody, transform), GREY)


def test_overlay_by_name_and_number() -> None:
    overlay = Overlay.model_validate({"map_of": "Right-Wrist", "field_of": "neck - right hip", "only": ["nose", 4]})
    assert (overlay.map_of, overlay.field_of, overlay.only) == (4, 6, (0, 4))
    assert overlay.needs_maps
    assert Overlay.model_validate({"map_of": "background"}).map_of == 18
    assert not Overlay().needs_maps
    for wrong in ({"map_of": "tail"}, {"map_of": 19}, {"field_of": 19}, {"only": ["background"]}):
        with pytest.raises(ValidationError):
            Overlay.model_validate(wrong)


def test_overlay_on_the_command_line() -> None:
    assert parse_overlay("") == Overlay()
    assert parse_overlay("map=right wrist, dimmed") == Overlay(map_of=4, background="dimmed")
    assert parse_overlay("skeleton,boxes") == parse_overlay("none").changed(skeleton=True, boxes=True)
    assert parse_overlay("-ids,black") == Overlay(ids=False, background="black")
    for wrong in ("skelton", "map", "map=tail", "field=25", "only=", "none,ids"):
        with pytest.raises(InputError, match="--overlay") as caught:
            parse_overlay(wrong)
        assert "\n" not in str(caught.value)
