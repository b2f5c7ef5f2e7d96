"""The kernels of this room once more, slow and obvious."""

import numpy as np

from core.tracking.looks import ACROSS, ALONG, BINS, STEPS
from core.tracking.moves import SAMPLES
from core.types import Floats, Image, Ints


def score_moves(points: Floats, moves: Floats, radii: Floats, candidates: Floats) -> Floats:
    """As `moves.score_moves`."""
    scores = np.full((len(points), len(candidates), points.shape[1]), np.nan, np.float32)
    for t, p, k in np.ndindex(scores.shape):
        radius, field = max(float(radii[t]), 1e-6), moves[t, k].astype(float)
        way = candidates[p, k].astype(float) - points[t, k]
        if np.isnan(field).any() or np.isnan(way).any():
            continue
        length, far = np.linalg.norm(field), np.linalg.norm(way)
        along = 1.0
        if length >= radius and far >= radius:
            places = [way * (s + 1) / SAMPLES for s in range(SAMPLES)]
            nearest = [np.clip(place @ field / length**2, 0, 1) * field for place in places]
            inside = [np.linalg.norm(a - b) <= 2 * radius for a, b in zip(places, nearest, strict=True)]
            along = max(way @ field / (length * far), 0.0) * np.mean(inside)
        scores[t, p, k] = along * np.exp(-0.5 * (np.linalg.norm(way - field) / (2 * radius)) ** 2)
    return scores


def looks(image: Image, keypoints: Floats, regions: Ints) -> Floats:
    """As `looks.looks`."""
    height, width = image.shape[:2]
    result = np.full((len(keypoints), len(regions), BINS), np.nan, np.float32)
    for p, r in np.ndindex(result.shape[:2]):
        colors = []
        for part in regions[r]:
            a, b, c, d = keypoints[p, part].astype(float)
            if np.isnan([a, b, c, d]).any():
                continue
            for u in np.linspace(0.1, 0.9, ALONG):
                for v in np.linspace(0.2, 0.8, ACROSS):
                    x, y = np.floor((a + u * (b - a)) * (1 - v) + (c + u * (d - c)) * v + 0.5).astype(int)
                    if 0 <= x < width and 0 <= y < height:
                        colors.append(image[y, x])
        if not colors:
            continue
        shares = np.zeros((STEPS, STEPS, STEPS))
        for color in colors:
            level = np.clip(color / 64.0 - 0.5, 0, STEPS - 1)
            blue, green, red = (np.maximum(1 - np.abs(one - np.arange(STEPS)), 0) for one in level)
            shares += blue[:, None, None] * green[:, None] * red
        result[p, r] = shares.ravel() / len(colors)
    return result
