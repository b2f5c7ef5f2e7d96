"""What a net can be run on: one protocol for a device, one for a net on it."""

from typing import Protocol

from core.settings import Backend
from core.types import Floats, Image
from models.registry import Model


class DeviceError(Exception):
    """A device cannot take a net, or failed while running it. The text says why, without a full stop.

    out_of_memory: whether it had too little memory
    """

    def __init__(self, why: str, out_of_memory: bool = False) -> None:
        super().__init__(why)
        self.out_of_memory = out_of_memory


class Runner(Protocol):
    """A net on a device. title: what it runs on, in words."""

    title: str

    def forward(self, picture: Image) -> Floats:
        """(height, width, 3) uint8 BGR picture to the (1, channels, h, w) float32 output. Raises DeviceError."""


class Device(Protocol):
    """Something that runs nets. title: its name in words; needs: what it takes to have it."""

    @property
    def name(self) -> Backend: ...

    @property
    def title(self) -> str: ...

    @property
    def needs(self) -> str: ...

    def available(self) -> bool:
        """Whether it is on this machine."""

    def take(self, model: Model) -> Runner:
        """The net of a model on this device.

        Raises DeviceError for a net that it cannot run; ModelError where files are missing, InputError where they
        cannot be read or are damaged.
        """
