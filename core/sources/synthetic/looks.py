"""What people wear and how they look, and the drawing of lots for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.skeleton import Color
from core.sources.synthetic.materials import Material, Pattern
from core.sources.synthetic.rig import Proportions

Sleeves = Literal["none", "short", "long"]
Legs = Literal["trousers", "shorts", "skirt", "long skirt", "leggings"]
Hair = Literal["bald", "short", "long", "bun", "tail", "cap", "beanie"]

SKINS: tuple[Color, ...] = (
    (180, 205, 240), (160, 190, 230), (140, 172, 218), (115, 150, 200), (90, 125, 178), (66, 98, 150), (48, 72, 118),
    (36, 54, 92),
)  # fmt: skip
HAIRS: tuple[Color, ...] = (
    (22, 24, 30), (28, 34, 44), (36, 50, 72), (50, 76, 112), (90, 135, 170), (120, 168, 200), (40, 66, 130),
    (150, 150, 150), (205, 205, 210),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Looks:
    """A person's body and clothes. hem: how far the top reaches down, in parts of the way from waist to hip."""

    proportions: Proportions
    skin: Color
    hair: Color
    head: Hair
    top: Material
    sleeves: Sleeves
    hem: float
    legs: Legs
    bottom: Material
    shoes: Material
    loose: float = 1.0
    beard: bool = False
    racket: bool = False


def random_color(rng: np.random.Generator) -> Color:
    """Clothes are more often dark, white or dull than bright."""
    hue, kind = 6 * rng.random(), rng.random()
    value = rng.uniform(0.12, 0.95)
    saturation = (
        rng.uniform(0, 0.18) if kind < 0.4 else rng.uniform(0.2, 0.6) if kind < 0.75 else rng.uniform(0.6, 0.95)
    )
    # Hue, saturation and value to red, green and blue.
    sector, part = int(hue), hue % 1.0
    low, falling, rising = 1 - saturation, 1 - saturation * part, 1 - saturation * (1 - part)
    mixes = (
        (1, rising, low), (falling, 1, low), (low, 1, rising), (low, falling, 1), (rising, low, 1), (1, low, falling),
    )  # fmt: skip
    red, green, blue = mixes[sector]
    return int(255 * value * blue), int(255 * value * green), int(255 * value * red)


def random_cloth(rng: np.random.Generator, *, plain: float = 0.5, front: bool = False) -> Material:
    """Cloth of any colour and pattern; `plain` is the share of plain ones; `front`: prints and jackets too."""
    first, second = random_color(rng), random_color(rng)
    if rng.uniform() < plain:
        return Material(first)
    patterns = [Pattern.BANDS, Pattern.STRIPES, Pattern.CHECKS, Pattern.MOTTLED]
    if front:
        patterns += [Pattern.LOGO, Pattern.LOGO, Pattern.JACKET]
    pattern = patterns[rng.integers(len(patterns))]
    if pattern == Pattern.LOGO:
        return Material(first, second, pattern, rng.uniform(0.14, 0.28), 0, 0.0, rng.uniform(5, 14), rng.uniform(5, 14))
    if pattern == Pattern.JACKET:
        return Material(first, second, pattern, a=rng.uniform(0.01, 0.07))
    scale = rng.uniform(0.03, 0.14)
    return Material(first, second, pattern, scale, 0, rng.uniform(0.3, 0.6), rng.uniform(0, 50), rng.uniform(0, 50))


def random_proportions(rng: np.random.Generator) -> Proportions:
    """Men, women, children; slim and stout."""
    kind, stout = rng.uniform(), float(np.clip(rng.normal(1.0, 0.12), 0.8, 1.4))
    if kind < 0.15:  # a child: the smaller, the larger its head and the shorter its legs
        stature = rng.uniform(1.0, 1.5)
        small = (1.5 - stature) / 0.5
        return Proportions(stature, 1.18 + 0.25 * small, 1.0 - 0.06 * small, 0.95, 0.97 - 0.05 * small,
                           stout * (1 + 0.06 * small), 0.2 * small, 0.8)  # fmt: skip
    belly = max(0.0, (stout - 1.0) * 3)
    if kind < 0.57:
        return Proportions(rng.normal(1.77, 0.07), rng.uniform(0.96, 1.04), rng.uniform(0.98, 1.12),
                           rng.uniform(0.92, 1.02), rng.uniform(0.97, 1.03), stout, belly,
                           rng.uniform(0.9, 1.3))  # fmt: skip
    return Proportions(rng.normal(1.65, 0.06), rng.uniform(0.96, 1.06), rng.uniform(0.88, 1.0),
                       rng.uniform(1.0, 1.14), rng.uniform(0.97, 1.04), stout * 0.94, belly * 0.6,
                       rng.uniform(0.75, 1.0), rng.uniform(0.4, 1.0))  # fmt: skip


def random_looks(rng: np.random.Generator) -> Looks:
    """A person as one may meet."""
    proportions = random_proportions(rng)
    woman = proportions.bust > 0
    heads: list[Hair] = ["short", "short", "long", "bun", "tail", "cap", "beanie", "bald"]
    chances = np.array([1, 1, 5, 2, 3, 0.7, 0.5, 0] if woman else [5, 4, 0.5, 0.2, 0.2, 1.5, 0.7, 1.2])
    dress = woman and rng.uniform() < 0.15
    below: list[Legs] = ["trousers", "shorts", "skirt", "long skirt", "leggings"]
    odds = np.array([4, 1.5, 1.2, 0.6, 1.6] if woman else [6, 2.5, 0, 0, 0.3])
    legs: Legs = below[rng.choice(5, p=odds / odds.sum())]
    top = random_cloth(rng, front=True)
    sleeves: list[Sleeves] = ["none", "short", "long"]
    return Looks(
        proportions,
        skin=_varied(rng, SKINS[rng.integers(len(SKINS))]),
        hair=_varied(rng, HAIRS[rng.integers(len(HAIRS))]),
        head=heads[rng.choice(8, p=chances / chances.sum())],
        top=top,
        sleeves=sleeves[rng.choice(3, p=(0.14, 0.46, 0.40))],
        hem=rng.uniform(0.4, 1.25),
        legs="skirt" if dress else legs,
        bottom=top if dress else random_cloth(rng, plain=0.88),
        shoes=Material(random_color(rng), gloss=0.2),
        loose=rng.uniform(0.97, 1.3),
        beard=bool(not woman and proportions.stature > 1.55 and rng.uniform() < 0.25),
    )


def _varied(rng: np.random.Generator, color: Color) -> Color:
    light = rng.uniform(0.88, 1.1)
    blue, green, red = (int(np.clip(channel * light * rng.uniform(0.97, 1.03), 0, 255)) for channel in color)
    return blue, green, red
