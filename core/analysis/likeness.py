"""The same people in two lists of one frame: those who have points in the same places."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.tracking.fragments import put_together
from core.types import Ints, People

NEW = 0  # in the place of the ID of somebody who was not there before


def shared_points(some: People, others: People) -> NDArray[np.intp]:
    """(n, m) how many points each two have in common, to the last digit."""
    same = (some.keypoints[:, None] == others.keypoints[None]).all(axis=-1)
    count: NDArray[np.intp] = same.sum(axis=2)
    return count


def counterparts(some: People, others: People) -> Ints:
    """(n,) int32: for each of `some` the one of `others` that shares most points, each once; -1 without any."""
    result = np.full(len(some), -1, np.int32)
    shared = shared_points(some, others)
    while shared.size and shared.max() > 0:
        i, j = np.unravel_index(np.argmax(shared), shared.shape)
        result[i] = j
        shared[i], shared[:, j] = 0, 0
    return result


def as_before(people: People, before: People, ids: Ints) -> tuple[People, Ints]:
    """People who were decoded anew, with the IDs of those they were; NEW for those who were not there.

    Fragments that were one person are one person again.
    """
    owners = counterparts(people, before)
    shared = shared_points(people, before)
    whole = np.full(len(people), -1, np.int32)
    found = people.found()
    for i in np.flatnonzero(owners < 0):
        if not len(before) or shared[i].max() * 2 <= found[i].sum():
            continue
        whole_ones = np.flatnonzero(owners == int(np.argmax(shared[i])))
        if len(whole_ones) and not (found[i] & found[whole_ones[0]]).any():
            whole[i] = whole_ones[0]
    people, left = put_together(people, whole)
    owners = owners[left]
    new = np.full(len(people), NEW, np.int32)
    new[owners >= 0] = ids[owners[owners >= 0]]
    return people, new
