"""What a larger net sees in a training picture: soft targets (Hinton et al., arXiv 1503.02531).

A teacher that was trained on upright people sees little of one who stands on the hands.  So a picture with one
labelled person is turned first until the body is upright, and scaled until it has the size that the teacher knows;
its maps are kept together with the way back.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.network import Network
from core.network.dnn import read_net
from core.skeleton import L_HIP, NECK, R_HIP
from core.types import Floats, Image
from models.registry import Model
from models.training.datasets import Example

BODY_SIZE = 210  # pixels: how large the labelled person is shown to the teacher
CANVAS = 288  # pixels: the square that it is shown in
MOST_ZOOM = 3.0
LEAST = 1e-3  # a confidence below is nothing
UPRIGHT = math.radians(25)  # bodies that lean less are not turned


@dataclass(frozen=True, slots=True)
class SoftMaps:
    """A teacher's maps of one picture.

    maps:     (57, h, w) int8: 127 times the confidence maps and part affinity fields
    to_cells: (2, 3) float64, from image pixels to cells of `maps`; a turn and a scale, so the fields turn with it
    """

    maps: NDArray[np.int8]
    to_cells: NDArray[np.float64]


def soft_maps(network: Network, example: Example) -> SoftMaps:
    """What the teacher says of a picture: of the whole, or of the one person in it that is labelled."""
    if len(example.people) == 1 and not example.known.all():
        to_canvas = upright(example.people[0], example.regions[0])
        canvas: Image = cv2.warpAffine(  # type: ignore[assignment]
            example.image, to_canvas, (CANVAS, CANVAS), flags=cv2.INTER_LINEAR, borderValue=(127, 127, 127)
        )
    else:
        to_canvas = np.array([[1.0, 0, 0], [0, 1, 0]])
        canvas = example.image
    maps = network(canvas)
    (sx, sy), (ox, oy) = maps.transform.scale, maps.transform.offset
    cells = np.diag([1 / sx, 1 / sy]) @ (to_canvas - np.array([[0, 0, ox], [0, 0, oy]]))
    both: Floats = np.concatenate([maps.confidence, maps.affinity])
    return SoftMaps(np.round(np.clip(both, -1, 1) * 127).astype(np.int8), cells)


class Features:
    """What the trunk of a teacher makes of a crop, before any head: a denser lesson than maps that are mostly empty.

    Source: Romero et al., "FitNets", arXiv 1412.6550.
    """

    def __init__(self, model: Model, layer: str) -> None:
        self._manifest = model.manifest
        self._net = read_net(model)
        self._layer = layer

    def __call__(self, image: Image) -> Floats:
        """(channels, h / 8, w / 8) of a (h, w, 3) BGR crop."""
        manifest = self._manifest
        blob = cv2.dnn.blobFromImage(image, manifest.scale, mean=tuple(manifest.mean), swapRB=manifest.color == "RGB")
        self._net.setInput(blob)
        features: Floats = self._net.forward(self._layer)[0]
        return features


def upright(person: Floats, region: Floats) -> NDArray[np.float64]:
    """(2, 3) from image pixels to the canvas: the body upright in its middle."""
    down = (person[R_HIP] + person[L_HIP]) / 2 - person[NECK]
    angle = math.atan2(float(down[0]), float(down[1])) if np.isfinite(down).all() else 0.0
    if abs(angle) < UPRIGHT:
        angle = 0.0
    size = max(float(region[2] - region[0]), float(region[3] - region[1]))
    zoom = min(BODY_SIZE / size, MOST_ZOOM)
    middle = (float(region[0] + region[2]) / 2, float(region[1] + region[3]) / 2)
    turn = np.asarray(cv2.getRotationMatrix2D(middle, -math.degrees(angle), zoom), np.float64)
    turn[:, 2] += (CANVAS - 1) / 2 - np.array(middle)
    return turn
