"""What the net should answer for a crop: confidence maps and part affinity fields of labelled people, as OpenPose
defines them, mixed with what a teacher sees.

Coordinates are cells of the net's output, as in `core.types`.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from core.kernel import kernel
from core.network.ideal import HALF_WIDTH, SIGMA
from core.skeleton import AFFINITY_CHANNEL, LINK_CHANNELS, LINK_POINTS, MIRRORED_LINKS, MIRRORED_POINTS
from core.types import Floats
from models.training.framing import CHANNELS
from models.training.teacher import LEAST

_REACH = 4.5 * SIGMA
_NEAR = 4  # cells: how far around a cell a teacher's peak is looked for

_MIRRORED = np.array(MIRRORED_POINTS, np.int32)
_MIRRORED_LINKS = np.array(MIRRORED_LINKS, np.int32)


def labelled_maps(people: Floats, shape: tuple[int, int]) -> Floats:
    """(57, h, w) maps of `people` (n, 18, 2), in cells, NaN where missing: the same as `ideal_maps`, quickly."""
    maps = np.zeros((CHANNELS, *shape), np.float32)
    _draw_people(np.ascontiguousarray(people, np.float32), LINK_POINTS, LINK_CHANNELS, maps)
    return maps


def taught_maps(maps: NDArray[np.int8], to_source: NDArray[np.float64], mirror: bool, shape: tuple[int, int]) -> Floats:
    """A teacher's maps seen in another frame.

    maps:      (57, H, W) int8, 127 times confidence maps and part affinity fields
    to_source: (2, 3) from cells of the result to cells of `maps`: scale, turn and mirror image, nothing else
    mirror:    whether it mirrors, so that left and right change places
    shape:     (h, w) of the result

    Gaussians keep the width that the net is to learn, whatever the scale; fields turn with the picture.
    """
    result = np.zeros((CHANNELS, *shape), np.float32)
    maps = np.array(maps)  # kernels take no read-only memory
    scale = math.sqrt(abs(float(np.linalg.det(to_source[:, :2]))))
    reach = 2 * min(math.ceil(2.5 * SIGMA * max(scale, 1.0)), _NEAR) + 1
    # The largest confidence near each cell: the top of the Gaussian that the cell is on.
    confidence = np.maximum(maps[: AFFINITY_CHANNEL - 1], 0).astype(np.uint8)
    tops = np.stack([cv2.dilate(part, np.ones((reach, reach), np.uint8)) for part in confidence]).astype(np.uint8)
    _draw_taught(maps, tops, to_source, mirror, _MIRRORED, _MIRRORED_LINKS, LINK_CHANNELS, result)
    return result


@kernel("void(float32[:, :, ::1], int64)")
def set_background(maps: Floats, points: int) -> None:
    """Write the background channel, 1 less the largest confidence of any point."""
    for y in range(maps.shape[1]):
        for x in range(maps.shape[2]):
            largest = maps[0, y, x]
            for point in range(1, points):
                largest = max(largest, maps[point, y, x])
            maps[points, y, x] = 1 - largest


@kernel("void(float32[:, :, ::1], int32[:, ::1], int32[:, ::1], float32[:, :, ::1])")
def _draw_people(
    people: Floats, link_points: NDArray[np.int32], link_channels: NDArray[np.int32], maps: Floats
) -> None:
    height, width = maps.shape[1:]
    points = people.shape[1]
    for person in people:
        for point in range(points):
            px, py = person[point]
            if not (math.isfinite(px) and math.isfinite(py)):
                continue
            for y in range(max(math.ceil(py - _REACH), 0), min(math.floor(py + _REACH) + 1, height)):
                for x in range(max(math.ceil(px - _REACH), 0), min(math.floor(px + _REACH) + 1, width)):
                    value = math.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * SIGMA**2))
                    if value > maps[point, y, x]:
                        maps[point, y, x] = value
    covers = np.zeros((height, width), np.int32)
    for kind in range(len(link_points)):
        a, b = link_points[kind]
        field_x = maps[points + 1 + link_channels[kind, 0]]
        field_y = maps[points + 1 + link_channels[kind, 1]]
        covers[:] = 0
        for person in people:
            ax, ay = person[a]
            bx, by = person[b]
            dx, dy = bx - ax, by - ay
            length = math.sqrt(dx * dx + dy * dy)
            if not length >= 1e-3:  # NaN too
                continue
            dx, dy = dx / length, dy / length
            top, bottom = min(ay, by) - HALF_WIDTH, max(ay, by) + HALF_WIDTH
            left, right = min(ax, bx) - HALF_WIDTH, max(ax, bx) + HALF_WIDTH
            for y in range(max(math.ceil(top), 0), min(math.floor(bottom) + 1, height)):
                for x in range(max(math.ceil(left), 0), min(math.floor(right) + 1, width)):
                    along = (x - ax) * dx + (y - ay) * dy
                    across = abs((x - ax) * dy - (y - ay) * dx)
                    if -HALF_WIDTH <= along <= length + HALF_WIDTH and across <= HALF_WIDTH:
                        field_x[y, x] += dx
                        field_y[y, x] += dy
                        covers[y, x] += 1
        for y in range(height):
            for x in range(width):
                if covers[y, x] > 1:
                    field_x[y, x] /= covers[y, x]
                    field_y[y, x] /= covers[y, x]
    set_background(maps, points)


@kernel(
    "void(int8[:, :, ::1], uint8[:, :, ::1], float64[:, ::1], boolean,"
    " int32[::1], int32[::1], int32[:, ::1], float32[:, :, ::1])"
)
def _draw_taught(
    maps: NDArray[np.int8],
    tops: NDArray[np.uint8],
    to_source: NDArray[np.float64],
    mirror: bool,
    mirrored: NDArray[np.int32],
    mirrored_links: NDArray[np.int32],
    link_channels: NDArray[np.int32],
    result: Floats,
) -> None:
    points = len(mirrored)
    rows, columns = maps.shape[1:]
    # Cells of the source that one cell of the result covers, and the turn from there to here.
    scale = math.sqrt(abs(to_source[0, 0] * to_source[1, 1] - to_source[0, 1] * to_source[1, 0]))
    back = to_source[:, :2].T / scale  # the inverse of a turn or mirror is its transpose
    power = 1 / (scale * scale)
    unit = np.float32(1 / 127)
    for y in range(result.shape[1]):
        for x in range(result.shape[2]):
            sx = to_source[0, 0] * x + to_source[0, 1] * y + to_source[0, 2]
            sy = to_source[1, 0] * x + to_source[1, 1] * y + to_source[1, 2]
            if not (0 <= sx <= columns - 1 and 0 <= sy <= rows - 1):
                continue
            x0, y0 = min(int(sx), columns - 2), min(int(sy), rows - 2)
            fx, fy = np.float32(sx - x0), np.float32(sy - y0)
            nx, ny = int(sx + 0.5), int(sy + 0.5)
            w00, w01, w10, w11 = (1 - fy) * (1 - fx), (1 - fy) * fx, fy * (1 - fx), fy * fx
            for point in range(points):
                source = mirrored[point] if mirror else point
                part = maps[source]
                value = unit * (
                    w00 * part[y0, x0] + w01 * part[y0, x0 + 1] + w10 * part[y0 + 1, x0] + w11 * part[y0 + 1, x0 + 1]
                )
                top = max(unit * tops[source, ny, nx], value)
                if value > LEAST:
                    result[point, y, x] = top * (value / top) ** power
            for kind in range(len(link_channels)):
                source = mirrored_links[kind] if mirror else kind
                part = maps[points + 1 + link_channels[source, 0]]
                u = w00 * part[y0, x0] + w01 * part[y0, x0 + 1] + w10 * part[y0 + 1, x0] + w11 * part[y0 + 1, x0 + 1]
                part = maps[points + 1 + link_channels[source, 1]]
                v = w00 * part[y0, x0] + w01 * part[y0, x0 + 1] + w10 * part[y0 + 1, x0] + w11 * part[y0 + 1, x0 + 1]
                result[points + 1 + link_channels[kind, 0], y, x] = unit * (back[0, 0] * u + back[0, 1] * v)
                result[points + 1 + link_channels[kind, 1], y, x] = unit * (back[1, 0] * u + back[1, 1] * v)
    set_background(result, points)
