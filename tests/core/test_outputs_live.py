"""Poses live over real sockets: readers that read, that are slow, that go, and many of them."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core import skeleton
from core.errors import InputError
from core.outputs import LiveServer
from core.outputs.live import READERS, is_open_to_others, line_of, parse_address
from core.types import Event, Frame, People, Result
from tests.core.outputs_scene import backdrop, crowd, figures, hide, result_of

SOON = 30.0  # seconds, far more than anything here takes; a test that needs them fails
TWO = hide(figures((100, 20, 400), (300, 10, 300)), skeleton.L_WRIST)
IMAGE = backdrop(64, 48)


def result(index: int = 0, people: People = TWO) -> Result:
    return result_of(Frame(IMAGE, index, index / 30), people)


def port_of(server: LiveServer) -> int:
    return int(str(server.target).rsplit(":", 1)[1])


@pytest.fixture
def server() -> Iterator[LiveServer]:
    with LiveServer("tcp://127.0.0.1:0") as server:
        yield server


def joined(server: LiveServer, host: str = "127.0.0.1") -> socket.socket:
    """A reader that the server knows."""
    before = server.figures.readers
    reader = socket.create_connection((host, port_of(server)), timeout=SOON)
    deadline = time.monotonic() + SOON
    while server.figures.readers == before:  # the connection comes to the server a moment later
        assert time.monotonic() < deadline
        server.write(result(9999, People.empty()))
        time.sleep(0.001)
    return reader


def lines_of(reader: socket.socket) -> list[dict[str, Any]]:
    """All lines until the server closes, without those of `joined`."""
    with reader, reader.makefile("rb") as file:
        lines = [json.loads(line) for line in file]
    return [line for line in lines if line["frame"] != 9999]


# -- a line --


def test_a_line_says_all() -> None:
    event = Event("fall", 2, 0.12345, None, 0.5)
    line = line_of(replace(result(3), events=(event,)))
    assert line.endswith(b"}\n")
    assert line.count(b"\n") == 1
    read = json.loads(line)
    assert list(read) == ["frame", "time", "size", "people", "events"]
    assert (read["frame"], read["time"], read["size"]) == (3, 0.1, [64, 48])
    assert [person["id"] for person in read["people"]] == [1, 2]
    for person, xy, scores in zip(read["people"], TWO.keypoints, TWO.scores, strict=True):
        assert person["score"] == pytest.approx(29.6 / 37, abs=1e-3)
        assert len(person["points"]) == 18
        assert person["points"][skeleton.L_WRIST] is None
        for point, place, score in zip(person["points"], xy, scores, strict=True):
            assert point is None or np.allclose(point, [*place, score], atol=1e-3)
    assert read["events"] == [{"event": "fall", "person": 2, "start": 0.123, "end": None, "score": 0.5}]


def test_a_line_of_nobody_and_of_a_picture() -> None:
    picture = result_of(Frame(IMAGE, 0, 0.0, name="golf.jpg"), People.empty())
    assert json.loads(line_of(picture)) == {
        "frame": 0,
        "time": 0.0,
        "size": [64, 48],
        "people": [],
        "image": "golf.jpg",
    }


# -- TCP --


def test_a_reader_gets_every_line_from_when_it_came(server: LiveServer) -> None:
    server.write(result(0))  # before anybody reads
    reader = joined(server)
    for i in range(1, 50):
        server.write(result(i))
    server.close()
    assert [line["frame"] for line in lines_of(reader)] == list(range(1, 50))
    assert server.figures.dropped == 0


def test_a_slow_reader_loses_whole_lines_and_holds_nobody_up(server: LiveServer) -> None:
    slow, quick = joined(server), joined(server)
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    quick.setblocking(False)
    many = crowd(20)
    got, longest = b"", 0.0
    for i in range(4000):
        start = time.perf_counter()
        server.write(result(i, many))
        longest = max(longest, time.perf_counter() - start)
        with suppress(BlockingIOError):
            while chunk := quick.recv(1 << 20):
                got += chunk
        if server.figures.dropped > 20:
            break
    assert server.figures.dropped > 20
    sent = i + 1
    assert longest < SOON  # nothing waits for a reader that reads nothing; the machine may be busy
    quick.setblocking(True)
    server.close()
    with closing(quick):
        while chunk := quick.recv(1 << 20):
            got += chunk
    frames = [json.loads(line)["frame"] for line in got.splitlines()]
    assert [frame for frame in frames if frame != 9999] == list(range(sent))
    with slow:
        slow.settimeout(SOON)
        rest = b""
        while chunk := slow.recv(1 << 20):
            rest += chunk
    whole = [json.loads(line)["frame"] for line in rest.split(b"\n")[:-1]]  # the last line may lack its end
    assert whole == sorted(whole, key=lambda frame: (frame != 9999, frame))
    assert len(whole) < sent


def test_a_reader_that_goes_is_forgotten(server: LiveServer) -> None:
    gone, stays = joined(server), joined(server)
    gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    gone.close()
    for i in range(20):
        server.write(result(i))
        time.sleep(0.001)
    server.close()
    assert [line["frame"] for line in lines_of(stays)] == list(range(20))


def test_a_reader_that_only_ends_its_own_sending_still_reads(server: LiveServer) -> None:
    reader = joined(server)
    reader.sendall(b"GET / HTTP/1.0\r\n\r\n")
    reader.shutdown(socket.SHUT_WR)
    for i in range(5):
        server.write(result(i))
    server.close()
    assert [line["frame"] for line in lines_of(reader)] == list(range(5))


def test_many_readers_and_no_more(server: LiveServer) -> None:
    readers = [joined(server) for _ in range(READERS)]
    one_more = socket.create_connection(("127.0.0.1", port_of(server)), timeout=SOON)
    for i in range(3):
        server.write(result(i))
        time.sleep(0.01)
    server.close()
    assert all([line["frame"] for line in lines_of(reader)] == [0, 1, 2] for reader in readers)
    with one_more:
        assert one_more.recv(10) == b""
    assert server.figures.readers == READERS


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(not _has_ipv6(), reason="needs IPv6, which is not here")
def test_ipv6() -> None:
    with LiveServer("tcp://[::1]:0") as server:
        assert str(server.target).startswith("tcp://[::1]:")
        reader = joined(server, "::1")
        server.write(result(1))
    assert [line["frame"] for line in lines_of(reader)] == [1]


def test_a_port_in_use_is_told(server: LiveServer) -> None:
    with pytest.raises(InputError, match=r"another program uses this port. Choose another"):
        LiveServer(str(server.target))


# -- UDP --


@pytest.mark.parametrize("family", [socket.AF_INET, pytest.param(socket.AF_INET6, marks=pytest.mark.skipif(
    not _has_ipv6(), reason="needs IPv6, which is not here"))])  # fmt: skip
def test_udp(family: socket.AddressFamily) -> None:
    host = "127.0.0.1" if family == socket.AF_INET else "[::1]"
    with socket.socket(family, socket.SOCK_DGRAM) as reader:
        reader.bind((host.strip("[]"), 0))
        reader.settimeout(SOON)
        with LiveServer(f"udp://{host}:{reader.getsockname()[1]}") as server:
            for i in range(3):
                server.write(result(i))
            assert [json.loads(reader.recv(65536))["frame"] for _ in range(3)] == [0, 1, 2]
            assert server.figures.lines == 3


def test_udp_leaves_out_whom_a_datagram_does_not_hold() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as reader:
        reader.bind(("127.0.0.1", 0))
        reader.settimeout(SOON)
        with LiveServer(f"udp://127.0.0.1:{reader.getsockname()[1]}") as server:
            server.write(result(0, crowd(300)))
        read = json.loads(reader.recv(65536))
    assert 0 < len(read["people"]) < 300
    assert len(read["people"]) + read["left_out"] == 300


def test_udp_without_a_reader_goes_on() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    with LiveServer(f"udp://127.0.0.1:{free}") as server:
        for i in range(5):
            server.write(result(i))
    assert server.figures.lines + server.figures.dropped == 5


# -- addresses --


def test_addresses() -> None:
    assert parse_address("tcp://:9000") == ("tcp", "127.0.0.1", 9000)
    assert parse_address("udp://[::1]:9000") == ("udp", "::1", 9000)
    assert parse_address("tcp://localhost:0") == ("tcp", "localhost", 0)
    closed = ("tcp://127.0.0.1:1", "udp://[::1]:1", "tcp://localhost:1", "tcp://:1")
    assert [is_open_to_others(address) for address in closed] == [False] * 4
    assert is_open_to_others("tcp://0.0.0.0:1")
    assert is_open_to_others("udp://192.168.1.7:1")


@pytest.mark.parametrize(
    "text", ["", "9000", "http://127.0.0.1:9000", "tcp://127.0.0.1", "tcp://127.0.0.1:99999", "tcp://127.0.0.1:1/x",
             "udp://127.0.0.1:0", "tcp://[::1:9"],
)  # fmt: skip
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(InputError, match=r"^Cannot serve at "):
        parse_address(text)


@pytest.mark.parametrize("port", ["80a", "99999", "-1"])
def test_a_port_that_is_none_is_named(port: str) -> None:
    with pytest.raises(InputError, match=r"its port has to be a number up to 65535"):
        parse_address(f"tcp://127.0.0.1:{port}")


def test_a_host_that_is_not_there() -> None:
    with pytest.raises(InputError, match=r"there is no such host"):
        LiveServer("tcp://no-such-host.invalid:9000")


def test_an_address_of_another_machine() -> None:
    with pytest.raises(InputError, match=r"this machine has no such address"):
        LiveServer("tcp://192.0.2.1:0")
