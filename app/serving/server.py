"""One server for everything that is opened one after the other: readers stay while sources change. No Qt here."""

from __future__ import annotations

import threading
from collections.abc import Callable

from core.errors import PoseDeskError
from core.outputs import LiveServer, Sinks
from core.outputs.live import Figures
from core.types import Result


class PoseServer:
    """Any thread may call anything. Only `use` may take a moment."""

    def __init__(self, on_failure: Callable[[PoseDeskError], None]) -> None:
        """on_failure: told in the thread of the results why nothing is served any more"""
        self._on_failure = on_failure
        self._lock = threading.Lock()
        self._server: LiveServer | None = None
        self._sinks = Sinks([], on_failure)  # the server, for as long as it works

    def use(self, address: str) -> str:
        """Serve there from now on, and nowhere else; empty: nowhere. Returns the address as readers have to write it.
        Raises InputError for one that cannot be used; nothing is served then."""
        self._change(None)  # first, as the new address may be the old one
        if not address:
            return ""
        server = LiveServer(address)
        self._change(server)
        return str(server.target)

    def close(self) -> None:
        """Serve nowhere any more."""
        self._change(None)

    def take(self, result: Result) -> None:
        """Send the line of a result to whoever reads. Never waits for a reader."""
        with self._lock:
            self._sinks.write(result, None)

    @property
    def is_on(self) -> bool:
        return len(self._sinks) > 0

    @property
    def figures(self) -> Figures:
        server = self._server
        return server.figures if server is not None else Figures()

    def _change(self, server: LiveServer | None) -> None:
        sinks = Sinks([server] if server is not None else [], self._on_failure)
        with self._lock:
            before, self._sinks, self._server = self._sinks, sinks, server
        before.close()
