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

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._server: LiveServer | None = None
        self._sinks: Sinks | None = None  # the server, for as long as it works

    def use(self, address: str, on_failure: Callable[[PoseDeskError], None]) -> str:
        """Serve there from now on, and nowhere else; empty: nowhere. Returns the address as readers have to write it.
        Raises InputError for one that cannot be used; nothing is served then. on_failure: told, in the thread of the
        results, why nothing is served there any more"""
        self.close()  # first, as the new address may be the old one
        if not address:
            return ""
        server = LiveServer(address)
        self._change(server, Sinks([server], on_failure))
        return str(server.target)

    def close(self) -> None:
        """Serve nowhere any more."""
        self._change(None, None)

    def take(self, result: Result) -> None:
        """Send the line of a result to whoever reads. Never waits for a reader."""
        with self._lock:
            if self._sinks is not None:
                self._sinks.write(result, None)

    @property
    def is_on(self) -> bool:
        sinks = self._sinks
        return sinks is not None and len(sinks) > 0

    @property
    def figures(self) -> Figures:
        server = self._server
        return server.figures if server is not None else Figures()

    def _change(self, server: LiveServer | None, sinks: Sinks | None) -> None:
        with self._lock:
            before, self._sinks, self._server = self._sinks, sinks, server
        if before is not None:
            before.close()
