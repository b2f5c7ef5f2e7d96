"""Random pictures of people with their true points, as many as a training needs."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.skeleton import Color
from core.sources.synthetic.camera import Camera
from core.sources.synthetic.clutter import random_backdrop, spoil
from core.sources.synthetic.looks import HAIRS, SKINS, Looks, random_color, random_looks
from core.sources.synthetic.materials import Material, Pattern
from core.sources.synthetic.mesh import Mesh
from core.sources.synthetic.props import box, pillar, thing
from core.sources.synthetic.random_poses import random_pose
from core.sources.synthetic.render import Figure, Light, Renderer
from core.sources.synthetic.rig import Bones, Doubles
from core.sources.synthetic.stage import Person, see
from core.types import Floats, Image

BODIES = 256  # different bodies and cuts of clothes; the colours are new in each picture


class Picture(NamedTuple):
    """image: (height, width, 3) uint8 BGR; keypoints: (n, 18, 2) float32 image pixels, also outside the picture, NaN
    behind the camera; visible: (n, 18) bool, inside and not hidden, as in `Truth`.
    """

    image: Image
    keypoints: Floats
    visible: NDArray[np.bool_]


def random_picture(
    rng: np.random.Generator, width: int, height: int, people: int, backdrop: Image | None = None
) -> Picture:
    """A picture of `people` people in any pose, from any side, at any size; the same for the same state of `rng`.

    backdrop: (height, width, 3) uint8 to draw them on, such as a photograph without people; None for a random one.
              Raises ValueError where it has another size.
    """
    if backdrop is not None and backdrop.shape != (height, width, 3):
        raise ValueError(f"the backdrop has to have the shape {(height, width, 3)}, but has {backdrop.shape}")
    camera = Camera.looking(
        (0, 0, 0),
        (0, -np.sin(tilt := float(np.clip(rng.normal(0.08, 0.22), -0.6, 0.9))), -np.cos(tilt)),
        rng.uniform(0.35, 1.1),
        (width, height),
        rng.normal(0, 0.08) if rng.uniform() < 0.8 else rng.uniform(-0.7, 0.7),
    )
    group = [_person(int(rng.integers(BODIES))) for _ in range(people)]
    figures = [_placed(rng, person, camera, people) for person in group]
    lowest = min((float(figure.bones.places[:, 1].min()) for figure in figures), default=-1.2) - 0.06
    if backdrop is None:
        image, ground = random_backdrop(rng, camera, lowest)
    else:
        image, ground = backdrop, np.zeros((height, width), np.uint8)
    renderer = Renderer(image, ground, camera, _light(rng), lowest)
    things = [_occluder(rng, camera, figures) for _ in range(rng.choice((0, 0, 0, 1, 2)))] if figures else []
    image = renderer.draw([*figures, *things])
    keypoints, visible = see(renderer, group, figures)
    return Picture(spoil(rng, image), keypoints, visible)


@lru_cache(maxsize=BODIES)
def _person(number: int) -> Person:
    return Person(random_looks(np.random.default_rng(number)), detail=10)


def _placed(rng: np.random.Generator, person: Person, camera: Camera, people: int) -> Figure:
    """A person in new colours, in some pose, somewhere in the picture."""
    width, height = camera.size
    figure = person.figure(random_pose(rng, person.stature))
    spin = _spin(rng)
    biggest = 1.7 if people <= 1 else 1.25 if people == 2 else 0.9
    size = float(np.exp(rng.uniform(np.log(0.28), np.log(biggest)))) * height  # of someone who stands
    if rng.uniform() < 0.55:
        size = rng.uniform(0.45, 0.95) * height
    depth = person.stature * camera.focal / size
    aim = rng.uniform(0.12, 0.88) * width, rng.uniform(0.2, 0.8) * height
    ahead = (
        np.array(((aim[0] - camera.center[0]) / camera.focal, (aim[1] - camera.center[1]) / camera.focal, 1.0)) * depth
    )
    middle = figure.bones.places[:19].mean(axis=0)
    places = (figure.bones.places - middle) @ spin.T + camera.place + camera.turn.T @ ahead
    bones = Bones(np.ascontiguousarray(spin @ figure.bones.turns), np.ascontiguousarray(places))
    return Figure(_recolored(rng, person.mesh, person.looks), person.joints, bones)


def _spin(rng: np.random.Generator) -> Doubles:
    """How the whole body is turned: mostly upright, towards the viewer more often than away; now and then any way."""
    yaw = rng.normal(0, 0.8) if rng.uniform() < 0.5 else rng.uniform(-np.pi, np.pi)
    kind = rng.uniform()
    if kind < 0.74:
        pitch, roll = rng.normal(0, 0.07, 2)
    elif kind < 0.87:
        pitch, roll = rng.uniform(-1.1, 1.1, 2)
    else:
        pitch, roll = rng.uniform(-np.pi, np.pi, 2)
    cy, sy, cp, sp, cr, sr = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch), np.cos(roll), np.sin(roll)
    turn = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    lean = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    sway = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    result: Doubles = sway @ lean @ turn
    return result


def _recolored(rng: np.random.Generator, mesh: Mesh, looks: Looks) -> Mesh:
    """The same cut in other colours, skin and hair."""
    new: dict[Color, Color] = {looks.skin: SKINS[rng.integers(len(SKINS))], looks.hair: HAIRS[rng.integers(len(HAIRS))]}

    def changed(material: Material) -> Material:
        for color in (material.color, material.second):
            if color not in new:
                new[color] = random_color(rng)
        keep = material.pattern in (Pattern.FACE, Pattern.STRINGS)
        return replace(material, color=new[material.color], second=material.second if keep else new[material.second])

    return replace(mesh, materials=tuple(changed(material) for material in mesh.materials))


def _light(rng: np.random.Generator) -> Light:
    toward = np.array((rng.normal(0, 0.7), rng.uniform(0.15, 1.5), rng.normal(0.4, 0.7)))
    key = rng.uniform(0.25, 1.0)
    sky = rng.uniform(0.35, 0.75)
    warm = rng.uniform(-0.08, 0.08)
    return Light(
        toward / np.linalg.norm(toward),
        (key * (1 - warm), key, key * (1 + warm)),
        (sky * (1 + warm), sky, sky * (1 - warm)),
        (0.5 * sky, 0.5 * sky, 0.5 * sky),
        rng.uniform(0.2, 0.65),
    )


def _occluder(rng: np.random.Generator, camera: Camera, figures: list[Figure]) -> Figure:
    """A box or a post before or beside someone."""
    target = figures[int(rng.integers(len(figures)))].bones.places
    spot = target[int(rng.integers(len(target)))] + rng.normal(0, 0.25, 3)
    eye = camera.place
    place = eye + (spot - eye) * rng.uniform(0.45, 0.9)
    material = Material(
        random_color(rng), random_color(rng), Pattern(int(rng.choice((0, 0, 1, 4)))), rng.uniform(0.05, 0.3), a=0.5
    )
    far = np.linalg.norm(place - eye)
    scale = float(far / 4)
    if rng.uniform() < 0.5:
        size, shape = rng.uniform(0.08, 0.5, 3) * scale, _block()
    else:
        wide = rng.uniform(0.04, 0.24) * scale
        size, shape = np.array((wide, 3.0 * scale, wide)), _post()
    turn = _spin(rng) * size  # stretched as it is turned
    return thing(replace(shape, materials=(material,)), place - 0.5 * turn[:, 1], turn)


@lru_cache(maxsize=1)
def _block() -> Mesh:
    return box((1, 1, 1), Material((0, 0, 0)))


@lru_cache(maxsize=1)
def _post() -> Mesh:
    return pillar(0.5, 1.0, Material((0, 0, 0)))
