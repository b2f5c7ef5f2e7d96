"""What is left of the maps when they are gone: enough to find links and people anew with other thresholds.

Peaks are kept down to a low threshold, and of every pair of peaks that could be a link within low limits the samples of
the field along it. So thresholds can be raised, and lowered down to the limits, without the net.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.decode.links import LEAST_SAMPLES, MOST_SAMPLES, bilinear, near_length
from core.decode.peaks import search
from core.decode.people import assemble_people
from core.kernel import kernel
from core.settings import DecodeSettings
from core.skeleton import LINK_CHANNELS, LINK_POINTS
from core.types import Floats, Ints, Links, Maps, Peaks, People, Transform

# Those of OpenPose's `maximize_positives` (0.02, 0.01, 0.75) would keep four to seven times as much, mostly noise.
LEAST_PEAK = 0.03  # confidence of a cell
LEAST_SAMPLE = 0.03  # of the field
LEAST_SHARE = 0.8  # of a link's samples that are above it
_TINY = np.float32(1e-6)
_NONE = np.float32(-np.inf)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Peaks and possible links of one image.

    peaks:     those above the limit that may be linked to any other, see `Peaks`
    cells:     (n,) float32, the confidence in the cell of each peak, which thresholds are compared with
    pairs:     (m, 2) int32, peaks that may be linked, grouped by kind of link, in the order of the peaks
    starts:    (20,) int32, the pairs of kind k are starts[k] to starts[k + 1] - 1
    lengths:   (m,) int32, samples of each pair; 0 where two peaks are one place
    samples:   (sum of lengths,) float32, about -1..1: the field along each pair, from its first end on
    grid:      (width, height) of the maps, cells
    transform: cells to pixels of the image
    """

    peaks: Peaks
    cells: Floats
    pairs: Ints
    starts: Ints
    lengths: Ints
    samples: Floats
    grid: tuple[int, int]
    transform: Transform


def find_candidates(maps: Maps, settings: DecodeSettings) -> Candidates:
    """What can be a peak or a link with `settings`, or with others within the limits."""
    low = lowest(settings)
    peaks, cells = search(maps.confidence, low)
    height, width = maps.confidence.shape[1:]
    pairs, starts, lengths, samples = _sample_links(
        peaks.xy,
        peaks.starts,
        np.ascontiguousarray(maps.affinity, np.float32),
        LINK_POINTS,
        LINK_CHANNELS,
        low.link_samples,
        low.link_threshold,
        low.link_share,
        near_length(width, height),
    )
    linked = np.zeros(len(peaks), np.bool_)
    linked[pairs.ravel()] = True
    peaks, place = _only(peaks, linked)
    return Candidates(
        peaks, cells[linked], place[pairs], starts, lengths, samples, (width, height), maps.transform
    )  # fmt: skip


def lowest(settings: DecodeSettings) -> DecodeSettings:
    """The settings that find all that is kept where `settings` hold: the limits, or less where they ask for less."""
    # The maximum of a region changes with the threshold, which is what the region is made by: such peaks are kept as
    # they are.
    maxima = settings.peak_search == "maxima"
    return settings.model_copy(
        update={
            "peak_threshold": min(settings.peak_threshold, LEAST_PEAK) if maxima else settings.peak_threshold,
            "link_threshold": min(settings.link_threshold, LEAST_SAMPLE),
            "link_share": min(settings.link_share, LEAST_SHARE),
        }
    )


def out_of_reach(kept: DecodeSettings, wanted: DecodeSettings) -> str:
    """Why `wanted` cannot be had from candidates found with `kept`: a part of a sentence; empty where it can be."""
    low = lowest(kept)
    if wanted.peak_search != kept.peak_search:
        return "peaks are searched in another way"
    if wanted.max_peaks != kept.max_peaks:
        return "another number of peaks is kept"
    if wanted.link_samples != kept.link_samples:
        return "links are sampled in another way"
    if wanted.peak_search == "regions" and wanted.peak_threshold != kept.peak_threshold:
        return "the regions of peaks depend on their threshold"
    for name, low_value in (
        ("peak_threshold", low.peak_threshold),
        ("link_threshold", low.link_threshold),
        ("link_share", low.link_share),
    ):
        if getattr(wanted, name) < low_value:
            return f"{name} is below {low_value:g}, down to which candidates are kept"
    return ""


def decode_again(candidates: Candidates, settings: DecodeSettings) -> People:
    """Everyone that candidates show, in image pixels. `out_of_reach` must have found nothing."""
    # As many peaks as may be were the strongest above the low limit, so they are the strongest above any other.
    peaks, place = _only(candidates.peaks, candidates.cells > np.float32(settings.peak_threshold))
    near = near_length(*candidates.grid) if settings.near_links else -1.0
    pairs, scores, starts = _choose_links(
        candidates.peaks.xy,
        place,
        candidates.pairs,
        candidates.starts,
        candidates.lengths,
        candidates.samples,
        settings.link_threshold,
        settings.link_share,
        settings.mean_of_all,
        near,
        settings.peak_threshold,
    )
    return assemble_people(peaks, Links(pairs, scores, starts), candidates.transform, settings)


def _only(peaks: Peaks, kept: NDArray[np.bool_]) -> tuple[Peaks, Ints]:
    """Those of the peaks, and for each of the old ones its place among them or -1."""
    until = np.concatenate([[0], np.cumsum(kept)]).astype(np.int32)
    place = np.where(kept, until[:-1], -1).astype(np.int32)
    return Peaks(peaks.xy[kept], peaks.scores[kept], until[peaks.starts], peaks.dropped), place


@kernel(
    "Tuple((int32[:, ::1], int32[::1], int32[::1], float32[::1]))"
    "(float32[:, ::1], int32[::1], float32[:, :, ::1], int32[:, ::1], int32[:, ::1], int64, float64, float64, float64)"
)
def _sample_links(
    xy: Floats,
    starts: Ints,
    affinity: Floats,
    link_points: Ints,
    link_channels: Ints,
    samples: int,
    threshold: float,
    share: float,
    near: float,
) -> tuple[Ints, Ints, Ints, Floats]:
    """The samples of every pair that is accepted with these limits: those of `core.decode.links`, but all of them."""
    kinds = len(link_points)
    level = np.float32(threshold)
    most = max(samples, MOST_SAMPLES)
    pairs: Ints = np.empty((64, 2), np.int32)
    lengths: Ints = np.empty(64, np.int32)
    values: Floats = np.empty(64 * most, np.float32)
    link_starts = np.zeros(kinds + 1, np.int32)
    along = np.empty(most, np.float32)
    count, used = 0, 0
    for kind in range(kinds):
        a, b = link_points[kind]
        field_x, field_y = affinity[link_channels[kind, 0]], affinity[link_channels[kind, 1]]
        for i in range(starts[a], starts[a + 1]):
            ax, ay = xy[i, 0], xy[i, 1]
            for j in range(starts[b], starts[b + 1]):
                dx, dy = xy[j, 0] - ax, xy[j, 1] - ay
                length = np.float32(math.sqrt(dx * dx + dy * dy))
                if samples > 0:
                    n = samples
                    last = max(n - 1, 1)
                else:
                    n = int(math.sqrt(np.float32(40) * max(abs(dx), abs(dy))) + np.float32(0.5))
                    n = min(max(n, LEAST_SAMPLES), MOST_SAMPLES)
                    last = n
                least = math.floor(share * n) + 1
                fits = 0
                if length > _TINY:
                    step = np.float32(1) / np.float32(last)
                    for k in range(n):
                        way = np.float32(k) * step
                        x, y = ax + way * dx, ay + way * dy
                        value = (dx * bilinear(field_x, x, y) + dy * bilinear(field_y, x, y)) / length
                        along[k] = value
                        fits += value > level
                        if fits + n - 1 - k < least and not length < near:
                            break
                else:
                    n = 0
                if not (length < near or (n > 0 and fits >= least)):
                    continue
                if count == len(pairs):
                    pairs = np.concatenate((pairs, np.empty_like(pairs)))
                    lengths = np.concatenate((lengths, np.empty_like(lengths)))
                if used + n > len(values):
                    values = np.concatenate((values, np.empty_like(values)))
                pairs[count, 0] = i
                pairs[count, 1] = j
                lengths[count] = n
                values[used : used + n] = along[:n]
                count += 1
                used += n
        link_starts[kind + 1] = count
    return pairs[:count].copy(), link_starts, lengths[:count].copy(), values[:used].copy()


@kernel(
    "Tuple((int32[:, ::1], float32[::1], int32[::1]))"
    "(float32[:, ::1], int32[::1], int32[:, ::1], int32[::1], int32[::1], float32[::1],"
    " float64, float64, boolean, float64, float64)"
)
def _choose_links(
    xy: Floats,
    place: Ints,
    pairs: Ints,
    starts: Ints,
    lengths: Ints,
    samples: Floats,
    threshold: float,
    share: float,
    mean_of_all: bool,
    near: float,
    peak_threshold: float,
) -> tuple[Ints, Floats, Ints]:
    """Of the candidates of each kind the best first, each peak once: the rules of `core.decode.links`."""
    kinds = len(starts) - 1
    level = np.float32(threshold)
    score = np.empty(len(pairs), np.float32)
    first = 0
    for c in range(len(pairs)):
        n = lengths[c]
        score[c] = _NONE
        if place[pairs[c, 0]] >= 0 and place[pairs[c, 1]] >= 0:
            everything, total, count = np.float32(0), np.float32(0), 0
            for k in range(first, first + n):
                everything += samples[k]
                if samples[k] > level:
                    total += samples[k]
                    count += 1
            if n > 0 and count >= math.floor(share * n) + 1:
                mean = everything / np.float32(n) if mean_of_all else total / np.float32(count)
                if abs(mean) < np.inf:
                    score[c] = mean
            else:
                a, b = pairs[c]
                dx, dy = xy[b, 0] - xy[a, 0], xy[b, 1] - xy[a, 1]
                if math.sqrt(dx * dx + dy * dy) < near:
                    score[c] = peak_threshold + 1e-6
        first += n
    chosen = np.empty((len(pairs), 2), np.int32)
    scores = np.empty(len(pairs), np.float32)
    link_starts = np.zeros(kinds + 1, np.int32)
    used = np.zeros(len(xy), np.int32)  # the last kind of link, counted from 1, that holds the peak
    total_links = 0
    for kind in range(kinds):
        low, high = starts[kind], starts[kind + 1]
        order = np.argsort(-score[low:high], kind="mergesort")  # stable: of equal scores the first pair
        for o in order:
            c = low + o
            i, j = pairs[c]
            if score[c] > _NONE and used[i] != kind + 1 and used[j] != kind + 1:
                used[i] = kind + 1
                used[j] = kind + 1
                chosen[total_links, 0] = place[i]
                chosen[total_links, 1] = place[j]
                scores[total_links] = score[c]
                total_links += 1
        link_starts[kind + 1] = total_links
    return chosen[:total_links].copy(), scores[:total_links].copy(), link_starts
