"""Drawn people as training pictures, with the truth in the place of labels and of a teacher.

Whoever lies, falls or stands on the hands is as common in single pictures as who walks; moments of the demos show
people as the demos do, with other seeds than anybody opens by chance.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from core.skeleton import POINTS
from core.sources.synthetic import SyntheticScene, random_picture
from core.types import Floats, Image
from models.training.datasets import Example, grown
from models.training.framing import STRIDE
from models.training.targets import labelled_maps
from models.training.teacher import SoftMaps

Taught = tuple[Example, SoftMaps]

SIZE = 256  # pixels, both ways, of single pictures
SCENES = ("walk", "cross", "tennis", "fall")  # those of daily living are left to test with
SCENE_SIZE = (480, 272)
MOMENTS = 5  # of each scene
FIRST_SEED = 1_000_000  # of scenes, so that tests and demos show other people
LEAST_SEEN = 0.4  # share of the points; someone who is hidden more than that is not asked for where he cannot be seen


def draw_pictures(count: int, seed: int) -> Iterator[Taught]:
    """So many single pictures of one to four people."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        people = int(rng.choice((1, 2, 3, 4), p=(0.4, 0.3, 0.2, 0.1)))
        picture = random_picture(rng, SIZE, SIZE, people)
        yield _taught(picture.image, picture.keypoints, picture.visible)


def draw_scenes(count: int, seed: int) -> Iterator[Taught]:
    """So many moments of the demos, a few of each scene."""
    rng = np.random.default_rng(seed)
    for number in range(count):
        if number % MOMENTS == 0:
            demo = str(rng.choice(SCENES))
            scene = SyntheticScene(demo, size=SCENE_SIZE, seed=FIRST_SEED + int(rng.integers(FIRST_SEED)))
        index = int(rng.integers(scene.length))
        scene.seek(index)
        frame = scene.read()
        assert frame is not None, "the index lies within the scene"
        truth = scene.truth(index)
        yield _taught(frame.image, truth.keypoints, truth.visible)


def _taught(image: Image, keypoints: Floats, visible: NDArray[np.bool_]) -> Taught:
    height, width = image.shape[:2]
    people = _asked_for(keypoints, visible, width, height)
    regions = [grown([*np.nanmin(p, axis=0), *np.ptp(p[np.isfinite(p[:, 0])], axis=0)]) for p in people]
    cells = ((people - (STRIDE - 1) / 2) / STRIDE).astype(np.float32)
    maps = labelled_maps(cells, (height // STRIDE, width // STRIDE))
    to_cells = np.array([[1.0, 0, -(STRIDE - 1) / 2], [0, 1, -(STRIDE - 1) / 2]]) / STRIDE
    return (
        Example(image, people, np.array(regions, np.float32).reshape(-1, 4), np.ones(POINTS, np.bool_)),
        SoftMaps(np.round(maps * 127).astype(np.int8), to_cells),
    )


def _asked_for(keypoints: Floats, visible: NDArray[np.bool_], width: int, height: int) -> Floats:
    """(m, 18, 2): the people who are seen, with the points that can be seen or guessed; NaN for the others."""
    people = []
    for person, seen in zip(keypoints, visible, strict=True):
        inside = ((person >= 0) & (person <= (width - 1, height - 1))).all(axis=1)
        if seen.sum() >= 3:
            wanted = inside if seen[inside].mean() >= LEAST_SEEN else inside & seen
            people.append(np.where(wanted[:, None], person, np.nan))
    return np.array(people, np.float32).reshape(-1, POINTS, 2)
