"""Poses live to other programs: a line of JSON a frame, over TCP or UDP. docs/live.md has the form of a line.

Nothing here waits: a reader that does not keep up loses whole lines, which are counted, and the frames go on.
"""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import json
import socket
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any, Protocol
from urllib.parse import urlsplit

import numpy as np

from core.errors import InputError
from core.outputs.base import Sink
from core.types import Image, People, Result

READERS = 64  # at most, over TCP
DATAGRAM = 65507  # bytes, the most that UDP carries over IPv4
FAREWELL = 0.5  # seconds that `close` takes at most to end the lines that are half sent
BUFFER = 1 << 18  # bytes that the system keeps for a reader: some seconds of a few people


@dataclass(frozen=True, slots=True)
class Figures:
    """How a server got on. readers: so far, over TCP; lines: handed over, to all readers; dropped: for being slow."""

    readers: int = 0
    lines: int = 0
    dropped: int = 0


class _Sender(Protocol):
    """Sends lines to whoever reads, never waiting."""

    address: str

    def wanted(self) -> bool:
        """Whether anybody reads."""

    def send(self, result: Result) -> None:
        """Send the line of a result to everyone."""

    def close(self) -> None:
        """Let go of everyone."""

    @property
    def figures(self) -> Figures: ...


class LiveServer(Sink):
    """Serves each frame's people at `tcp://HOST:PORT`, or sends them to `udp://HOST:PORT`.

    target: the address, with the port that the system chose where port 0 was asked for
    """

    takes_picture = False

    def __init__(self, address: str) -> None:
        """Raises InputError for an address that cannot be used. Without a host it is this machine only."""
        scheme, host, port = parse_address(address)
        self._sender: _Sender = _SENDERS[scheme](host, port)
        self.target = self._sender.address

    @property
    def figures(self) -> Figures:
        return self._sender.figures

    def write(self, result: Result, picture: Image | None = None) -> None:
        """Send a line, where anybody reads."""
        if self._sender.wanted():
            self._sender.send(result)

    def close(self) -> None:
        self._sender.close()


def parse_address(text: str) -> tuple[str, str, int]:
    """Scheme, host and port of `tcp://127.0.0.1:9000`, `udp://[::1]:9000` or `tcp://:9000`. Raises InputError."""
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise InputError(f"Cannot serve at {text}: {error}. Give an address such as tcp://127.0.0.1:9000.") from error
    try:
        port = parts.port
    except ValueError as error:
        raise InputError(
            f"Cannot serve at {text}: its port has to be a number up to 65535, such as in tcp://127.0.0.1:9000."
        ) from error
    if parts.scheme not in _SENDERS or port is None or parts.path or parts.query or parts.username is not None:
        raise InputError(
            f"Cannot serve at {text}: give an address such as tcp://127.0.0.1:9000 or udp://127.0.0.1:9000."
        )
    if port == 0 and parts.scheme == "udp":
        raise InputError(f"Cannot serve at {text}: give the port that the reader listens at.")
    return parts.scheme, parts.hostname or "127.0.0.1", port


def is_open_to_others(address: str) -> bool:
    """Whether other machines can see what is served at an address of `parse_address`."""
    host = parse_address(address)[1]
    try:
        return not ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host != "localhost"


def line_of(result: Result, most: int | None = None) -> bytes:
    """The line of a result, with its end of line; with at most so many people, the surest."""
    frame, people = result.frame, result.people[:most]
    content: dict[str, Any] = {
        "frame": frame.index,
        "time": round(frame.time, 4),
        "size": list(frame.size),
        "people": _people(people, result.ids[:most].tolist()),
    }
    if frame.name:
        content["image"] = frame.name
    if len(people) < len(result.people):
        content["left_out"] = len(result.people) - len(people)
    if result.events:
        content["events"] = [
            {
                "event": event.event,
                "person": event.person,
                "start": round(event.start, 3),
                "end": None if event.end is None else round(event.end, 3),
                "score": round(event.score, 3),
            }
            for event in result.events
        ]
    return (json.dumps(content, separators=(",", ":")) + "\n").encode("ascii")


def _people(people: People, ids: list[int]) -> list[dict[str, Any]]:
    points = np.concatenate([people.keypoints, people.scores[..., None]], axis=2).astype(np.float64)
    rows = np.round(points, 3).tolist()
    scores = people.confidence().tolist()
    return [
        {
            "id": person,
            "score": round(score, 3),
            "points": [point if point[2] > 0 else None for point in row],
        }
        for person, score, row in zip(ids, scores, rows, strict=True)
    ]


def _resolved(host: str, port: int, kind: socket.SocketKind, scheme: str) -> tuple[socket.AddressFamily, Any]:
    """Family and address of a host. Raises InputError."""
    try:
        found = socket.getaddrinfo(host, port, type=kind)
    except (OSError, UnicodeError) as error:
        raise InputError(f"Cannot serve at {scheme}://{host}:{port}: there is no such host. Check its name.") from error
    found.sort(key=lambda one: one[0] != socket.AF_INET)  # of localhost the one that every program tries
    return found[0][0], found[0][4]


def _written(scheme: str, address: Any) -> str:
    host, port = address[:2]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


# -- TCP --


@dataclass(slots=True)
class _Reader:
    """A program that reads. rest: of a line that is half sent."""

    connection: socket.socket
    rest: bytes = b""


class _Tcp:
    """Takes readers as they come. Sockets that never wait need no threads: the system keeps what a reader has not yet
    taken, and where that is full, the line is dropped for this reader.
    """

    def __init__(self, host: str, port: int) -> None:
        family, place = _resolved(host, port, socket.SOCK_STREAM, "tcp")
        everywhere = family == socket.AF_INET6 and place[0] == "::" and socket.has_dualstack_ipv6()
        try:
            self._server = socket.create_server(place[:2], family=family, backlog=READERS, dualstack_ipv6=everywhere)
        except (OSError, OverflowError) as error:
            raise InputError(_bind_trouble(_written("tcp", place), error)) from error
        self._server.setblocking(False)
        self.address = _written("tcp", self._server.getsockname())
        self._readers: list[_Reader] = []
        self._count = self._lines = self._dropped = 0

    @property
    def figures(self) -> Figures:
        return Figures(self._count, self._lines, self._dropped)

    def wanted(self) -> bool:
        self._take_readers()
        return bool(self._readers)

    def send(self, result: Result) -> None:
        line = line_of(result)
        for reader in tuple(self._readers):
            if not self._push(reader):
                continue
            if reader.rest:
                self._dropped += 1
                continue
            reader.rest = line
            if self._push(reader):
                self._lines += 1

    def close(self) -> None:
        """End what is half sent, for a moment; a reader that does not take it finds a line without its end."""
        self._server.close()
        deadline = monotonic() + FAREWELL
        for reader in tuple(self._readers):
            with contextlib.suppress(OSError):
                reader.connection.settimeout(max(deadline - monotonic(), 0.001))
                reader.connection.sendall(reader.rest)
                _empty(reader.connection)  # else the system may take back what was sent
            reader.connection.close()
        self._readers.clear()

    def _take_readers(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:  # nobody waits, or who did is gone
                return
            if len(self._readers) >= READERS:
                connection.close()
                continue
            connection.setblocking(False)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._readers.append(_Reader(connection))
            self._count += 1

    def _push(self, reader: _Reader) -> bool:
        """Send of the rest what goes. False where the reader has gone, and is forgotten."""
        try:
            while reader.rest:
                reader.rest = reader.rest[reader.connection.send(reader.rest) :]
            _empty(reader.connection)
        except (BlockingIOError, InterruptedError):
            return True
        except OSError:
            reader.connection.close()
            self._readers.remove(reader)
            return False
        return True


def _empty(connection: socket.socket) -> None:
    """Throw away what a reader sends, which nobody asked for."""
    with contextlib.suppress(BlockingIOError, TimeoutError):
        connection.setblocking(False)
        while connection.recv(65536):
            pass


def _bind_trouble(address: str, error: Exception) -> str:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return f"Cannot serve at {address}: another program uses this port. Choose another."
    if number == errno.EACCES:
        return f"Cannot serve at {address}: you may not use this port. Choose one above 1023."
    if number == errno.EADDRNOTAVAIL:
        return f"Cannot serve at {address}: this machine has no such address. Use 127.0.0.1 or one of its own."
    return f"Cannot serve at {address}: {error}. Choose another address."


# -- UDP --


class _Udp:
    """A datagram a frame to one address; nobody knows whether it is read."""

    def __init__(self, host: str, port: int) -> None:
        family, self._place = _resolved(host, port, socket.SOCK_DGRAM, "udp")
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self.address = _written("udp", self._place)
        self._lines = self._dropped = 0

    @property
    def figures(self) -> Figures:
        return Figures(0, self._lines, self._dropped)

    def wanted(self) -> bool:
        return True

    def send(self, result: Result) -> None:
        """A network that is away for a while is as a reader that is away."""
        line = line_of(result)
        most = len(result.people)
        while len(line) > DATAGRAM and most:
            most //= 2
            line = line_of(result, most)
        try:
            self._socket.sendto(line, self._place)
            self._lines += 1
        except OSError:
            self._dropped += 1

    def close(self) -> None:
        self._socket.close()


_SENDERS: dict[str, Callable[[str, int], _Sender]] = {"tcp": _Tcp, "udp": _Udp}
