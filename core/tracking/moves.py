"""Temporal affinity: for each point of a body a field that says where it went, and links across time scored along it.

The field of one point is that of Raaj et al., "Efficient Online Multi-Person 2D Pose Tracking with Recurrent
Spatio-Temporal Affinity Fields" (arXiv 1811.11975): a band from where the point was to where it went, in which every
place holds the unit vector of the movement. Here the band is not painted by a net but spanned by a measured or expected
movement, so that no map is needed: a place lies in it when it is near the line. A link from a point to a candidate is
scored as part affinity fields are, by samples along it, and fades with the distance between the candidate and the end
of the band.
"""

import math

import numpy as np

from core.kernel import kernel
from core.types import Floats

SAMPLES = 5  # places along a link


@kernel("float32[:, :, ::1](float32[:, :, ::1], float32[:, :, ::1], float32[::1], float32[:, :, ::1])")
def score_moves(points: Floats, moves: Floats, radii: Floats, candidates: Floats) -> Floats:
    """(tracks, people, points) float32, 0..1: how well each point of each person continues the same point of each
    track; NaN where either is missing.

    points:     (tracks, points, 2) image pixels, where the points were
    moves:      (tracks, points, 2) pixels, how they have moved since
    radii:      (tracks,) pixels, half the width of the bands
    candidates: (people, points, 2) image pixels
    """
    n = points.shape[1]
    scores = np.full((len(points), len(candidates), n), np.nan, np.float32)
    for t in range(len(points)):
        radius = max(radii[t], np.float32(1e-6))
        for p in range(len(candidates)):
            for k in range(n):
                fx, fy = moves[t, k, 0], moves[t, k, 1]
                dx, dy = candidates[p, k, 0] - points[t, k, 0], candidates[p, k, 1] - points[t, k, 1]
                if math.isnan(fx + dx):
                    continue
                field, way = math.sqrt(fx * fx + fy * fy), math.sqrt(dx * dx + dy * dy)
                beyond = ((dx - fx) * (dx - fx) + (dy - fy) * (dy - fy)) / (radius * radius)
                if field < radius or way < radius:  # too short to have a direction
                    along = 1.0
                else:
                    inside = 0
                    for s in range(SAMPLES):
                        x, y = dx * (s + 1) / SAMPLES, dy * (s + 1) / SAMPLES
                        share = min(max((x * fx + y * fy) / (field * field), 0.0), 1.0)
                        inside += math.hypot(x - share * fx, y - share * fy) <= 2 * radius
                    along = max((dx * fx + dy * fy) / (field * way), 0.0) * inside / SAMPLES
                scores[t, p, k] = along * math.exp(-0.125 * beyond)
    return scores
