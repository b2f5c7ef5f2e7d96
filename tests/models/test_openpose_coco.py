"""The generated prototxt takes weights that are named and shaped like the public ones."""

import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from models import openpose_coco, registry
from tests.models.caffe import Weights, write_caffemodel


def public_shapes() -> dict[str, tuple[int, int, int]]:
    """(outputs, inputs, kernel size) of each convolution in the public caffemodel, written down apart from our code."""
    shapes = {}
    inputs = 3
    for block, (repeats, outputs) in enumerate([(2, 64), (2, 128), (4, 256), (2, 512)], 1):
        for i in range(1, repeats + 1):
            shapes[f"conv{block}_{i}"] = (outputs, inputs, 3)
            inputs = outputs
    shapes |= {"conv4_3_CPM": (256, 512, 3), "conv4_4_CPM": (128, 256, 3)}
    for branch, last in (("L1", 38), ("L2", 19)):
        for i in (1, 2, 3):
            shapes[f"conv5_{i}_CPM_{branch}"] = (128, 128, 3)
        shapes[f"conv5_4_CPM_{branch}"] = (512, 128, 1)
        shapes[f"conv5_5_CPM_{branch}"] = (last, 512, 1)
        for stage in range(2, 7):
            shapes[f"Mconv1_stage{stage}_{branch}"] = (128, 185, 7)
            for i in (2, 3, 4, 5):
                shapes[f"Mconv{i}_stage{stage}_{branch}"] = (128, 128, 7)
            shapes[f"Mconv6_stage{stage}_{branch}"] = (128, 128, 1)
            shapes[f"Mconv7_stage{stage}_{branch}"] = (last, 128, 1)
    return shapes


def random_weights() -> Weights:
    # One pool of random numbers, cut anew for each layer: as good as new ones here, and much faster.
    pool = np.random.default_rng(1).standard_normal(1 << 17, np.float32)
    weights = {}
    for i, (name, (outputs, inputs, size)) in enumerate(public_shapes().items()):
        kernel = np.resize(np.roll(pool, i), (outputs, inputs, size, size))
        kernel *= np.float32(
            (2 / (inputs * size * size)) ** 0.5
        )  # keeps the values' size from layer to layer (He et al.)
        weights[name] = kernel, np.roll(pool, -i)[:outputs] * np.float32(0.1)
    return weights


def test_the_public_file_has_52_million_weights() -> None:
    assert sum(n * (k * size * size + 1) for n, k, size in public_shapes().values()) == 52_311_446


def test_public_weights_load_and_give_57_maps(tmp_path: Path) -> None:
    weights = random_weights()
    # The last confidence layer says nothing but the number of each map, so its place in the output shows.
    numbers = np.arange(19, dtype=np.float32)
    weights["Mconv7_stage6_L2"] = weights["Mconv7_stage6_L2"][0] * 0, numbers
    prototxt, caffemodel = tmp_path / "net.prototxt", tmp_path / "net.caffemodel"
    prototxt.write_text(openpose_coco.prototxt())
    write_caffemodel(caffemodel, weights)
    # The published file is 28 kB larger, as it says how each layer was trained.
    assert 209_274_056 - 40_000 < caffemodel.stat().st_size < 209_274_056

    net = cv2.dnn.readNetFromCaffe(str(prototxt), str(caffemodel))
    caffemodel.unlink()
    for name, (kernel, bias) in weights.items():
        assert np.array_equal(net.getParam(name, 0), kernel), name
        assert np.array_equal(net.getParam(name, 1).ravel(), bias), name

    manifest = registry.find("openpose-coco").manifest
    image = np.random.default_rng(2).integers(0, 256, (607, 910, 3), np.uint8)
    size = manifest.network_size(910, 607, 368)
    net.setInput(cv2.dnn.blobFromImage(image, manifest.scale, size, manifest.mean))
    output = net.forward()
    assert output.shape == (1, 57, 46, 69)
    assert np.array_equal(output[0, :19], np.broadcast_to(numbers[:, None, None], (19, 46, 69)))
    assert np.isfinite(output).all()
    assert (output[0, 19:].std(axis=(1, 2)) > 0).all()  # the image got through all stages


@pytest.mark.parametrize("stage", [2, 3, 4, 5, 6])
def test_stages_see_fields_maps_and_features_in_the_published_order(stage: int) -> None:
    """The shapes would be the same in any order, the results would not."""
    before = "conv5_5_CPM_{}" if stage == 2 else f"Mconv7_stage{stage - 1}_{{}}"
    assert bottoms(f"concat_stage{stage}") == [before.format("L1"), before.format("L2"), "conv4_4_CPM"]


def test_every_convolution_but_the_last_of_a_branch_has_a_relu() -> None:
    rectified = set(re.findall(r'type: "ReLU" bottom: "(\w+)"', openpose_coco.prototxt()))
    assert set(public_shapes()) - rectified == {
        f"{name}_{branch}"
        for branch in ("L1", "L2")
        for name in ["conv5_5_CPM", *(f"Mconv7_stage{stage}" for stage in range(2, 7))]
    }


def bottoms(layer: str) -> list[str]:
    found = re.search(rf'name: "{layer}" type: "\w+" (.*?) top:', openpose_coco.prototxt())
    assert found
    return re.findall(r'"(\w+)"', found[1])
