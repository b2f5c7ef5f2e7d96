"""Faces made unrecognisable: those of people who are found. Whoever the net misses stays as they are."""

from __future__ import annotations

import cv2
import numpy as np

from core import skeleton
from core.types import Floats, Image, People

_FACE = [skeleton.NOSE, skeleton.R_EYE, skeleton.L_EYE, skeleton.R_EAR, skeleton.L_EAR]
_BLOCKS = 5  # across a face: too few to know anybody by
_LEAST = 4.0  # pixels


def blur_faces(image: Image, people: People) -> Image:
    """A new picture in which the face of everyone in `people` is a few soft blocks."""
    canvas = np.array(image, order="C")
    for x, y, radius in face_discs(people):
        _blur(canvas, float(x), float(y), float(radius))
    return canvas


def face_discs(people: People) -> Floats:
    """(m, 3) float32 image pixels: x, y and radius of a disc over the head of everyone whose head can be told.

    The disc is larger than the face, as points may lie some pixels off.  Of somebody without a point of the face, who
    may only seem to be turned away, it lies where the head has to be.
    """
    discs = [disc for xy in people.keypoints if (disc := _disc(xy)) is not None]
    return np.array(discs, np.float32).reshape(-1, 3)


def _disc(xy: Floats) -> tuple[float, float, float] | None:
    face = xy[_FACE]
    face = face[np.isfinite(face).all(axis=1)]
    size = _head(xy)
    if len(face):
        middle = (face.min(axis=0) + face.max(axis=0)) / 2
        spread = float(np.linalg.norm(face - middle, axis=1).max())
        if len(face) == 1 and np.isfinite(size):
            return float(middle[0]), float(middle[1]), max(1.5 * size, _LEAST)
        return float(middle[0]), float(middle[1]), max(1.7 * spread, 1.3 * size if np.isfinite(size) else 0.0, _LEAST)
    neck, doubt = _neck(xy)
    if not np.isfinite(neck).all() or not np.isfinite(size):
        return None
    x, y = neck + 1.2 * size * _up(xy, neck)
    return float(x), float(y), max((1.2 + doubt) * size, _LEAST)


def _head(xy: Floats) -> float:
    """About the radius of a head, in pixels, by the other parts of the body; NaN where there are none."""
    spoken = [
        0.5 * _distance(xy[skeleton.R_SHOULDER], xy[skeleton.L_SHOULDER]),
        _distance(xy[skeleton.R_SHOULDER], xy[skeleton.NECK]),
        _distance(xy[skeleton.L_SHOULDER], xy[skeleton.NECK]),
        0.4 * _distance(xy[skeleton.R_HIP], xy[skeleton.NECK]),
        0.4 * _distance(xy[skeleton.L_HIP], xy[skeleton.NECK]),
        0.8 * _distance(xy[skeleton.NOSE], xy[skeleton.NECK]),
        0.7 * _distance(xy[skeleton.R_ELBOW], xy[skeleton.R_SHOULDER]),
        0.7 * _distance(xy[skeleton.L_ELBOW], xy[skeleton.L_SHOULDER]),
    ]
    known = [each for each in spoken if np.isfinite(each)]
    return 0.75 * max(known) if known else np.nan


def _neck(xy: Floats) -> tuple[Floats, float]:
    """(2,) the neck, and how far off it may be, in sizes of the head. Where it was not found, it is between the
    shoulders, or on either side of the only one; NaN where there is none.
    """
    shoulders = xy[[skeleton.R_SHOULDER, skeleton.L_SHOULDER]]
    shoulders = shoulders[np.isfinite(shoulders).all(axis=1)]
    if np.isfinite(xy[skeleton.NECK]).all() or not len(shoulders):
        return xy[skeleton.NECK], 0.0
    return shoulders.mean(axis=0), 0.0 if len(shoulders) == 2 else 1.3


def _up(xy: Floats, neck: Floats) -> Floats:
    """(2,) from the hips to the neck, of length 1; upwards in the picture where there are no hips."""
    hips = xy[[skeleton.R_HIP, skeleton.L_HIP]]
    hips = hips[np.isfinite(hips).all(axis=1)]
    if not len(hips):
        return np.array((0.0, -1.0), np.float32)
    trunk: Floats = neck - hips.mean(axis=0)
    length = float(np.linalg.norm(trunk))
    return trunk / np.float32(length) if length > 0 else np.array((0.0, -1.0), np.float32)


def _distance(a: Floats, b: Floats) -> float:
    return float(np.linalg.norm(a - b))


def _blur(canvas: Image, x: float, y: float, radius: float) -> None:
    height, width = canvas.shape[:2]
    reach = int(min(np.ceil(radius), 4 * max(height, width)))
    left, top = max(0, round(x) - reach), max(0, round(y) - reach)
    right, bottom = min(width, round(x) + reach + 1), min(height, round(y) + reach + 1)
    if left >= right or top >= bottom:
        return
    part = canvas[top:bottom, left:right]
    blocks = cv2.resize(part, (_BLOCKS, _BLOCKS), interpolation=cv2.INTER_AREA)
    soft = cv2.resize(blocks, (right - left, bottom - top), interpolation=cv2.INTER_LINEAR)
    rows, columns = np.ogrid[top:bottom, left:right]
    inside = (columns - x) ** 2 + (rows - y) ** 2 <= radius**2
    part[inside] = soft[inside]
