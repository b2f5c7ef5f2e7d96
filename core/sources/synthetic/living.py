"""A person at home: walks about, sits, bends, kneels, does exercises, lies down; or falls in several ways.

Everything is drawn by lot: what is done, in which order, how fast, where, and which way it is turned.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.sources.synthetic.daily import (
    CHAIR,
    CROUCH,
    EDGE,
    FLOOR,
    FROM_BED,
    INTO_BED,
    KNEEL,
    LACES,
    PRONE,
    PUSH_UP,
    SQUAT,
    STOOP,
    SUPINE,
    TO_PUSH,
)
from core.sources.synthetic.footsteps import Foot, Step
from core.sources.synthetic.home import BED_FRONT, CHAIR_FRONT, OUTSIDE, open_floor
from core.sources.synthetic.moves import Keys, Move, backwards, joined, mirrored, slower
from core.sources.synthetic.paths import Path
from core.sources.synthetic.pose_track import ease
from core.sources.synthetic.rig import PELVIS, Pose
from core.sources.synthetic.script import Scene, Script
from core.sources.synthetic.stage import Person
from core.sources.synthetic.truth import Action
from core.sources.synthetic.tumbles import FALLS, OFF_THE_CHAIR
from core.sources.synthetic.walking import Walk, plant, standing_at

Place = tuple[float, float, float]  # x, z, metres; yaw, radians


class Life(Script):
    """Days in a home: every deed once, in any order, again and again for so many seconds at least."""

    def __init__(self, person: Person, rng: np.random.Generator, seconds: float) -> None:
        self._rng, self._person = rng, person
        self._played: list[Scene] = []
        self._at: Place = open_floor(rng)
        first, deeds = self._at, self._deeds()
        while sum(length for _, length, _ in self._played) < seconds:
            for i in rng.permutation(len(deeds)):
                deeds[i]()
        self._go(first)
        super().__init__(self._played)

    def _deeds(self) -> list[Callable[[], None]]:
        return [
            self._sit, self._sit_at_once, self._tie_shoes, self._lie_in_bed, self._sit_on_floor, self._lie_on_floor,
            self._push_ups, self._squats, self._crouch, self._bow, self._kneel, self._leave,
        ]  # fmt: skip

    # -- from one place to another --

    def _go(self, to: Place) -> None:
        """Turn to it, walk there, turn as one has to stand."""
        x, z, _ = self._at
        away = float(np.hypot(to[0] - x, to[1] - z))
        if away > 0.3:
            self._turn(float(np.arctan2(to[0] - x, to[1] - z)))
            walk = Walk(
                Path(np.array([(x, z), to[:2]])),
                self._person.stature,
                self._person.joints[PELVIS, 1],
                speed=float(self._rng.uniform(0.8, 1.3)),
                starts=True,
                stops=True,
            )
            self._played.append(("walk", walk.end + 0.35, walk))
            self._at = (to[0], to[1], self._at[2])
        self._turn(to[2])

    def _turn(self, yaw: float) -> None:
        """On the spot, by no more than a quarter at a time."""
        x, z, old = self._at
        way = (yaw - old + np.pi) % (2 * np.pi) - np.pi
        times = int(np.ceil(abs(way) / (0.5 * np.pi + 1e-6)))
        for i in range(times):
            self._played.append(("walk", 0.8, self._turning(old + way * i / times, old + way * (i + 1) / times)))
        self._at = (x, z, old + way)

    def _turning(self, old: float, new: float) -> Callable[[float], Pose]:
        """One foot after the other, first the one on whose side it goes."""
        x, z, _ = self._at
        s, hip = self._person.stature, self._person.joints[PELVIS, 1]
        feet = []
        for side in (-1, 1):
            lift = 0.05 if (new - old) * side > 0 else 0.40
            out, splay = side * 0.045 * s, side * 0.12
            stands = [(x + out * np.cos(yaw), z - out * np.sin(yaw), yaw + splay) for yaw in (old, new)]
            feet.append(Foot([Step(-1e9, -1e9, *stands[0], 0.0), Step(lift, lift + 0.35, *stands[1], 0.0, 0.03)], s))

        def pose(seconds: float) -> Pose:
            turned = standing_at(seconds, s, hip, x, z, old + (new - old) * ease((seconds - 0.05) / 0.7))
            plant(turned, feet, seconds)
            return turned

        return pose

    # -- on the spot --

    def _do(self, action: Action, keys: Keys, tempo: float = 1.0) -> None:
        """Pass through the keys, so many times slower than they are."""
        move = Move(self._person, slower(keys, tempo), *self._at)
        self._played.append((action, move.seconds, move))

    def _stay(self, action: Action, keys: Keys, seconds: float) -> None:
        """As the last of the keys has it."""
        move = Move(self._person, [keys[-1]], *self._at)
        self._played.append((action, seconds, move))

    def _stand(self, seconds: float) -> None:
        s, hip, place = self._person.stature, self._person.joints[PELVIS, 1], self._at
        self._played.append(("idle", seconds, lambda at: standing_at(at, s, hip, *place)))

    def _tempo(self) -> float:
        return float(np.exp(self._rng.uniform(-0.25, 0.25)))

    def _while(self, least: float, most: float) -> float:
        return float(self._rng.uniform(least, most))

    def _somewhere(self) -> None:
        self._go(open_floor(self._rng))
        self._stand(self._while(0.3, 1.0))

    # -- deeds --

    def _sit(self) -> None:
        self._go(CHAIR_FRONT)
        self._do("sit down", CHAIR, self._tempo())
        self._stay("sit", CHAIR, self._while(1.5, 3.5))
        self._do("get up", backwards(CHAIR), self._tempo())

    def _sit_at_once(self) -> None:
        """As who is tired does."""
        self._go(CHAIR_FRONT)
        self._do("sit down", CHAIR, self._while(0.45, 0.6))
        self._stay("sit", CHAIR, self._while(1.5, 3.0))
        self._do("get up", backwards(CHAIR), 0.8)

    def _tie_shoes(self) -> None:
        self._go(CHAIR_FRONT)
        self._do("sit down", CHAIR, self._tempo())
        self._do("tie shoes", LACES, self._tempo())
        self._stay("tie shoes", LACES, self._while(1.5, 3.0))
        self._do("tie shoes", backwards(LACES), self._tempo())
        self._do("get up", backwards(CHAIR), self._tempo())

    def _lie_in_bed(self) -> None:
        self._go(BED_FRONT)
        self._do("sit down", EDGE, self._tempo())
        self._stay("sit", EDGE, self._while(0.1, 2.0))
        self._do("lie down", INTO_BED, self._tempo())
        self._stay("lie", INTO_BED, self._while(2.5, 5.0))
        self._do("get up", FROM_BED, 1.2 * self._tempo())
        self._do("get up", backwards(EDGE), self._tempo())

    def _sit_on_floor(self) -> None:
        self._somewhere()
        self._do("sit down", FLOOR, self._tempo())
        self._stay("sit", FLOOR, self._while(1.5, 3.5))
        self._do("get up", backwards(FLOOR), 1.3 * self._tempo())

    def _lie_on_floor(self) -> None:
        self._somewhere()
        self._do("lie down", SUPINE, self._tempo())
        self._stay("lie", SUPINE, self._while(2.5, 5.0))
        self._do("get up", backwards(SUPINE), 1.3 * self._tempo())

    def _push_ups(self) -> None:
        self._somewhere()
        self._do("lie down", PRONE, self._tempo())
        self._do("push-up", joined(TO_PUSH, *[PUSH_UP] * int(self._rng.integers(2, 5))), self._tempo())
        self._do("push-up", backwards(TO_PUSH))
        self._do("get up", backwards(PRONE), 1.2 * self._tempo())

    def _squats(self) -> None:
        self._somewhere()
        once = joined(SQUAT, backwards(SQUAT))
        self._do("squat", joined(*[once] * int(self._rng.integers(2, 5))), self._tempo())

    def _crouch(self) -> None:
        self._down_and_up("crouch", CROUCH, 0.2, 2.5)

    def _bow(self) -> None:
        self._down_and_up("bow", STOOP, 0.3, 2.5)

    def _kneel(self) -> None:
        self._down_and_up("kneel", KNEEL, 1.0, 3.0)

    def _down_and_up(self, action: Action, keys: Keys, least: float, most: float) -> None:
        self._somewhere()
        self._do(action, keys, self._tempo())
        self._stay(action, keys, self._while(least, most))
        self._do(action, backwards(keys), self._tempo())

    def _leave(self) -> None:
        """Out of the picture, and back after a while."""
        side = float(self._rng.choice((-1, 1)))
        x, z, yaw = OUTSIDE
        self._go((side * x, z, side * yaw))
        self._stand(self._while(0.5, 3.0))


class Accidents(Life):
    """Every kind of fall, in any order; who fell lies for a while, and gets up slowly."""

    def _deeds(self) -> list[Callable[[], None]]:
        falls = [lambda keys=keys: self._fall(keys) for keys in FALLS.values()]
        return [*falls, self._fall_off_the_chair, self._sit, self._bow]

    def _fall(self, keys: Keys) -> None:
        self._somewhere()
        keys = mirrored(keys) if self._rng.uniform() < 0.5 else keys
        self._do("fall", keys, self._while(0.9, 1.15))
        self._stay("lie", keys, self._while(3.5, 6.0))
        self._do("get up", backwards(keys), self._while(2.2, 3.0))

    def _fall_off_the_chair(self) -> None:
        self._go(CHAIR_FRONT)
        self._do("sit down", CHAIR, self._tempo())
        self._stay("sit", CHAIR, self._while(1.5, 3.0))
        keys = mirrored(OFF_THE_CHAIR) if self._rng.uniform() < 0.5 else OFF_THE_CHAIR
        self._do("fall", keys, self._while(0.9, 1.15))
        self._stay("lie", keys, self._while(3.5, 6.0))
        self._do("get up", backwards(keys), self._while(2.2, 3.0))
        self._do("get up", backwards(CHAIR), self._tempo())
