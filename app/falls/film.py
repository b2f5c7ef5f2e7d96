"""Falls in the saved analysis of a film: all that was analysed is looked at, once. No Qt here."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from time import sleep

import numpy as np

from app.event_book import Spans
from core.analysis import Analysis
from core.motion import Fall, FallWatch, least_height

PIECE = 128  # frames that are looked at in one go
_BREATH = 0.004  # seconds between two pieces, in which the window has Python's lock for itself


@dataclass(slots=True)
class _Stretch:
    """Frames that follow each other. next: the first that was not looked at; falls: by person and begin"""

    next: int
    watch: FallWatch = field(default_factory=FallWatch)
    falls: dict[tuple[int, float], Fall] = field(default_factory=dict)


class FilmFalls:
    """Goes on where it ended as the analysis grows, and begins anew where people or their IDs are others. Not to be
    asked from two threads at once."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self._stretches: dict[int, _Stretch] = {}  # by their first frame
        self._seen: tuple[object, ...] = ()  # what they were looked at with
        self._last: tuple[int, list[list[int]]] = (-1, [])  # version of the poses, and what was analysed, back then

    def find(self, goes_on: Callable[[], bool]) -> tuple[list[Fall], Spans] | None:
        """All falls, and the stretches that were looked at, seconds; None where `goes_on` ended it. Takes a moment for
        each minute of the film. Raises PoseDeskError.
        """
        analysis = self.analysis
        version, ranges = analysis.poses_version, analysis.ranges().tolist()
        now = (analysis.edits_version, analysis.settings)
        # Where two stretches have met, those of the later one may have IDs of the former by now; and where there are
        # other poses but not of more frames, they were found anew.
        met = not self._stretches.keys() <= {start for start, _ in ranges}
        found_anew = version != self._last[0] and ranges == self._last[1]
        if now != self._seen or met or found_anew:
            self._stretches, self._seen = {}, now
        self._last = version, ranges
        for start, stop in ranges:
            stretch = self._stretches.setdefault(start, _Stretch(start))
            while stretch.next < stop:
                if not goes_on():
                    return None
                self._look(stretch, min(stretch.next + PIECE, stop))
                sleep(_BREATH)
        times = analysis.times()
        if not len(times):
            return [], np.empty((0, 2))
        step = float(np.median(np.diff(times))) if len(times) > 1 else 0.0
        ends = np.append(times, times[-1] + step)
        spans = ends[np.minimum(np.array(ranges, np.int64).reshape(-1, 2), len(times))]
        return [fall for stretch in self._stretches.values() for fall in stretch.falls.values()], spans

    def _look(self, stretch: _Stretch, stop: int) -> None:
        source, settings = self.analysis.source, self.analysis.settings
        width, least = source.width or math.inf, 0.0
        if self.analysis.model.checksum:  # else another program has found them, and what its net saw is not known
            least = least_height(source.height or 0, settings.network.input_height)
        for found, tracks in self.analysis.frames(stretch.next, stop):
            for fall in stretch.watch.update(tracks, found.time, width, least):
                stretch.falls[fall.person, fall.time] = fall
        stretch.next = stop
