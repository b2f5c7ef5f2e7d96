"""A tennis racket, in metres: it does not grow with who holds it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from core.sources.synthetic.materials import Material, Pattern
from core.sources.synthetic.mesh import Builder, Ring
from core.sources.synthetic.rig import RACKET, Doubles


def add_racket(builder: Builder, joints: Doubles) -> None:
    x, y, z = joints[RACKET]
    grip, frame = Material((30, 30, 34)), Material((40, 60, 215), gloss=0.5)
    strings = Material((225, 235, 235), pattern=Pattern.STRINGS, scale=0.02)
    bones = (RACKET, RACKET)

    def ring(down: float, radius: float, dx: float = 0.0) -> Ring:
        return Ring(bones, 0.0, (x + dx, y - down, z), radius, radius)

    builder.loft([ring(-0.07, 0.017), ring(0.12, 0.016)], grip, 6)
    builder.loft([ring(0.12, 0.011), ring(0.26, 0.010)], frame, 6)
    # The hoop: a tube along an ellipse, as short straight pieces.
    turns = np.linspace(0, 2 * np.pi, 19)
    places = np.stack([0.125 * np.sin(turns), 0.26 + 0.165 - 0.165 * np.cos(turns)], -1)
    for (xa, ya), (xb, yb) in pairwise(places):
        builder.loft(
            [ring(float(ya), 0.010, float(xa)), ring(float(yb), 0.010, float(xb))], frame, 5, caps=(False, False)
        )
    disc = [
        ring(0.26 + 0.165 - 0.160 * float(np.cos(t)), max(0.12 * float(np.sin(t)), 1e-3))
        for t in np.linspace(0.05, np.pi - 0.05, 9)
    ]
    flat = [Ring(r.bones, 0.0, r.center, r.width, 0.002) for r in disc]
    builder.loft(flat, strings, 8, texture=lambda places, turns, along: (places[..., 0] + 1, places[..., 1] + 5))
