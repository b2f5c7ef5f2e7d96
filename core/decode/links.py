"""Step 3.1 of the lecture: which peaks belong to one body, by the part affinity field along the segment between
them.
"""

import math

import numpy as np

from core.kernel import inlined, kernel
from core.settings import DecodeSettings
from core.skeleton import LINK_CHANNELS, LINK_POINTS
from core.types import Floats, Ints, Links, Peaks

# Samples along a link by OpenPose's rule: the root of five times its length in input pixels.
LEAST_SAMPLES, MOST_SAMPLES = 5, 25
_FIVE_STRIDES = np.float32(5 * 8)
_ZERO, _HALF, _ONE, _TINY = np.float32(0), np.float32(0.5), np.float32(1), np.float32(1e-6)
_NEAR = np.float32(1e30)  # stands for a link too short to be measured
_NONE = np.float32(-np.inf)


def score_links(peaks: Peaks, affinity: Floats, settings: DecodeSettings) -> Links:
    """The links between `peaks` that the (38, h, w) `affinity` supports; each peak is in at most one link of a kind."""
    pairs, scores, starts = _score_links(
        peaks.xy,
        peaks.starts,
        np.ascontiguousarray(affinity, np.float32),
        LINK_POINTS,
        LINK_CHANNELS,
        settings.link_samples,
        settings.link_threshold,
        settings.link_share,
        settings.mean_of_all,
        settings.near_links,
        settings.peak_threshold,
    )
    return Links(pairs, scores, starts)


def near_length(width: int, height: int) -> float:
    """Cells between two points that share a body although the field between them is too short to be seen: OpenPose's
    rule."""
    return math.sqrt(width * height) / 150


@inlined
def bilinear(image, x, y):
    """`image` between its cells at (x, y), which lies within it."""
    x0, y0 = np.uint32(x), np.uint32(y)  # unsigned, so that numba leaves out its care for negative indices
    x1 = min(x0 + np.uint32(1), np.uint32(image.shape[1] - 1))
    y1 = min(y0 + np.uint32(1), np.uint32(image.shape[0] - 1))
    fx, fy = x - np.float32(x0), y - np.float32(y0)
    top = image[y0, x0] + fx * (image[y0, x1] - image[y0, x0])
    bottom = image[y1, x0] + fx * (image[y1, x1] - image[y1, x0])
    return top + fy * (bottom - top)


@inlined
def _agreement(ax, ay, bx, by, field_x, field_y, samples, threshold, needed, mean_of_all, near):
    """How well the field runs from a to b: the mean along it, _NEAR for points too close to tell, or -inf where the
    pair is no candidate.

    Rules of OpenPose: the samples lie at a + k (b - a) / n, a sample counts when the field along the segment exceeds
    `threshold`, and the pair is a candidate when `needed[n]` samples count.  The sum ends as soon as that is out of
    reach; most pairs end with the first. Single precision throughout: this is where a crowd spends its time.
    """
    dx, dy = bx - ax, by - ay
    length = math.sqrt(dx * dx + dy * dy)
    if samples > 0:  # the lecture's rule: a fixed number, both ends among them
        n = samples
        last = max(n - 1, 1)
    else:
        n = min(max(int(math.sqrt(_FIVE_STRIDES * max(abs(dx), abs(dy))) + _HALF), LEAST_SAMPLES), MOST_SAMPLES)
        last = n
    if length > _TINY:
        level = threshold * length  # all sums are in units of the length until the end
        step = _ONE / np.float32(last)
        total = _ZERO
        everything = _ZERO
        count = 0
        k = n // 2  # the middle first, where the field between two different people is most often empty
        for done in range(n):
            way = np.float32(k) * step
            x, y = ax + way * dx, ay + way * dy
            along = dx * bilinear(field_x, x, y) + dy * bilinear(field_y, x, y)
            everything += along
            if along > level:
                total += along
                count += 1
            elif count + n - 1 - done < needed[n]:
                break
            k = k + 1 if k + 1 < n else 0
        if count >= needed[n]:
            mean = everything / (np.float32(n) * length) if mean_of_all else total / (np.float32(count) * length)
            return mean if _NONE < mean < _NEAR else _NONE  # a field with infinite values says nothing
    return _NEAR if length < near else _NONE


@kernel(
    "Tuple((int32[:, ::1], float32[::1], int32[::1]))"
    "(float32[:, ::1], int32[::1], float32[:, :, ::1], int32[:, ::1], int32[:, ::1],"
    " int64, float64, float64, boolean, boolean, float64)"
)
def _score_links(
    xy: Floats,
    starts: Ints,
    affinity: Floats,
    link_points: Ints,
    link_channels: Ints,
    samples: int,
    threshold: float,
    share: float,
    mean_of_all: bool,
    near_links: bool,
    peak_threshold: float,
) -> tuple[Ints, Floats, Ints]:
    """Candidates of each kind of link, then the best first, each peak once (greedy, as OpenPose does)."""
    kinds = len(link_points)
    level = np.float32(threshold)
    # How many of n samples have to count: the least whole number above share * n, which may be more than there are.
    needed = np.empty(max(samples, MOST_SAMPLES) + 1, np.int64)
    for n in range(len(needed)):
        needed[n] = math.floor(share * n) + 1
    # OpenPose: points closer than this share a body although the field between them is too short to be seen.
    near = np.float32(math.sqrt(affinity.shape[1] * affinity.shape[2]) / 150 if near_links else -1.0)
    near_score = np.float32(peak_threshold + 1e-6)
    most = 0
    room = 0
    for kind in range(kinds):
        a, b = link_points[kind]
        na, nb = starts[a + 1] - starts[a], starts[b + 1] - starts[b]
        most = max(most, na * nb)
        room += min(na, nb)
    pairs = np.empty((room, 2), np.int32)
    scores = np.empty(room, np.float32)
    link_starts = np.zeros(kinds + 1, np.int32)
    candidate = np.empty((most, 2), np.int32)
    candidate_score = np.empty(most, np.float32)
    used = np.zeros(len(xy), np.int32)  # the last kind of link, counted from 1, that holds the peak
    total = 0
    for kind in range(kinds):
        a, b = link_points[kind]
        field_x, field_y = affinity[link_channels[kind, 0]], affinity[link_channels[kind, 1]]
        count = 0
        for i in range(starts[a], starts[a + 1]):
            ax, ay = xy[i, 0], xy[i, 1]
            for j in range(starts[b], starts[b + 1]):
                score = _agreement(
                    ax, ay, xy[j, 0], xy[j, 1], field_x, field_y, samples, level, needed, mean_of_all, near
                )
                if score > _NONE:
                    candidate[count, 0] = i
                    candidate[count, 1] = j
                    candidate_score[count] = -near_score if score == _NEAR else -score
                    count += 1
        order = np.argsort(candidate_score[:count], kind="mergesort")  # stable: of equal scores the first pair
        for c in order:
            i, j = candidate[c]
            if used[i] != kind + 1 and used[j] != kind + 1:
                used[i] = kind + 1
                used[j] = kind + 1
                pairs[total, 0] = i
                pairs[total, 1] = j
                scores[total] = -candidate_score[c]
                total += 1
        link_starts[kind + 1] = total
    return pairs[:total].copy(), scores[:total].copy(), link_starts
