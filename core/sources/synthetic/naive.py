"""The rasteriser once more, as one would write it on a blackboard: see `raster.fill`. Plain materials only."""

from __future__ import annotations

import numpy as np

from core.types import Floats, Image, Ints


def fill(
    triangles: Ints, material_of: Ints, corners: Floats, materials: Floats, colors: Image, nearness: Floats
) -> None:
    """Twin of `raster.fill`: every sample asks every triangle."""
    height, width = nearness.shape
    for triangle, kind in zip(triangles, material_of, strict=True):
        points = corners[triangle].astype(np.float64)
        if (points[:, 2] < 0).any():
            continue
        (ax, ay), (bx, by), (cx, cy) = points[:, :2]
        area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
        if area >= -1e-6:  # seen from inside, or a line
            continue
        for y in range(height):
            for x in range(width):
                shares = np.array(
                    (
                        (bx - x) * (cy - y) - (cx - x) * (by - y),
                        (cx - x) * (ay - y) - (ax - x) * (cy - y),
                        (ax - x) * (by - y) - (bx - x) * (ay - y),
                    )
                )
                shares = shares / area
                if (shares < 0).any():
                    continue
                near = shares @ points[:, 2]
                if near <= nearness[y, x]:
                    continue
                nearness[y, x] = near
                shine = 255 * materials[kind, 8] * (shares @ points[:, 6])
                lit = materials[kind, 1:4] * (shares @ points[:, 3:6]) + shine
                colors[y, x] = np.minimum(lit, 255).astype(np.uint8)
