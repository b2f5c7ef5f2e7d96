"""Drawn people as training pictures: whoever lies, falls or stands on the hands is as common here as who walks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from core.skeleton import POINTS
from core.sources.synthetic import random_picture
from core.types import Floats
from models.training.datasets import Example, grown
from models.training.targets import labelled_maps
from models.training.teacher import SoftMaps

SIZE = 256  # pixels, both ways
STRIDE = 8
LEAST_SEEN = 0.4  # share of the points; someone who is hidden more than that is not asked for where he cannot be seen


def draw_examples(count: int, seed: int) -> Iterator[tuple[Example, SoftMaps]]:
    """So many pictures of one to four people. What a teacher would say is known here: it is the truth."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        picture = random_picture(rng, SIZE, SIZE, int(rng.choice((1, 2, 3, 4), p=(0.4, 0.3, 0.2, 0.1))))
        people = _asked_for(picture.keypoints, picture.visible)
        regions = [grown([*np.nanmin(p, axis=0), *np.ptp(p[np.isfinite(p[:, 0])], axis=0)]) for p in people]
        cells = ((people - (STRIDE - 1) / 2) / STRIDE).astype(np.float32)
        maps = labelled_maps(cells, (SIZE // STRIDE, SIZE // STRIDE))
        to_cells = np.array([[1.0, 0, -(STRIDE - 1) / 2], [0, 1, -(STRIDE - 1) / 2]]) / STRIDE
        yield (
            Example(picture.image, people, np.array(regions, np.float32).reshape(-1, 4), np.ones(POINTS, np.bool_)),
            SoftMaps(np.round(maps * 127).astype(np.int8), to_cells),
        )


def _asked_for(keypoints: Floats, visible: NDArray[np.bool_]) -> Floats:
    """(m, 18, 2): the people who are seen, with the points that can be seen or guessed; NaN for the others."""
    people = []
    for person, seen in zip(keypoints, visible, strict=True):
        inside = ((person >= 0) & (person <= SIZE - 1)).all(axis=1)
        wanted = inside if seen[inside].mean() >= LEAST_SEEN else inside & seen
        if seen.sum() >= 3:
            people.append(np.where(wanted[:, None], person, np.nan))
    return np.array(people, np.float32).reshape(-1, POINTS, 2)
