"""Whether OpenCV can run a model, and whether what comes out is a pose net's."""

import cv2
import numpy as np

from models.errors import ModelError
from models.registry import Model

CHANNELS = {"coco18": 57}  # 19 confidence maps, 38 part affinity fields
_SIZE = 128  # pixels: enough for every layer, and quick


def probe(model: Model) -> None:
    """One forward pass on a small random image. Raises ModelError when it fails or gives an output of another shape."""
    manifest, paths = model.manifest, model.ready()
    width, height = manifest.network_size(_SIZE, _SIZE, _SIZE)
    image = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    try:
        if "graph" in paths:
            net = cv2.dnn.readNetFromTensorflow(str(paths["graph"]))
        else:
            net = cv2.dnn.readNetFromCaffe(str(paths["prototxt"]), str(paths["caffemodel"]))
        net.setInput(
            cv2.dnn.blobFromImage(image, manifest.scale, (width, height), manifest.mean, swapRB=manifest.color == "RGB")
        )
        output = net.forward()
    except cv2.error as e:
        raise ModelError(
            f"OpenCV cannot run {' with '.join(path.name for path in paths.values())} ({_sentence(e)}); "
            "check that the files belong together and are complete.",
            exit_code=2,
        ) from e
    expected = (1, CHANNELS[manifest.skeleton], height // manifest.stride, width // manifest.stride)
    if output.shape != expected:
        raise ModelError(
            f"The net of {model.name} gives an output of shape {output.shape} for {width} x {height} pixels, where "
            f"{expected} is needed (57 channels, a cell for {manifest.stride} pixels); it is not such a pose net.",
            exit_code=2,
        )
    if not np.isfinite(output).all():
        raise ModelError(
            f"The net of {model.name} gives numbers that are not finite; check scale and mean.", exit_code=2
        )


def _sentence(error: cv2.error) -> str:
    """The part of OpenCV's message that says what is wrong, without its own file names, on one line."""
    return " ".join(str(getattr(error, "err", "") or error).split())[:200]
