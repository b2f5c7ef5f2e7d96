"""Room for labels beside what they name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Corner = tuple[float, float]
Boxes = NDArray[np.float64]  # (n, 4): left, top, right, bottom


def place_labels(
    places: NDArray[np.float32], sizes: Sequence[tuple[float, float]], within: tuple[float, float], away: float
) -> list[Corner | None]:
    """The top left corner of each label, so that none covers another one, or what any of them names; None where there
    is no room. Whoever comes first is served first, and the very first always.

    places: (n, 2) of what is named; sizes: width and height of each label; within: those of the picture; away: from
    the middle of what is named to the nearest edge of its label
    """
    points = np.asarray(places, np.float64)
    taken: Boxes = np.empty((len(sizes), 4))
    corners: list[Corner | None] = []
    count = 0
    for (x, y), (width, height) in zip(points.tolist(), sizes, strict=True):
        beside = [(x + away, y - height), (x + away, y), (x - away - width, y - height), (x - away - width, y)]
        over = [(x - width / 2, y - away - height), (x - width / 2, y + away)]
        found: Corner | None = None
        for left, top in (*beside, *over):
            right, bottom = left + width, top + height
            if left < 0 or top < 0 or right > within[0] or bottom > within[1]:
                continue
            near = (points[:, 0] > left - away / 2) & (points[:, 0] < right + away / 2)
            near &= (points[:, 1] > top - away / 2) & (points[:, 1] < bottom + away / 2)
            others = taken[:count]
            apart = (others[:, 0] >= right) | (others[:, 2] <= left) | (others[:, 1] >= bottom) | (others[:, 3] <= top)
            if apart.all() and not (near & ((points != (x, y)).any(axis=1))).any():
                found = left, top
                break
        if found is None and not corners:
            found = beside[0]
        if found is not None:
            taken[count] = (*found, found[0] + width, found[1] + height)
            count += 1
        corners.append(found)
    return corners
