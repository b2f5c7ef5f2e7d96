"""Identities by temporal affinity: where each point went, how the whole body goes on, and how people look."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from core.settings import TrackingSettings
from core.skeleton import POINTS
from core.tracking.cuts import Cuts
from core.tracking.flow import Flow, shrunk
from core.tracking.fragments import fragments_of, legs_of, put_together
from core.tracking.looks import REGIONS, looks, unlike
from core.tracking.moves import score_moves
from core.tracking.twins import twins_among
from core.types import Floats, Frame, Image, Ints, People, Tracks

# All lengths are in body sizes: the longer side of a person's box, of which the memory falls slowly.
BAND = 0.05  # half the width of a point's band ...
SPREAD = 0.25  # ... and what is added for each second that somebody was hidden
LEAST_POINTS = 4  # that a full vote takes
COAST = 0.6  # seconds in which a hidden body loses two thirds of its speed
PACE = 0.25  # seconds over which the speed of a body is averaged
SIZE_MEMORY = 2.0  # seconds in which a body that seems to shrink loses about two thirds of its size
POINT_MEMORY = 1.0  # seconds that a point is carried along with its body when it is not found
LOOKS_MEMORY = 2.0  # seconds over which looks are averaged
ALONE = 0.3  # share of a box that others may cover when looks are learned
REACH = 0.15  # jump that is no movement
STRANGE = 0.4  # unlikeness of two people, where looks are not known
WEIGHTS = {"votes": 1.0, "looks": 0.8, "size": 0.3, "hidden": 0.3, "share": 0.4, "ghost": 0.2}
DEAREST = 1.9  # cost of a match that is none
STILLS = 0.5  # seconds between frames from which on there are no cuts, and nobody has to show twice
SURE_POINTS = 9  # who shows so many gets an ID at once
SAME_LOOKS = 0.30  # unlikeness of somebody who comes back after the lifetime
SAME_MARGIN = 0.08  # and so much better than the second best


@dataclass(slots=True)
class _Track:
    """Somebody over time. Points in image pixels, carried along with the body where they are not found."""

    keypoints: Floats  # (18, 2)
    ages: NDArray[np.float64]  # (18,) seconds since each point was found
    velocity: NDArray[np.float64]  # (2,) pixels a second
    size: float  # pixels
    looks: Floats  # (regions, bins)
    first: float  # seconds
    seen: float  # seconds
    id: int = -1  # while it may be a ghost


class AffinityTracker:
    """Votes of the points, expected movement and looks decide together, for all people at once."""

    def __init__(self, settings: TrackingSettings) -> None:
        self._settings = settings
        self._flow = Flow()
        self._cuts = Cuts()
        self._last = 0
        self.reset()

    def reset(self) -> None:
        self._flow.reset()
        self._cuts.reset()
        self._tracks: list[_Track] = []
        self._gone: list[_Track] = []  # hidden for longer than the lifetime, known by their looks only
        self._time = -np.inf
        self._fresh = True

    def use(self, settings: TrackingSettings) -> None:
        self._settings = settings

    def update(self, people: People, frame: Frame) -> Tracks:
        # After a cut everyone is new, and there is no last picture to compare with.
        small = shrunk(frame.image)
        far = frame.time - self._time >= STILLS
        if self._cuts.update(small) and not far:
            self._flow.reset()
            self._tracks, self._gone, self._fresh = [], [], True
        self._fresh |= far
        self._forget(frame.time)
        tracks = self._tracks

        # Where each point of each track should be now, and which points of the people confirm it.
        moves = self._moves(frame, small)
        points = np.array([track.keypoints for track in tracks], np.float32).reshape(-1, POINTS, 2)
        sizes = np.array([track.size for track in tracks])
        gaps = frame.time - np.array([track.seen for track in tracks])
        radii = (sizes * (BAND + SPREAD * np.maximum(gaps - (frame.time - self._time), 0))).astype(np.float32)
        keypoints = np.ascontiguousarray(people.keypoints)
        scores = score_moves(points, moves, radii, keypoints)
        seen_looks = looks(np.ascontiguousarray(frame.image), keypoints, REGIONS)

        # Match everyone, then add what is left to the bodies that lack it.
        cost = self._cost(scores, points + moves, gaps, sizes, people, seen_looks)
        owners = owners_of(cost, _full(points), _full(people.keypoints))
        whole = fragments_of(scores, owners, people)
        legs = legs_of(people, np.maximum(owners, whole))
        people, left = put_together(people, np.where(whole >= 0, whole, legs))
        owners, seen_looks = owners[left], seen_looks[left]

        # Who was found twice has one ID and one track.
        twins = twins_among(people, np.array([owner >= 0 and tracks[owner].id > 0 for owner in owners], np.bool_))

        ids = self._remember(people, owners, twins, seen_looks, moves, frame.time)
        self._time, self._fresh = frame.time, False
        return Tracks(people, ids)

    def _forget(self, time: float) -> None:
        """Ghosts end when they are not seen again, at the least in the next frame; who is hidden for too long is only
        known by looks."""
        settings = self._settings
        late = [track for track in self._tracks if time - track.seen > settings.lifetime]
        self._gone += [track for track in late if track.id > 0]
        self._gone = [track for track in self._gone if time - track.seen <= settings.memory]
        self._tracks = [
            track
            for track in self._tracks
            if time - track.seen <= (settings.lifetime if track.id > 0 else settings.patience + 0.1)
            or (track.id < 0 and track.seen >= self._time)
        ]

    def _moves(self, frame: Frame, small: Image) -> Floats:
        """(tracks, 18, 2) pixels that each point should have moved since it was last remembered: what the picture did
        where the point was, and what the body has been doing, in equal parts; of the hidden the latter alone.
        """
        tracks = self._tracks
        points = np.full((len(tracks), POINTS, 2), np.nan, np.float32)
        steady = np.empty((len(tracks), 1, 2), np.float32)
        for i, track in enumerate(tracks):
            if track.seen == self._time:
                points[i] = track.keypoints
            gap = frame.time - track.seen
            steady[i, 0] = track.velocity * COAST * (1 - np.exp(-gap / COAST))
        seen = self._flow.update(small, points, small.shape[0] / frame.image.shape[0])
        return np.where(np.isnan(seen), steady, 0.5 * (seen + steady))

    def _cost(
        self, scores: Floats, expected: Floats, gaps: NDArray[np.float64], sizes: NDArray[np.float64], people: People,
        seen_looks: Floats,
    ) -> NDArray[np.float64]:  # fmt: skip
        """(tracks, people): what speaks against a match; DEAREST and more where it cannot be."""
        both = ~np.isnan(scores)
        votes = np.where(both, scores, 0).sum(axis=2) / np.maximum(both.sum(axis=2), LEAST_POINTS)
        # A stray arm that lies where the body was last must not take the body's ID: who shares more points fits better.
        most = np.maximum((~np.isnan(expected[..., 0])).sum(axis=1)[:, None], people.found().sum(axis=1)[None])
        share = both.sum(axis=2) / np.maximum(most, 1)
        apart = unlike(np.array([track.looks for track in self._tracks], np.float32), seen_looks)
        apart = np.where(np.isnan(apart), STRANGE, apart).reshape(votes.shape)
        now_sizes = body_sizes(people)
        ratio = np.log(np.maximum(now_sizes[None] / np.maximum(sizes[:, None], 1), 1))  # half hidden has not shrunk
        distance = _middle_distances(expected, people.keypoints) / np.maximum(sizes[:, None], now_sizes[None])
        reach = REACH + self._settings.max_speed * gaps[:, None] * 0.5
        possible = (votes > 0.1) | (distance <= reach)
        cost = (
            WEIGHTS["votes"] * (1 - votes)
            + WEIGHTS["looks"] * apart
            + WEIGHTS["size"] * ratio
            + WEIGHTS["hidden"] * np.minimum(gaps[:, None], 1.0)
            + WEIGHTS["share"] * (1 - share)
            + WEIGHTS["ghost"] * np.array([track.id < 0 for track in self._tracks]).reshape(-1, 1)
        )
        return np.where(possible, cost, 2 * DEAREST)

    def _remember(
        self, people: People, owners: Ints, twins: NDArray[np.bool_], seen_looks: Floats, moves: Floats, time: float
    ) -> Ints:
        """IDs of the people; their tracks go on, or begin, but for twins, who have neither."""
        ids = np.full(len(people), -1, np.int32)
        sizes, alone = body_sizes(people), _alone(people)
        points = people.found().sum(axis=1)
        for i, owner in enumerate(owners):
            if twins[i]:
                continue
            keypoints = people.keypoints[i]
            if owner < 0:
                track = _Track(
                    keypoints.copy(), np.where(np.isnan(keypoints[:, 0]), np.inf, 0.0), np.zeros(2), float(sizes[i]),
                    seen_looks[i].copy(), time, time,
                )  # fmt: skip
                self._tracks.append(track)
            else:
                track = self._tracks[owner]
                _go_on(track, keypoints, float(sizes[i]), moves[owner], time)
            if alone[i] or owner < 0:
                _learn(track, seen_looks[i], time)
            track.seen = time
            if track.id < 0 and (self._fresh or time - track.first >= wait_for_id(self._settings, int(points[i]))):
                track.id = self._known(track) or self._new_id()
            ids[i] = track.id
        return ids

    def _known(self, track: _Track) -> int:
        """The ID of somebody gone who looks like this; 0 for none, or where two do."""
        if not self._gone:
            return 0
        apart = unlike(track.looks[None], np.array([one.looks for one in self._gone], np.float32))[0]
        full = np.array([not np.isnan(one.looks[:2]).any() for one in self._gone]) & ~np.isnan(track.looks[:2]).any()
        apart = np.where(full & ~np.isnan(apart), apart, 1.0)
        order = np.argsort(apart)
        if apart[order[0]] > SAME_LOOKS or (len(order) > 1 and apart[order[1]] - apart[order[0]] < SAME_MARGIN):
            return 0
        return self._gone.pop(int(order[0])).id

    def _new_id(self) -> int:
        self._last += 1
        return self._last


def wait_for_id(settings: TrackingSettings, points: int) -> float:
    """Seconds that a pose with so many points has to last before it gets an ID: the fewer, the longer."""
    return settings.patience * max(SURE_POINTS - points, 0)


def _full(points: Floats) -> NDArray[np.bool_]:
    """(n,) whether so many points are there that it is no fragment."""
    full: NDArray[np.bool_] = (~np.isnan(points[..., 0])).sum(axis=1) >= SURE_POINTS
    return full


def owners_of(cost: NDArray[np.float64], full_tracks: NDArray[np.bool_], full_people: NDArray[np.bool_]) -> Ints:
    """(people,) the track of each, or -1, at the least cost in all: full bodies among themselves first.

    With all at once a limb that only a full track can take takes it, and the body that continues that track goes to
    the track of another limb: two doubtful matches may cost less than a good one and one that is none.  Source of the
    two rounds: Zhang et al., "ByteTrack: Multi-Object Tracking by Associating Every Detection Box", arXiv 2110.06864.
    """
    owners = np.full(len(full_people), -1, np.int32)
    free = np.ones(len(full_tracks), np.bool_)
    for tracks, people in ((full_tracks, full_people), (np.ones_like(full_tracks), np.ones_like(full_people))):
        rows, columns = np.flatnonzero(tracks & free), np.flatnonzero(people & (owners < 0))
        part = cost[np.ix_(rows, columns)]
        old, new = linear_sum_assignment(np.minimum(part, DEAREST))
        fits = part[old, new] < DEAREST
        owners[columns[new[fits]]] = rows[old[fits]]
        free[rows[old[fits]]] = False
    return owners


def _go_on(track: _Track, keypoints: Floats, size: float, moves: Floats, time: float) -> None:
    """Speed, size and points of a track after it was seen again."""
    gap = max(time - track.seen, 1e-6)
    shared = ~np.isnan(keypoints[:, 0]) & (track.ages == 0)
    if shared.sum() >= 3:
        step = np.median(keypoints[shared] - track.keypoints[shared], axis=0)
    else:
        step = np.nanmedian(moves, axis=0)
    share = 1 - np.exp(-gap / PACE) if time - track.first > PACE else max(0.5, 1 - np.exp(-gap / PACE))
    track.velocity = track.velocity + share * (step / gap - track.velocity)
    track.size = max(size, track.size * float(np.exp(-gap / SIZE_MEMORY)))
    found = ~np.isnan(keypoints[:, 0])
    carried = track.keypoints + step.astype(np.float32)
    track.ages = np.where(found, 0.0, track.ages + gap)
    track.keypoints = np.where(found[:, None], keypoints, carried).astype(np.float32)
    track.keypoints[track.ages > POINT_MEMORY] = np.nan


def _learn(track: _Track, seen: Floats, time: float) -> None:
    """Looks are averaged over a while, region by region."""
    share = np.float32(1 - np.exp(-(time - track.seen) / LOOKS_MEMORY))
    known, there = ~np.isnan(track.looks), ~np.isnan(seen)
    mixed = np.where(known & there, (1 - share) * track.looks + share * seen, np.where(there, seen, track.looks))
    track.looks = mixed.astype(np.float32)


def body_sizes(people: People) -> NDArray[np.float64]:
    """(n,) pixels: the longer side of each person's box, never less than a pixel."""
    boxes = people.boxes().astype(np.float64)
    sides: NDArray[np.float64] = boxes[:, 2:] - boxes[:, :2]
    longer: NDArray[np.float64] = sides.max(axis=1, initial=1.0)
    return longer


def _alone(people: People) -> NDArray[np.bool_]:
    """(n,) whether the box of each is covered by nobody else's, or little."""
    boxes = people.boxes()
    low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    shared = np.prod(np.maximum(high - low, 0), axis=2)
    areas = np.maximum(np.prod(boxes[:, 2:] - boxes[:, :2], axis=1), 1)
    np.fill_diagonal(shared, 0)
    return np.asarray(shared.sum(axis=1) < ALONE * areas, np.bool_)


def _middle_distances(expected: Floats, keypoints: Floats) -> NDArray[np.float64]:
    """(tracks, people) pixels between the points that both have, in the median; of their middles where they share
    fewer than three.
    """
    apart = np.linalg.norm(expected[:, None] - keypoints[None], axis=-1)
    count = (~np.isnan(apart)).sum(axis=2)
    ordered = np.sort(apart, axis=2)  # NaN last
    middle = np.maximum(count // 2, 0)
    medians = np.take_along_axis(ordered, np.minimum(middle, POINTS - 1)[..., None], axis=2)[..., 0]
    ours, theirs = _middles(expected), _middles(keypoints)
    return np.where(count >= 3, medians, np.linalg.norm(ours[:, None] - theirs[None], axis=-1)).astype(np.float64)


def _middles(points: Floats) -> Floats:
    """(n, 2) the mean of the points that are there."""
    there = ~np.isnan(points[..., :1])
    mean: Floats = np.where(there, points, 0).sum(axis=1) / np.maximum(there.sum(axis=1), 1)
    return mean
