"""Falls: somebody's neck drops far and fast, and the body then stays low, or is not found any more.

All lengths are in body heights, all times in seconds. A body is followed by its place as well as by its ID, as both the
pose and the ID of somebody who falls are often lost.  What is told from what:

- sitting down and squatting end with the neck too high;
- bending leaves the hips high, and does not last;
- lying down on purpose takes its time: no second of it has most of the way down in it, and the middle half of the way,
  where who falls is fastest, takes long; who sits on the floor, or on a bed, and lies down has not far to go;
- a single pose may be wrong: more than one shows that somebody was up, and more than one the way down;
- who walks out of the picture, or is hidden, was not on the way down, or was at its side;
- where everyone goes down at once, the camera goes up: what most people do in common is taken off;
- of who is too small for the net, where the trunk points is a matter of chance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import median, mode

from core.motion.drops import SLOPE, Body, Drop, Fall, fastest_down, floor_of, seconds_of_middle, speed_down
from core.motion.posture import TRUNK, Posture, postures
from core.skeleton import POINTS
from core.types import Tracks


@dataclass(frozen=True, slots=True)
class Limits:
    """What counts as a fall. Lengths in body heights, times in seconds."""

    window: float = 1.2  # a fall takes at most so long
    memory: float = 4.0  # over which the whole way down is measured
    drop: float = 0.10  # the neck goes down by so much at least, ...
    speed: float = 0.40  # ... moves so fast meanwhile, in heights a second, ...
    pull: float = 0.65  # ... and the faster the farther, as what falls does: times the root of the way, ...
    share: float = 0.60  # ... and makes so much of its whole way down within the window, ...
    middle: float = 0.75  # ... and the middle half of its way in so long at most, ...
    recent: float = 2.4  # ... without pauses, of the way of the last so many seconds
    ahead: float = 0.35  # who is lost on the way goes on so long, downwards, with the last speed
    sure_drop: float = 0.55  # a drop that needs no more than the shortest wait
    least_drop: float = 0.40  # a drop that takes the longest wait; of less there is no alarm
    waits: tuple[float, float] = (0.4, 1.3)  # shortest and longest time that the body has to stay down
    neck_low: float = 0.42  # the neck of who lies is so near to the floor, ...
    trunk_low: float = 0.38  # ... and so little above the hips, half its height above the floor added
    hips_high: float = 0.42  # hips so far above the floor are those of somebody who stands and bends
    up: float = 0.50  # share of the drop that is regained by who gets up
    up_wait: float = 0.7  # how long somebody has to be up again for the fall to be over


LEAST_POINTS = 6  # of a pose that is more than a stray limb
FORGET = 2.0  # seconds after which somebody who is not seen, and did not fall, is forgotten
REACH = 0.3  # body heights that the neck may jump from frame to frame, ...
REACH_SPEED = 1.5  # ... and so much a second more, ...
MOST_REACH = 1.0  # ... but no farther
LOST = 0.25  # seconds without a pose from which on somebody is lost
BLIND = 1.0  # seconds without a picture after which nobody is lost who was not seen since: nobody looked
DOUBLE = 0.3  # body heights from a body within which there is nobody else
SAME_PLACE = 1.0  # body heights from somebody who lies within which nobody else falls
EDGE = 0.15  # body heights from the side of the picture from where on somebody who is lost has left
SUPPORT = 0.4  # share of a drop that a pose shows which speaks for it; of one who was up, at most
UP_FROM = 0.45  # body heights from the neck to the feet of who is not on the floor already
DOUBT = 0.3  # seconds of other poses after which somebody who lay does not
STILL = 0.04  # body heights of a movement that is none
UPRIGHT = 0.24  # the neck of who is up again is so far above the hips
STANDING = 0.82  # height of the neck of somebody who stands, ...
SITTING = 0.55  # ... the least of somebody who sits on a chair, ...
UNKNOWN = 0.70  # ... and what lies between, where no feet are seen
TRUNK_CELLS = 2.0  # cells of the net's maps that a trunk has at least for one to say which way it points
CELL = 8.0  # pixels of the net's input that a cell has
CROWD = 3  # people from which on the movement of the camera is known
MOST_LYING = 100  # people who lie and are remembered


def least_height(picture: float, input_height: float) -> float:
    """Pixels that a body has to be tall for its falls to be told. picture, input_height: pixels that the picture and
    the input of the net are high."""
    return TRUNK_CELLS * CELL / TRUNK * picture / input_height


class FallWatch:
    """Watches tracked people, frame by frame, and says who fell."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self.reset()

    def reset(self) -> None:
        """Forget everyone: after a seek all people are new."""
        self._bodies: list[Body] = []
        self._time = float("-inf")
        self._resumed = float("-inf")  # when pictures came again after some were missing
        self._moved = 0.0  # pixels that the camera moved everything down since the start

    @property
    def lying(self) -> list[Fall]:
        """Everyone who fell and is not up again."""
        return [self._on_screen(fall) for fall in self._lying()]

    def update(self, tracks: Tracks, time: float, width: float = math.inf, least: float = 0.0) -> list[Fall]:
        """The falls that are new or over since the last frame. tracks: of the frame at `time`, seconds; width: of the
        picture, pixels; least: see `least_height`.
        """
        if time - self._time > BLIND:
            self._resumed = time
            self._forget(time)
        self._follow(tracks, time)
        changes = []
        for body in self._bodies:
            change = self._falling(body, time, width, least) if body.fall is None else self._getting_up(body, time)
            if change is not None:
                changes.append(change)
        self._forget(time)
        self._time = time
        return [self._on_screen(fall) for fall in changes]

    def _on_screen(self, fall: Fall) -> Fall:
        return replace(fall, y=fall.y + self._moved)

    # -- who is where --

    def _follow(self, tracks: Tracks, time: float) -> None:
        """Give each body the pose that goes on from it; poses that nobody owns become bodies."""
        found = [
            (posture.shifted(-self._moved), int(person))
            for posture, person in zip(postures(tracks.people), tracks.ids, strict=True)
            if posture is not None and posture.points >= LEAST_POINTS
        ]
        pairs = sorted(
            (cost, b, p)
            for b, body in enumerate(self._bodies)
            for p, (posture, person) in enumerate(found)
            if (cost := _cost(body, posture, person, time)) is not None
        )
        owners: dict[int, int] = {}  # of poses
        for _, b, p in pairs:
            if b not in owners.values() and p not in owners:
                owners[p] = b
        shift = self._camera_shift([(self._bodies[b], found[p][0]) for p, b in owners.items()])
        self._moved += shift
        for p in sorted(range(len(found)), key=lambda p: (p not in owners, -found[p][0].points)):
            posture, person = found[p][0].shifted(-shift), found[p][1]
            if self._is_double(posture, time):
                continue
            if p in owners:
                self._see(self._bodies[owners[p]], posture, person, time)
            elif person > 0:
                self._bodies.append(Body(person))
                self._see(self._bodies[-1], posture, person, time)

    def _camera_shift(self, pairs: list[tuple[Body, Posture]]) -> float:
        """Pixels that everyone went down since the last frame, where enough people are there to tell."""
        steps = [posture.y - body.last[1].y for body, posture in pairs if body.last[0] == self._time]
        return median(steps) if len(steps) >= CROWD else 0.0

    def _lying(self) -> list[Fall]:
        return [body.fall for body in self._bodies if body.fall is not None]

    def _is_double(self, posture: Posture, time: float) -> bool:
        """Whether a pose is a part of a body that was seen in the same frame."""
        for body in self._bodies:
            seen, last = body.last
            if seen == time and abs(posture.x - last.x) + abs(posture.y - last.y) < DOUBLE * body.height:
                return True
        return False

    def _see(self, body: Body, posture: Posture, person: int, time: float) -> None:
        gap = min(time - body.last[0], 1.0) if body.seen else 0.0
        body.seen.append((time, posture))
        while body.seen[0][0] < time - self._limits.memory:
            body.seen.popleft()
        body.weight += min(gap, 0.5) / 0.5 * (posture.points / POINTS - body.weight)
        if posture.height == posture.height:
            body.height = max(median(heights), 1.0) if (heights := body.heights()) else body.height
        if person > 0 and body.drop is None and body.fall is None:
            body.held.append((time, person))
            while body.held[0][0] < time - self._limits.memory:
                body.held.popleft()
            body.person = mode(one for _, one in body.held)

    def _forget(self, time: float) -> None:
        kept = [body for body in self._bodies if body.fall is not None or time - body.last[0] <= FORGET]
        while sum(body.fall is not None for body in kept) > MOST_LYING:
            kept.remove(next(body for body in kept if body.fall is not None))
        self._bodies = kept

    # -- falling --

    def _falling(self, body: Body, time: float, width: float, least: float) -> Fall | None:
        """The fall, where somebody has been down for long enough after a drop."""
        limits = self._limits
        seen_now = body.last[0] == time
        drop = body.drop
        if seen_now and (drop is None or (drop.since is None and time - drop.start > limits.window)):
            drop = body.drop = self._new_drop(body, least)
        if drop is None:
            return None
        if seen_now:
            self._measure(body, drop)
            if body.last[1].y < drop.top + (1 - limits.up) * drop.size * drop.height:
                body.drop = None  # up again
                return None
            lies, reached = _lies(body.last[1], drop, limits), drop.size
        else:
            reached = self._expected(body, drop)
            x, edge = body.last[1].x, EDGE * drop.height
            leaves = x < edge or x > width - edge
            lost = time - body.last[0] >= LOST and body.last[0] >= self._resumed
            lies = lost and not leaves and not self._bends(body, drop)
        if not lies:
            if seen_now and drop.since is not None:
                drop.raised = time if drop.raised is None else drop.raised
                if time - drop.raised >= DOUBT:
                    drop.since = drop.raised = None
            return None
        drop.raised = None
        if drop.since is None:
            drop.since = body.last[0]
            drop.middle = seconds_of_middle(body.path(drop.since - limits.recent), drop.height)
        fast = drop.speed >= limits.pull * math.sqrt(drop.size)
        if (
            reached < limits.least_drop
            or not fast
            or not self._is_supported(body, drop)
            or not self._was_up(body, drop)
            or not self._is_sudden(body, drop)
        ):
            return None
        strength = min((reached - limits.least_drop) / (limits.sure_drop - limits.least_drop), 1.0)
        shortest, longest = limits.waits
        if time - drop.since < longest - strength * (longest - shortest):
            return None
        last = body.last[1]
        if any(math.hypot(last.x - one.x, last.y - one.y) < SAME_PLACE * one.height for one in self._lying()):
            body.drop = None  # another pose of somebody who is known to lie
            return None
        score = 0.5 + 0.5 * strength * min(drop.speed / (2 * limits.speed), 1.0)
        body.fall = Fall(body.person, drop.start, drop.since, None, score, last.x, last.y, drop.height)
        body.drop, body.up_since = None, None
        return body.fall

    def _new_drop(self, body: Body, least: float) -> Drop | None:
        """The drop that somebody is in, if it is far and fast enough to be watched."""
        limits = self._limits
        time = body.last[0]
        path = body.path(time - limits.window)
        if len(path) < 3:
            return None
        y = min(place[2] for place in path)
        top = max(i for i in range(len(path)) if path[i][2] <= y + STILL * body.height)
        start = path[top][0]
        heights = body.heights(start + 0.05) or body.heights()
        if not heights:
            return None
        floor = floor_of(body)
        height = max(median(heights), 1.0)
        if floor is not None and floor - y < UP_FROM * height:
            return None
        if floor is not None:  # trunks look too long to some nets; who sits is taken for too small by the feet
            height = max(0.5 * height + 0.5 * (floor - y) / STANDING, (floor - y) / STANDING)
        size = (path[-1][2] - y) / height
        if height < least or size < limits.drop or fastest_down(path[top:]) < limits.speed * height:
            return None
        return Drop(start, y, height, y + UNKNOWN * height if floor is None else max(floor, y + SITTING * height))

    def _measure(self, body: Body, drop: Drop) -> None:
        path = body.path(drop.start)
        drop.size = max(drop.size, (max(y for _, _, y in path) - drop.top) / drop.height)
        drop.speed = max(drop.speed, fastest_down(path) / drop.height)

    def _bends(self, body: Body, drop: Drop) -> bool:
        """Whether the hips were high when they were seen last: somebody bent, and was lost."""
        hips = [posture.hips for t, posture in body.seen if t >= body.last[0] - 0.3 and posture.hips == posture.hips]
        return bool(hips) and (drop.floor - max(hips)) / drop.height > self._limits.hips_high

    def _expected(self, body: Body, drop: Drop) -> float:
        """How far down somebody is who was lost on the way."""
        path = [(t, posture.x, posture.y) for t, posture in body.seen]
        before = next((place for place in reversed(path) if place[0] <= path[-1][0] - SLOPE + 1e-6), path[0])
        return drop.size + self._limits.ahead * speed_down(before, path[-1]) / drop.height

    def _is_supported(self, body: Body, drop: Drop) -> bool:
        """Whether more than one pose shows the way down: a single one may be wrong."""
        level = drop.top + SUPPORT * drop.size * drop.height
        return sum(posture.y >= level for t, posture in body.seen if t >= drop.start) >= 2

    def _was_up(self, body: Body, drop: Drop) -> bool:
        """Whether more than one pose shows the body as high as before the drop, or nearly so."""
        level = drop.top + SUPPORT * drop.size * drop.height
        return sum(posture.y <= level for _, posture in body.seen) >= 2

    def _is_sudden(self, body: Body, drop: Drop) -> bool:
        """Whether most of the way down was made at once, and its middle quickly."""
        highest = min(y for _, _, y in body.path())
        lowest = drop.top + drop.size * drop.height
        whole = (lowest - highest) / drop.height
        soon = drop.since is not None and drop.since - drop.start <= self._limits.window + LOST
        return soon and drop.size >= self._limits.share * whole and drop.middle <= self._limits.middle

    # -- getting up --

    def _getting_up(self, body: Body, time: float) -> Fall | None:
        """The fall with its end, where somebody who lay has been up for a while."""
        fall = body.fall
        assert fall is not None
        if body.last[0] != time:
            return None
        posture = body.last[1]
        body.fall = replace(fall, x=posture.x, y=posture.y)
        if not (posture.hips - posture.y) / fall.height > UPRIGHT:
            body.up_since = None
            return None
        if body.up_since is None:
            body.up_since = time
        if time - body.up_since < self._limits.up_wait:
            return None
        body.fall = None
        return replace(fall, ended=body.up_since, x=posture.x, y=posture.y)


def _cost(body: Body, posture: Posture, person: int, time: float) -> float | None:
    """What speaks against a pose being the body's next; None where it cannot be."""
    seen, last = body.last
    height = body.height if body.fall is None else body.fall.height
    apart = math.hypot(posture.x - last.x, posture.y - last.y) / height
    same = 0 < person == body.person
    reach = min(REACH + REACH_SPEED * (time - seen), MOST_REACH) * (1.5 if same else 1.0)
    if apart > reach:
        return None
    return apart + (0.0 if same else 0.1) + 0.5 * (1 - posture.points / POINTS) + 0.5 * (1 - body.weight)


def _lies(posture: Posture, drop: Drop, limits: Limits) -> bool:
    """Whether somebody who dropped lies: the neck is low and not above the hips, and the hips are low too."""
    neck = (drop.floor - posture.y) / drop.height
    hips = (drop.floor - posture.hips) / drop.height
    trunk = (posture.hips - posture.y) / drop.height
    if hips > limits.hips_high or neck > limits.neck_low:  # False of hips that were not found
        return False
    return not trunk + 0.5 * neck > limits.trunk_low  # a trunk that lies away from the viewer still looks upright
