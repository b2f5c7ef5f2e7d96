"""Whether OpenCV can run a model, and whether what comes out is a pose net's."""

from math import lcm

import cv2
import numpy as np

from models.errors import ModelError
from models.manifest import Manifest
from models.opencv import reason
from models.registry import Model

CHANNELS = {"coco18": 57}  # 19 confidence maps, 38 part affinity fields
_SIZE = 128  # pixels, about: enough for every layer, and quick
_POOLED = (16, 32, 64)  # multiples that nets need which shrink the picture further and enlarge it again


def probe(model: Model) -> None:
    """Forward passes on small random images of two sizes.

    Raises ModelError when one fails or gives an output of another shape; where the net only needs sizes of a larger
    multiple, the error says which.
    """
    manifest, net = model.manifest, _read(model)
    problem = _problem(net, manifest, manifest.size_multiple)
    if problem is None:
        return
    for multiple in sorted({lcm(manifest.size_multiple, pooled) for pooled in _POOLED} - {manifest.size_multiple}):
        if _problem(net, manifest, multiple) is None:
            problem = (
                f"The net of {model.name} does not run at all sizes that are multiples of {manifest.size_multiple} "
                f"pixels, but at those of {multiple}; give it a size multiple of {multiple}."
            )
            break
    raise ModelError(problem, exit_code=2)


def _read(model: Model) -> cv2.dnn.Net:
    paths = model.ready()
    try:
        if "graph" in paths:
            return cv2.dnn.readNetFromTensorflow(str(paths["graph"]))
        return cv2.dnn.readNetFromCaffe(str(paths["prototxt"]), str(paths["caffemodel"]))
    except cv2.error as e:
        raise ModelError(
            f"OpenCV cannot read {' with '.join(path.name for path in paths.values())} as a net; "
            "check that the files belong together and are complete.",
            exit_code=2,
        ) from e


def _sizes(multiple: int) -> tuple[tuple[int, int], ...]:
    """(width, height) of the images: an even and an odd number of multiples each way.

    A net that halves the picture once more than `multiple` allows for runs at the first, and not at the second.
    """
    pairs = max(1, round(_SIZE / (2 * multiple)))
    return (2 * pairs * multiple, 2 * pairs * multiple), ((2 * pairs + 1) * multiple, (2 * pairs - 1) * multiple)


def _problem(net: cv2.dnn.Net, manifest: Manifest, multiple: int) -> str | None:
    """What is wrong at sizes that are multiples of `multiple`, for the user; None where nothing is."""
    for width, height in _sizes(multiple):
        image = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
        blob = cv2.dnn.blobFromImage(image, manifest.scale, mean=manifest.mean, swapRB=manifest.color == "RGB")
        try:
            net.setInput(blob)
            output = net.forward()
        except cv2.error as e:
            return (
                f"OpenCV cannot run the net of {manifest.name} on {width} x {height} pixels ({reason(e)}); "
                "check that its files belong together and are complete."
            )
        expected = (1, CHANNELS[manifest.skeleton], height // manifest.stride, width // manifest.stride)
        if output.shape != expected:
            return (
                f"The net of {manifest.name} gives an output of shape {output.shape} for {width} x {height} pixels, "
                f"where {expected} is needed (57 channels, a cell for {manifest.stride} pixels); it is not such a pose "
                "net."
            )
        if not np.isfinite(output).all():
            return f"The net of {manifest.name} gives numbers that are not finite; check scale and mean."
    return None
