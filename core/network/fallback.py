"""A net on the fastest device that proves itself."""

import threading
from collections.abc import Callable

import numpy as np

from core.errors import InputError, PoseDeskError
from core.network.device import Device, DeviceError, Runner
from core.network.dnn import CPU, CUDA, CUDA_HALF, OPENCL
from core.network.engine import EngineReport
from core.network.openvino import OpenVinoDevice
from core.settings import Backend
from core.types import Floats, Image
from models.registry import Model

OUTPUT_CHANNELS = 57  # 19 confidence maps and 38 part affinity fields
_WARM_UP = (128, 128, 128)  # width, height of a picture and input height: enough for every layer, and quick

DEVICES: dict[str, Device] = {device.name: device for device in (CUDA_HALF, CUDA, OPENCL, OpenVinoDevice(), CPU)}
AUTO = (
    "cuda-fp16",
    "cuda",
    "openvino",
    "cpu",
)  # fastest first; OpenCL when asked for: on small GPUs it loses to the CPU


class FallbackEngine:
    """A net that falls back to the next device when one fails, at the start or in the middle, and says so once."""

    def __init__(self, model: Model, backend: Backend = "auto", tell: Callable[[str], None] = lambda _: None) -> None:
        """`tell` gets one sentence when a device that is there has to be given up.

        Raises InputError for a model that cannot be read, PoseDeskError where no device (or not the one asked for)
        runs it.
        """
        self._model = model
        self._tell = tell
        self._left = list(AUTO if backend == "auto" else (backend,))
        self._trail: list[str] = []
        self._fitting: set[tuple[int, ...]] = set()  # shapes of pictures that the net took
        self._using = threading.Lock()
        self._device, self._runner = self._next_device()

    @property
    def report(self) -> EngineReport:
        return EngineReport(self._device.name, self._runner.title, tuple(self._trail))

    def infer(self, picture: Image) -> Floats:
        """Any thread may call; a net does one thing at a time, so they wait for each other."""
        with self._using:
            return self._infer(picture)

    def _infer(self, picture: Image) -> Floats:
        while True:
            try:
                maps = self._maps(self._runner, picture)
                self._fitting.add(picture.shape)
                return maps
            except DeviceError as e:
                # Where the last device still runs, and never ran at this size, it is the size that is wrong.
                if not self._left and picture.shape not in self._fitting and self._problem_of(self._runner) is None:
                    raise self._unfit(picture, e) from e
                failure = f"{self._runner.title}: failed while running ({e})."
                self._device, self._runner = self._next_device(failure)

    def _maps(self, runner: Runner, picture: Image) -> Floats:
        output = runner.forward(picture)
        manifest = self._model.manifest
        stride = manifest.stride
        expected = (1, OUTPUT_CHANNELS, picture.shape[0] // stride, picture.shape[1] // stride)
        if output.shape != expected:
            raise InputError(
                f"Model {manifest.name} gives values of shape {output.shape} for {_size(picture)} pixels, where "
                f"{expected} is needed. Correct stride or size_multiple in its manifest, or take another net."
            )
        maps: Floats = output[0]
        return maps

    def _next_device(self, failure: str | None = None) -> tuple[Device, Runner]:
        """The next device that is there and survives one forward pass. failure: why the one in use is given up."""
        failures = [failure] if failure else []
        while self._left:
            device = DEVICES[self._left.pop(0)]
            if not device.available():
                self._trail.append(f"{device.title}: not on this machine; it needs {device.needs}.")
                continue
            try:
                runner = device.take(self._model)
            except DeviceError as e:  # nothing that was at work is given up, so the trail says enough
                self._trail.append(f"{device.title}: {e}.")
                continue
            problem = self._problem_of(runner)
            if problem is None:
                self._trail += [*failures, f"{runner.title}: runs."]
                if failures:
                    self._tell(f"{' '.join(failures)} Going on with {runner.title}.")
                return device, runner
            failures.append(f"{device.title}: {problem}.")
        self._trail += failures
        raise PoseDeskError(f"No device can run model {self._model.manifest.name}. " + " ".join(self._trail))

    def _problem_of(self, runner: Runner) -> str | None:
        """What a forward pass shows to be wrong; None where all is well."""
        width, height = self._model.manifest.network_size(*_WARM_UP)
        try:
            finite = bool(np.isfinite(self._maps(runner, np.zeros((height, width, 3), np.uint8))).all())
        except DeviceError as e:
            return f"failed in the warm-up ({e})"
        # Seen with half precision, on nets whose values overflow it.
        return None if finite else "gave values that are not numbers"

    def _unfit(self, picture: Image, error: DeviceError) -> PoseDeskError:
        """What to tell where the net runs, but not on a picture of this size."""
        manifest = self._model.manifest
        what = f"Model {manifest.name} cannot be run on {_size(picture)} pixels ({error})."
        if error.out_of_memory:
            return PoseDeskError(f"{what} Choose a lower input height, or free memory.")
        return InputError(
            f"{what} If its width and height have to be multiples of more than {manifest.size_multiple}, say so "
            "in its manifest (size_multiple), or import it again with --size-multiple."
        )


def _size(picture: Image) -> str:
    return f"{picture.shape[1]} x {picture.shape[0]}"
