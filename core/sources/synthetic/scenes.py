"""The demos: a backdrop, a camera, people and what they do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from core.sources.synthetic import backdrop as flat
from core.sources.synthetic.backdrops import hall, street
from core.sources.synthetic.camera import Camera
from core.sources.synthetic.looks import Looks, random_looks
from core.sources.synthetic.render import Light, Renderer
from core.sources.synthetic.rig import PELVIS, Proportions
from core.sources.synthetic.stage import Actor, Person, Stage
from core.sources.synthetic.walking import Walk, rounds


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


def _walk(cast: Cast) -> Stage:
    """People walk to and fro before the viewer."""
    rng = np.random.default_rng(cast.seed)
    camera = Camera.looking((0, 1.45, 6.6), (0, 0.92, 0), 0.42, cast.size)
    renderer = street(rng, camera)
    actors = []
    for i in range(cast.people):
        person = Person(random_looks(rng))
        speed = rng.uniform(1.15, 1.45) * person.stature / 1.7
        half = 1.15 + 0.1 * rng.uniform()
        near = 0.75 - 1.15 * i
        laps = int(cast.seconds * speed / (4 * half + 3)) + 2
        walk = Walk(
            rounds(half, near - 1.3, near, laps),
            person.stature,
            person.joints[PELVIS, 1],
            speed=speed,
            begin=0.0 if i == 0 else rng.uniform(0, 4),
        )
        actors.append(Actor(person, walk, lambda seconds: "walk"))
    return Stage(renderer, actors)


DEMOS: dict[str, Demo] = {
    "walk": Demo(_walk, "people walking to and fro", 12.0, 1, 4),
}
