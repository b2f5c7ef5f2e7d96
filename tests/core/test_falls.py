"""Falls told from all else, on figures whose movement is known."""

from collections.abc import Callable

import numpy as np
import pytest

from core.motion import Fall, FallWatch, least_height
from core.motion.drops import seconds_of_middle
from core.skeleton import L_ANKLE, L_HIP, L_SHOULDER, NECK, POINTS, R_ANKLE, R_HIP, R_SHOULDER
from core.sources.synthetic.scenes import DEMOS, Cast
from core.types import Floats, People, Tracks
from tests.core.outputs_scene import FIGURE

HEIGHT = 200.0  # pixels of the figure
FLOOR = 400.0  # y of its feet
Film = Callable[[float], Floats | None]  # seconds to (18, 2) points, None where nobody is found


def figure(angle: float = 0.0, x: float = 300.0, sunk: float = 0.0) -> Floats:
    """Somebody who topples about the feet by `angle`, degrees, or sinks straight down by so many body heights."""
    feet = FIGURE[[R_ANKLE, L_ANKLE]].mean(axis=0)
    turn = np.radians(angle)
    turned = (FIGURE - feet) @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    points = turned * HEIGHT + (x, FLOOR)
    above = FLOOR - points[:, 1]
    points[:, 1] = FLOOR - np.maximum(above - sunk * HEIGHT, np.minimum(above, 0.05 * HEIGHT))
    return points.astype(np.float32)


def smooth(seconds: float, start: float, length: float) -> float:
    """0 before, 1 after, and a soft way between."""
    part = float(np.clip((seconds - start) / length, 0, 1))
    return part * part * (3 - 2 * part)


def people(*found: Floats) -> People:
    xy = np.array(found, np.float32).reshape(-1, POINTS, 2)
    scores = np.where(np.isnan(xy[..., 0]), 0, 0.8).astype(np.float32)
    return People(xy, scores, scores.sum(axis=1))


def watch(
    film: Film,
    seconds: float = 8.0,
    fps: float = 15.0,
    person: Callable[[float], int] = lambda seconds: 1,
    without: tuple[float, float] = (0.0, 0.0),
    least: float = 0.0,
) -> list[tuple[float, Fall]]:
    """Everything that is told, and when. without: from when to when no frame comes; least: see `least_height`."""
    falls, told = FallWatch(), []
    for i in range(round(seconds * fps)):
        if without[0] < i / fps < without[1]:
            continue
        points = film(i / fps)
        found = people() if points is None else people(points)
        tracks = Tracks(found, np.full(len(found), person(i / fps), np.int32))
        told += [(i / fps, fall) for fall in falls.update(tracks, i / fps, least=least)]
    return told


def topple(seconds: float) -> Floats:
    """Down from the third second on, in 0.9 seconds."""
    return figure(85 * smooth(seconds, 3.0, 0.9))


@pytest.mark.parametrize("fps", [5, 10, 15, 30, 120])
def test_a_fall_at_any_rate(fps: float) -> None:
    ((at, fall),) = watch(topple, fps=fps)
    assert 3.9 - 0.2 <= at <= 5.5
    assert 2.7 <= fall.time <= 3.5
    assert fall.time < fall.lying_since <= 4.2
    assert (fall.person, fall.ended) == (1, None)
    assert fall.height == pytest.approx(HEIGHT, rel=0.25)
    assert 0.5 <= fall.score <= 1


@pytest.mark.parametrize("lost", [3.55, 3.7, 3.9, 4.1])
def test_who_is_lost_on_the_way_down_has_fallen(lost: float) -> None:
    ((at, fall),) = watch(lambda seconds: topple(seconds) if seconds < lost else None)
    assert at <= 3.9 + 2
    assert fall.time < lost


def test_points_missing_ids_switching_and_frames_without_a_pose() -> None:
    rng = np.random.default_rng(0)

    def film(seconds: float) -> Floats | None:
        points = topple(seconds) + rng.normal(0, 0.01 * HEIGHT, (POINTS, 2)).astype(np.float32)
        points[rng.random(POINTS) < 0.25] = np.nan
        return None if rng.random() < 0.15 else points

    ((at, fall),) = watch(film, person=lambda seconds: 1 if seconds < 3.3 else 4 if seconds < 3.6 else 9)
    assert at <= 3.9 + 2
    assert fall.person == 1  # who it was before


def test_who_fell_is_who_it_was_of_late() -> None:
    """Somebody gets another ID after a long time, keeps that for a while, and falls."""
    ((_, fall),) = watch(lambda at: topple(at - 27), 36, person=lambda seconds: 1 if seconds < 20 else 4)
    assert fall.person == 4


def test_everything_unseen_but_the_upper_body() -> None:
    legs = [R_HIP, L_HIP, *(point for point in range(9, 14) if point != L_HIP)]

    def film(seconds: float) -> Floats:
        points = topple(seconds)
        points[legs] = np.nan
        return points

    assert watch(film) == []  # without a trunk there is no measure of the body: nothing is claimed


@pytest.mark.parametrize(
    "film",
    [
        lambda seconds: figure(),
        lambda seconds: figure(x=100 + 120 * seconds),  # walks by
        lambda seconds: figure(x=100 + 120 * seconds) if seconds < 4 else None,  # walks out
        lambda seconds: figure(sunk=0.3 * smooth(seconds, 3, 0.8)),  # sits down
        lambda seconds: figure(sunk=0.35 * (0.5 - 0.5 * np.cos(2 * np.pi * seconds / 1.4))),  # squats, again and again
        lambda seconds: figure(85 * smooth(seconds, 2, 4.0)),  # lies down on purpose
        lambda seconds: figure(4 * np.sin(4 * seconds)) if seconds % 1 < 0.7 else None,  # often lost
    ],
    ids=["stands", "walks", "walks out", "sits down", "squats", "lies down", "is lost"],
)
def test_no_fall(film: Film) -> None:
    assert watch(film) == []


def test_a_way_down_that_is_quick_at_its_end_only_is_none() -> None:
    """Somebody gets down to the floor slowly, and lets go of the rest."""
    assert watch(lambda at: figure(sunk=0.75 * float(np.interp(at, [2.0, 4.0, 4.5], [0.0, 0.5, 1.0])))) == []


@pytest.mark.parametrize("stooped", [0.5, 1.0, 1.5, 3.0])
def test_who_stoops_for_a_while_and_falls_has_fallen(stooped: float) -> None:
    def film(at: float) -> Floats:
        falling = smooth(at, 1.6 + stooped, 0.9)
        return figure(85 * falling, sunk=0.3 * smooth(at, 1.0, 0.5) * (1 - falling))

    assert len(watch(film)) == 1


@pytest.mark.parametrize("fps", [3, 5, 10, 30])
def test_the_middle_half_of_a_way_is_measured_at_any_rate_and_without_pauses(fps: float) -> None:
    times = np.arange(0, 6, 1 / fps)
    down = 100 * np.interp(times, [1.0, 2.0, 4.0, 5.0], [0.0, 0.4, 0.4, 1.0])  # in two strides
    middle = seconds_of_middle([(t, 0.0, y) for t, y in zip(times, down, strict=True)], 100.0)
    moving, pause = 0.15 / 0.4 + 0.35 / 0.6, 2.0
    assert moving - 0.5 / fps < middle < moving + 0.2 * pause
    assert seconds_of_middle([(t, 0.0, 50.0) for t in times], 100.0) == 0
    assert seconds_of_middle([(0.0, 0.0, 50.0)], 100.0) == 0


def test_bending_is_none() -> None:
    """The upper body turns about the hips, down to the shoes and for two seconds, the legs stand."""
    upper = [i for i in range(POINTS) if i not in (8, 9, 10, 11, 12, 13)]

    def film(seconds: float) -> Floats:
        points = figure()
        hips = points[[R_HIP, L_HIP]].mean(axis=0)
        turn = np.radians(130 * (smooth(seconds, 2, 0.7) - smooth(seconds, 4.5, 0.7)))
        turned = (points[upper] - hips) @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        points[upper] = turned + hips
        return points

    assert watch(film) == []


def test_a_single_wrong_pose_is_none() -> None:
    """Somebody stands; for one frame the neck is found at the knees; then nobody is found."""

    def film(seconds: float) -> Floats | None:
        return figure() if seconds < 3 else figure(85) if seconds < 3.05 else None

    assert watch(film) == []


@pytest.mark.parametrize("gone", [1.5, 4.0, 60.0])
@pytest.mark.parametrize("begin", [3.3, 3.6, 3.9])
def test_pictures_that_are_missing_are_nobody_who_is_lost(begin: float, gone: float) -> None:
    """Somebody sits down while a stream breaks off; when it is back, the person is elsewhere, or not found at first."""
    back = begin + gone

    def sits(seconds: float) -> Floats:
        return figure(sunk=0.3 * smooth(seconds, 3, 0.8))

    assert watch(sits, back + 3, without=(begin, back)) == []
    assert watch(lambda at: sits(at) if at < back else figure(x=900), back + 3, without=(begin, back)) == []
    assert watch(lambda at: None if back <= at < back + 1 else sits(at), back + 3, without=(begin, back)) == []


def test_who_fell_before_pictures_were_missing_lies_when_they_are_back() -> None:
    ((at, fall),) = watch(topple, 7, without=(4.0, 5.5))
    assert 5.5 <= at < 6.0
    assert fall.lying_since < 4.1
    told = watch(lambda at: topple(at) if at < 5 else None, 70, without=(5.0, 65.0))
    assert [fall.ended for _, fall in told] == [None]  # and lies on
    ((_, fall), (_, up)) = watch(lambda at: topple(at) if at < 60 else figure(), 70, without=(5.0, 65.0))
    assert up.ended is not None
    assert (up.time, up.ended) == (fall.time, pytest.approx(65, abs=0.2))


@pytest.mark.parametrize(("x", "count"), [(300.0, 1), (10.0, 0), (630.0, 0)])
def test_who_is_lost_at_the_side_of_the_picture_has_left(x: float, count: int) -> None:
    falls, told = FallWatch(), []
    for i in range(120):
        points = figure(x=x, sunk=0.6 * smooth(i / 15, 3, 0.9))
        found = people(points) if i / 15 < 3.6 else people()
        told += falls.update(Tracks(found, np.ones(len(found), np.int32)), i / 15, width=640)
    assert len(told) == count


def test_getting_up_ends_it() -> None:
    told = watch(lambda seconds: figure(85 * (smooth(seconds, 2, 0.9) - smooth(seconds, 6, 1.5))), seconds=10)
    (_, begun), (at, over) = told
    assert begun.ended is None
    assert over.ended is not None
    assert (over.time, over.lying_since, over.person) == (begun.time, begun.lying_since, begun.person)
    assert 6 < over.ended <= 7.6 < at + 0.5
    events = [fall.event() for _, fall in told]
    assert [(event.event, event.person, event.start) for event in events] == [("fall", 1, begun.time)] * 2
    assert [event.end for event in events] == [None, over.ended]


def test_lying_is_remembered_while_nobody_is_found() -> None:
    falls = FallWatch()
    for i in range(15 * 60):
        points = topple(i / 15)
        falls.update(Tracks(people(points) if i < 60 else people(), np.ones(int(i < 60), np.int32)), i / 15)
    (fall,) = falls.lying
    assert fall.lying_since < 4.3
    falls.reset()
    assert falls.lying == []


def test_where_everyone_goes_down_the_camera_went_up() -> None:
    def told(count: int) -> int:
        falls, changes = FallWatch(), 0
        for i in range(90):
            down = 0.7 * HEIGHT * smooth(i / 15, 3, 0.8)
            found = people(*(figure(x=250.0 * (j + 1)) + np.float32((0, down)) for j in range(count)))
            changes += len(falls.update(Tracks(found, np.arange(1, count + 1, dtype=np.int32)), i / 15))
        return changes

    assert told(4) == 0


def test_one_of_several_falls() -> None:
    falls, told = FallWatch(), []
    for i in range(90):
        found = people(figure(x=900), topple(i / 15), figure(x=1200))
        told += falls.update(Tracks(found, np.array([5, 6, 7], np.int32)), i / 15)
    assert [fall.person for fall in told] == [6]
    (lying,) = falls.lying
    assert abs(lying.x - 300) < HEIGHT
    assert lying.y > FLOOR - 0.4 * HEIGHT


def test_nobody() -> None:
    falls = FallWatch()
    assert falls.update(Tracks(people(), np.empty(0, np.int32)), 0.0) == []
    assert falls.lying == []


def test_of_who_is_too_small_for_the_net_no_fall_is_told() -> None:
    """The trunk of somebody 50 pixels tall in the input of the net has two cells of its maps."""
    assert 45 < least_height(368, 368) < 55
    assert least_height(1080, 736) == pytest.approx(least_height(540, 368))
    assert watch(topple, least=0.9 * HEIGHT)
    assert not watch(topple, least=1.3 * HEIGHT)


@pytest.mark.parametrize("fps", [8, 25])
def test_the_play(fps: float) -> None:
    """demo:fall, of which all is known: a walk, sitting down on a chair, getting up, a bow, a fall, getting up."""
    demo = DEMOS["fall"]
    stage = demo.make(Cast((640, 360), demo.seconds, 0, 1))
    (actor,) = stage.actors

    def film(seconds: float) -> Floats:
        pose = actor.person.figure(actor.pose(seconds))
        points, _ = stage.renderer.camera.project(actor.person.points(pose.bones))
        points[NECK] = 0.5 * (points[R_SHOULDER] + points[L_SHOULDER])
        return points.astype(np.float32)

    told = watch(film, seconds=demo.seconds, fps=fps)
    actions = [actor.action(i / fps) for i in range(round(demo.seconds * fps))]
    fell, lay = actions.index("fall") / fps, actions.index("lie") / fps
    (at, fall), *rest = told
    assert fell - 0.5 <= fall.time <= lay
    assert at <= lay + 2
    assert [over.ended is not None for _, over in rest] in ([], [True])
