"""People made up for tests and benchmarks: plausible standing figures, spread over a picture, the same for the same
seed.
"""

import numpy as np

from core.types import Floats

# A standing figure seen from the front, in body heights from the top of its head: x to the right of the picture, y
# down.
_STANDING = np.array(
    [
        (0.00, 0.08), (0.00, 0.18),
        (-0.11, 0.19), (-0.16, 0.34), (-0.18, 0.48),
        (0.11, 0.19), (0.16, 0.34), (0.18, 0.48),
        (-0.07, 0.51), (-0.08, 0.73), (-0.08, 0.95),
        (0.07, 0.51), (0.08, 0.73), (0.08, 0.95),
        (-0.02, 0.06), (0.02, 0.06), (-0.05, 0.07), (0.05, 0.07),
    ],
    np.float32,
)  # fmt: skip


def crowd(people: int, width: int, height: int, seed: int = 0) -> Floats:
    """(people, 18, 2) float32 image pixels: figures on a loose grid that fills a picture of `width` x `height`
    pixels.
    """
    if people == 0:
        return np.empty((0, len(_STANDING), 2), np.float32)
    random = np.random.default_rng(seed)
    columns = max(1, min(people, int(np.ceil(np.sqrt(people * 2.2 * width / height)))))
    rows = -(-people // columns)
    cell_width, cell_height = width / columns, height / rows
    places = [(i % columns, i // columns) for i in range(people)]
    figures = np.empty((people, *_STANDING.shape), np.float32)
    for figure, (column, row) in zip(figures, places, strict=True):
        size = min(cell_height * 0.9, cell_width * 2.2) * random.uniform(0.85, 1.0)
        pose = _STANDING + random.normal(0, 0.012, _STANDING.shape)
        left, top = (column + 0.5) * cell_width, row * cell_height + 0.5 * (cell_height - size)
        figure[:] = pose * size + (left, top)
    return figures
