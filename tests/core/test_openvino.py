"""Caffe nets that are rebuilt for OpenVINO answer as they do in OpenCV, or are refused in a sentence."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from core.errors import PoseDeskError
from core.network import Network, graph, openvino
from core.network.device import DeviceError
from core.network.fallback import FallbackEngine
from core.network.graph import UnsupportedError, build
from core.network.openvino import OpenVinoDevice
from core.network.prototxt import read_prototxt
from core.settings import NetworkSettings
from core.sources.synthetic import SyntheticScene
from core.types import Image
from models import registry
from models.manifest import Manifest
from models.registry import Model
from models.training.caffe import write_caffemodel
from tests.tiny_net import arms, write_tiny_net

HEAD = 'name: "n" input: "image" input_dim: 1 input_dim: 3 input_dim: 64 input_dim: 64\n'


def picture(height: int, width: int) -> Image:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


@pytest.fixture(scope="module")
def in_full() -> Model:
    """The embedded net, of which OpenVINO does not know how to compute it with 8 bits."""
    model = registry.find("embedded")
    return replace(model, manifest=model.manifest.model_copy(update={"activations": {}}))


@pytest.mark.parametrize(("height", "width"), [(368, 432), (360, 200), (128, 136), (64, 64)])
def test_the_embedded_net_answers_as_in_opencv(in_full: Model, height: int, width: int) -> None:
    ours, theirs = FallbackEngine(in_full, "openvino"), FallbackEngine(in_full, "cpu")
    image = picture(height, width)
    np.testing.assert_allclose(ours.infer(image), theirs.infer(image), atol=1e-4)
    assert ours.report.device == "CPU, OpenVINO"


def test_with_8_bits_it_answers_nearly_so(in_full: Model) -> None:
    runner = OpenVinoDevice().take(registry.find("embedded"))
    if "8 bits" not in runner.title:
        pytest.skip("this processor has no instructions for 8 bits")
    with SyntheticScene("walk", size=(432, 368), seed=0) as scene:
        scene.seek(30)
        image = scene.read().image
    ours, theirs = runner.forward(image), FallbackEngine(in_full, "cpu").infer(image)
    assert theirs[:18].max() > 0.5
    assert 0 < np.abs(ours - theirs).max() < 0.2
    assert np.sqrt(np.mean((ours - theirs) ** 2)) < 0.005


def test_where_8_bits_are_too_coarse_it_is_computed_in_full(in_full: Model) -> None:
    model = registry.find("embedded")
    narrow = dict.fromkeys(model.manifest.activations, (0.0, 0.1))
    runner = OpenVinoDevice().take(replace(model, manifest=model.manifest.model_copy(update={"activations": narrow})))
    assert runner.title == "CPU, OpenVINO"


def test_on_a_machine_without_a_gpu_it_is_what_runs() -> None:
    network = Network.open(registry.find("embedded"), NetworkSettings())
    assert network.report.backend in ("cuda-fp16", "cuda", "openvino")


def test_an_answer_is_not_overwritten_by_the_next_one() -> None:
    engine = FallbackEngine(registry.find("embedded"), "openvino")
    first = engine.infer(picture(64, 64))
    kept = first.copy()
    engine.infer(255 - picture(64, 64))
    np.testing.assert_array_equal(first, kept)


EVERY_LAYER = f"""{HEAD}
# A comment: {{ braces in it are nothing }}
layer {{ name: "c1" type: "Convolution" bottom: "image" top: "c1"
  convolution_param {{ num_output: 4 kernel_size: 3 stride: 2 pad: 1 weight_filler {{ type: "xavier" }} }} }}
layer {{ name: "r1" type: "ReLU" bottom: "c1" top: "c1" }}
layer {{ name: "each" type: "Convolution" bottom: "c1" top: "each"
  convolution_param {{ num_output: 4 kernel_size: 3 pad: 1 group: 4 bias_term: false }} }}
layer {{ name: "r6" type: "ReLU6" bottom: "each" top: "each" }}
layer {{ name: "sum" type: "Eltwise" bottom: "each" bottom: "c1" top: "sum" eltwise_param {{ operation: SUM }} }}
layer {{ name: "largest" type: "Pooling" bottom: "sum" top: "largest"
  pooling_param {{ pool: MAX kernel_size: 2 stride: 2 }} }}
layer {{ name: "mean" type: "Pooling" bottom: "sum" top: "mean"
  pooling_param {{ pool: AVE kernel_size: 2 stride: 2 }} }}
layer {{ name: "both" type: "Concat" bottom: "largest" bottom: "mean" top: "both" concat_param {{ axis: 1 }} }}
layer {{ name: "up" type: "Deconvolution" bottom: "both" top: "up"
  convolution_param {{ num_output: 6 kernel_size: 2 stride: 2 }} }}
layer {{ name: "each_up" type: "Deconvolution" bottom: "both" top: "each_up"
  convolution_param {{ num_output: 8 group: 8 kernel_size: 4 stride: 2 pad: 1 }} }}
layer {{ name: "cut" type: "Crop" bottom: "up" bottom: "sum" top: "cut" crop_param {{ axis: 2 }} }}
layer {{ name: "cut_too" type: "Crop" bottom: "each_up" bottom: "sum" top: "cut_too" }}
layer {{ name: "all" type: "Concat" bottom: "cut" bottom: "cut_too" top: "all" }}
"""
KERNELS = {"c1": (4, 3, 3, 3), "each": (4, 1, 3, 3), "up": (8, 6, 2, 2), "each_up": (8, 1, 4, 4)}
BIASES = {"c1": 4, "up": 6, "each_up": 8}


@pytest.mark.parametrize("color", ["BGR", "RGB"])
@pytest.mark.parametrize(("height", "width"), [(32, 48), (38, 30)])
def test_each_kind_of_layer_is_that_of_opencv(tmp_path: Path, color: str, height: int, width: int) -> None:
    rng = np.random.default_rng(1)
    layers = []
    for name, shape in KERNELS.items():
        blobs = [rng.normal(0, 0.5, shape).astype(np.float32)]
        if name in BIASES:
            blobs.append(rng.normal(0, 0.5, BIASES[name]).astype(np.float32))
        layers.append((name, "Deconvolution" if "up" in name else "Convolution", blobs))
    write_caffemodel(tmp_path / "n.caffemodel", layers)
    (tmp_path / "n.prototxt").write_text(EVERY_LAYER)
    manifest = manifest_of(color=color, scale=1 / 64, mean=(120.0, 130.0, 140.0))
    net = cv2.dnn.readNetFromCaffe(str(tmp_path / "n.prototxt"), str(tmp_path / "n.caffemodel"))
    request = graph.compiled(build(EVERY_LAYER, net, manifest, {}))
    image = picture(height, width)
    net.setInput(cv2.dnn.blobFromImage(image, manifest.scale, mean=manifest.mean, swapRB=color == "RGB"))
    theirs = net.forward()
    np.testing.assert_allclose(
        openvino.OpenVinoRunner(request, "test").forward(image), theirs, atol=1e-4 * np.abs(theirs).max()
    )


def manifest_of(**fields: object) -> Manifest:
    plain = {
        "name": "n", "title": "N", "prototxt": "n.prototxt", "caffemodel": "n.caffemodel", "skeleton": "coco18",
        "stride": 8, "size_multiple": 8, "color": "BGR", "scale": 1.0, "mean": (0.0, 0.0, 0.0), "license": "none",
        "source": "tests",
    }  # fmt: skip
    return Manifest.model_validate(plain | fields)


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ('name: "t" type: "TanH" bottom: "image" top: "t"', "layer t is of the kind TanH"),
        ('name: "r" type: "ReLU" bottom: "image" top: "r" relu_param { negative_slope: 0.1 }', "r has negative_slope"),
        ('name: "r" type: "ReLU" bottom: "nothing" top: "r"', "r takes nothing, which"),
        (
            'name: "p" type: "Pooling" bottom: "image" top: "p" pooling_param { pool: STOCHASTIC kernel_size: 2 }',
            "p pools in another way",
        ),
        (
            'name: "p" type: "Pooling" bottom: "image" top: "p" pooling_param { kernel_size: 2 kernel_size: 3 }',
            "kernel_size is not the same each way",
        ),
        (
            'name: "e" type: "Eltwise" bottom: "image" bottom: "image" top: "e" eltwise_param { operation: MAX }',
            "e does not add",
        ),
        ('name: "j" type: "Concat" bottom: "image" top: "j" concat_param { axis: 2 }', "j joins along another axis"),
        ('name: "x" type: "ReLU', "cannot be read"),
        ('name: "r" type: "ReLU" top: "r"', "r has too few inputs"),
        ('name: "c" type: "Crop" bottom: "image" top: "c"', "c has too few inputs"),
        ('name: "c" type: "Convolution" bottom: "image" top: "c"', "c has no weights"),
    ],
)
def test_what_is_not_known_is_refused(layer: str, said: str) -> None:
    with pytest.raises(UnsupportedError, match=said):
        build(f"{HEAD}layer {{ {layer} }}", NoWeights(), manifest_of(), {})  # type: ignore[arg-type]


class NoWeights:
    """Stands for a cv2.dnn.Net whose layers have none."""

    blobs = ()

    def getLayerId(self, name: str) -> int:  # noqa: N802 - cv2's name
        return 0

    def getLayer(self, number: int) -> "NoWeights":  # noqa: N802 - cv2's name
        return self


@pytest.mark.parametrize("text", ["a: 1 }", "a {", "a:", "a: b: 3", "{ }", ": 1", "a { } b", 'a: "b'])
def test_a_broken_prototxt_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"brace|no value|not end|where a name"):
        read_prototxt(text)


def test_a_prototxt_is_its_fields_in_order() -> None:
    text = "name: 'a b' # {\nlayer { type: \"x\" dim: 1 dim: 2; } layer: { }"
    assert read_prototxt(text) == {"name": ["a b"], "layer": [{"type": ["x"], "dim": ["1", "2"]}, {}]}


def test_a_net_that_it_cannot_take_goes_to_opencv_without_a_word(tmp_path: Path) -> None:
    model = tiny(tmp_path)
    prototxt = model.paths["prototxt"]
    prototxt.write_text(prototxt.read_text() + 'layer { name: "s" type: "Split" bottom: "maps" top: "s" }\n')
    told: list[str] = []
    engine = FallbackEngine(model, tell=told.append)
    assert engine.report.backend == "cpu"
    assert "CPU, OpenVINO: cannot take this net: layer s is of the kind Split." in engine.report.trail
    assert not told
    with pytest.raises(PoseDeskError, match=r"No device can run model tiny.*Split"):
        FallbackEngine(model, "openvino")


def test_a_prototxt_that_only_opencv_can_read_goes_to_opencv(tmp_path: Path) -> None:
    model = tiny(tmp_path)
    prototxt = model.paths["prototxt"]
    prototxt.write_bytes(b"# caf\xe9\n" + prototxt.read_bytes())
    engine = FallbackEngine(model)
    assert engine.report.backend == "cpu"
    assert any("cannot read tiny.prototxt" in line for line in engine.report.trail)


class FullMemory:
    """Stands for an `openvino.InferRequest`."""

    def infer(self, inputs: list[Image]) -> None:
        raise MemoryError("bad allocation")


def test_too_little_memory_is_told_as_such() -> None:
    with pytest.raises(DeviceError, match="bad allocation") as caught:
        openvino.OpenVinoRunner(FullMemory(), "test").forward(picture(64, 64))
    assert caught.value.out_of_memory


def test_one_that_answers_otherwise_than_opencv_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tiny(tmp_path)
    shown = arms((40, 30))
    assert OpenVinoDevice().take(model).forward(shown).shape == (1, 57, 16, 20)
    monkeypatch.setitem(graph._KINDS, "Pooling", lambda layer: graph.ops.max_pool(
        layer.inputs[0], [8, 8], [1, 1], [0, 0], [0, 0], [8, 8]))  # fmt: skip
    with pytest.raises(DeviceError, match="does not answer as OpenCV does"):
        OpenVinoDevice().take(model)


def tiny(folder: Path) -> Model:
    return registry.find(write_tiny_net(folder))


def test_without_the_package_opencv_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openvino, "find_spec", lambda name: None)
    engine = FallbackEngine(registry.find("embedded"))
    assert "CPU, OpenVINO: not on this machine; it needs the package openvino." in engine.report.trail


def test_nobody_is_told_that_it_is_used() -> None:
    """Imported as it is, OpenVINO starts a thread that sends a message to Google Analytics."""
    script = (
        "import sys, threading\n"
        "from core.network import graph\n"
        "print([name for name in sys.modules if name.startswith('openvino_telemetry.')], threading.active_count())"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["[]", "1"]
