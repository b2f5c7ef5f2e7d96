"""What runs a net: one protocol, one report of what it runs on."""

from dataclasses import dataclass
from typing import Protocol

from core.types import Floats, Image


@dataclass(frozen=True, slots=True)
class EngineReport:
    """What a net runs on and how that was chosen.

    backend: name from `settings.Backend`, never "auto"
    device:  the same in words
    trail:   one sentence for each backend that was looked at, in order: why it was passed over, or that it runs
    """

    backend: str
    device: str
    trail: tuple[str, ...]


class Engine(Protocol):
    """Runs a net on pictures that already have the size of its input."""

    @property
    def report(self) -> EngineReport:
        """What it runs on at the moment; a failing device changes it."""

    def infer(self, picture: Image) -> Floats:
        """(height, width, 3) uint8 BGR picture to the (57, h, w) float32 output of the net.

        Raises PoseDeskError when no backend can run it.
        """
