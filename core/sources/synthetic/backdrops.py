"""Places for scenes: a street, a hall, a court, a room."""

from __future__ import annotations

import numpy as np

from core.skeleton import Color
from core.sources.synthetic.backdrop import floor, lying, paint, upright
from core.sources.synthetic.camera import Camera
from core.sources.synthetic.falling import CHAIR
from core.sources.synthetic.materials import Material, Pattern
from core.sources.synthetic.props import box, chair, thing
from core.sources.synthetic.render import Light, Renderer


def street(rng: np.random.Generator, camera: Camera) -> Renderer:
    """A pavement before house fronts."""
    wall_color = muted(rng, 120, 215)
    wall = Material(wall_color, dim(wall_color, 0.72), Pattern.BRICKS, 0.09)
    rectangles = [
        floor(Material((118, 122, 124), (92, 95, 97), Pattern.TILES, 0.62)),
        lying(-40, 40, -3.4, -3.15, Material((150, 152, 154)), 0.003),
        upright(-40, 40, 0, 9, -4.2, wall),
        upright(
            -40,
            40,
            0,
            0.55,
            -4.18,
            Material((112, 116, 120), pattern=Pattern.MOTTLED, scale=0.4, second=(104, 108, 112), a=0.5),
        ),
    ]
    x = -9.0 + rng.uniform(-1, 1)
    while x < 9:
        wide = rng.uniform(1.0, 1.7)
        if rng.uniform() < 0.3:
            door = muted(rng, 30, 130)
            rectangles += [
                upright(x - 0.1, x + 1.15, 0, 2.3, -4.16, Material((175, 178, 180))),
                upright(x, x + 1.05, 0, 2.2, -4.14, Material(door, dim(door, 0.8), Pattern.STRIPES, 0.26, a=0.12)),
            ]
        else:
            rectangles += [
                upright(x - 0.09, x + wide + 0.09, 0.95, 2.55, -4.16, Material((205, 208, 210))),
                upright(
                    x,
                    x + wide,
                    1.04,
                    2.46,
                    -4.14,
                    Material((96, 84, 70), (205, 208, 210), Pattern.CHECKS, wide, a=0.5),
                    1.0,
                ),
                upright(
                    x,
                    x + wide,
                    1.04,
                    2.46,
                    -4.13,
                    Material((105, 92, 78), (140, 128, 112), Pattern.MOTTLED, 0.8, a=0.55),
                ),
                upright(x + wide / 2 - 0.03, x + wide / 2 + 0.03, 1.04, 2.46, -4.12, Material((205, 208, 210))),
            ]
        x += wide + rng.uniform(0.7, 1.5)
    image, ground = paint(rectangles, camera, grime=0.16)
    return Renderer(image, ground, camera, light(rng))


def hall(rng: np.random.Generator, camera: Camera) -> Renderer:
    """A gymnasium: planks, a coloured wall, a door, a line or two."""
    wall = muted(rng, 150, 225)
    rectangles = [
        floor(Material((92, 138, 178), (62, 96, 130), Pattern.PLANKS, 0.11)),
        lying(-40, 40, 0.95, 1.02, Material((225, 228, 230))),
        lying(-1.45, -1.38, -40, 40, Material((60, 70, 190))),
        upright(-40, 40, 0, 9, -3.6, Material(wall)),
        upright(-40, 40, 0, 1.15, -3.58, Material(dim(wall, 0.62), dim(wall, 0.55), Pattern.STRIPES, 0.9, a=0.03)),
        upright(-40, 40, 1.15, 1.21, -3.57, Material((90, 96, 100))),
    ]
    x = rng.uniform(-3.5, -2.5)
    rectangles += [
        upright(x - 0.08, x + 1.08, 0, 2.18, -3.56, Material((80, 84, 88))),
        upright(x, x + 1.0, 0, 2.1, -3.55, Material(muted(rng, 60, 160))),
        upright(x + 0.08, x + 0.16, 1.0, 1.06, -3.54, Material((200, 205, 210))),
    ]
    for _ in range(3):
        x, y = rng.uniform(-3, 3), rng.uniform(1.5, 2.2)
        color = muted(rng, 40, 220)
        rectangles.append(
            upright(
                x,
                x + rng.uniform(0.4, 0.9),
                y,
                y + rng.uniform(0.3, 0.6),
                -3.54 + 0.01 * rng.uniform(),
                Material(color, muted(rng, 40, 220), Pattern.MOTTLED, 0.2, a=0.55),
            )
        )
    image, ground = paint(rectangles, camera, grime=0.1)
    return Renderer(image, ground, camera, light(rng))


def court(rng: np.random.Generator, camera: Camera) -> Renderer:
    """A tennis court seen from the net: baseline, side lines, a hedge or a fence behind."""
    inside, outside = [((150, 110, 70), (92, 128, 74)), ((74, 104, 176), (66, 96, 160)), ((96, 140, 82), (70, 112, 96)),
                       ((160, 110, 60), (170, 130, 90))][rng.integers(4)]  # fmt: skip
    line = Material((238, 240, 240))
    base = -1.0  # z of the baseline
    hedge = Material((52, 92, 58), (40, 74, 46), Pattern.MOTTLED, 0.16, a=0.5)
    rectangles = [
        floor(Material(outside, dim(outside, 0.93), Pattern.MOTTLED, 0.25, a=0.55)),
        lying(-5.485, 5.485, base, 30, Material(inside, dim(inside, 0.94), Pattern.MOTTLED, 0.2, a=0.55), 0.004),
        lying(-5.485, 5.485, base, base + 0.10, line, 0.008),
        lying(-0.025, 0.025, base, base + 0.22, line, 0.010),
    ]
    for x in (-5.485, -4.115, 4.115, 5.485):
        rectangles.append(lying(x - 0.025, x + 0.025, base, 30, line, 0.008))
    if rng.uniform() < 0.5:
        rectangles.append(upright(-30, 30, 0, 3.0, -6.5, hedge))
        rectangles.append(
            upright(-30, 30, 2.6, 6.0, -14, Material((70, 104, 76), (56, 86, 62), Pattern.MOTTLED, 0.9, a=0.5))
        )
    else:
        sheet = Material((84, 70, 40), (76, 62, 34), Pattern.STRIPES, 2.4, a=0.03)
        rectangles.append(upright(-30, 30, 0, 2.2, -6.5, sheet))
        rectangles.append(upright(-30, 30, 2.2, 2.26, -6.49, Material((60, 62, 60))))
        rectangles.append(
            upright(-30, 30, 0, 7.5, -18, Material((74, 112, 84), (58, 92, 66), Pattern.MOTTLED, 1.1, a=0.5))
        )
    image, ground = paint(rectangles, camera, grime=0.14)
    return Renderer(image, ground, camera, light(rng))


def room(rng: np.random.Generator, camera: Camera) -> Renderer:
    """A living room: carpet, window, pictures, a cupboard; a chair for `falling.Play` stands ready."""
    wall = muted(rng, 165, 228)
    papered = Material(wall, dim(wall, 0.94), Pattern.STRIPES, rng.uniform(0.12, 0.4), a=0.5)
    rug = muted(rng, 70, 170)
    rectangles = [
        floor(Material((100, 140, 176), (70, 102, 134), Pattern.PLANKS, 0.14)),
        lying(-1.6, 1.1, -0.65, 1.3, Material(dim(rug, 0.7)), 0.004),
        lying(-1.5, 1.0, -0.55, 1.2, Material(rug, dim(rug, 0.86), Pattern.CHECKS, 0.36), 0.006),
        upright(-40, 40, 0, 9, -1.9, papered),
        upright(-40, 40, 0, 0.12, -1.88, Material((225, 230, 232))),
    ]
    x = rng.uniform(-0.9, -0.5)
    rectangles += [
        upright(x - 0.07, x + 1.17, 0.93, 2.37, -1.87, Material((235, 238, 240))),
        upright(
            x, x + 1.1, 1.0, 2.3, -1.86, Material((240, 226, 205), (225, 235, 215), Pattern.MOTTLED, 0.5, a=0.5), 1.05
        ),
        upright(x + 0.53, x + 0.57, 1.0, 2.3, -1.85, Material((235, 238, 240))),
        upright(1.35, 1.95, 1.35, 1.8, -1.87, Material((40, 60, 80))),
        upright(
            1.40,
            1.90,
            1.40,
            1.75,
            -1.86,
            Material(muted(rng, 60, 220), muted(rng, 60, 220), Pattern.MOTTLED, 0.16, a=0.5),
        ),
    ]
    image, ground = paint(rectangles, camera, grime=0.08)
    renderer = Renderer(image, ground, camera, light(rng))
    wood = (60, 88, 120)
    cupboard = box((1.0, 1.05, 0.42), Material(wood, dim(wood, 0.85), Pattern.MOTTLED, 0.2, a=0.5))
    renderer.bake([thing(chair((70, 104, 146)), (CHAIR[0], 0.0, CHAIR[1])), thing(cupboard, (-2.15, 0.0, -1.6))])
    return renderer


def light(rng: np.random.Generator) -> Light:
    """A lamp or the sun, somewhere above and before the people."""
    toward = np.array((rng.uniform(-0.7, 0.7), rng.uniform(0.9, 1.4), rng.uniform(0.35, 0.9)))
    return Light(toward / np.linalg.norm(toward))


def muted(rng: np.random.Generator, low: float, high: float) -> Color:
    """A colour near grey."""
    base = rng.uniform(low, high)
    blue, green, red = (int(np.clip(base * factor, 0, 255)) for factor in rng.uniform(0.93, 1.07, 3))
    return blue, green, red


def dim(color: Color, factor: float) -> Color:
    """The same, darker by a factor."""
    return int(color[0] * factor), int(color[1] * factor), int(color[2] * factor)
