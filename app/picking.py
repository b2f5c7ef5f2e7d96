"""Who is at a place of the picture."""

from __future__ import annotations

import numpy as np

from core import skeleton
from core.outputs import person_sizes
from core.types import People

_REACH = 0.12  # of a person's size: how far beside the bones one still means this person
_LINKS = skeleton.LINK_POINTS[: skeleton.BODY_LINKS]


def person_at(people: People, x: float, y: float) -> int | None:
    """The index of the person whose body is nearest to (x, y), image pixels; None where there is nobody near."""
    if not len(people):
        return None
    at = np.array((x, y), np.float32)
    a, b = people.keypoints[:, _LINKS[:, 0]], people.keypoints[:, _LINKS[:, 1]]
    along = b - a
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.clip(((at - a) * along).sum(axis=2) / (along * along).sum(axis=2), 0, 1)
        to_links = np.linalg.norm(at - (a + share[..., None] * along), axis=2)
    to_points = np.linalg.norm(at - people.keypoints, axis=2)
    away = np.concatenate([to_links, to_points], axis=1)
    away = np.where(np.isnan(away), np.inf, away).min(axis=1) / np.maximum(person_sizes(people), 1)
    nearest = int(away.argmin())
    return nearest if away[nearest] <= _REACH else None
