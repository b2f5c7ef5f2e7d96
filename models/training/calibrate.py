"""Measures what the convolutions of the embedded net are given, and writes it into its manifest.

python -m models.training.calibrate --data training

With it OpenVINO computes the net with 8 bits. To be done anew after each export.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

import numpy as np

from core.network.dnn import read_net
from core.network.graph import build
from core.network.network import resized
from core.network.prototxt import read_prototxt
from core.network.quantized import Range
from core.network.quiet_openvino import ov
from core.types import Image
from models import registry
from models.registry import MANIFEST_NAME, Model
from models.training.datasets import read_coco
from models.training.manifests import manifest

# What the first layers, at strides 2 and 4, and the last ones are given: rounding it makes three fifths of the error of
# 8 bits, and computing it in full takes no longer (docs/training.md).
FULL = ("image", "stem_relu", "down1_relu", "stage1_1a_relu", "conf1_2_relu", "paf1_2_relu")
HEIGHTS = (368, 368, 256)  # of the net's input, by turns
TOP = 10  # so many of the pictures with the largest values say where a range ends, so that not one of them does


def ranges(model: Model, pictures: Iterator[Image]) -> dict[str, Range]:
    """Least and largest value of what convolutions are given that may be rounded, by its name in the prototxt."""
    text = model.paths["prototxt"].read_text(encoding="utf-8")
    graph = build(text, read_net(model), model.manifest, {})
    given = [name for name in graph.tops if name in _inputs_of_convolutions(text) and name not in FULL]
    outputs = [graph.tops[name] for name in given]
    seen = ov.Core().compile_model(ov.Model(outputs, [graph.image]), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    request = seen.create_infer_request()
    extremes = []
    for number, picture in enumerate(pictures):
        height, width = picture.shape[:2]
        size = model.manifest.network_size(width, height, HEIGHTS[number % len(HEIGHTS)])
        request.infer([resized(picture, size)[None]])
        values = [request.get_output_tensor(i).data for i in range(len(given))]
        extremes.append([(value.min(), value.max()) for value in values])
    lows, highs = np.sort(np.array(extremes, np.float64), axis=0).transpose(2, 1, 0)  # of each input, of all pictures
    return {
        name: (float(low[0]), float(high[-TOP:].mean())) for name, low, high in zip(given, lows, highs, strict=True)
    }


def _inputs_of_convolutions(text: str) -> set[str]:
    layers = [layer for layer in read_prototxt(text)["layer"] if isinstance(layer, dict)]
    return {str(layer["bottom"][0]) for layer in layers if layer["type"] == ["Convolution"]}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True, help="folder of the zip files of COCO's pictures")
    arguments.add_argument("--pictures", type=int, default=100, help="how many are looked at")
    chosen = arguments.parse_args()
    model = registry.find("embedded")
    examples = chain.from_iterable(read_coco(path) for path in sorted(chosen.data.glob("coco_train_*.zip")))
    pictures = (example.image for example in examples if len(example.people))
    found = ranges(model, islice(pictures, chosen.pictures))
    path = model.folder / MANIFEST_NAME
    path.write_text(manifest(model.name, model.folder, found), encoding="utf-8")
    print(f"{path}: ranges of {len(found)} inputs, of {chosen.pictures} pictures")


if __name__ == "__main__":
    main()
