"""Poses of one frame as bytes, little-endian.

ids:    a signed 32-bit number a person, -1 where untracked
totals: a 32-bit float a person, see `People.totals`
points: 18 times x, y, score a person, 32-bit floats; NaN, NaN, 0 where a point was not found
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.skeleton import POINTS
from core.types import Floats, Ints, People

BYTES = 4 * 3 * POINTS  # of the points of one person


def pack_ids(ids: Ints) -> bytes:
    return ids.astype("<i4").tobytes()


def pack_totals(totals: Floats) -> bytes:
    return totals.astype("<f4").tobytes()


def pack_points(people: People) -> bytes:
    return np.concatenate([people.keypoints, people.scores[..., None]], axis=2).astype("<f4").tobytes()


def unpack_ids(data: bytes) -> Ints:
    return np.frombuffer(data, "<i4").astype(np.int32)


def unpack_totals(data: bytes) -> Floats:
    return np.frombuffer(data, "<f4").astype(np.float32)


def people_of(points: Floats, totals: Floats) -> People:
    """points: (n, 18, 3) x, y, score; totals: (n,). Their arrays lie in memory as kernels want them."""
    return People(np.ascontiguousarray(points[..., :2]), np.ascontiguousarray(points[..., 2]), totals)


def unpack_points(data: bytes) -> NDArray[np.float32]:
    """(n, 18, 3) float32: x, y, score. What is half there, in a file that others wrote, is not there."""
    return whole_points(np.frombuffer(data, "<f4").astype(np.float32).reshape(-1, POINTS, 3))


def whole_points(points: Floats) -> Floats:
    """(n, 18, 3) x, y, score, where what is half there is not there; changes `points` itself."""
    there = np.isfinite(points).all(axis=2) & (points[..., 2] > 0)
    points[~there] = (np.nan, np.nan, 0)
    return points
