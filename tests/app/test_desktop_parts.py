"""Parts of the desktop that need no window: where things lie on the canvas, traces, what is shown with what."""

import threading
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from app import places
from app.canvas import Picture, Placement, compose
from app.pipeline import Newest
from app.recent import Recent
from app.showing import to_show
from app.store import Store
from app.trace_log import TraceLog
from app.transport import clock
from app.worker import Worker
from core import skeleton
from core.outputs import Overlay, parse_overlay
from core.types import Floats, Frame, Image, Ints, Links, Maps, Peaks, People, Result, Transform
from tests.core.outputs_scene import figures

NOTHING = parse_overlay("none")
NOBODY = np.empty(0, np.int32)
ONE = np.array([1], np.int32)


def person(x: float, y: float) -> People:
    """Somebody of whom only the right wrist is seen."""
    keypoints = np.full((1, skeleton.POINTS, 2), np.nan, np.float32)
    keypoints[0, skeleton.R_WRIST] = x, y
    scores = np.zeros((1, skeleton.POINTS), np.float32)
    scores[0, skeleton.R_WRIST] = 1
    return People(keypoints, scores, np.ones(1, np.float32))


def result(time: float, people: People, ids: list[int]) -> Result:
    empty: Ints = np.zeros(20, np.int32)
    maps = Maps(np.zeros((19, 1, 1), np.float32), np.zeros((38, 1, 1), np.float32), Transform((8, 8), (3.5, 3.5)))
    xy: Floats = np.empty((0, 2), np.float32)
    peaks = Peaks(xy, np.empty(0, np.float32), empty[:19])
    links = Links(np.empty((0, 2), np.int32), np.empty(0, np.float32), empty)
    frame = Frame(np.zeros((4, 4, 3), np.uint8), round(25 * time), time)
    return Result(frame, maps, peaks, links, people, np.array(ids, np.int32))


# -- canvas --


def dot(x: int, y: int, size: tuple[int, int] = (64, 48)) -> Image:
    """A black picture with one white pixel."""
    picture = np.zeros((size[1], size[0], 3), np.uint8)
    picture[y, x] = 255
    return picture


def picture(image: Image, people: People, ids: Ints, overlay: Overlay) -> Picture:
    return Picture(Frame(image), people, ids, None, overlay)


@pytest.mark.parametrize("zoom", [0.8, 1.0, 2.0, 5.0])
@pytest.mark.parametrize("corner", [(0.0, 0.0), (12.0, -7.0)])
def test_pixels_and_points_lie_at_the_same_place(zoom: float, corner: tuple[float, float]) -> None:
    at = Placement(zoom, *corner)
    disc = np.asarray(cv2.circle(dot(20, 15), (20, 15), 2, (255, 255, 255), -1), np.uint8)
    plain = compose(picture(disc, People.empty(), NOBODY, NOTHING), at, (160, 120))
    middle = np.argwhere(plain[..., 0] > 128).mean(axis=0)[::-1]
    drawn = compose(picture(dot(0, 0) * 0, person(20, 15), ONE, parse_overlay("points")), at, (160, 120))
    changed = np.argwhere((drawn[..., :3] != (28, 24, 22)).any(axis=2) & (drawn[..., :3].max(axis=2) > 60))
    np.testing.assert_allclose(changed.mean(axis=0)[::-1], middle, atol=0.6)


def test_a_fitted_picture_fills_one_side_and_keeps_its_shape() -> None:
    at = Placement.fit((640, 360), (800, 800))
    assert (at.zoom, at.left, at.top) == (1.25, 0, 175)
    canvas = compose(picture(np.full((360, 640, 3), 200, np.uint8), People.empty(), NOBODY, NOTHING), at, (800, 800))
    bright = (canvas[..., 0] > 150).any(axis=1).nonzero()[0]
    assert (bright[0], bright[-1]) == (175, 624)


@pytest.mark.parametrize("left", [-5000.0, 0.0, 5000.0])
@pytest.mark.parametrize("zoom", [0.05, 0.69, 0.71, 40.0])
def test_a_picture_far_off_the_canvas_does_no_harm(zoom: float, left: float) -> None:
    canvas = compose(picture(dot(3, 3), person(3, 3), ONE, parse_overlay("")), Placement(zoom, left, 0), (90, 70))
    assert canvas.shape == (70, 90, 4)


def test_texts_are_as_large_on_a_screen_of_twice_as_many_pixels() -> None:
    ids = parse_overlay("ids")

    def rows_of_the_label(fine: int) -> int:
        size, at = (400 * fine, 300 * fine), Placement(fine, 0, 0)
        scene = picture(np.zeros((300, 400, 3), np.uint8), figures((200, 60, 200)), ONE, ids)
        ground = replace(scene, overlay=NOTHING)
        there = compose(scene, at, size, fine) != compose(ground, at, size, fine)
        return int(there.any(axis=(1, 2)).sum())

    once = rows_of_the_label(1)
    assert once > 9
    assert rows_of_the_label(2) == pytest.approx(2 * once, abs=2)


def test_what_is_under_the_pointer_stays_there() -> None:
    before = Placement(2, 10, 20)
    after = before.zoomed(3, 50, 60)
    assert after.zoom == 6
    assert ((50 - after.left) / 6, (60 - after.top) / 6) == ((50 - 10) / 2, (60 - 20) / 2)


# -- traces --


def test_a_trace_has_gaps_where_the_point_or_the_person_is_missing() -> None:
    log = TraceLog()
    log.add(result(0.0, person(1, 2), [7]))
    log.add(result(0.1, People.empty(), []))
    log.add(result(0.2, person(3, 4), [8]))
    log.add(result(0.3, person(5, 6), [7]))
    times, xy = log.trace(7, skeleton.R_WRIST)
    assert times.tolist() == [0.0, 0.1, 0.2, 0.3]
    np.testing.assert_array_equal(xy, [(1, 2), (np.nan, np.nan), (np.nan, np.nan), (5, 6)])
    assert np.isnan(log.trace(7, skeleton.NOSE)[1]).all()
    assert log.trace(7, skeleton.R_WRIST, since=0.15)[0].tolist() == [0.2, 0.3]


def test_a_frame_that_comes_again_takes_its_old_place() -> None:
    log = TraceLog()
    for time, x in ((0.0, 1), (0.2, 3), (0.1, 2), (0.2, 9)):
        log.add(result(time, person(x, 0), [1]))
    times, xy = log.trace(1, skeleton.R_WRIST)
    assert times.tolist() == [0.0, 0.1, 0.2]
    assert xy[:, 0].tolist() == [1, 2, 9]


def test_a_log_forgets_its_oldest() -> None:
    log = TraceLog(most=3)
    for n in range(10):
        log.add(result(n / 10, person(n, 0), [1]))
    assert log.trace(1, skeleton.R_WRIST)[0].tolist() == [0.7, 0.8, 0.9]


# -- what is shown --


def test_a_pose_of_another_frame_is_shown_only_while_it_plays() -> None:
    old, other = result(1.0, person(1, 1), [1]), Frame(np.zeros((4, 4, 3), np.uint8), 30, 1.2)
    assert to_show(Newest(None, None), True, False) == (None, None)
    assert to_show(Newest(other, None), True, False) == (other, None)
    assert to_show(Newest(other, old), True, False) == (other, old)
    assert to_show(Newest(other, old), False, False) == (other, None)
    assert to_show(Newest(old.frame, old), False, False) == (old.frame, old)
    assert to_show(Newest(replace(old.frame), old), False, False) == (old.frame, old), "the same frame, read again"
    assert to_show(Newest(other, old), True, True) == (old.frame, old)
    assert to_show(Newest(other, None), True, True) == (None, None)
    for time in (0.5, 9.0):  # it jumped back, or far ahead
        frame = Frame(other.image, 0, time)
        assert to_show(Newest(frame, old), True, False) == (frame, None)


@pytest.mark.parametrize("late", [0.7, 2.5])
def test_where_the_net_is_slow_a_pose_lasts_until_the_next_is_due(late: float) -> None:
    old = result(1.0, person(1, 1), [1])
    for after, seen in ((late, old), (2 * late + 0.3, old), (4 * late, None)):
        frame = Frame(np.zeros((4, 4, 3), np.uint8), 30, 1.0 + after)
        assert to_show(Newest(frame, old, late), True, False) == (frame, seen)


def test_clock() -> None:
    assert clock(0) == "00:00.000"
    assert clock(59.9996) == "01:00.000"
    assert clock(3723.5) == "1:02:03.500"


# -- files --


def test_recent_files(tmp_path: Path) -> None:
    recent = Recent(Store(tmp_path / "deep" / "settings.json"))
    assert recent.paths() == []
    files = [tmp_path / f"{n}.mp4" for n in range(12)]
    for file in files:
        file.touch()
        recent.add(str(file))
    recent.add(str(files[5]))
    recent.add("camera:0")
    recent.add(str(tmp_path / "gone.mp4"))
    assert recent.paths()[:3] == [str(files[n]) for n in (5, 11, 10)]
    assert len(recent.paths()) == 8
    files[11].unlink()
    assert str(files[11]) not in recent.paths()


def test_new_files_have_names_that_are_free(tmp_path: Path) -> None:
    first = places.new_file(tmp_path, "camera:0", ".mp4")
    first.touch()
    second = places.new_file(tmp_path, "camera:0", ".mp4")
    assert first.name.startswith("camera-0_")
    assert second != first
    assert places.new_file(tmp_path, "http://127.0.0.1:8095/", ".mp4").name.startswith("127-0-0-1-8095_")


def test_jobs_that_wait_can_be_dropped() -> None:
    begun, over = threading.Event(), threading.Event()
    done: list[str] = []

    def first() -> None:
        begun.set()
        assert over.wait(60)
        done.append("first")

    worker = Worker(done.append)
    worker.submit(first)
    worker.submit(lambda: done.append("second"))
    try:
        assert begun.wait(60)
        worker.drop()
    finally:
        over.set()
    assert worker.close(60)
    assert done == ["first"]
