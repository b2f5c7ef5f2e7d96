"""A home: a room with a chair, a bed and a mat, seen by one of several cameras; and where things are done in it."""

from __future__ import annotations

import numpy as np

from core.sources.synthetic.backdrop import floor, lying, paint, sidewise, upright
from core.sources.synthetic.backdrops import dim, light, muted
from core.sources.synthetic.camera import Camera
from core.sources.synthetic.daily import BED
from core.sources.synthetic.materials import Material, Pattern
from core.sources.synthetic.mesh import Mesh
from core.sources.synthetic.props import box, chair, thing
from core.sources.synthetic.render import Renderer

BACK, SIDE, HIGH = -2.3, 4.6, 5.0  # metres: z of the wall behind, x of those at the sides, how high they are
BED_SIZE = (2.1, 1.0)  # metres, along x and z
BED_PLACE = (-1.25, BACK + 0.06 + BED_SIZE[1] / 2)  # x and z of its middle
CHAIR_PLACE = (1.25, -1.30)
MAT = (-0.85, 0.95, -0.45, 0.45)  # left, right, back, front

# Where somebody stands who sits down then, and who is out of the picture: x, z and yaw.
BED_FRONT = (BED_PLACE[0], BED_PLACE[1] + BED_SIZE[1] / 2 + 0.24, 0.0)
CHAIR_FRONT = (CHAIR_PLACE[0], CHAIR_PLACE[1] + 0.46, 0.0)
OUTSIDE = (4.1, 0.1, -np.pi / 2)  # to the right, looking back

# Cameras: height, metres; what they look at, metres above the floor; how much they see, radians; how far they are.
# On a table, on a shelf, below the ceiling.
CAMERAS = ((0.75, 0.75, 0.62, 4.9), (1.5, 0.70, 0.58, 5.3), (2.45, 0.55, 0.62, 5.0))
ROUND = 0.75  # radians that they are away from the front, at most


def home_camera(rng: np.random.Generator, size: tuple[int, int]) -> Camera:
    """Any of them, from the left or the right."""
    height, at, view, away = CAMERAS[rng.integers(len(CAMERAS))]
    turn = rng.uniform(-ROUND, ROUND)
    height, away = height * rng.uniform(0.9, 1.05), away * rng.uniform(0.95, 1.1)
    middle = (-0.15, at, -0.35)
    return Camera.looking(
        (middle[0] + away * np.sin(turn), height, middle[2] + away * np.cos(turn)), middle, view, size
    )


def open_floor(rng: np.random.Generator) -> tuple[float, float, float]:
    """A place to do something at, x and z in metres, and any yaw."""
    return float(rng.uniform(-0.6, 0.7)), float(rng.uniform(-0.1, 0.6)), float(rng.uniform(-np.pi, np.pi))


def home(rng: np.random.Generator, camera: Camera) -> Renderer:
    """The room, with its furniture in it."""
    wall = muted(rng, 150, 228)
    papered = Material(wall, dim(wall, 0.95), Pattern.STRIPES, rng.uniform(0.12, 0.5), a=0.5)
    skirting = Material((225, 230, 232))
    wood = muted(rng, 85, 160)
    mat = muted(rng, 60, 190)
    rectangles = [
        floor(Material(wood, dim(wood, 0.75), Pattern.PLANKS, 0.14)),
        lying(*MAT, Material(mat, dim(mat, 0.9), Pattern.MOTTLED, 0.3, a=0.5), 0.006),
        upright(-SIDE, SIDE, 0, HIGH, BACK, papered),
        upright(-SIDE, SIDE, 0, 0.1, BACK + 0.02, skirting),
    ]
    for side in (-1, 1):
        rectangles.append(sidewise(side * SIDE, BACK, 9, 0, HIGH, Material(dim(wall, 0.9)), 0.92))
        rectangles.append(sidewise(side * (SIDE - 0.02), BACK, 9, 0, 0.1, skirting))
    x = rng.uniform(0.1, 0.4)
    frame, glass = Material((235, 238, 240)), Material((240, 226, 205), (225, 235, 215), Pattern.MOTTLED, 0.5, a=0.5)
    rectangles += [
        upright(x - 0.07, x + 1.17, 0.95, 2.2, BACK + 0.02, frame),
        upright(x, x + 1.1, 1.02, 2.13, BACK + 0.03, glass, 1.05),
    ]
    image, ground = paint(rectangles, camera, grime=0.08)
    renderer = Renderer(image, ground, camera, light(rng))
    dark = muted(rng, 55, 110)
    cupboard = box((1.0, 1.5, 0.42), Material(dark, dim(dark, 0.85), Pattern.MOTTLED, 0.2, a=0.5))
    things = [thing(mesh, place) for mesh, place in _bed(rng)]
    renderer.bake(
        [
            *things,
            thing(chair(muted(rng, 70, 150)), (CHAIR_PLACE[0], 0.0, CHAIR_PLACE[1])),
            thing(cupboard, (3.0, 0.0, BACK + 0.25)),
        ],
        shaded=False,
    )
    return renderer


def _bed(rng: np.random.Generator) -> list[tuple[Mesh, tuple[float, float, float]]]:
    """Frame, mattress, pillow, head board; the head is on the left."""
    (long, wide), (x, z) = BED_SIZE, BED_PLACE
    wood, sheet = Material(muted(rng, 60, 140)), muted(rng, 120, 235)
    cover = Material(sheet, dim(sheet, 0.9), Pattern.STRIPES, 0.3, a=0.5)
    return [
        (box((long, 0.28, wide), wood), (x, 0.0, z)),
        (box((long - 0.06, BED - 0.28, wide - 0.04), cover), (x, 0.28, z)),
        (box((0.35, 0.07, 0.65), Material((225, 230, 235))), (x - long / 2 + 0.26, BED, z)),
        (box((0.05, 0.95, wide), wood), (x - long / 2, 0.0, z)),
    ]
