"""Things: a chair, boxes, a tennis net, a ball."""

from __future__ import annotations

import numpy as np

from core.skeleton import Color
from core.sources.synthetic.materials import Material, Pattern
from core.sources.synthetic.mesh import Builder, Mesh, Ring
from core.sources.synthetic.render import Figure
from core.sources.synthetic.rig import Bones, Doubles

_STILL = (0, 0)


def thing(
    mesh: Mesh, place: tuple[float, float, float] | Doubles = (0.0, 0.0, 0.0), turn: Doubles | None = None
) -> Figure:
    """A stiff thing at a place, as the renderer wants it. turn: (3, 3); None for as it is."""
    turns = np.eye(3)[None] if turn is None else np.ascontiguousarray(turn[None])
    return Figure(mesh, np.zeros((1, 3)), Bones(turns, np.array(place, float).reshape(1, 3)))


def add_box(
    builder: Builder, low: tuple[float, float, float], high: tuple[float, float, float], material: Material
) -> None:
    """A box between two corners."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    levels = np.linspace(y0, y1, max(2, int((y1 - y0) / 0.3) + 2))
    rings = [
        Ring(_STILL, 0.0, (0.5 * (x0 + x1), float(y), 0.5 * (z0 + z1)), 0.5 * (x1 - x0), 0.5 * (z1 - z0), power=60.0)
        for y in levels
    ]
    builder.loft(rings, material, 16, flat=True)


def chair(color: Color) -> Mesh:
    """A wooden chair with its seat 0.45 m high; its front along z."""
    wood = Material(color, (color[0] * 3 // 4, color[1] * 3 // 4, color[2] * 3 // 4), Pattern.MOTTLED, 0.05, 0.05, 0.55)
    builder = Builder()
    add_box(builder, (-0.22, 0.41, -0.21), (0.22, 0.445, 0.22), wood)
    for x in (-0.2, 0.2):
        add_box(builder, (x - 0.02, 0.0, 0.17), (x + 0.02, 0.41, 0.21), wood)
        add_box(builder, (x - 0.02, 0.0, -0.22), (x + 0.02, 0.88, -0.18), wood)
    for y in (0.58, 0.72, 0.84):
        add_box(builder, (-0.2, y, -0.212), (0.2, y + 0.06, -0.188), wood)
    return builder.mesh()


def box(size: tuple[float, float, float], material: Material) -> Mesh:
    """A box that stands on the floor. size: width, height, depth in metres."""
    builder = Builder()
    add_box(builder, (-size[0] / 2, 0, -size[2] / 2), (size[0] / 2, size[1], size[2] / 2), material)
    return builder.mesh()


def pillar(radius: float, height: float, material: Material) -> Mesh:
    """A round post that stands on the floor."""
    builder = Builder()
    rings = [Ring(_STILL, 0.0, (0.0, float(y), 0.0), radius, radius) for y in np.linspace(0, height, 8)]
    builder.loft(rings, material, 20)
    return builder.mesh()


def ball(radius: float = 0.034, color: Color = (60, 235, 215)) -> Mesh:
    """A tennis ball, a little brighter than it is."""
    builder = Builder()
    builder.ball(0, (0.0, 0.0, 0.0), (radius, radius, radius), Material(color, gloss=0.1))
    return builder.mesh()
