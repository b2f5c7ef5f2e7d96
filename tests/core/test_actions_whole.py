"""Actions of a whole film: the same as frame by frame, and no window twice."""

from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from core.actions import ActionModel, Recogniser, WindowSettings, whole
from core.actions.recogniser import events_of
from core.actions.whole import CHUNK, Presence, Probabilities, presences
from core.actions.windows import resampled, resampled_each
from core.settings import ActionSettings
from core.types import Event, Floats, People
from tests.core.test_actions_recogniser import Told

MODEL = cast(ActionModel, Told())


class ToldOfSides(Told):
    """Of two sides: the second point says how much a window speaks for the first."""

    class header:  # noqa: N801
        idle = "idle"
        sided = True
        classes = 6

    def probabilities(self, windows: Floats) -> Floats:
        shares, side = super().probabilities(windows), 0.5 + 0.5 * np.nan_to_num(windows[:, -1, 1, :1], nan=0.5)
        other = shares[:, ::-1]  # by the other side it would be something else
        return np.concatenate([shares * side, other * (1 - side)], axis=1)


SIDED = cast(ActionModel, ToldOfSides())


def walk(seed: int, count: int = 200) -> tuple[NDArray[np.float64], Floats]:
    """Somebody at uneven times, away now and then, with points that are not always found."""
    random = np.random.default_rng(seed)
    times = np.cumsum(random.choice([0.02, 0.04, 0.3], count, p=[0.5, 0.4, 0.1]))
    points = random.uniform(0, 1, (count, 18, 2)).astype(np.float32)
    points[:, 0, 1] = 0
    points[random.uniform(size=(count, 18)) < 0.15] = np.nan
    for start in random.integers(0, count, 4):
        points[start : start + int(random.integers(1, 30))] = np.nan
    return times, points


@pytest.mark.parametrize("seed", range(8))
def test_many_windows_at_once_are_as_one_by_one(seed: int) -> None:
    times, points = walk(seed, 60)
    window = WindowSettings(samples=7, seconds=0.4)
    ends = np.arange(60)
    since = np.maximum(np.searchsorted(times, times - 0.6), np.where(ends > 40, 30, 0))
    at = np.stack([window.times(float(time)) for time in times])
    found = resampled_each(times, points, ends, since, at)
    for end in ends.tolist():
        rows = slice(since[end], end + 1)
        np.testing.assert_array_equal(found[end], resampled(times[rows], points[rows], at[end]))


def test_of_no_frames_there_are_no_windows() -> None:
    nothing = np.empty((0, 18, 2), np.float32)
    assert presences(np.arange(3), np.arange(3.0), np.full((3, 18, 2), np.nan, np.float32)) == []
    presence = Presence(np.empty(0, np.int64), np.empty(0), nothing)
    assert Probabilities(MODEL).of(presence).shape == (0, 3)


def frame_by_frame(
    model: ActionModel, times: NDArray[np.float64], points: Floats, settings: ActionSettings
) -> list[Event]:
    """What a recogniser tells that sees every frame."""
    recogniser, events = Recogniser(model, settings), list[Event]()
    for time, each in zip(times.tolist(), points, strict=True):
        there = not np.isnan(each[:, 0]).all()
        people = People(each[None], np.ones((1, 18), np.float32), np.ones(1, np.float32)) if there else People.empty()
        events += recogniser.update(people, np.array([7] if there else [], np.int32), time).events
    return events + recogniser.finish()


@pytest.mark.parametrize("model", [MODEL, SIDED], ids=["plain", "sided"])
@pytest.mark.parametrize("seed", range(8))
def test_the_whole_film_at_once_gives_what_frame_by_frame_gives(seed: int, model: ActionModel) -> None:
    times, points = walk(seed)
    settings = ActionSettings(enter=0.5, leave=0.3, smoothing=0.05, least_seconds=0.0)
    found: list[Event] = []
    probabilities = Probabilities(model)
    for presence in presences(np.arange(len(times)), times, points):
        found += events_of(model, settings, 7, presence.times, probabilities.of(presence))
    assert found == frame_by_frame(model, times, points, settings)
    assert len(found) > 3


def test_no_window_is_looked_at_twice() -> None:
    times, points = walk(1, 300)
    points[:, 5] = 0.5  # always there
    frames = np.arange(300)
    probabilities = Probabilities(MODEL)

    def go(points: Floats, count: int) -> int:
        before = probabilities.looked_at
        for presence in presences(frames[:count], times[:count], points[:count]):
            probabilities.of(presence)
        probabilities.end()
        return probabilities.looked_at - before

    assert go(points, 200) == 200
    assert go(points, 200) == 0
    assert go(points, 300) == 100, "the film has grown"
    for presence in presences(frames[:50], times[:50], points[:50] + 1):
        probabilities.of(presence)
    probabilities.end(whole=False)
    assert go(points, 300) == 0, "a go that was broken off forgets nothing"
    moved = points.copy()
    moved[150, 5] = 9
    inside = np.flatnonzero((times >= times[150]) & (times - 0.7 <= times[150]))
    assert go(moved, 300) == len(inside), "those that see the pose that was moved"
    gone = moved.copy()
    gone[100] = np.nan
    after = np.flatnonzero((times > times[100]) & (times - 0.7 <= times[100]))
    assert go(gone, 300) == len(after), "those in which it is missing now"


def test_what_is_known_is_found_again_in_pieces_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    times, points = walk(4, 100)
    presence = Presence(np.arange(100), times, points)
    probabilities = Probabilities(MODEL)
    found = probabilities.of(presence)
    probabilities.end()
    monkeypatch.setattr(whole, "POSES", 7)
    told: list[int] = []
    np.testing.assert_array_equal(probabilities.of(presence, lambda: told.append(1)), found)
    assert probabilities.looked_at == 100
    assert len(told) == 2 * -(-100 // 7)


def test_it_gives_way_now_and_then() -> None:
    times, points = walk(2, 600)
    told: list[int] = []
    presence = Presence(np.arange(600), times, points)
    found = Probabilities(MODEL).of(presence, lambda: told.append(1))
    assert len(told) == 1 + -(-600 // CHUNK), "after the poses are looked up, and after windows"
    told.clear()
    events_of(MODEL, ActionSettings(), 7, times, found, lambda: told.append(1))
    assert len(told) == 2
