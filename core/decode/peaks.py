"""Step 2 of the lecture: candidate points in the confidence maps.

The search runs on the net's own grid (1/8 of its input) and refines each peak between cells, instead of resizing whole
maps to the image as OpenPose and the lecture do: the same peaks, about a hundred times sooner.
"""

import math

import numpy as np

from core.kernel import inlined, kernel
from core.settings import DecodeSettings
from core.skeleton import POINTS
from core.types import Floats, Ints, Peaks

# How far the logarithm of a Gaussian can rise in half a cell, for the one that nets are trained with (seven input
# pixels wide): half of (0.5 / 0.875) squared.  On a plateau, which is no Gaussian, the parabola would rise without
# bounds.
MOST_RISE = 0.5 * (0.5 / 0.875) ** 2


def find_peaks(confidence: Floats, settings: DecodeSettings) -> Peaks:
    """Candidate points in `confidence`, the (at least 18, h, w) maps of `Maps`."""
    maps, cells, starts, dropped = _cells(confidence, settings)
    xy, scores = _refine(maps, cells, starts)
    return Peaks(xy, scores, starts, dropped)


def search(confidence: Floats, settings: DecodeSettings) -> tuple[Peaks, Floats]:
    """As `find_peaks`, and for each peak the confidence in its cell, which the threshold is compared with."""
    maps, cells, starts, dropped = _cells(confidence, settings)
    xy, scores = _refine(maps, cells, starts)
    kinds = np.repeat(np.arange(POINTS), np.diff(starts))
    return Peaks(xy, scores, starts, dropped), maps[kinds, cells[:, 1], cells[:, 0]]


def _cells(confidence: Floats, settings: DecodeSettings) -> tuple[Floats, Ints, Ints, int]:
    """The maps as the kernels take them, the cells of all peaks, where each kind starts, and how many did not fit."""
    maps = np.ascontiguousarray(confidence[:POINTS], np.float32)
    look = _regions if settings.peak_search == "regions" else _maxima
    cells, starts, dropped = look(maps, settings.peak_threshold, settings.max_peaks)
    return maps, cells, starts, int(dropped)


@inlined
def _keep_strongest(cells, values, count, limit):
    """Bring the `limit` strongest of the first `count` entries to the front, in their order. Returns how many are
    kept.
    """
    if count <= limit:
        return count
    least = np.partition(values[:count].copy(), count - limit)[count - limit]
    spare = limit - np.sum(values[:count] > least)  # how many that equal the least still fit
    kept = 0
    for i in range(count):
        if values[i] > least or (values[i] == least and spare > 0):
            spare -= values[i] == least
            cells[kept] = cells[i]
            kept += 1
    return kept


@kernel("Tuple((int32[:, ::1], int32[::1], int64))(float32[:, :, ::1], float64, int64)")
def _maxima(maps: Floats, threshold: float, limit: int) -> tuple[Ints, Ints, int]:
    """Cells (x, y) that are above the threshold and no smaller than their eight neighbours, by kind.

    Of equal neighbours the first in reading order is the peak: a point that lies exactly between two cells is found
    once.
    """
    kinds, height, width = maps.shape
    found = np.empty((kinds * limit, 2), np.int32)
    starts = np.zeros(kinds + 1, np.int32)
    room = (height * width + 1) // 2 + 1  # of two neighbours in a row, one at most is a peak
    room = max(room, limit)
    cells = np.empty((room, 2), np.int32)
    values = np.empty(room, np.float32)
    level = np.float32(threshold)
    total = 0
    dropped = 0
    for kind in range(kinds):
        image = maps[kind]
        count = 0
        for y in range(height):
            row = image[y]
            above = 0
            for x in range(width):  # a loop that the compiler vectorises; most rows end here
                above += row[x] > level
            if above == 0:
                continue
            up = image[max(y - 1, 0)]
            down = image[min(y + 1, height - 1)]
            for x in range(width):
                value = row[x]
                if not level < value < np.inf:
                    continue
                left = max(x - 1, 0)
                right = min(x + 1, width - 1)
                if x > 0 and row[left] >= value:
                    continue
                if row[right] > value:
                    continue
                if y > 0 and (up[left] >= value or up[x] >= value or up[right] >= value):
                    continue
                if y < height - 1 and (down[left] > value or down[x] > value or down[right] > value):
                    continue
                cells[count, 0] = x
                cells[count, 1] = y
                values[count] = value
                count += 1
        kept = _keep_strongest(cells, values, count, limit)
        dropped += count - kept
        found[total : total + kept] = cells[:kept]
        total += kept
        starts[kind + 1] = total
    return found[:total].copy(), starts, dropped


@kernel("Tuple((int32[:, ::1], int32[::1], int64))(float32[:, :, ::1], float64, int64)")
def _regions(maps: Floats, threshold: float, limit: int) -> tuple[Ints, Ints, int]:
    """Cells (x, y) with the maximum of each connected region (of eight neighbours) above the threshold, by kind: the
    lecture's rule.
    """
    kinds, height, width = maps.shape
    found = np.empty((kinds * limit, 2), np.int32)
    starts = np.zeros(kinds + 1, np.int32)
    cells = np.empty((max(height * width, limit), 2), np.int32)
    values = np.empty(max(height * width, limit), np.float32)
    seen = np.empty((height, width), np.bool_)
    stack = np.empty((height * width, 2), np.int32)
    level = np.float32(threshold)
    total = 0
    dropped = 0
    for kind in range(kinds):
        image = maps[kind]
        count = 0
        seen[:] = False
        for y0 in range(height):
            for x0 in range(width):
                if seen[y0, x0] or not level < image[y0, x0] < np.inf:
                    continue
                best = image[y0, x0]
                best_x, best_y = x0, y0
                stack[0, 0], stack[0, 1] = x0, y0
                size = 1
                seen[y0, x0] = True
                while size > 0:
                    size -= 1
                    cx, cy = stack[size, 0], stack[size, 1]
                    value = image[cy, cx]
                    first = cy < best_y or (cy == best_y and cx < best_x)
                    if value > best or (value == best and first):
                        best, best_x, best_y = value, cx, cy
                    for y in range(max(cy - 1, 0), min(cy + 2, height)):
                        for x in range(max(cx - 1, 0), min(cx + 2, width)):
                            if not seen[y, x] and level < image[y, x] < np.inf:
                                seen[y, x] = True
                                stack[size, 0], stack[size, 1] = x, y
                                size += 1
                cells[count, 0] = best_x
                cells[count, 1] = best_y
                values[count] = best
                count += 1
        kept = _keep_strongest(cells, values, count, limit)
        dropped += count - kept
        found[total : total + kept] = cells[:kept]
        total += kept
        starts[kind + 1] = total
    return found[:total].copy(), starts, dropped


@inlined
def _vertex(before, at, after, cell):
    """Where a Gaussian through three samples at -1, 0, 1 has its top, at most half a cell from `cell`, and by how much
    its logarithm is higher there than at `cell`.

    A confidence map is a Gaussian about each point, so its logarithm is a parabola: exact where there is no noise.
    """
    floor = np.float32(1e-3) * at
    a = math.log(max(before, floor) / at)
    b = math.log(max(after, floor) / at)
    curvature = a + b
    if not curvature < -1e-6:  # flat
        return 0.0, 0.0
    top = min(max(0.5 * (a - b) / curvature, cell - 0.5), cell + 0.5)
    rise = 0.5 * (b - a) * (top - cell) + 0.5 * curvature * (top * top - cell * cell)
    return top - cell, min(rise, MOST_RISE)


@kernel("Tuple((float32[:, ::1], float32[::1]))(float32[:, :, ::1], int32[:, ::1], int32[::1])")
def _refine(maps: Floats, cells: Ints, starts: Ints) -> tuple[Floats, Floats]:
    """Positions between cells, and the confidence there, of the peaks of each kind.

    At the border the three samples are the border cell and the two next to it inside.
    """
    kinds, height, width = maps.shape
    xy = np.empty(cells.shape, np.float32)
    scores = np.empty(len(cells), np.float32)
    for kind in range(kinds):
        image = maps[kind]
        for i in range(starts[kind], starts[kind + 1]):
            x, y = cells[i]
            dx, rise_x, dy, rise_y = 0.0, 0.0, 0.0, 0.0
            c = min(max(x, 1), width - 2)
            if width > 2 and image[y, c] > 0:
                dx, rise_x = _vertex(image[y, c - 1], image[y, c], image[y, c + 1], x - c)
            c = min(max(y, 1), height - 2)
            if height > 2 and image[c, x] > 0:
                dy, rise_y = _vertex(image[c - 1, x], image[c, x], image[c + 1, x], y - c)
            xy[i, 0] = x + dx
            xy[i, 1] = y + dy
            scores[i] = min(image[y, x] * math.exp(rise_x + rise_y), max(image[y, x], 1.0))
    return xy, scores
