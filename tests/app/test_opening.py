"""Opening what is slow to open, and leaving it."""

from time import sleep

import numpy as np
import pytest

from app import bridge as bridges
from app.window import Window
from core.errors import PoseDeskError
from core.network import Network
from core.settings import NetworkSettings
from core.sources import ArraySource


def test_what_waits_for_its_turn_does_not_begin_when_the_window_is_closed(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A camera that does not answer would keep the window from closing, though nobody waits for it any more."""
    bridge, begun = window.bridge, list[str]()

    def begin(text: str, on_event: object) -> ArraySource:
        begun.append(text)
        return ArraySource([np.zeros((96, 160, 3), np.uint8)])

    def be_busy() -> None:
        while not bridge._ending:
            sleep(0.01)

    def load(settings: NetworkSettings) -> Network:
        begun.append("a net")
        raise PoseDeskError("There is none.")

    monkeypatch.setattr(bridges, "open_for_viewing", begin)
    monkeypatch.setattr(bridge, "_load", load)
    bridge.submit(be_busy)
    window.open("camera:0")
    bridge.change_network(backend="auto")
    bridge.change_network(input_height=96)
    assert bridge.shutdown()
    assert begun == []
