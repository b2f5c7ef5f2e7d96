"""The decoder once more in plain Python, as one would write it on a blackboard.

It follows the same rules as the kernels beside it, so that tests can compare the two on any input, benchmarks can say
what the kernels gain, and a reader can see the algorithm without its machinery.
"""

import math

import numpy as np

from core.decode.candidates import lowest
from core.decode.links import near_length
from core.decode.peaks import MOST_RISE
from core.settings import DecodeSettings
from core.skeleton import BODY_LINKS, LINKS, POINTS
from core.types import Floats, Ints, Links, Maps, Peaks

Peak = tuple[float, float, float]  # x, y, score


def find_peaks(confidence: Floats, settings: DecodeSettings) -> Peaks:
    """Twin of `core.decode.find_peaks`."""
    found: list[Peak] = []
    starts = [0]
    dropped = 0
    for kind in range(POINTS):
        image = confidence[kind]
        search = _regions if settings.peak_search == "regions" else _maxima
        cells = search(image, settings.peak_threshold)
        strongest = sorted(sorted(cells, key=lambda c: -image[c[1], c[0]])[: settings.max_peaks], key=cells.index)
        dropped += len(cells) - len(strongest)
        found += [_refined(image, x, y) for x, y in strongest]
        starts.append(len(found))
    table = np.array(found, np.float32).reshape(-1, 3)
    return Peaks(table[:, :2].copy(), table[:, 2].copy(), np.array(starts, np.int32), dropped)


def _maxima(image: Floats, threshold: float) -> list[tuple[int, int]]:
    height, width = image.shape
    cells = []
    for y in range(height):
        for x in range(width):
            value = image[y, x]
            if not np.float32(threshold) < value < np.inf:
                continue
            before = [(x - 1, y), (x - 1, y - 1), (x, y - 1), (x + 1, y - 1)]
            after = [(x + 1, y), (x - 1, y + 1), (x, y + 1), (x + 1, y + 1)]
            inside = [[(i, j) for i, j in cells_ if 0 <= i < width and 0 <= j < height] for cells_ in (before, after)]
            if not any(image[j, i] >= value for i, j in inside[0]) and not any(
                image[j, i] > value for i, j in inside[1]
            ):
                cells.append((x, y))
    return cells


def _regions(image: Floats, threshold: float) -> list[tuple[int, int]]:
    height, width = image.shape
    left = {(x, y) for y in range(height) for x in range(width) if np.float32(threshold) < image[y, x] < np.inf}
    cells = []
    for y in range(height):
        for x in range(width):
            if (x, y) not in left:
                continue
            region, waiting = [], [(x, y)]
            left.remove((x, y))
            while waiting:
                cx, cy = waiting.pop()
                region.append((cx, cy))
                for near in [(cx + i, cy + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]:
                    if near in left:
                        left.remove(near)
                        waiting.append(near)
            region.sort(key=lambda c: (c[1], c[0]))  # of equal maxima the first in reading order
            cells.append(max(region, key=lambda c: image[c[1], c[0]]))
    return cells


def _refined(image: Floats, x: int, y: int) -> Peak:
    height, width = image.shape
    dx, rise_x = _vertex([float(value) for value in image[y]], x, width)
    dy, rise_y = _vertex([float(value) for value in image[:, x]], y, height)
    at = float(image[y, x])
    return x + dx, y + dy, min(at * math.exp(rise_x + rise_y), max(at, 1.0))


def _vertex(samples: list[float], i: int, size: int) -> tuple[float, float]:
    """The top of the parabola through the logarithms of three samples about i, relative to i."""
    middle = min(max(i, 1), size - 2)
    if size < 3 or samples[middle] <= 0:
        return 0.0, 0.0
    at = samples[middle]
    a, b = (math.log(max(samples[middle + step], 1e-3 * at) / at) for step in (-1, 1))
    if not a + b < -1e-6:
        return 0.0, 0.0
    cell = i - middle
    top = min(max(0.5 * (a - b) / (a + b), cell - 0.5), cell + 0.5)

    def parabola(t: float) -> float:
        return 0.5 * (b - a) * t + 0.5 * (a + b) * t * t

    return top - cell, min(parabola(top) - parabola(cell), MOST_RISE)


def score_links(peaks: Peaks, affinity: Floats, settings: DecodeSettings) -> Links:
    """Twin of `core.decode.score_links`."""
    pairs: list[tuple[int, int]] = []
    scores: list[float] = []
    starts = [0]
    for link in LINKS:
        candidates = []
        for i in range(peaks.starts[link.a], peaks.starts[link.a + 1]):
            for j in range(peaks.starts[link.b], peaks.starts[link.b + 1]):
                score = _agreement(
                    peaks.xy[i], peaks.xy[j], affinity[link.x_channel], affinity[link.y_channel], settings
                )
                if score is not None:
                    candidates.append((score, i, j))
        used: set[int] = set()
        for score, i, j in sorted(candidates, key=lambda c: -c[0]):
            if i not in used and j not in used:
                used |= {i, j}
                pairs.append((i, j))
                scores.append(score)
        starts.append(len(pairs))
    return Links(np.array(pairs, np.int32).reshape(-1, 2), np.array(scores, np.float32), np.array(starts, np.int32))


def _agreement(a: Floats, b: Floats, field_x: Floats, field_y: Floats, settings: DecodeSettings) -> float | None:
    length, along = _along(a, b, field_x, field_y, settings)
    counting = [value for value in along if value > settings.link_threshold]
    if along and len(counting) > settings.link_share * len(along):
        chosen = along if settings.mean_of_all else counting
        return sum(chosen) / len(chosen)
    height, width = field_x.shape
    if settings.near_links and length < math.sqrt(width * height) / 150:
        return settings.peak_threshold + 1e-6
    return None


def _along(
    a: Floats, b: Floats, field_x: Floats, field_y: Floats, settings: DecodeSettings
) -> tuple[float, list[float]]:
    """Cells from a to b, and the samples of the field between them."""
    dx, dy = float(b[0] - a[0]), float(b[1] - a[1])
    length = math.hypot(dx, dy)
    n = settings.link_samples or min(max(math.floor(math.sqrt(5 * 8 * max(abs(dx), abs(dy))) + 0.5), 5), 25)
    steps = max(n - 1, 1) if settings.link_samples else n
    along = []
    if length > 1e-6:
        for k in range(n):
            x, y = float(a[0]) + k / steps * dx, float(a[1]) + k / steps * dy
            along.append((_between(field_x, x, y) * dx + _between(field_y, x, y) * dy) / length)
    return length, along


def _between(image: Floats, x: float, y: float) -> float:
    height, width = image.shape
    x0, y0 = int(x), int(y)
    x1, y1 = min(x0 + 1, width - 1), min(y0 + 1, height - 1)
    fx, fy = x - x0, y - y0
    top = (1 - fx) * float(image[y0, x0]) + fx * float(image[y0, x1])
    bottom = (1 - fx) * float(image[y1, x0]) + fx * float(image[y1, x1])
    return (1 - fy) * top + fy * bottom


def find_candidates(maps: Maps, settings: DecodeSettings) -> list[tuple[int, Peak, Peak, list[float]]]:
    """Twin of `core.decode.candidates.find_candidates`: the kind, ends and samples of each pair."""
    low = lowest(settings)
    peaks = find_peaks(maps.confidence, low)
    near = near_length(maps.confidence.shape[2], maps.confidence.shape[1])
    candidates = []
    for kind, link in enumerate(LINKS):
        field_x, field_y = maps.affinity[link.x_channel], maps.affinity[link.y_channel]
        for i in range(peaks.starts[link.a], peaks.starts[link.a + 1]):
            for j in range(peaks.starts[link.b], peaks.starts[link.b + 1]):
                length, along = _along(peaks.xy[i], peaks.xy[j], field_x, field_y, low)
                fits = sum(value > np.float32(low.link_threshold) for value in along)
                if length < near or (along and fits > low.link_share * len(along)):
                    a, b = ((*peaks.xy[k].tolist(), float(peaks.scores[k])) for k in (i, j))
                    candidates.append((kind, a, b, along))
    return candidates


def group_links(peaks: Peaks, links: Links, settings: DecodeSettings) -> tuple[Ints, Floats]:
    """Twin of `core.decode.group_links`: merges sets of links until no two share a point."""
    groups: list[tuple[dict[int, int], float]] = []  # members by kind, scores of the links
    for kind in range(BODY_LINKS):
        link = LINKS[kind]
        for i in range(links.starts[kind], links.starts[kind + 1]):
            a, b = (int(p) for p in links.pairs[i])
            touching = [g for g in groups if g[0].get(link.a) == a or g[0].get(link.b) == b]
            members = {link.a: a, link.b: b}
            for group in touching:
                members.update(group[0])
            first = groups.index(touching[0]) if touching else len(groups)
            groups[first : first + 1] = [(members, float(links.scores[i]) + sum(g[1] for g in touching))]
            groups = [g for g in groups if g not in touching]
    if settings.attach_ears:
        for kind in range(BODY_LINKS, len(LINKS)):
            link = LINKS[kind]
            for i in range(links.starts[kind], links.starts[kind + 1]):
                a, b = (int(p) for p in links.pairs[i])
                held = any(g[0].get(link.b) == b for g in groups)
                for n, (members, total) in enumerate(groups):
                    if members.get(link.a) == a and link.b not in members and not held:
                        groups[n] = ({**members, link.b: b}, total + float(links.scores[i]))
    people = []
    for members, link_total in groups:
        total = link_total + sum(float(peaks.scores[p]) for p in members.values())
        if len(members) >= settings.min_points and total >= settings.min_score * len(members):
            people.append(([members.get(kind, -1) for kind in range(POINTS)], total))
    people.sort(key=lambda person: -person[1])
    table = np.array([row for row, _ in people], np.int32).reshape(-1, POINTS)
    return table, np.array([total for _, total in people], np.float32)
