"""Windows with labels, cut out of marked tracks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.actions.tracks import MarkedTrack
from core.actions.windows import WindowSettings, resampled
from core.types import Floats, Ints

STEP = 0.1  # seconds from one window of a track to the next
_INSIDE = 0.5  # an action is learnt from windows that are at least so much of it ...
_OUTSIDE = 0.8  # ... and idle from those that are at least so much of nothing; those between would teach neither


@dataclass(frozen=True, slots=True)
class Examples:
    """Windows and what is done in them.

    windows: (n, samples, 18, 2) float32 image pixels
    labels:  (n,) names
    tracks:  (n,) int32, which of the tracks each is from
    ends:    (n,) float64 seconds, when the window ends
    """

    windows: Floats
    labels: NDArray[Any]
    tracks: Ints
    ends: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.labels)


def ends_of(track: MarkedTrack, window: WindowSettings, step: float = STEP) -> NDArray[np.float64]:
    """Seconds at which windows of a track end, the last with the track; one at least, also of a track that is too
    short for a whole window."""
    last = float(track.times[-1])
    count = int((last - float(track.times[0]) - window.seconds) / step + 1e-6) + 1
    return np.asarray(last - step * np.arange(max(count, 1))[::-1], np.float64)


def cut(tracks: Sequence[MarkedTrack], window: WindowSettings, idle: str | None, *, clear: bool) -> Examples:
    """Every window of all tracks, with the label of its middle.

    idle:  the label of unmarked time; None leaves it out
    clear: only windows that plainly are one thing, to learn from
    """
    windows: list[Floats] = []
    labels: list[str] = []
    sources: list[int] = []
    kept: list[float] = []
    for index, track in enumerate(tracks):
        ends = ends_of(track, window)
        names = [_label(track, float(end) - window.seconds, float(end), idle, clear) for end in ends]
        wanted = [i for i, name in enumerate(names) if name is not None]
        if not wanted:
            continue
        when = np.concatenate([window.times(float(end)) for end in ends[wanted]])
        windows.append(resampled(track.times, track.keypoints, when).reshape(len(wanted), window.samples, -1, 2))
        labels += [name for name in names if name is not None]
        sources += [index] * len(wanted)
        kept += ends[wanted].tolist()
    empty = np.empty((0, window.samples, 18, 2), np.float32)
    return Examples(
        np.concatenate([empty, *windows]), np.array(labels, object), np.array(sources, np.int32), np.array(kept)
    )


def _label(track: MarkedTrack, start: float, end: float, idle: str | None, clear: bool) -> str | None:
    if track.whole:
        return track.intervals[0].label
    label = track.label_at(0.5 * (start + end))
    if label is None:
        return idle if not clear or track.idle_share(start, end) >= _OUTSIDE else None
    return label if not clear or track.share_of(label, start, end) >= _INSIDE else None
