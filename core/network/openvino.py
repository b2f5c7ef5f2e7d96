"""Nets on OpenVINO: on processors faster than on OpenCV (docs/speed.md), with the same answers, or nearly so."""

from importlib.util import find_spec
from typing import Any

import numpy as np

from core.network.device import DeviceError, Runner
from core.network.dnn import CPU, DnnRunner, read_net
from core.settings import Backend
from core.types import Floats, Image
from models.registry import Model

_SIDE = 128  # pixels of the picture on which it is compared with OpenCV: enough for every layer, and quick

# How far an answer may be from OpenCV's, in parts of its largest value: what comes of sums in another order, and of 8
# bits, with which the embedded net's is 0.02 away. It was 0.08 on processors without instructions for 8 bits (AVX2
# alone) when the first layer had 8 bits too: sums of 16 bits overflowed there, and the net was good for nothing.
_FULL, _EIGHT_BITS = 1e-3, 0.05


class OpenVinoDevice:
    """The processor, by way of OpenVINO. See `Device`."""

    name: Backend = "openvino"
    title = "CPU, OpenVINO"
    needs = "the package openvino"

    def available(self) -> bool:
        return find_spec("openvino") is not None

    def take(self, model: Model) -> Runner:
        """The net, once it has answered as OpenCV does. See `Device`."""
        paths = model.ready()
        if "prototxt" not in paths:
            raise DeviceError("takes Caffe nets only")
        net = read_net(model)
        try:
            text = paths["prototxt"].read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as e:
            raise DeviceError(f"cannot read {paths['prototxt'].name} ({e})") from e  # OpenCV may
        try:
            # Importing it takes half a second, which nobody should wait for whose net runs on a GPU.
            from core.network.graph import UnsupportedError, build, compiled
        except (ImportError, OSError) as e:
            raise DeviceError(f"the package openvino does not load ({_line(e)})") from e
        manifest = model.manifest
        width, height = manifest.network_size(_SIDE, _SIDE, _SIDE)
        picture = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
        expected = DnnRunner(model, CPU).forward(picture)
        ways = [(manifest.activations, _EIGHT_BITS, f"{self.title}, 8 bits")] if manifest.activations else []
        for activations, allowed, title in [*ways, ({}, _FULL, self.title)]:
            try:
                runner = OpenVinoRunner(compiled(build(text, net, manifest, activations)), title)
            except UnsupportedError as e:
                raise DeviceError(f"cannot take this net: {e}") from e
            except (RuntimeError, MemoryError) as e:
                raise DeviceError(_line(e)) from e
            answer = runner.forward(picture)
            if answer.shape == expected.shape and np.abs(answer - expected).max() <= allowed * np.abs(expected).max():
                return runner
        raise DeviceError("does not answer as OpenCV does")


class OpenVinoRunner:
    """A net that OpenVINO has compiled. See `Runner`."""

    def __init__(self, request: Any, title: str) -> None:
        """request: an `openvino.InferRequest`; it does one thing at a time."""
        self._request = request
        self.title = title

    def forward(self, picture: Image) -> Floats:
        try:
            self._request.infer([picture[None]])
        except (RuntimeError, MemoryError) as e:
            raise DeviceError(_line(e), isinstance(e, MemoryError)) from e
        output: Floats = self._request.get_output_tensor(0).data.copy()  # it is overwritten by the next one
        return output


def _line(error: Exception) -> str:
    """What an error says at its end, behind the files and lines of OpenVINO's own."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:200].rstrip(".") if lines else type(error).__name__
