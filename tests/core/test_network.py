"""From picture to maps and back to pixels, and the choice of a device."""

from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.crowd import crowd
from core.decode import decode, find_peaks
from core.errors import InputError, PoseDeskError
from core.network import EngineReport, Network, dnn
from core.network.fallback import DEVICES, FallbackEngine
from core.network.ideal import ideal_maps
from core.network.network import mirrored
from core.network.openvino import OpenVinoDevice
from core.settings import OPENPOSE, NetworkSettings
from core.types import Floats, Image, Transform
from models.manifest import Manifest

MANIFEST = Manifest(
    name="fake", title="Fake", prototxt="a.prototxt", caffemodel="a.caffemodel", skeleton="coco18", stride=8,
    size_multiple=16, color="BGR", scale=1.0, mean=(0.0, 0.0, 0.0), license="none", source="tests",
)  # fmt: skip


class TruthEngine:
    """An engine that answers with the ideal maps of known people, wherever the picture was resized to.

    It knows the people in image pixels and the image's size, but nothing of `Transform`: where a point lies in the
    resized picture is found by moving it as `cv2.resize` moves pixels.
    """

    report = EngineReport("cpu", "truth", ())

    def __init__(self, keypoints: Floats, size: tuple[int, int]) -> None:
        self.keypoints = keypoints
        self.size = size
        self.seen: list[tuple[int, int]] = []

    def infer(self, picture: Image) -> Floats:
        height, width = picture.shape[:2]
        self.seen.append((width, height))
        scale = np.array([width / self.size[0], height / self.size[1]])
        in_picture = (self.keypoints + 0.5) * scale - 0.5  # pixel i of a picture spans i - 0.5 to i + 0.5
        keypoints = in_picture.astype(np.float32)
        if picture[0, 0, 0] < picture[0, -1, 0]:  # the tests' pictures get darker to the right: this one is mirrored
            keypoints[..., 0] = width - 1 - keypoints[..., 0]
            keypoints = keypoints[:, [0, 1, 5, 6, 7, 2, 3, 4, 11, 12, 13, 8, 9, 10, 15, 14, 17, 16]]
        # Cell c of stride 8 has its centre at input pixel 8 c + 3.5.
        cells = Transform((8.0, 8.0), (3.5, 3.5))
        maps = ideal_maps(keypoints, cells, (height // 8, width // 8))
        return np.concatenate([maps.confidence, maps.affinity])


def picture_of(width: int, height: int) -> Image:
    shade = np.linspace(200, 20, width).astype(np.uint8)
    return np.repeat(np.repeat(shade[None, :, None], height, axis=0), 3, axis=2)


def truth_network(keypoints: Floats, size: tuple[int, int], **options: object) -> tuple[Network, TruthEngine]:
    engine = TruthEngine(keypoints, size)
    return Network(MANIFEST, engine, NetworkSettings().changed(**options)), engine


@settings(max_examples=60, deadline=None)
@given(
    height=st.integers(40, 3000),
    shape=st.floats(0.25, 12.0),  # from a narrow portrait to a panorama that is wider than the net is fed
    input_height=st.integers(128, 736),
    x=st.floats(0.05, 0.95),
    y=st.floats(0.05, 0.95),
)
def test_a_peak_comes_back_within_half_a_pixel(
    height: int, shape: float, input_height: int, x: float, y: float
) -> None:
    width = min(round(height * shape), 6000)
    keypoints = np.full((1, 18, 2), np.nan, np.float32)
    keypoints[0, 0] = x * (width - 1), y * (height - 1)
    network, _ = truth_network(keypoints, (width, height), input_height=input_height)
    maps = network(picture_of(width, height))
    peaks = find_peaks(maps.confidence, OPENPOSE)
    assert len(peaks) == 1
    np.testing.assert_allclose(maps.transform.to_image(peaks.xy)[0], keypoints[0, 0], atol=0.5)


def test_resizing_moves_a_spot_as_the_truth_engine_assumes() -> None:
    """The assumption above, on real pixels: the centre of brightness of a spot before and after `resized`."""
    from core.network.network import resized

    image = np.zeros((480, 640, 3), np.uint8)
    cv2.circle(image, (500, 130), 12, (255, 255, 255), -1)
    for size in ((320, 240), (432, 368), (656, 496), (1280, 960)):
        small = resized(image, size)[..., 0].astype(float)
        rows, columns = np.mgrid[: small.shape[0], : small.shape[1]]
        centre = np.array([(columns * small).sum(), (rows * small).sum()]) / small.sum()
        expected = (np.array([500, 130]) + 0.5) * np.array([size[0] / 640, size[1] / 480]) - 0.5
        np.testing.assert_allclose(centre, expected, atol=0.1)


@pytest.mark.parametrize("options", [{"flip": True}, {"scales": (0.5, 1.0, 1.5)}, {"flip": True, "scales": (1.5, 1.0)}])
def test_flip_and_scales_average_maps_of_the_same_places(options: dict[str, object]) -> None:
    truth = crowd(2, 900, 600)
    plain, _ = truth_network(truth, (900, 600))
    several, engine = truth_network(truth, (900, 600), **options)
    picture = picture_of(900, 600)
    people, averaged = decode(plain(picture), OPENPOSE), decode(several(picture), OPENPOSE)
    assert len(engine.seen) == (2 if "flip" in options else 1) * len(options.get("scales", (1.0,)))  # type: ignore[arg-type]
    assert len(people) == len(averaged) == 2
    order = [int(np.argmin(np.abs(people.keypoints[:, 1] - neck).sum(axis=1))) for neck in averaged.keypoints[:, 1]]
    np.testing.assert_allclose(averaged.keypoints, people.keypoints[order], atol=4.0)  # of 900 pixels: half a cell


@pytest.mark.parametrize(
    ("image", "said"),
    [
        (None, "There is no picture"),
        ([[0, 0, 0]], "this is a list"),
        (np.zeros((48, 64), np.uint8), r"\(48, 64\) uint8: .*COLOR_GRAY2BGR"),
        (np.zeros((48, 64, 1), np.uint8), "COLOR_GRAY2BGR"),
        (np.zeros((48, 64, 4), np.uint8), "COLOR_BGRA2BGR"),
        (np.zeros((48, 64, 2), np.uint8), "blue, green and red"),
        (np.zeros((3,), np.uint8), r"\(3,\) uint8"),
        (np.zeros((48, 64, 3), np.float32), r"float32: .*astype"),
        (np.zeros((0, 64, 3), np.uint8), "without pixels"),
    ],
)
def test_what_is_no_picture_of_three_colours_is_a_sentence(image: object, said: str) -> None:
    network, engine = truth_network(crowd(1, 64, 48), (64, 48))
    with pytest.raises(InputError, match=said):
        network(image)  # type: ignore[arg-type]  # that is the point
    assert not engine.seen


def test_mirroring_twice_changes_nothing() -> None:
    output = np.random.default_rng(0).normal(size=(57, 6, 9)).astype(np.float32)
    np.testing.assert_array_equal(mirrored(mirrored(output)), output)
    assert not np.array_equal(mirrored(output), output)


class FakeNet:
    """Stands for cv2.dnn.Net: fails on the devices it is told to, and counts."""

    def __init__(self, failing: dict[int, int], nan_on: int | None = None) -> None:
        self.failing = failing  # target: forward passes before it fails
        self.nan_on = nan_on
        self.target = -1

    def setPreferableBackend(self, backend: int) -> None:  # noqa: N802 - cv2's name
        pass

    def setPreferableTarget(self, target: int) -> None:  # noqa: N802 - cv2's name
        self.target = target

    def setInput(self, blob: Floats) -> None:  # noqa: N802 - cv2's name
        self.shape = blob.shape

    def forward(self) -> Floats:
        left = self.failing.get(self.target)
        if left is not None:
            if left == 0:
                raise cv2.error("the device fell off\nmore lines")
            self.failing[self.target] = left - 1
        value = np.nan if self.target == self.nan_on else 0.0
        return np.full((1, 57, self.shape[2] // 8, self.shape[3] // 8), value, np.float32)


@pytest.fixture
def all_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dnn.DnnDevice, "available", lambda device: True)


def engine_with(
    monkeypatch: pytest.MonkeyPatch, net: FakeNet, backend: str = "auto"
) -> tuple[FallbackEngine, list[str]]:
    told: list[str] = []
    monkeypatch.setattr(dnn, "read_net", lambda model: net)
    monkeypatch.setattr(OpenVinoDevice, "available", lambda device: False)
    model = SimpleNamespace(manifest=MANIFEST, name="fake")
    return FallbackEngine(model, backend, told.append), told  # type: ignore[arg-type]


FP16, CUDA, CPU = cv2.dnn.DNN_TARGET_CUDA_FP16, cv2.dnn.DNN_TARGET_CUDA, cv2.dnn.DNN_TARGET_CPU
PICTURE = np.zeros((64, 64, 3), np.uint8)


def test_the_fastest_device_that_is_there_is_taken(monkeypatch: pytest.MonkeyPatch, all_devices: None) -> None:
    engine, told = engine_with(monkeypatch, FakeNet({}))
    assert engine.report.backend == "cuda-fp16"
    assert not told


def test_without_a_gpu_the_cpu_runs_and_the_report_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dnn.DnnDevice, "available", lambda device: device.target == CPU)
    engine, _ = engine_with(monkeypatch, FakeNet({}))
    assert engine.report.backend == "cpu"
    looked_at = [line.split(":")[0] for line in engine.report.trail]
    assert looked_at == ["CUDA, half precision", "CUDA", "CPU, OpenVINO", "CPU, OpenCV"]
    assert "it needs" in engine.report.trail[0]


def test_a_device_that_fails_its_warm_up_is_passed_over(monkeypatch: pytest.MonkeyPatch, all_devices: None) -> None:
    engine, told = engine_with(monkeypatch, FakeNet({FP16: 0}))
    assert engine.report.backend == "cuda"
    assert "the device fell off" in engine.report.trail[0]
    assert told == ["CUDA, half precision: failed in the warm-up (the device fell off). Going on with CUDA."]


def test_a_device_whose_numbers_are_broken_is_passed_over(monkeypatch: pytest.MonkeyPatch, all_devices: None) -> None:
    engine, _ = engine_with(monkeypatch, FakeNet({}, nan_on=FP16))
    assert engine.report.backend == "cuda"


def test_a_device_that_fails_later_is_left_and_told_once(monkeypatch: pytest.MonkeyPatch, all_devices: None) -> None:
    engine, told = engine_with(monkeypatch, FakeNet({FP16: 3, CUDA: 0}))
    outputs = [engine.infer(PICTURE) for _ in range(6)]
    assert all(output.shape == (57, 8, 8) for output in outputs)
    assert engine.report.backend == "cpu"
    assert len(told) == 1
    assert told[0].endswith("Going on with CPU, OpenCV.")
    assert [line.split(":")[0] for line in engine.report.trail] == [
        "CUDA, half precision", "CPU, OpenVINO", "CUDA, half precision", "CUDA", "CPU, OpenCV"
    ]  # fmt: skip


def test_a_net_on_a_processor_is_read_anew_for_a_larger_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dnn.DnnDevice, "available", lambda device: device.target == CPU)
    engine, _ = engine_with(monkeypatch, FakeNet({}))
    nets: list[FakeNet] = []

    def read(_: object) -> FakeNet:
        nets.append(FakeNet({}))
        return nets[-1]

    monkeypatch.setattr(dnn, "read_net", read)
    counts = []
    for height, width in ((64, 64), (128, 128), (64, 128), (256, 128), (128, 256), (256, 256), (64, 64)):
        engine.infer(np.zeros((height, width, 3), np.uint8))
        counts.append(len(nets))
    assert counts == [0, 0, 0, 1, 2, 2, 2]  # the warm-up had 128 x 128
    assert all(net.target == CPU for net in nets)


def test_when_every_device_fails_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch, all_devices: None) -> None:
    with pytest.raises(PoseDeskError, match="No device can run model fake"):
        engine_with(monkeypatch, FakeNet({FP16: 0, CUDA: 0, CPU: 0}))


class PickyNet(FakeNet):
    """Runs at sizes that are multiples of 16 only. shift: cells that its output has too many, each way."""

    def __init__(self, error: str = "Inconsistent shape", shift: int = 0) -> None:
        super().__init__({})
        self.error = cv2.error(error)
        self.shift = shift

    def forward(self) -> Floats:
        odd = any(side % 16 for side in self.shape[2:])
        if odd and not self.shift:
            raise self.error
        height, width = (side // 8 + self.shift * odd for side in self.shape[2:])
        return np.zeros((1, 57, height, width), np.float32)


@pytest.mark.parametrize("backend", ["cpu", "auto"])
@pytest.mark.parametrize(
    ("net", "kind", "words"),
    [
        (PickyNet(), InputError, "72 x 64 pixels .Inconsistent shape.*--size-multiple"),
        (PickyNet("out of memory"), PoseDeskError, "72 x 64 pixels.* lower input height"),
        (PickyNet(shift=1), InputError, "72 x 64 pixels.*size_multiple in its manifest"),
    ],
)
def test_a_size_that_the_net_cannot_take_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, backend: str, net: FakeNet, kind: type[PoseDeskError], words: str
) -> None:
    monkeypatch.setattr(dnn.DnnDevice, "available", lambda device: device.target in (CPU, CUDA))
    engine, _ = engine_with(monkeypatch, net, backend)
    engine.infer(PICTURE)
    with pytest.raises(PoseDeskError, match=words) as caught:
        engine.infer(np.zeros((64, 72, 3), np.uint8))
    assert type(caught.value) is kind
    assert "\n" not in str(caught.value)


def test_a_device_that_fails_at_a_size_it_had_is_not_told_as_one_of_size(
    monkeypatch: pytest.MonkeyPatch, all_devices: None
) -> None:
    net = FakeNet({CUDA: 3})  # the warm-up and two pictures
    engine, _ = engine_with(monkeypatch, net, "cuda")
    for _ in range(2):
        engine.infer(PICTURE)
    with pytest.raises(PoseDeskError, match="CUDA: failed while running"):
        engine.infer(PICTURE)


def test_a_backend_that_is_forced_is_not_replaced(monkeypatch: pytest.MonkeyPatch, all_devices: None) -> None:
    with pytest.raises(PoseDeskError, match="the device fell off"):
        engine_with(monkeypatch, FakeNet({CUDA: 0}), "cuda")
    engine, _ = engine_with(monkeypatch, FakeNet({}), "opencl")
    assert engine.report.backend == "opencl"


def test_this_machine_has_a_cpu() -> None:
    assert DEVICES["cpu"].available()
