"""Fragments: one person whom the decoder found in pieces, such as a trunk and two legs."""

import numpy as np

from core.skeleton import L_ANKLE, L_HIP, L_KNEE, L_SHOULDER, NECK, R_ANKLE, R_HIP, R_KNEE, R_SHOULDER
from core.types import Floats, Ints, People

LEGS = [R_HIP, R_KNEE, R_ANKLE, L_HIP, L_KNEE, L_ANKLE]
SHARED = 1  # points that two fragments may both have, where a joint was found twice
FITS = 0.45  # mean score of the moves from a track to a fragment that belongs to it
BELOW = (0.5, 2.8)  # shoulder widths from the neck down to the hips of legs that belong to a trunk
BESIDE = 0.9  # shoulder widths sideways


def fragments_of(scores: Floats, owners: Ints, people: People) -> Ints:
    """(n,) int32: for each of `people` the one whose fragment it is, or -1.

    scores: (tracks, n, 18) of the moves, as `score_moves` gives them; owners: (n,) the track each was matched with, -1
    for none.  Somebody who was not matched is a fragment of somebody who was when the points continue those of the
    same track, and are points that the other lacks.
    """
    whole = np.full(len(people), -1, np.int32)
    found = people.found()
    taken = {int(track): i for i, track in enumerate(owners) if track >= 0}
    for i in np.flatnonzero(owners < 0):
        best = FITS
        for track, other in taken.items():
            fit = np.nan_to_num(scores[track, i][found[i]])
            if (found[i] & found[other]).sum() <= SHARED and len(fit) and fit.mean() > best:
                best, whole[i] = float(fit.mean()), other
    return whole


def legs_of(people: People, free: Ints) -> Ints:
    """(n,) int32: for each of `people` the one whose legs these are, by their place alone, or -1.

    free: (n,) below 0 for those that may be somebody's legs.  The legs stand below the trunk that lacks them, hips
    where hips have to be.
    """
    whole = np.full(len(people), -1, np.int32)
    found, points = people.found(), people.keypoints
    only_legs = found.sum(axis=1) == found[:, LEGS].sum(axis=1)
    for i in np.flatnonzero(only_legs & (free < 0)):
        best = np.inf
        hips = points[i, [R_HIP, L_HIP]]
        if np.isnan(hips).all():
            continue
        hip = np.nanmean(hips, axis=0)
        for j in np.flatnonzero(found[:, NECK] & found[:, R_SHOULDER] & found[:, L_SHOULDER]):
            if (found[i] & found[j]).any():
                continue
            wide = max(float(np.linalg.norm(points[j, R_SHOULDER] - points[j, L_SHOULDER])), 1.0)
            beside, below = np.abs(hip[0] - points[j, NECK, 0]) / wide, (hip[1] - points[j, NECK, 1]) / wide
            if beside < min(BESIDE, best) and BELOW[0] < below < BELOW[1]:
                best, whole[i] = float(beside), j
    return whole


def put_together(people: People, whole: Ints) -> tuple[People, Ints]:
    """`people` with each fragment i added to person whole[i], and which of the given ones are left, in their order."""
    if not (whole >= 0).any():
        return people, np.arange(len(people), dtype=np.int32)
    keypoints, scores, totals = people.keypoints.copy(), people.scores.copy(), people.totals.copy()
    for i in np.flatnonzero(whole >= 0):
        j = whole[i]
        while whole[j] >= 0:  # legs of a trunk that is itself a fragment
            j = whole[j]
        new = (scores[j] == 0) & (scores[i] > 0)
        keypoints[j, new], scores[j, new] = keypoints[i, new], scores[i, new]
        totals[j] += totals[i] * new.sum() / max((people.scores[i] > 0).sum(), 1)
    left = np.flatnonzero(whole < 0)
    return People(keypoints, scores, totals)[left], left.astype(np.int32)
