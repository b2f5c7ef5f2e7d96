"""Nets on OpenCV's dnn module, on the fastest device that proves itself."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.errors import InputError, PoseDeskError
from core.network.engine import EngineReport
from core.settings import Backend
from core.types import Floats, Image
from models.manifest import Kind
from models.opencv import out_of_memory, reason
from models.registry import Model

OUTPUT_CHANNELS = 57  # 19 confidence maps and 38 part affinity fields
_WARM_UP = (128, 128, 128)  # width, height of a picture and input height: enough for every layer, and quick


@dataclass(frozen=True, slots=True)
class Device:
    """A pair of cv2.dnn backend and target, with its name in words and what it takes to have it."""

    backend: int
    target: int
    title: str
    needs: str

    def available(self) -> bool:
        """Whether this build of OpenCV finds the device on this machine."""
        try:
            return self.target in cv2.dnn.getAvailableTargets(self.backend)
        except cv2.error:  # raised by builds that do not know the backend at all
            return False


_CUDA_NEEDS = "an NVIDIA GPU and an OpenCV built with CUDA, see build_cuda_opencv.md"
DEVICES: dict[str, Device] = {
    "cuda-fp16": Device(cv2.dnn.DNN_BACKEND_CUDA, cv2.dnn.DNN_TARGET_CUDA_FP16, "CUDA, half precision", _CUDA_NEEDS),
    "cuda": Device(cv2.dnn.DNN_BACKEND_CUDA, cv2.dnn.DNN_TARGET_CUDA, "CUDA", _CUDA_NEEDS),
    "opencl": Device(cv2.dnn.DNN_BACKEND_OPENCV, cv2.dnn.DNN_TARGET_OPENCL, "OpenCL", "a GPU with an OpenCL driver"),
    "cpu": Device(cv2.dnn.DNN_BACKEND_OPENCV, cv2.dnn.DNN_TARGET_CPU, "CPU", "nothing"),
}
AUTO = ("cuda-fp16", "cuda", "cpu")  # fastest first; OpenCL only when asked for: on small GPUs it loses to the CPU


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


class DnnEngine:
    """A net on cv2.dnn.  Falls back to the next device when one fails, at the start or in the middle, and says so
    once.
    """

    def __init__(self, model: Model, backend: Backend = "auto", tell: Callable[[str], None] = lambda _: None) -> None:
        """`tell` gets one sentence when a device that is there has to be given up.

        Raises InputError for a model that cannot be read, PoseDeskError where no device (or not the one asked for)
        runs it.
        """
        self._manifest = model.manifest
        self._tell = tell
        self._model = model
        self._net = read_net(model)
        self._largest = (0, 0)  # height and width that the net was made ready for
        self._left = list(AUTO if backend == "auto" else (backend,))
        self._trail: list[str] = []
        self._fitting: set[tuple[int, ...]] = set()  # shapes of pictures that the net took
        self._name = ""
        self._using = threading.Lock()
        self._next_device()

    @property
    def report(self) -> EngineReport:
        return EngineReport(self._name, DEVICES[self._name].title, tuple(self._trail))

    def infer(self, picture: Image) -> Floats:
        """Any thread may call; cv2's net does one thing at a time, so they wait for each other."""
        with self._using:
            return self._infer(picture)

    def _infer(self, picture: Image) -> Floats:
        while True:
            try:
                self._make_ready(*picture.shape[:2])
                maps = self._forward(picture)
                self._fitting.add(picture.shape)
                return maps
            except cv2.error as e:
                device = DEVICES[self._name]
                # Where the last device still runs, and never ran at this size, it is the size that is wrong.
                if not self._left and picture.shape not in self._fitting and self._problem_of(device) is None:
                    raise self._unfit(picture, e) from e
                self._next_device(f"{device.title}: failed while running ({reason(e)}).")

    def _make_ready(self, height: int, width: int) -> None:
        """Read the net anew for a picture larger than any before.

        On a processor cv2 chooses how a layer is computed when it first runs, and what it chooses for a small picture,
        such as the warm-up's, is slower for larger ones (figures in docs/training.md).
        """
        if self._name == "cpu" and (height > self._largest[0] or width > self._largest[1]):
            self._largest = max(height, self._largest[0]), max(width, self._largest[1])
            self._net = read_net(self._model)
            self._prefer(DEVICES[self._name])

    def _prefer(self, device: Device) -> None:
        self._net.setPreferableBackend(device.backend)
        self._net.setPreferableTarget(device.target)

    def _forward(self, picture: Image) -> Floats:
        blob = cv2.dnn.blobFromImage(
            picture, self._manifest.scale, mean=tuple(self._manifest.mean), swapRB=self._manifest.color == "RGB"
        )
        self._net.setInput(blob)
        output = self._net.forward()
        stride = self._manifest.stride
        expected = (1, OUTPUT_CHANNELS, picture.shape[0] // stride, picture.shape[1] // stride)
        if output.shape != expected:
            raise InputError(
                f"Model {self._manifest.name} gives values of shape {output.shape} for {_size(picture)} pixels, where "
                f"{expected} is needed. Correct stride or size_multiple in its manifest, or take another net."
            )
        maps: Floats = output[0]
        return maps

    def _next_device(self, failure: str | None = None) -> None:
        """Take the next device that is there and survives one forward pass. failure: why the one in use is given up."""
        failures = [failure] if failure else []
        while self._left:
            self._name = self._left.pop(0)
            device = DEVICES[self._name]
            if not device.available():
                self._trail.append(f"{device.title}: not on this machine; it needs {device.needs}.")
                continue
            problem = self._problem_of(device)
            if problem is None:
                self._trail += [*failures, f"{device.title}: runs."]
                if failures:
                    self._tell(f"{' '.join(failures)} Going on with {device.title}.")
                return
            failures.append(f"{device.title}: {problem}.")
        self._trail += failures
        raise PoseDeskError(f"No device can run model {self._manifest.name}. " + " ".join(self._trail))

    def _problem_of(self, device: Device) -> str | None:
        """What a forward pass on the device shows to be wrong; None where all is well."""
        self._prefer(device)
        width, height = self._manifest.network_size(*_WARM_UP)
        try:
            finite = bool(np.isfinite(self._forward(np.zeros((height, width, 3), np.uint8))).all())
        except cv2.error as e:
            return f"failed in the warm-up ({reason(e)})"
        # Seen with half precision, on nets whose values overflow it.
        return None if finite else "gave values that are not numbers"

    def _unfit(self, picture: Image, error: cv2.error) -> PoseDeskError:
        """What to tell where the net runs, but not on a picture of this size."""
        what = f"Model {self._manifest.name} cannot be run on {_size(picture)} pixels ({reason(error)})."
        if out_of_memory(error):
            return PoseDeskError(f"{what} Choose a lower input height, or free memory.")
        return InputError(
            f"{what} If its width and height have to be multiples of more than {self._manifest.size_multiple}, say so "
            "in its manifest (size_multiple), or import it again with --size-multiple."
        )


def _size(picture: Image) -> str:
    return f"{picture.shape[1]} x {picture.shape[0]}"
