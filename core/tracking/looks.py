"""How people look: small colour histograms of the trunk, the thighs and the shins, taken between their points."""

import math

import numpy as np
from numpy.typing import NDArray

from core.kernel import kernel
from core.skeleton import L_ANKLE, L_HIP, L_KNEE, L_SHOULDER, R_ANKLE, R_HIP, R_KNEE, R_SHOULDER
from core.types import Floats, Image

STEPS = 4  # of each colour channel
BINS = STEPS**3
# Each region is filled by lines from one side to the other: four points, of which both lines' ends are taken.
REGIONS: NDArray[np.int32] = np.array(
    [
        [[R_SHOULDER, R_HIP, L_SHOULDER, L_HIP], [R_SHOULDER, R_HIP, L_SHOULDER, L_HIP]],
        [[R_HIP, R_KNEE, R_HIP, R_KNEE], [L_HIP, L_KNEE, L_HIP, L_KNEE]],
        [[R_KNEE, R_ANKLE, R_KNEE, R_ANKLE], [L_KNEE, L_ANKLE, L_KNEE, L_ANKLE]],
    ],
    np.int32,
)
ALONG, ACROSS = 8, 3  # samples of a region


@kernel("float32[:, :, ::1](uint8[:, :, ::1], float32[:, :, ::1], int32[:, :, ::1])")
def looks(image: Image, keypoints: Floats, regions: NDArray[np.int32]) -> Floats:
    """(people, regions, 64) float32: shares of colours, 4 steps of each channel, that add up to 1; NaN where a region
    was not found. A colour between two steps counts for both, so that a little more light changes little.
    """
    height, width = image.shape[0], image.shape[1]
    result = np.zeros((len(keypoints), len(regions), BINS), np.float32)
    for p in range(len(keypoints)):
        for r in range(len(regions)):
            count = 0
            for part in range(2):
                ends = regions[r, part]
                ax, ay = keypoints[p, ends[0], 0], keypoints[p, ends[0], 1]
                bx, by = keypoints[p, ends[1], 0], keypoints[p, ends[1], 1]
                cx, cy = keypoints[p, ends[2], 0], keypoints[p, ends[2], 1]
                ex, ey = keypoints[p, ends[3], 0], keypoints[p, ends[3], 1]
                if math.isnan(ax + bx + cx + ex):
                    continue
                for i in range(ALONG):
                    u = 0.1 + 0.8 * i / (ALONG - 1)
                    for j in range(ACROSS):
                        v = 0.2 + 0.6 * j / (ACROSS - 1)
                        px = (ax + u * (bx - ax)) * (1 - v) + (cx + u * (ex - cx)) * v
                        py = (ay + u * (by - ay)) * (1 - v) + (cy + u * (ey - cy)) * v
                        if not (-0.5 <= px < width - 0.5 and -0.5 <= py < height - 0.5):
                            continue
                        x, y = int(px + 0.5), int(py + 0.5)
                        count += 1
                        for corner in range(8):
                            share, place = 1.0, 0
                            for c in range(3):
                                level = min(max(image[y, x, c] / 64.0 - 0.5, 0.0), STEPS - 1.0)
                                low = min(int(level), STEPS - 2)
                                up = corner >> c & 1
                                share *= level - low if up else 1 - (level - low)
                                place = place * STEPS + low + up
                            result[p, r, place] += share
            for b in range(BINS):
                result[p, r, b] = result[p, r, b] / count if count > 0 else np.nan
    return result


def unlike(some: Floats, others: Floats) -> Floats:
    """(n, m) float32, 0..1: Hellinger distances between looks, the mean over the regions that both have; NaN without
    any.
    """
    if not (len(some) and len(others)):
        return np.empty((len(some), len(others)), np.float32)
    overlap = np.einsum("nrb,mrb->nmr", np.sqrt(some), np.sqrt(others))
    both = ~np.isnan(overlap)
    apart = np.sqrt(np.maximum(1 - np.where(both, overlap, 0), 0))
    count = both.sum(axis=2)
    mean: Floats = np.where(count > 0, (apart * both).sum(axis=2) / np.maximum(count, 1), np.nan).astype(np.float32)
    return mean
