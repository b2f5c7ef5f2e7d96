"""From a picture to maps, with the exact way back to its pixels."""

import math
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from core.network.engine import Engine, EngineReport
from core.network.fallback import FallbackEngine
from core.network.image import check_image
from core.settings import NetworkSettings
from core.skeleton import AFFINITY_CHANNEL, LINK_CHANNELS, MIRRORED_LINKS, MIRRORED_POINTS
from core.types import Floats, Image, Maps, Transform
from models.manifest import Manifest
from models.registry import Model


class Network:
    """A pose net: call it with a (height, width, 3) BGR image, it answers with `Maps`.

    The image is stretched to the size of the net's input, which keeps its shape but for the rounding to the net's
    multiple; `Maps.transform` undoes both exactly.
    """

    def __init__(self, manifest: Manifest, engine: Engine, settings: NetworkSettings) -> None:
        self._manifest = manifest
        self.engine = engine
        self._settings = settings

    @classmethod
    def open(cls, model: Model, settings: NetworkSettings, tell: Callable[[str], None] = lambda _: None) -> "Network":
        """The net of `model` on the backend that `settings` ask for. Errors and `tell`: see `FallbackEngine`."""
        return cls(model.manifest, FallbackEngine(model, settings.backend, tell), settings)

    def fed_with(self, settings: NetworkSettings) -> "Network":
        """The same net on the same device, fed as `settings` say: nothing is loaded anew."""
        return Network(self._manifest, self.engine, settings)

    @property
    def report(self) -> EngineReport:
        """What the net runs on."""
        return self.engine.report

    def input_size(self, image: Image, scale: float = 1.0) -> tuple[int, int]:
        """(width, height) of the net's input for an image."""
        height, width = image.shape[:2]
        return self._manifest.network_size(width, height, round(self._settings.input_height * scale))

    def __call__(self, image: Image) -> Maps:
        """Raises InputError for what is no such image, PoseDeskError when no device can run the net any more."""
        check_image(image)
        size = self.input_size(image)
        runs = [
            self._run(image, self.input_size(image, scale), mirror)
            for scale in self._settings.scales
            for mirror in self._sides
        ]
        output = runs[0] if len(runs) == 1 and self._settings.scales == (1.0,) else self._average(runs, size)
        transform = Transform.of_resize((image.shape[1], image.shape[0]), size, self._manifest.stride)
        return Maps(output[:AFFINITY_CHANNEL], output[AFFINITY_CHANNEL:], transform)

    @property
    def _sides(self) -> tuple[bool, ...]:
        return (False, True) if self._settings.flip else (False,)

    def _run(self, image: Image, size: tuple[int, int], mirror: bool) -> Floats:
        picture = resized(image, size)
        if not mirror:
            return self.engine.infer(picture)
        return mirrored(self.engine.infer(np.ascontiguousarray(picture[:, ::-1])))

    def _average(self, runs: list[Floats], size: tuple[int, int]) -> Floats:
        """The mean of several outputs on the grid of the base size. All grids span the whole image, as `cv2.resize`
        does.
        """
        width, height = size[0] // self._manifest.stride, size[1] // self._manifest.stride
        total = np.zeros((runs[0].shape[0], height, width), np.float32)
        for output in runs:
            for channel, sum_ in zip(output, total, strict=True):
                fits = channel.shape == sum_.shape
                sum_ += channel if fits else cv2.resize(channel, (width, height), interpolation=cv2.INTER_CUBIC)
        return total / np.float32(len(runs))


def resized(image: Image, size: tuple[int, int]) -> Image:
    """`image` stretched to `size` (width, height), without false detail where it shrinks.

    Whole factors are averaged away, the rest, below two, is smoothed as much as it shrinks and interpolated.  Averaging
    over areas of any size, as `cv2.INTER_AREA` does, takes two to three times as long and finds no more people.
    """
    height, width = image.shape[:2]
    factor = min(width / size[0], height / size[1])
    picture: Any = image  # OpenCV's stubs forget the type of the pixels
    if factor >= 2:
        whole = int(factor)
        factor /= whole
        picture = cv2.resize(picture, (round(width / whole), round(height / whole)), interpolation=cv2.INTER_AREA)
    if factor > 1:
        picture = cv2.GaussianBlur(picture, (3, 3), 0.5 * math.sqrt(factor * factor - 1))
    stretched: Image = cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR)
    return stretched


def mirrored(output: Floats) -> Floats:
    """The (57, h, w) output for a mirror image, turned back: left and right swap, and fields point the other way in
    x.
    """
    flipped = output[:, :, ::-1]
    result = np.empty_like(output)
    for point, other in enumerate(MIRRORED_POINTS):
        result[point] = flipped[other]
    result[AFFINITY_CHANNEL - 1] = flipped[AFFINITY_CHANNEL - 1]
    for kind, other in enumerate(MIRRORED_LINKS):
        x, y = LINK_CHANNELS[kind] + AFFINITY_CHANNEL
        other_x, other_y = LINK_CHANNELS[other] + AFFINITY_CHANNEL
        result[x] = -flipped[other_x]
        result[y] = flipped[other_y]
    return result
