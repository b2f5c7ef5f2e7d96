"""The maps that a perfect net would give for known people: truth for tests and benchmarks, targets for training."""

import math

import numpy as np

from core.skeleton import LINKS, POINTS
from core.types import Floats, Maps, Transform

SIGMA = 7.0 / 8.0  # cells: the Gaussian of 7 input pixels that OpenPose's nets were trained with
HALF_WIDTH = 1.0  # cells to either side of a link that its field fills


def ideal_maps(keypoints: Floats, transform: Transform, shape: tuple[int, int]) -> Maps:
    """Confidence maps and part affinity fields as OpenPose's training defines them.

    keypoints: (n, 18, 2) image pixels, NaN where missing; transform: cells to image; shape: (h, w) cells.
    Where people overlap a confidence map takes the maximum, an affinity field the average.  Source: Cao et al., arXiv
    1812.08008, 3.2-3.3.
    """
    confidence = np.zeros((POINTS + 1, *shape), np.float32)
    affinity = np.zeros((2 * len(LINKS), *shape), np.float32)
    covers = np.zeros((len(LINKS), *shape), np.float32)
    for person in transform.to_cells(keypoints):
        for point, (x, y) in enumerate(person):
            if not math.isnan(x):
                _add_gaussian(confidence[point], float(x), float(y))
        for kind, link in enumerate(LINKS):
            if not np.isnan(person[[link.a, link.b]]).any():
                _add_field(
                    affinity[link.x_channel], affinity[link.y_channel], covers[kind], person[link.a], person[link.b]
                )
    for kind, link in enumerate(LINKS):
        affinity[link.x_channel] /= np.maximum(covers[kind], 1)
        affinity[link.y_channel] /= np.maximum(covers[kind], 1)
    confidence[POINTS] = 1 - confidence[:POINTS].max(axis=0)
    return Maps(confidence, affinity, transform)


def _window(low: float, high: float, size: int) -> slice:
    """The cells of an axis that lie within low..high."""
    return slice(max(math.ceil(low), 0), max(min(math.floor(high) + 1, size), 0))


def _add_gaussian(confidence: Floats, x: float, y: float) -> None:
    reach = 4.5 * SIGMA  # below that 0.00004
    rows, columns = (
        _window(y - reach, y + reach, confidence.shape[0]),
        _window(x - reach, x + reach, confidence.shape[1]),
    )
    part = confidence[rows, columns]
    dy = np.arange(rows.start, rows.start + part.shape[0], dtype=np.float32)[:, None] - y
    dx = np.arange(columns.start, columns.start + part.shape[1], dtype=np.float32)[None] - x
    np.maximum(part, np.exp(-(dx * dx + dy * dy) / (2 * SIGMA**2)), out=part)


def _add_field(field_x: Floats, field_y: Floats, covers: Floats, a: Floats, b: Floats) -> None:
    delta = b - a
    length = float(np.hypot(*delta))
    if length < 1e-3:
        return
    unit = delta / length
    low, high = np.minimum(a, b) - HALF_WIDTH, np.maximum(a, b) + HALF_WIDTH
    rows, columns = _window(low[1], high[1], field_x.shape[0]), _window(low[0], high[0], field_x.shape[1])
    y, x = np.mgrid[rows, columns].astype(np.float32)
    along = (x - a[0]) * unit[0] + (y - a[1]) * unit[1]
    across = np.abs((x - a[0]) * unit[1] - (y - a[1]) * unit[0])
    inside = (along >= -HALF_WIDTH) & (along <= length + HALF_WIDTH) & (across <= HALF_WIDTH)
    field_x[rows, columns] += inside * unit[0]
    field_y[rows, columns] += inside * unit[1]
    covers[rows, columns] += inside
