"""The demos: a backdrop, a camera, people and what they do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from core.sources.synthetic.backdrops import court, hall, room, street
from core.sources.synthetic.camera import Camera
from core.sources.synthetic.falling import Play
from core.sources.synthetic.home import home, home_camera
from core.sources.synthetic.living import Accidents, Life
from core.sources.synthetic.looks import Looks, random_looks
from core.sources.synthetic.materials import Material
from core.sources.synthetic.paths import curve, ended, rounds
from core.sources.synthetic.props import ball, thing
from core.sources.synthetic.render import Figure
from core.sources.synthetic.rig import PELVIS, Proportions
from core.sources.synthetic.script import Script
from core.sources.synthetic.stage import Actor, Person, Stage
from core.sources.synthetic.strokes import Player
from core.sources.synthetic.walking import Walk, standing_at


@dataclass(frozen=True, slots=True)
class Cast:
    """What a demo is made for. seconds: how long it has to go on; people: how many, at most what it has room for."""

    size: tuple[int, int]
    seconds: float
    seed: int
    people: int


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo. seconds, people: where nothing else is asked for; most: people it has room for."""

    make: Callable[[Cast], Stage]
    help: str
    seconds: float
    people: int
    most: int


def _ordinary(rng: np.random.Generator) -> Looks:
    """Somebody with a plain pair of trousers or skirt."""
    looks = random_looks(rng)
    return replace(looks, bottom=Material(looks.bottom.color))


def _walk(cast: Cast) -> Stage:
    """People walk to and fro before the viewer."""
    rng = np.random.default_rng(cast.seed)
    camera = Camera.looking((0, 1.4, 5.9), (0, 0.88, 0), 0.42, cast.size)
    renderer = street(rng, camera)
    actors = []
    for i in range(cast.people):
        person = Person(_ordinary(rng))
        speed = rng.uniform(1.15, 1.45) * person.stature / 1.7
        half = 1.15 + 0.1 * rng.uniform()
        near = 0.75 - 1.2 * i
        laps = int(cast.seconds * speed / (4 * half + 3)) + 3
        walk = Walk(
            rounds(half, near - 1.0, near, laps),
            person.stature,
            person.joints[PELVIS, 1],
            speed=speed,
            begin=0.0 if i == 0 else rng.uniform(0, 4),
        )
        actors.append(Actor(person, walk, lambda seconds: "walk"))
    return Stage(renderer, actors)


def _cross(cast: Cast) -> Stage:
    """One strolls up and waits; the other walks past behind, hidden for a while; then they pass each other again."""
    rng = np.random.default_rng(cast.seed)
    camera = Camera.looking((0, 1.4, 6.2), (0, 0.80, 0), 0.43, cast.size)
    renderer = hall(rng, camera)
    waiting = replace(
        looks := random_looks(rng), proportions=replace(looks.proportions, stature=1.80, head=1.0, leg=1.0)
    )
    near = Person(waiting)
    script = _stroll_and_wait(near, 1.35)
    actors = [Actor(near, script, script.action)]
    for i in range(1, cast.people):
        looks = _ordinary(rng)
        p = looks.proportions
        looks = replace(looks, proportions=replace(p, stature=min(p.stature, 1.62), girth=min(p.girth, 0.95)))
        person = Person(looks)
        front = (-0.45, -1.5, -2.4)[i - 1]
        laps = int(cast.seconds / script.seconds) + 2
        path = rounds(1.5, front - 0.8, front, laps)
        lap = path.length / laps
        # A lap takes as long as the other one's round, and passes the middle half-way through the wait.
        passing = script.start_of(1) + 0.55 * (script.start_of(2) - script.start_of(1)) + 0.9 * (i - 1)
        speed = lap / script.seconds
        begin = (1.5 - passing * speed) % lap
        walk = Walk(path, person.stature, person.joints[PELVIS, 1], speed=speed, begin=begin, swing=0.8)
        actors.append(Actor(person, walk, lambda seconds: "walk"))
    return Stage(renderer, actors)


def _stroll_and_wait(person: Person, z: float) -> Script:
    """Walk to the middle, wait there, walk on and around, back to where it began."""
    s, hip = person.stature, person.joints[PELVIS, 1]
    up = ended(curve([(-1.15, z), (-0.7, z - 0.06), (-0.25, z - 0.1), (0, z)]), 0.0)
    around = [
        (0, z), (0.05, z + 0.22), (0.45, z + 0.36), (0.95, z + 0.1), (1.0, z - 0.4), (0.5, z - 0.7),
        (-0.5, z - 0.7), (-1.2, z - 0.6), (-1.5, z - 0.25), (-1.15, z),
    ]  # fmt: skip
    first = Walk(up, s, hip, speed=0.95, starts=True, stops=True)
    second = Walk(ended(curve(around), np.pi / 2), s, hip, speed=1.1, starts=True, stops=True)
    return Script(
        [
            ("walk", first.end + 0.3, first),
            ("idle", 2.4, lambda seconds: standing_at(seconds, s, hip, 0.0, z, 0.0)),
            ("walk", second.end + 0.3, second),
        ]
    )


def _tennis(cast: Cast) -> Stage:
    """Players with all four strokes, and rests."""
    rng = np.random.default_rng(cast.seed)
    camera = Camera.looking((0, 1.5, 6.2), (0, 0.90, 0), 0.42, cast.size)
    renderer = court(rng, camera)
    actors: list[Actor] = []
    balls: list[Player] = []
    for i in range(cast.people):
        looks = _ordinary(rng)
        adult = looks.proportions if looks.proportions.stature > 1.55 else replace(Proportions(), stature=1.72)
        looks = replace(
            looks,
            proportions=adult,
            racket=True,
            legs="skirt" if adult.bust and rng.uniform() < 0.5 else "shorts",
            sleeves="none" if looks.sleeves == "none" else "short",
        )
        person = Person(looks)
        x = 0.0 if cast.people == 1 else (-1.15, 1.15)[i]
        player = Player(person, rng, cast.seconds, (x, -0.35 - 0.3 * i), rng.uniform(-0.45, 0.45))
        actors.append(Actor(person, player, player.action))
        balls.append(player)
    flying = ball()

    def things(seconds: float) -> list[Figure]:
        places = [player.ball(seconds) for player in balls]
        return [thing(flying, place) for place in places if place is not None]

    return Stage(renderer, actors, things)


def _fall(cast: Cast) -> Stage:
    """A walk, a chair, a bow, a fall."""
    rng = np.random.default_rng(cast.seed)
    camera = Camera.looking((-0.25, 1.5, 6.4), (-0.25, 0.82, 0), 0.42, cast.size)
    renderer = room(rng, camera)
    person = Person(_in_trousers(rng))
    play = Play(person)
    return Stage(renderer, [Actor(person, play, play.action)])


def _in_trousers(rng: np.random.Generator) -> Looks:
    """Somebody of 1.5 metres or more, without a skirt."""
    looks = _ordinary(rng)
    if looks.proportions.stature < 1.5 or looks.legs in ("skirt", "long skirt"):
        looks = replace(
            looks, proportions=replace(looks.proportions, stature=max(looks.proportions.stature, 1.6)), legs="trousers"
        )
    return looks


def _at_home(life: type[Life]) -> Callable[[Cast], Stage]:
    """A day in a home, seen from anywhere in it."""

    def make(cast: Cast) -> Stage:
        rng = np.random.default_rng(cast.seed)
        renderer = home(rng, home_camera(rng, cast.size))
        person = Person(_in_trousers(rng))
        script = life(person, rng, cast.seconds)
        return Stage(renderer, [Actor(person, script, script.action)])

    return make


DEMOS: dict[str, Demo] = {
    "walk": Demo(_walk, "people walking to and fro", 12.0, 1, 4),
    "cross": Demo(_cross, "two people crossing, one hiding the other", 20.0, 2, 4),
    "tennis": Demo(_tennis, "a player with forehands, backhands, slices and rests", 20.0, 1, 2),
    "fall": Demo(_fall, "a walk, a sitting down, a bow, a fall", 24.0, 1, 1),
    "living": Demo(_at_home(Life), "somebody at home, who sits, bends, exercises and lies down", 120.0, 1, 1),
    "accident": Demo(_at_home(Accidents), "somebody at home, who falls in several ways", 75.0, 1, 1),
}
