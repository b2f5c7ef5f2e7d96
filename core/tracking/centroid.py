"""Identities by nearness: the lecture's centroid tracker, and a form of it that is good to live with."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from core.kernel import kernel
from core.settings import TrackingSettings
from core.skeleton import NECK, POINTS
from core.types import Floats, Frame, Ints, People, Tracks

LEAST_SHARED = 3  # points that two poses must have in common to be compared point by point
JITTER = 0.2  # body sizes that a pose may jump between two frames although nobody moves
UNLIKE = 0.3  # body sizes that a pose sharing no point with the last one seems farther away
SIZE_MEMORY = 1.0  # seconds in which a body that seems to shrink loses about two thirds of its size


def centroids(people: People) -> Floats:
    """(n, 2) image pixels: the neck of each person, else the mean of the points that were found."""
    necks = people.keypoints[:, NECK]
    found = people.found()[..., None]
    means = np.where(found, people.keypoints, 0).sum(axis=1) / np.maximum(found.sum(axis=1), 1)
    return np.where(np.isnan(necks), means, necks).astype(np.float32)


class LectureTracker:
    """The lecture's rule: nearest pairs first; who of the last frame is not matched is dropped; who is new gets a new
    ID.
    """

    def __init__(self, settings: TrackingSettings) -> None:
        self._last = 0
        self.reset()

    def reset(self) -> None:
        self._ids: Ints = np.empty(0, np.int32)
        self._centroids: Floats = np.empty((0, 2), np.float32)

    def use(self, settings: TrackingSettings) -> None:
        pass

    def update(self, people: People, frame: Frame) -> Tracks:
        now = centroids(people)
        ids = np.zeros(len(people), np.int32)
        distances = np.linalg.norm(now[:, None] - self._centroids[None], axis=-1)
        for _ in range(min(distances.shape)):
            new, old = np.unravel_index(np.argmin(distances), distances.shape)
            ids[new] = self._ids[old]
            distances[new], distances[:, old] = np.inf, np.inf
        newcomers = np.flatnonzero(ids == 0)
        ids[newcomers] = self._last + 1 + np.arange(len(newcomers))
        self._last += len(newcomers)
        self._ids, self._centroids = ids, now
        return Tracks(people, ids)


class CentroidTracker:
    """The pairs whose distances, in body sizes, add up to the least, and a memory for people who are hidden for a
    moment.

    Two poses are as far apart as the points they share have moved in the median, so that a neck or a leg that comes
    and goes does not count as a movement; poses that share too little are compared by their centroids.
    """

    def __init__(self, settings: TrackingSettings) -> None:
        self._settings = settings
        self._last = 0
        self.reset()

    def reset(self) -> None:
        self._ids: Ints = np.empty(0, np.int32)
        self._keypoints: Floats = np.empty((0, POINTS, 2), np.float32)
        self._centroids: Floats = np.empty((0, 2), np.float32)
        self._sizes: Floats = np.empty(0, np.float32)  # pixels
        self._seen: NDArray[np.float64] = np.empty(0, np.float64)  # seconds

    def use(self, settings: TrackingSettings) -> None:
        self._settings = settings

    def update(self, people: People, frame: Frame) -> Tracks:
        # Forget who has been hidden for too long.
        time = frame.time
        self._keep(time - self._seen <= self._settings.lifetime)

        # Match everyone at once; who would have had to move too fast is no match.
        middles, sizes = centroids(people), _body_sizes(people)
        distances, shares = _distances(self._keypoints, self._centroids, self._sizes, people.keypoints, middles, sizes)
        gap = time - self._seen
        reach = JITTER + self._settings.max_speed * gap
        near = distances <= reach[:, None]
        # A stray arm that lies where the body was last must not take the body's ID: who shares more points fits better.
        cost = distances + UNLIKE * (1 - shares)
        beyond = (reach.max(initial=0.0) + UNLIKE) * (1 + len(people))  # costs more than all pairs that are near
        old, new = linear_sum_assignment(np.where(near, cost, beyond))
        old, new = old[near[old, new]], new[near[old, new]]

        # Who is matched keeps the ID, everyone else is new.
        ids = np.zeros(len(people), np.int32)
        ids[new] = self._ids[old]
        newcomers = np.flatnonzero(ids == 0)
        ids[newcomers] = self._last + 1 + np.arange(len(newcomers))
        self._last += len(newcomers)

        # Remember those seen now and those who are hidden. A body that is half hidden has not shrunk: sizes fall
        # slowly.
        sizes[new] = np.maximum(sizes[new], self._sizes[old] * np.exp(-gap[old] / SIZE_MEMORY))
        hidden = np.ones(len(self._ids), np.bool_)
        hidden[old] = False
        self._keep(hidden)
        self._ids = np.concatenate([self._ids, ids])
        self._keypoints = np.concatenate([self._keypoints, people.keypoints])
        self._centroids = np.concatenate([self._centroids, middles])
        self._sizes = np.concatenate([self._sizes, sizes])
        self._seen = np.concatenate([self._seen, np.full(len(people), time)])
        return Tracks(people, ids)

    def _keep(self, mask: NDArray[np.bool_]) -> None:
        self._ids, self._keypoints, self._centroids = self._ids[mask], self._keypoints[mask], self._centroids[mask]
        self._sizes, self._seen = self._sizes[mask], self._seen[mask]


def _body_sizes(people: People) -> Floats:
    """(n,) pixels: the longer side of each person's box, never less than a pixel."""
    boxes = people.boxes()
    sides: Floats = boxes[:, 2:] - boxes[:, :2]
    longer: Floats = sides.max(axis=1, initial=np.float32(1.0))
    return longer


@kernel(
    "Tuple((float64[:, ::1], float64[:, ::1]))"
    "(float32[:, :, ::1], float32[:, ::1], float32[::1], float32[:, :, ::1], float32[:, ::1], float32[::1])"
)
def _distances(
    old: Floats, old_centroids: Floats, old_sizes: Floats, new: Floats, new_centroids: Floats, new_sizes: Floats
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(old people, new people) distances in body sizes, and the share of the points found in either that both have."""
    distances = np.empty((len(old), len(new)), np.float64)
    shares = np.empty((len(old), len(new)), np.float64)
    moved = np.empty(old.shape[1], np.float64)
    for i in range(len(old)):
        for j in range(len(new)):
            both, either = 0, 0
            for point in range(old.shape[1]):
                was_there, is_there = not math.isnan(old[i, point, 0]), not math.isnan(new[j, point, 0])
                either += was_there or is_there
                if was_there and is_there:
                    dx, dy = new[j, point, 0] - old[i, point, 0], new[j, point, 1] - old[i, point, 1]
                    moved[both] = math.sqrt(dx * dx + dy * dy)
                    both += 1
            if both >= LEAST_SHARED:
                pixels = float(np.median(moved[:both]))
            else:
                dx, dy = new_centroids[j, 0] - old_centroids[i, 0], new_centroids[j, 1] - old_centroids[i, 1]
                pixels = math.sqrt(dx * dx + dy * dy)
            distances[i, j] = pixels / max(old_sizes[i], new_sizes[j])
            shares[i, j] = both / max(either, 1)
    return distances, shares
