"""Nets on OpenCV's dnn module."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.network.device import DeviceError
from core.settings import Backend
from core.types import Floats, Image
from models.manifest import Kind
from models.opencv import out_of_memory, reason
from models.registry import Model


def read_net(model: Model) -> cv2.dnn.Net:
    """The net of `model`. Raises ModelError where files are missing, InputError where they cannot be read or are
    damaged.
    """
    # Files are read here, not by OpenCV, which cannot open every path on Windows.
    contents: dict[Kind, NDArray[np.uint8]] = {}
    for kind, path in model.ready().items():
        try:
            contents[kind] = np.fromfile(path, np.uint8)
        except OSError as e:
            raise InputError(f"Model {model.name}: cannot read {path} ({e.strerror}). Check its permissions.") from e
    try:
        if "graph" in contents:
            return cv2.dnn.readNetFromTensorflow(contents["graph"])
        return cv2.dnn.readNetFromCaffe(contents["prototxt"], contents["caffemodel"])
    except cv2.error as e:
        message = f"Model {model.name}: its files are damaged. Check them with: posedesk models verify {model.called}"
        raise InputError(message) from e


@dataclass(frozen=True, slots=True)
class DnnDevice:
    """A pair of cv2.dnn backend and target. See `Device`.

    chooses_at_first: whether cv2 chooses how a layer is computed when a net first runs, by what it then gets
    """

    name: Backend
    backend: int
    target: int
    title: str
    needs: str
    chooses_at_first: bool = False

    def available(self) -> bool:
        """Whether this build of OpenCV finds the device on this machine."""
        try:
            return self.target in cv2.dnn.getAvailableTargets(self.backend)
        except cv2.error:  # raised by builds that do not know the backend at all
            return False

    def take(self, model: Model) -> "DnnRunner":
        return DnnRunner(model, self)


_CUDA_NEEDS = "an NVIDIA GPU and an OpenCV built with CUDA, see build_cuda_opencv.md"
CUDA_HALF = DnnDevice(
    "cuda-fp16", cv2.dnn.DNN_BACKEND_CUDA, cv2.dnn.DNN_TARGET_CUDA_FP16, "CUDA, half precision", _CUDA_NEEDS
)
CUDA = DnnDevice("cuda", cv2.dnn.DNN_BACKEND_CUDA, cv2.dnn.DNN_TARGET_CUDA, "CUDA", _CUDA_NEEDS)
OPENCL = DnnDevice(
    "opencl", cv2.dnn.DNN_BACKEND_OPENCV, cv2.dnn.DNN_TARGET_OPENCL, "OpenCL", "a GPU with an OpenCL driver"
)
CPU = DnnDevice(
    "cpu", cv2.dnn.DNN_BACKEND_OPENCV, cv2.dnn.DNN_TARGET_CPU, "CPU, OpenCV", "nothing", chooses_at_first=True
)


class DnnRunner:
    """A net on a device of cv2.dnn. See `Runner`."""

    def __init__(self, model: Model, device: DnnDevice) -> None:
        self.title = device.title
        self._model = model
        self._device = device
        self._net = self._read()
        self._largest = (0, 0)  # height and width that the net was made ready for

    def forward(self, picture: Image) -> Floats:
        manifest = self._model.manifest
        blob = cv2.dnn.blobFromImage(picture, manifest.scale, mean=tuple(manifest.mean), swapRB=manifest.color == "RGB")
        try:
            self._make_ready(*picture.shape[:2])
            self._net.setInput(blob)
            return self._net.forward()  # type: ignore[return-value]  # cv2's stubs do not know the type of the numbers
        except cv2.error as e:
            raise DeviceError(reason(e), out_of_memory(e)) from e

    def _make_ready(self, height: int, width: int) -> None:
        """Read the net anew for a picture larger than any before.

        What cv2 chooses for a small picture, such as the warm-up's, is slower for larger ones (figures in
        docs/training.md).
        """
        if self._device.chooses_at_first and (height > self._largest[0] or width > self._largest[1]):
            if self._largest != (0, 0):
                self._net = self._read()
            self._largest = max(height, self._largest[0]), max(width, self._largest[1])

    def _read(self) -> cv2.dnn.Net:
        net = read_net(self._model)
        net.setPreferableBackend(self._device.backend)
        net.setPreferableTarget(self._device.target)
        return net
