"""How the links of one kind were decided: every pair of peaks, how well the field agrees, and why it won or not.

The decoder's kernels only keep the winners. This is for those who want to look; it goes through all pairs in Python.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from core.decode.naive import agreement, samples_along
from core.settings import DecodeSettings
from core.skeleton import LINKS
from core.types import Floats, Peaks

Outcome = Literal["won", "lost", "rejected"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two peaks that may be a link.

    a, b:     indices of peaks
    samples:  places along the segment at which the field is read; counting: those above `link_threshold`
    score:    of a candidate; NaN where it is none
    outcome:  won; lost to a better one that holds a or b; rejected: too few samples count
    beaten_by: the place in the list of the pair that it lost to, or -1
    reads:    of each sample how far on the way from a to b it lies, 0..1, and whether it counts
    """

    a: int
    b: int
    samples: int
    counting: int
    score: float
    outcome: Outcome
    beaten_by: int = -1
    reads: tuple[tuple[float, bool], ...] = ()


def contest(peaks: Peaks, affinity: Floats, kind: int, settings: DecodeSettings) -> list[Pair]:
    """Every pair of peaks that a link of this kind could join: candidates first, the best before the others, then those
    that are none, the nearest to it first. affinity: as in `Maps`.
    """
    link = LINKS[kind]
    field_x, field_y = affinity[link.x_channel], affinity[link.y_channel]
    candidates: list[tuple[float, int, int, tuple[tuple[float, bool], ...]]] = []
    rejected: list[Pair] = []
    for i in range(peaks.starts[link.a], peaks.starts[link.a + 1]):
        for j in range(peaks.starts[link.b], peaks.starts[link.b + 1]):
            _, along = samples_along(peaks.xy[i], peaks.xy[j], field_x, field_y, settings)
            steps = max(len(along) - 1, 1) if settings.link_samples else len(along)
            reads = tuple((k / steps, value > settings.link_threshold) for k, value in enumerate(along))
            score = agreement(peaks.xy[i], peaks.xy[j], field_x, field_y, settings)
            if score is None:
                rejected.append(Pair(i, j, len(reads), _counting(reads), math.nan, "rejected", reads=reads))
            else:
                candidates.append((score, i, j, reads))
    decided: list[Pair] = []
    holder: dict[int, int] = {}  # of each peak: the place of the pair that won it
    for score, i, j, reads in sorted(candidates, key=lambda c: -c[0]):
        winner = min((holder[peak] for peak in (i, j) if peak in holder), default=-1)
        if winner < 0:
            holder[i] = holder[j] = len(decided)
        outcome: Outcome = "won" if winner < 0 else "lost"
        decided.append(Pair(i, j, len(reads), _counting(reads), score, outcome, winner, reads))
    rejected.sort(key=lambda pair: -pair.counting / max(pair.samples, 1))
    return decided + rejected


def _counting(reads: tuple[tuple[float, bool], ...]) -> int:
    return sum(counts for _, counts in reads)
