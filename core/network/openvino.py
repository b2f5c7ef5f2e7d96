"""Nets on OpenVINO: on a processor faster than OpenCV by half and more (docs/speed.md), with the same answers."""

from importlib.util import find_spec
from typing import Any

import numpy as np

from core.errors import InputError
from core.network.device import DeviceError, Runner
from core.network.dnn import CPU, DnnRunner, read_net
from core.settings import Backend
from core.types import Floats, Image
from models.registry import Model

_SIDE = 128  # pixels of the picture on which it is compared with OpenCV: enough for every layer, and quick
_DIFFERENCE = 1e-3  # from OpenCV's answer, in parts of its largest value: what another order of sums may make


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
            raise InputError(f"Model {model.name}: cannot read {paths['prototxt']} ({e}).") from e
        try:
            # Importing it takes half a second, which nobody should wait for whose net runs on a GPU.
            from core.network.graph import UnsupportedError, build, compiled
        except (ImportError, OSError) as e:
            raise DeviceError(f"the package openvino does not load ({_line(e)})") from e
        try:
            runner = OpenVinoRunner(compiled(build(text, net, model.manifest)))
        except UnsupportedError as e:
            raise DeviceError(f"cannot take this net: {e}") from e
        except RuntimeError as e:
            raise DeviceError(_line(e)) from e
        width, height = model.manifest.network_size(_SIDE, _SIDE, _SIDE)
        picture = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
        ours, theirs = runner.forward(picture), DnnRunner(model, CPU).forward(picture)
        if ours.shape != theirs.shape or not np.abs(ours - theirs).max() <= _DIFFERENCE * np.abs(theirs).max():
            raise DeviceError("does not answer as OpenCV does")
        return runner


class OpenVinoRunner:
    """A net that OpenVINO has compiled. See `Runner`."""

    def __init__(self, request: Any) -> None:
        """request: an `openvino.InferRequest`; it does one thing at a time."""
        self._request = request

    def forward(self, picture: Image) -> Floats:
        try:
            self._request.infer([picture[None]])
        except RuntimeError as e:
            raise DeviceError(_line(e)) from e
        output: Floats = self._request.get_output_tensor(0).data.copy()  # it is overwritten by the next one
        return output


def _line(error: Exception) -> str:
    """What an error says at its end, behind the files and lines of OpenVINO's own."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:200].rstrip(".") if lines else type(error).__name__
