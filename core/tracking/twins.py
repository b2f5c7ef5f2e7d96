"""Twins: one person whom the decoder found twice, as two poses in one place.

Somebody seen from behind or from the side is often answered with left and right points in one place. The decoder drops
limbs that were found twice (`core.decode.duplicates`). Two fuller poses may as well be two people of whom one hides the
other; who was known before tells which.
"""

import numpy as np
from numpy.typing import NDArray

from core.skeleton import MIRRORED_POINTS
from core.types import Floats, People

NEAR = 0.1  # of the longer side of the larger box
SHARE = 1 / 3  # of the points of who has fewer that have to lie on the other's same or mirrored points
INSIDE = 0.8  # share of the points of either that have to lie in the other's box, which is made wider by ...
EDGE = 0.05  # ... of its longer side on each side
FULL = 9  # points: who has so many is nobody's fragment
_MIRRORED = list(MIRRORED_POINTS)


def twins_among(people: People, known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(n,) who of `people`, the surest first, is another pose of somebody: of one who is known, or of a surer one.

    known: (n,) who has an ID, and so is nobody's twin.
    """
    twins = np.zeros(len(people), np.bool_)
    doubtful = np.flatnonzero(~known)
    if len(people) < 2 or not len(doubtful):
        return twins
    upon = _upon(people, doubtful)
    for row, i in enumerate(doubtful):
        surer = known.copy()
        surer[:i] |= ~twins[:i]
        twins[i] = (upon[row] & surer).any()
    return twins


def _upon(people: People, some: NDArray[np.intp]) -> NDArray[np.bool_]:
    """(some, n) whether each of some lies on each of the people; not on itself, and a body not on a fragment."""
    points, boxes, counts = people.keypoints, people.boxes(), people.found().sum(axis=1)
    mine, count = points[some][:, None], counts[some][:, None]
    sizes = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    reach = NEAR * np.maximum(sizes[some][:, None], sizes)
    same, other = (np.linalg.norm(theirs - mine, axis=-1) for theirs in (points, points[:, _MIRRORED]))
    on = (np.fmin(same, other) <= reach[..., None]).sum(axis=2)
    edges = EDGE * sizes[:, None]
    low, high = boxes[:, :2] - edges, boxes[:, 2:] + edges
    mine_inside = _inside(mine, low[None], high[None]) / count
    theirs_inside = _inside(points[None], low[some][:, None], high[some][:, None]) / counts
    upon: NDArray[np.bool_] = (
        (on >= SHARE * np.minimum(count, counts))
        & (np.maximum(mine_inside, theirs_inside) >= INSIDE)
        & (counts >= np.minimum(count, FULL))
    )
    upon[np.arange(len(some)), some] = False
    return upon


def _inside(points: Floats, low: Floats, high: Floats) -> NDArray[np.int_]:
    """(some, n) how many of the points (..., 18, 2) lie in boxes (..., 2)."""
    count: NDArray[np.int_] = ((points >= low[..., None, :]) & (points <= high[..., None, :])).all(axis=-1).sum(axis=-1)
    return count
