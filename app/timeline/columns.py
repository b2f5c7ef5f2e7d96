"""From seconds to the columns of a screen: as many numbers as there are pixels, however long the film is."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from app.timeline.content import UNKNOWN, Spans

# Seconds between ticks that people can count in.
_STEPS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18000, 36000, 86400)


def places(seconds: NDArray[np.float64], begin: float, end: float, width: int) -> NDArray[np.float64]:
    """Where seconds lie between 0 and `width`, in pixels; what is not on show lies just outside."""
    return np.clip((seconds - begin) * (width / (end - begin)), -2.0, width + 2.0)


def bars(spans: Spans, begin: float, end: float, width: int, least: float = 2.0) -> NDArray[np.float64]:
    """(m, 2) left and width in pixels of what is on show of `spans`.

    least: pixels that a bar is wide; bars that would touch are one, so that there are never more than fit.
    """
    seen = spans[(spans[:, 1] > begin) & (spans[:, 0] < end)]
    if not len(seen):
        return np.empty((0, 2))
    edges = places(seen.ravel(), begin, end, width).reshape(-1, 2)
    left, right = edges[:, 0], np.maximum(edges[:, 1], edges[:, 0] + least)
    first = np.flatnonzero(np.concatenate([[True], left[1:] > np.maximum.accumulate(right)[:-1] + 0.5]))
    last = np.append(first[1:], len(left)) - 1
    return np.stack([left[first], np.maximum.accumulate(right)[last] - left[first]], axis=1)


def most(
    times: NDArray[np.float64], counts: NDArray[np.int16], begin: float, end: float, width: int
) -> NDArray[np.int16]:
    """(width,) the most people in a frame of each column; UNKNOWN where no frame of it was analysed.

    A frame lasts until the next begins, so columns between two frames have what the one before has.
    """
    if not len(times) or width <= 0:
        return np.full(max(width, 0), UNKNOWN, np.int16)
    edges = np.linspace(begin, end, width + 1)
    places = np.searchsorted(times, edges, side="right") - 1  # the frame on screen at each edge
    first = np.clip(places[:-1], 0, len(times) - 1)
    # From the frame at the left edge up to before the first that begins beyond the right edge.
    bounds = np.append(first, min(max(int(places[-1]), int(first[-1])) + 1, len(times)))
    columns = np.asarray(np.maximum.reduceat(counts[: bounds[-1]], first), np.int16)
    ending = counts[np.clip(places[1:], 0, len(times) - 1)]  # reduceat leaves out the frame at the right edge
    result: NDArray[np.int16] = np.maximum(columns, ending)
    result[edges[:-1] >= times[-1] + max(float(times[-1] - times[-2]) if len(times) > 1 else 1.0, 1e-3)] = UNKNOWN
    return result


def ticks(begin: float, end: float, width: int, apart: float = 72.0) -> tuple[NDArray[np.float64], float]:
    """(n,) seconds of the ticks on show, and the seconds between two; at least `apart` pixels lie between them."""
    least = (end - begin) * apart / max(width, 1)
    step = next((step for step in _STEPS if step >= least), _STEPS[-1])
    numbers = np.arange(math.ceil(begin / step), math.floor(end / step) + 1, dtype=np.float64)
    return numbers * step, float(step)


def tick_text(seconds: float, step: float) -> str:
    """How a tick is called: as short as its step lets it be."""
    whole = round(seconds * 100)
    hours, rest = divmod(whole, 360_000)
    minutes, rest = divmod(rest, 6000)
    fine = f".{rest % 100:02}".rstrip("0") if step < 1 and rest % 100 else ""
    head = f"{hours}:{minutes:02}" if hours else f"{minutes}"
    return f"{head}:{rest // 100:02}{fine}"
