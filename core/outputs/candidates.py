"""All pairs of peaks that a link could join, over its affinity field."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core import skeleton
from core.decode import Pair
from core.outputs.fields import blend_affinity
from core.outputs.paint import DARK, WHITE, Strokes
from core.types import Image, Maps, Peaks

_LOST = (80, 200, 255)  # orange, as BGR


def candidates_picture(
    image: Image, maps: Maps, peaks: Peaks, link: int, pairs: Sequence[Pair], marked: int = -1
) -> Image:
    """A new picture: the field of `link`; pairs that won wide, those that lost thin, those that were rejected faint;
    marked: the place in `pairs` of one to be seen above all, with its samples: white
    dots where the field counts, dark ones where it does not.
    """
    canvas = np.array(image, order="C")
    blend_affinity(canvas, maps, link)
    unit = max(min(image.shape[:2]), 160) / 720
    places = maps.transform.to_image(peaks.xy)
    strokes = Strokes()
    for place, pair in reversed(list(enumerate(pairs))):
        a, b = places[pair.a], places[pair.b]
        if place == marked:
            continue
        if pair.outcome == "won":
            strokes.lines(a, b, 3.6 * unit + 1, DARK)
            strokes.lines(a, b, 3.6 * unit, skeleton.LINKS[link].color)
        else:
            lost = pair.outcome == "lost"
            strokes.lines(a, b, max(0.7, 1.2 * unit), _LOST if lost else WHITE, 0.9 if lost else 0.3)
    strokes.paint(canvas)
    if 0 <= marked < len(pairs):
        strokes = Strokes()  # over all others
        a, b = places[pairs[marked].a], places[pairs[marked].b]
        strokes.lines(a, b, 5 * unit + 2, DARK)
        strokes.lines(a, b, 5 * unit, WHITE)
        strokes.lines(a, b, 3 * unit, skeleton.LINKS[link].color)
        reads = pairs[marked].reads
        size = min(3 * unit + 1, 0.3 * float(np.linalg.norm(b - a)) / max(len(reads), 1))  # apart from each other
        for way, counts in reads:
            strokes.dots(a + way * (b - a), 1.4 * size, DARK if counts else WHITE)
            strokes.dots(a + way * (b - a), size, WHITE if counts else DARK)
        strokes.paint(canvas)
    return canvas
