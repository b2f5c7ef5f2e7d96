"""What a timeline shows of a film: read from the analysis outside the GUI thread, painted from arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.analysis import Analysis
from core.outputs import person_color

Spans = NDArray[np.float64]  # (n, 2) seconds: begin and end of each stretch, rising
BRIDGE = 0.25  # seconds for which somebody may be missing without a gap in their lane
SLACK = 1e-6  # seconds, as times of frames are fractions
UNKNOWN = -1  # people in a frame that was not analysed


@dataclass(frozen=True, slots=True)
class Corrected:
    """Frames in which points were corrected by hand. frames: (n,) int64, rising; times: (n,) float64, their seconds;
    points: of each frame"""

    frames: NDArray[np.int64]
    times: NDArray[np.float64]
    points: tuple[tuple[int, ...], ...]


NEVER = Corrected(np.empty(0, np.int64), np.empty(0), ())


@dataclass(frozen=True, slots=True)
class Lane:
    """Where one person is there. color: as (red, green, blue)"""

    person: int
    name: str
    color: tuple[int, int, int]
    spans: Spans
    corrected: Corrected = NEVER


@dataclass(frozen=True, slots=True)
class MarkedRange:
    """A stretch that has a label. begin, end: seconds; color: #rrggbb; person: an ID, None: it is of nobody; score:
    0..1 of what was recognised, None for what the user marked; number: of the mark in the analysis, 0 where it is none
    that is kept there; whose: what the person is called, empty where that is the ID or is not asked for"""

    name: str
    color: str
    person: int | None
    begin: float
    end: float
    score: float | None = None
    number: int = 0
    whose: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """times: (length,) float64, seconds of each frame; counts: (length,) int16, people in each, UNKNOWN where that is
    not known; analysed: what was; lanes: who is
    there longest comes first"""

    times: NDArray[np.float64]
    counts: NDArray[np.int16]
    analysed: Spans
    lanes: tuple[Lane, ...] = ()

    @property
    def share(self) -> float:
        """0..1, of the frames that were analysed."""
        return float(np.count_nonzero(self.counts != UNKNOWN)) / len(self.counts) if len(self.counts) else 0.0

    def name(self, person: int | None) -> str:
        """What a person is called: the name, or the ID; empty for nobody."""
        if person is None:
            return ""
        return next((lane.name for lane in self.lanes if lane.person == person), "") or f"#{person}"

    def seen(self, begin: float, end: float) -> list[int]:
        """Who is there at some time between two seconds; who is hidden is not."""
        return [
            lane.person
            for lane in self.lanes
            if ((lane.spans[:, 0] < end - SLACK) & (lane.spans[:, 1] > begin + SLACK)).any()
        ]


NOTHING = Content(np.empty(0), np.empty(0, np.int16), np.empty((0, 2)))


def read(analysis: Analysis, duration: float) -> Content:
    """What there is now. duration: seconds of the film. Takes longer than the GUI may wait. Raises PoseDeskError."""
    times, counts = analysis.times(), analysis.counts()
    ends = np.append(times, max(duration, float(times[-1]) if len(times) else 0.0))
    names = {person.id: person.name for person in analysis.persons()}
    corrected = _corrected(analysis, times)
    lanes = [
        Lane(
            person,
            names.get(person, ""),
            _rgb(person),
            ends[np.minimum(spans, len(times))],
            corrected.get(person, NEVER),
        )
        for person, spans in analysis.presence(bridge=BRIDGE).items()
    ]
    lanes.sort(key=lambda lane: (-float(np.diff(lane.spans).sum()), lane.person))
    ranges = ends[np.minimum(analysis.ranges(), len(times))].reshape(-1, 2)
    return Content(times, counts[: len(times)], ranges, tuple(lanes))


def _corrected(analysis: Analysis, times: NDArray[np.float64]) -> dict[int, Corrected]:
    """By person."""
    found = dict[int, dict[int, list[int]]]()
    for frame, person, point in sorted(analysis.by_hand()):
        if frame < len(times):
            found.setdefault(person, {}).setdefault(frame, []).append(point)
    return {person: _of_frames(points, times) for person, points in found.items()}


def _of_frames(points: dict[int, list[int]], times: NDArray[np.float64]) -> Corrected:
    frames = np.array(list(points), np.int64)
    return Corrected(frames, times[frames], tuple(map(tuple, points.values())))


def _rgb(person: int) -> tuple[int, int, int]:
    blue, green, red = person_color(person)
    return red, green, blue
