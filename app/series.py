"""What the panel of traces plots: points and joints of people over time, as numbers. No Qt here."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.trace_log import Times, Traces
from core import skeleton
from core.motion import ANGLES, body_height, joint_angles, normalised, plain, smoothed_poses, speeds
from core.outputs import person_color

Quantity = Literal["x and y", "x", "y", "speed", "joint angle", "signed angle"]
QUANTITIES: tuple[Quantity, ...] = ("x and y", "x", "y", "speed", "joint angle", "signed angle")
MOST = 40  # curves at once: more can be told apart by nobody
TOLD = 500  # rows of a table that are written between two words of how far it is
HOLD = 0.5  # seconds for which a value holds at most, if nothing newer is known
COLORS = (
    "#3ea6ff", "#ffb13d", "#4cc38a", "#e879c9", "#f2e34c", "#9d8cff", "#ff7a6b", "#7fd6d6", "#c8d64b", "#d0a27a",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """What is plotted. which: points, or joints of `ANGLES`; body: in torso lengths from the hips, not in pixels;
    per_cm: pixels in a centimetre, where places and speeds are to be in those; else 0; smooth: without jitter.

    A joint angle is `core.motion.plain`; a signed one tells to which side a joint bends, and goes on beyond full turns.
    """

    quantity: Quantity = "x and y"
    which: tuple[int, ...] = (skeleton.R_WRIST,)
    body: bool = False
    per_cm: float = 0.0
    smooth: bool = False

    @property
    def joints(self) -> bool:
        """Joints are plotted, not points."""
        return self.quantity in ("joint angle", "signed angle")

    @property
    def unit(self) -> str:
        """As it stands over a column: who smooths, says so."""
        return f"{self._unit}, smoothed" if self.smooth else self._unit

    @property
    def _unit(self) -> str:
        if self.joints:
            return "degrees"
        if self.quantity == "speed":
            return "cm/s" if self.per_cm else "body heights a second"
        if self.per_cm:
            return "cm"
        return "torso lengths from the hips" if self.body else "pixels"

    @property
    def scale(self) -> str:
        """The unit, and what its numbers mean where that is not plain."""
        smoothed = "smoothed " if self.smooth else ""
        if self.quantity == "joint angle":
            return f"{smoothed}degrees: a stretched joint has 180, an upright trunk 0"
        return f"{smoothed}degrees anticlockwise, beyond full turns" if self.joints else self.unit

    def said_between(self, least: float, greatest: float) -> str:
        """Two values with their unit, as short as they can be read."""
        first = self.said(least)
        return f"{first if self.joints else first.partition(' ')[0]} to {self.said(greatest)}"

    def said(self, value: float) -> str:
        """A value with its unit, as short as it can be read; a dash where there is none."""
        if not np.isfinite(value):
            return "-"
        if self.joints:
            return f"{value:.0f}\N{DEGREE SIGN}"
        if self.per_cm:
            return f"{value:.1f} {self._unit}"
        return f"{value:.2f}" if self.quantity == "speed" or self.body else f"{value:.0f} px"


@dataclass(frozen=True, slots=True)
class Series:
    """A curve. times: (m,) seconds, rising; values: (m,), NaN where there is none; dashed: it is of another film"""

    name: str
    person: int
    color: str
    times: Times
    values: NDArray[np.float64]
    dashed: bool = False

    def at(self, time: float) -> float:
        """The value on screen at a time: the last there is by then, as long as it holds; NaN where there is none."""
        i = int(np.searchsorted(self.times, time + 1e-6, side="right")) - 1
        if i < 0:
            return float("nan")
        steps = np.diff(self.times[max(i - 1, 0) : i + 2])
        lasts = float(steps[-1]) if len(steps) else HOLD  # until the next; the last as long as the one before
        return float(self.values[i]) if time - self.times[i] <= min(lasts, HOLD) else float("nan")

    def held(self, times: Times) -> NDArray[np.float64]:
        """(n,) as `at` for each of these."""
        if not len(self.times):
            return np.full(len(times), np.nan)
        i = np.searchsorted(self.times, times + 1e-6, side="right") - 1
        steps = np.diff(self.times)
        lasts = np.minimum(np.append(steps, steps[-1:] if len(steps) else HOLD), HOLD)
        there = (i >= 0) & (times - self.times[i] <= lasts[i])
        return np.where(there, self.values[i], np.nan)


def make_series(
    log: Traces, people: list[int], choice: Choice, since: float = -np.inf, most: int | None = MOST,
    names: Mapping[int, str] | None = None, begins: Callable[[], object] = lambda: None,
) -> list[Series]:  # fmt: skip
    """The curves of these people. most: of them there are no more; names: of people who have one; begins: called
    before each of the people, and may raise"""
    called = callings(people, names or {})
    found: list[Series] = []
    alone = len(people) > 1 and len(choice.which) == 1 and choice.quantity != "x and y"
    for person in people:
        begins()
        times, poses = log.poses(person, since)
        by_hand = log.by_hand(person) if choice.smooth else ()
        for place, (name, values) in enumerate(measures(times, poses, choice, by_hand)):
            if not np.isfinite(values).any():
                continue
            if len(found) == most:
                return found
            # One curve a person: in the person's own colour. Else curves have to be told apart whoever it is; those of
            # one person alone keep their colours whatever is missing, for another film has them too.
            turn = place if len(people) == 1 else len(found)
            color = _hex(person) if alone else COLORS[turn % len(COLORS)]
            found.append(Series(f"{name} {called[person]}", person, color, times, values))
    return found


def callings(people: list[int], names: Mapping[int, str]) -> dict[int, str]:
    """What people are called: the name, or the ID; both where others have that name too."""
    given = [names.get(person, "") for person in people]
    return {
        person: f"{name} #{person}" if name and given.count(name) > 1 else name or f"#{person}"
        for person, name in zip(people, given, strict=True)
    }


def measures(
    times: Times, poses: NDArray[np.float32], choice: Choice, by_hand: Iterable[tuple[float, int]] = ()
) -> list[tuple[str, NDArray[np.float64]]]:
    """The name and the values of each curve of one person. poses: (m, 18, 2) image pixels; by_hand: seconds and point
    of what was put by hand, and is not smoothed"""
    which = list(choice.which)
    if choice.smooth:
        poses = smoothed_poses(times, poses, by_hand)
    if choice.joints:
        angles = joint_angles(poses)[:, which]
        values = plain(angles) if choice.quantity == "joint angle" else _unwrapped(angles)
        word = "angle" if choice.quantity == "joint angle" else "signed angle"
        return [(f"{ANGLES[joint]} {word}", values[:, i].astype(np.float64)) for i, joint in enumerate(which)]
    names = [skeleton.POINT_NAMES[point] for point in which]
    if choice.quantity == "speed":
        heights = body_height(poses)
        height = float(np.nanmedian(heights)) if np.isfinite(heights).any() else np.nan
        height = choice.per_cm or height
        fast = speeds(times, poses[:, which], height=height)
        return [(name, fast[:, i].astype(np.float64)) for i, name in enumerate(names)]
    places = (normalised(poses) if choice.body else poses)[:, which].astype(np.float64) / (choice.per_cm or 1.0)
    axes = [(axis, "xy".index(axis)) for axis in choice.quantity if axis in "xy"]
    return [(f"{name} {axis}", places[:, i, column]) for i, name in enumerate(names) for axis, column in axes]


def _unwrapped(angles: NDArray[np.float32]) -> NDArray[np.float64]:
    """(m, joints) degrees without jumps of a full turn; gaps are bridged."""
    result = angles.astype(np.float64)
    for column in result.T:
        known = ~np.isnan(column)
        column[known] = np.unwrap(column[known], period=360)
    return result


def thinned(series: Series, columns: int) -> Series:
    """The same curve to the eye on so many columns of pixels: the least and the greatest value of each."""
    size = -(-len(series.times) // columns)
    if size < 4:
        return series
    count = -(-len(series.times) // size)
    room = np.full(count * size, np.nan)
    room[: len(series.values)] = series.values
    blocks = room.reshape(count, size)
    values = np.stack([np.fmin.reduce(blocks, axis=1), np.fmax.reduce(blocks, axis=1)], axis=1).ravel()
    first = series.times[::size]
    middle = series.times[np.minimum(np.arange(count) * size + size // 2, len(series.times) - 1)]
    times = np.stack([first, middle], axis=1).ravel()
    return replace(series, times=times, values=values)


def csv_of(series: list[Series], unit: str, tell: Callable[[float], object] = lambda share: None) -> bytes:
    """A table of curves: a row for each time, a column for each curve, empty where there is no value. tell: called now
    and then with the share that is done, 0..1, and may raise"""
    times = np.unique(np.concatenate([one.times for one in series])) if series else np.empty(0)
    table = np.full((len(times), len(series)), np.nan)
    for column, one in enumerate(series):
        table[np.searchsorted(times, one.times), column] = one.values
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(["time (seconds)", *(f"{one.name} ({unit})" for one in series)])
    for number, (time, row) in enumerate(zip(times.tolist(), table, strict=True)):
        if number % TOLD == 0:
            tell(number / len(times))
        text.write(
            ",".join([f"{time:.4f}", *("" if value != value else f"{value:.4f}" for value in row.tolist())]) + "\n"
        )
    return text.getvalue().encode()


def _hex(person: int) -> str:
    blue, green, red = person_color(person)
    return f"#{red:02x}{green:02x}{blue:02x}"
