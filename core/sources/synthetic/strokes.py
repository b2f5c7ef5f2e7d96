"""A tennis player: ready, split step, forehand and backhand, each also sliced, and rests.

Strokes are keys of both hands and the racket in the player's own frame, in parts of the stature: to the left, up,
forward.  The sequence is that of a coaching book (unit turn, drop, contact ahead of the body, follow-through); a slice
begins high and ends low with an open face, a drive the other way round.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.sources.synthetic.footsteps import Foot, Step
from core.sources.synthetic.pose_track import Track
from core.sources.synthetic.rig import (
    CHEST,
    HEAD,
    L_COLLAR,
    NECK,
    PELVIS,
    R_COLLAR,
    RACKET,
    WAIST,
    Doubles,
    Pose,
    pose_bones,
)
from core.sources.synthetic.stage import Person
from core.sources.synthetic.truth import Action
from core.sources.synthetic.walking import plant, standing

# seconds; right wrist; left wrist; racket; turn of the chest to the left; shift of the pelvis to the left and forward;
# how deep; how open the face is. A left wrist of None holds the racket too.
Key = tuple[float, tuple[float, float, float], tuple[float, float, float] | None, tuple[float, float, float], float,
            tuple[float, float], float, float]  # fmt: skip
READY: Key = (0.0, (-0.07, 0.60, 0.20), (0.03, 0.645, 0.27), (0.40, 0.75, 0.50), 0.0, (0, 0), 0.055, 0.0)
CONTACT = 1.12  # seconds from the start of a stroke
STROKE = 2.1  # seconds it lasts


def _ready(seconds: float) -> Key:
    return (seconds, *READY[1:])


STROKES: dict[Action, tuple[Key, ...]] = {
    "forehand": (
        _ready(0.0), _ready(0.36),
        (0.70, (-0.34, 0.70, -0.10), (-0.02, 0.70, 0.30), (-0.25, 0.85, -0.40), -1.15, (-0.04, -0.01), 0.065, 0.0),
        (0.96, (-0.36, 0.52, -0.10), (0.12, 0.70, 0.28), (-0.45, -0.35, -0.80), -0.95, (-0.05, 0.00), 0.085, 0.0),
        (1.12, (-0.30, 0.57, 0.20), (0.20, 0.70, 0.12), (-0.98, -0.08, 0.15), -0.05, (-0.02, 0.05), 0.075, 0.05),
        (1.26, (-0.08, 0.72, 0.32), (0.17, 0.68, 0.10), (-0.15, 0.60, 0.75), 0.45, (0.00, 0.07), 0.055, 0.0),
        (1.48, (0.12, 0.83, 0.17), (0.15, 0.68, 0.13), (0.65, 0.05, -0.70), 0.75, (0.02, 0.07), 0.045, 0.0),
        _ready(STROKE),
    ),
    "backhand": (
        _ready(0.0), _ready(0.36),
        (0.70, (0.22, 0.68, -0.06), None, (0.35, 0.80, -0.50), 1.15, (0.04, -0.01), 0.065, 0.0),
        (0.96, (0.26, 0.50, -0.06), None, (0.50, -0.35, -0.80), 1.00, (0.05, 0.00), 0.085, 0.0),
        (1.12, (0.16, 0.56, 0.26), None, (0.98, -0.05, 0.20), 0.35, (0.03, 0.05), 0.075, 0.05),
        (1.26, (-0.04, 0.70, 0.30), None, (0.10, 0.60, 0.75), -0.15, (0.01, 0.07), 0.055, 0.0),
        (1.48, (-0.17, 0.83, 0.16), None, (-0.55, 0.15, -0.75), -0.55, (-0.02, 0.07), 0.045, 0.0),
        _ready(STROKE),
    ),
    "forehand slice": (
        _ready(0.0), _ready(0.36),
        (0.72, (-0.27, 0.86, -0.04), (0.00, 0.70, 0.30), (-0.15, 0.92, -0.30), -1.00, (-0.04, 0.00), 0.055, 0.3),
        (0.94, (-0.33, 0.76, 0.00), (0.12, 0.68, 0.26), (-0.55, 0.75, -0.30), -0.75, (-0.04, 0.02), 0.070, 0.5),
        (1.12, (-0.29, 0.58, 0.20), (0.20, 0.66, 0.14), (-0.94, 0.22, 0.20), -0.25, (-0.03, 0.07), 0.100, 0.6),
        (1.32, (-0.10, 0.45, 0.33), (0.22, 0.62, 0.06), (-0.70, 0.05, 0.70), 0.15, (-0.01, 0.09), 0.110, 0.8),
        (1.55, (0.00, 0.50, 0.33), (0.20, 0.62, 0.08), (-0.20, 0.35, 0.90), 0.25, (0.00, 0.08), 0.090, 0.5),
        _ready(STROKE),
    ),
    "backhand slice": (
        _ready(0.0), _ready(0.36),
        (0.72, (0.13, 0.84, 0.00), (0.16, 0.90, -0.06), (0.10, 0.80, -0.60), 1.15, (0.04, 0.00), 0.055, 0.3),
        (0.94, (0.18, 0.76, 0.08), (0.22, 0.78, -0.10), (0.55, 0.70, -0.40), 1.05, (0.05, 0.02), 0.070, 0.5),
        (1.12, (0.12, 0.58, 0.27), (0.28, 0.70, -0.14), (0.95, 0.20, 0.20), 0.80, (0.04, 0.07), 0.100, 0.6),
        (1.32, (-0.12, 0.47, 0.34), (0.30, 0.68, -0.20), (0.55, 0.10, 0.80), 0.45, (0.02, 0.09), 0.110, 0.8),
        (1.55, (-0.28, 0.58, 0.26), (0.27, 0.68, -0.14), (-0.10, 0.40, 0.90), 0.15, (0.00, 0.08), 0.080, 0.5),
        _ready(STROKE),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Event:
    start: float
    action: Action  # a stroke, or idle


class Player:
    """Plays stroke after stroke, and rests after every few.

    home: x and z in metres, yaw: radians, where the player stands and looks
    """

    def __init__(
        self, person: Person, rng: np.random.Generator, seconds: float, home: tuple[float, float], yaw: float
    ) -> None:
        self._person, self._home, self._yaw = person, home, yaw
        self._both = bool(rng.uniform() < 0.5)  # hands on the racket in a backhand
        self._tracks = {action: self._track(keys) for action, keys in STROKES.items()}
        self._events: list[_Event] = []
        now, kinds = 0.5, list(STROKES)
        while now < seconds + 3:
            order: list[Action] = [kinds[i] for i in rng.permutation(4)]
            for i, action in enumerate(order):
                self._events.append(_Event(now, action))
                now += STROKE + rng.uniform(0.1, 0.5)
                if i % 2:
                    self._events.append(_Event(now, "idle"))
                    now += rng.uniform(1.8, 2.4)
        self._starts = np.array([event.start for event in self._events])
        self._feet = self._plan_feet()

    def _track(self, keys: tuple[Key, ...]) -> Track:
        rows = []
        for _, right, left, racket, turn, shift, deep, face in keys:
            there = left if left is not None else (0.0, 0.0, 0.0)
            rows.append([*right, *there, *racket, turn, *shift, deep, face, float(left is None)])
        return Track([key[0] for key in keys], rows)

    def _event(self, seconds: float) -> tuple[_Event | None, float]:
        i = int(np.searchsorted(self._starts, seconds, side="right")) - 1
        return (self._events[i], seconds - self._events[i].start) if i >= 0 else (None, 0.0)

    def action(self, seconds: float) -> Action:
        event, since = self._event(seconds)
        if event is None:
            return "ready"
        if event.action == "idle":
            return "idle" if 0.25 < since < self._rest(event) - 0.25 else "ready"
        return event.action if 0.36 <= since <= 1.75 else "ready"

    def _rest(self, event: _Event) -> float:
        i = self._events.index(event)
        return (self._events[i + 1].start - event.start) if i + 1 < len(self._events) else 2.0

    def _world(self, left: float, forward: float) -> tuple[float, float]:
        s = self._person.stature
        c, n = np.cos(self._yaw), np.sin(self._yaw)
        return self._home[0] + s * (left * c + forward * n), self._home[1] + s * (forward * c - left * n)

    def _plan_feet(self) -> tuple[Foot, Foot]:
        stance = 0.135
        feet: tuple[list[Step], list[Step]] = ([], [])

        def step(
            side: int, lift: float, land: float, left: float, forward: float, turn: float, high: float = 0.05
        ) -> None:
            x, z = self._world(left, forward)
            feet[side].append(Step(lift, land, x, z, self._yaw + turn, 0.0, high))

        step(0, -9.0, -9.0, -stance, 0, -0.35)
        step(1, -9.0, -9.0, stance, 0, 0.35)
        for event in self._events:
            t = event.start
            if event.action == "idle":
                step(0, t + 0.2, t + 0.5, -0.07, 0, -0.2)
                step(1, t + 0.55, t + 0.85, 0.06, 0.01, 0.2)
                back = t + self._rest(event) - 0.75
                step(0, back, back + 0.25, -stance, 0, -0.35)
                step(1, back + 0.3, back + 0.55, stance, 0, 0.35)
                continue
            # Split step: both feet leave the floor for a moment.
            step(0, t + 0.10, t + 0.30, -stance - 0.015, 0, -0.35, 0.05)
            step(1, t + 0.10, t + 0.30, stance + 0.015, 0, 0.35, 0.05)
            if event.action.startswith("forehand"):
                step(0, t + 0.40, t + 0.62, -0.19, -0.05, -1.1)
                step(1, t + 0.66, t + 0.92, 0.02, 0.14, -0.35)
                step(0, t + 1.45, t + 1.72, -stance, 0, -0.35)
                step(1, t + 1.78, t + 2.02, stance, 0, 0.35)
            else:
                step(1, t + 0.40, t + 0.62, 0.19, -0.05, 1.1)
                step(0, t + 0.66, t + 0.92, -0.01, 0.15, 0.55)
                step(1, t + 1.45, t + 1.72, stance, 0, 0.35)
                step(0, t + 1.78, t + 2.02, -stance, 0, -0.35)
        return Foot(feet[0], self._person.stature), Foot(feet[1], self._person.stature)

    def __call__(self, seconds: float) -> Pose:
        event, since = self._event(seconds)
        values = self._tracks["forehand"](0.0)
        calm = 0.0
        both = False
        if event is not None and event.action == "idle":
            rest = self._rest(event)
            calm = float(np.clip(min((since - 0.1) / 0.6, (rest - 0.2 - since) / 0.6), 0, 1))
            calm = calm * calm * (3 - 2 * calm)
        elif event is not None:
            values = self._tracks[event.action](since)
            both = event.action == "backhand"
        return self._pose(seconds, since, values, calm, both)

    def _pose(self, seconds: float, since: float, values: Doubles, calm: float, both: bool) -> Pose:
        s = self._person.stature
        pose = standing(seconds)
        right, left, racket = values[0:3].copy(), values[3:6].copy(), values[6:9].copy()
        turn, shift, deep, face, shared = values[9], values[10:12], values[12], values[13], values[14]
        bounce = 0.006 * np.sin(2 * np.pi * seconds / 0.62) * (1 - calm)  # on the toes
        hop = 0.03 * max(0.0, np.sin(np.pi * np.clip((since - 0.08) / 0.24, 0, 1))) * (1 - calm) * (since > 0)
        right = right * (1 - calm) + np.array((-0.15, 0.50, 0.10)) * calm
        left = left * (1 - calm) + np.array((0.15, 0.48, 0.06)) * calm
        racket = racket * (1 - calm) + np.array((-0.1, -0.45, 0.85)) * calm
        racket /= np.linalg.norm(racket)
        if both and shared > 0:
            two = right + racket * 0.055 if self._both else right + racket * 0.20
            free = np.array((0.27, 0.66, -0.10))  # a one-handed backhand leaves the other arm behind for balance
            hold = 1.0 if self._both else float(np.clip((1.0 - since) / 0.15, 0, 1))
            left = left * (1 - shared) + (two * hold + free * (1 - hold)) * shared
        x, z = self._world(float(shift[0]), float(shift[1]))
        deep = deep * (1 - calm) + 0.008 * calm
        pose.place[:] = x, self._person.joints[PELVIS, 1] + (bounce + hop - deep) * s, z
        lean = 0.30 * (1 - calm) * (1 - 0.35 * min(abs(turn), 1.0))
        pose.turn[:] = self._yaw + 0.45 * turn, 0.45 * lean, 0.0
        pose.angles[WAIST] = 0.3 * lean, 0.22 * turn, 0
        pose.angles[CHEST] = 0.3 * lean, 0.33 * turn, 0
        pose.angles[NECK] = -0.35 * lean, -0.42 * turn, 0
        pose.angles[HEAD] = -0.35 * lean + 0.1 * calm, -0.42 * turn, 0  # the eyes stay on the ball
        pose.angles[[R_COLLAR, L_COLLAR], 2] = 0.25 * max(right[1] - 0.7, 0), 0.25 * max(left[1] - 0.7, 0)
        for i, wrist in enumerate((right, left)):
            wx, wz = self._world(float(wrist[0]), float(wrist[2]))
            pose.wrists[i] = wx, s * (wrist[1] + hop), wz
        c, n = np.cos(self._yaw), np.sin(self._yaw)
        pose.grip[:] = racket[0] * c + racket[2] * n, racket[1], racket[2] * c - racket[0] * n
        pose.face[:] = n * (1 - 0.5 * face), face, c * (1 - 0.5 * face)
        plant(pose, self._feet, seconds)
        return pose

    def ball(self, seconds: float) -> Doubles | None:
        """(3,) metres, where the ball is; None while there is none."""
        event, since = self._event(seconds)
        if event is None or event.action == "idle" or not -0.1 < since < 2.0:
            return None
        hit = self._hit(event)
        ahead = np.array((np.sin(self._yaw), 0.0, np.cos(self._yaw)))
        t = since - CONTACT
        place: Doubles
        if t < 0:  # it comes, bounces 0.45 s before it is hit, and rises
            bounce = hit - ahead * -4.2
            bounce[1] = 0.035
            if t > -0.45:
                share = (t + 0.45) / 0.45
                place = bounce + (hit - bounce) * share
                place[1] = 0.035 + (hit[1] - 0.035) * share + 4.905 * 0.45**2 * share * (1 - share)
                return place
            u = (t + 0.45) / 0.9
            far = bounce + ahead * 10.0 + np.array((0.0, 1.6, 0.0))
            place = bounce + (far - bounce) * -u
            place[1] += 1.2 * -u * (1 + u)
            return place
        speed = 17.0 if "slice" in event.action else 23.0
        place = hit + ahead * speed * t
        place[1] = hit[1] + 3.2 * t - 4.905 * t * t
        return place

    def _hit(self, event: _Event) -> Doubles:
        pose = self(event.start + CONTACT)
        bones = pose_bones(self._person.joints, pose)
        hit: Doubles = bones.places[RACKET] - 0.42 * bones.turns[RACKET, :, 1]
        return hit
