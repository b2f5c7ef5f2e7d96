"""Guards that hold for every test: no thread is left behind, and nothing is fetched from the network."""

import ipaddress
import socket
import threading
from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest
from hypothesis import settings

# How long a test takes on a busy machine says nothing about the code; what is fast is measured by benchmarks.
settings.register_profile("posedesk", deadline=None)
settings.load_profile("posedesk")

PATIENCE = 20.0  # seconds that a thread may take to end after its test, far more than any does


@pytest.fixture(autouse=True)
def no_threads_left() -> Iterator[None]:
    """Fail a test that leaves a thread of ours, or one that would keep Python from ending."""
    before = set(threading.enumerate())
    yield
    deadline = monotonic() + PATIENCE
    left = [t for t in threading.enumerate() if t not in before and (not t.daemon or t.name.startswith("posedesk-"))]
    for thread in left:
        thread.join(max(deadline - monotonic(), 0))
    names = [thread.name for thread in left if thread.is_alive()]
    assert not names, f"threads left behind: {', '.join(names)}"


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Let nobody but this machine be reached."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(str(address[0])):
            raise AssertionError(f"a test reaches for the network: {address}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
