"""Whatever a server does, the file comes whole or not at all, and the next try goes on."""

import errno
import hashlib
import os
import shutil
import socket
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import models.download
from models.checksums import Checksum
from models.download import Limits, Listener, Progress, Wanted, download
from models.errors import CancelledError, ModelError
from tests.models.liar import Behaviour, Server

CONTENT = np.random.default_rng(3).bytes(50_000)
WRONG = b"<html>" + CONTENT[6:]
PATIENT = Limits(connect=10.0, stall=10.0)
HASTY = Limits(connect=10.0, stall=1.0)  # where a mirror stalls: a busy machine takes its time too


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "net.caffemodel"


def get(
    path: Path,
    *urls: str,
    size: int | None = len(CONTENT),
    listener: Listener | None = None,
    limits: Limits = PATIENT,
) -> None:
    checksum = Checksum("sha256", hashlib.sha256(CONTENT).hexdigest())
    download(Wanted(path, checksum, urls, size), limits, listener or Listener())


def part(path: Path) -> Path:
    return path.with_name(path.name + ".part")


def assert_whole(path: Path) -> None:
    assert path.read_bytes() == CONTENT
    assert [file.name for file in path.parent.iterdir() if file.is_file()] == [path.name]


sizes = pytest.mark.parametrize("size", [len(CONTENT), None], ids=["size known", "size unknown"])


@sizes
@pytest.mark.parametrize("declared", [0, None], ids=["declared", "undeclared"])
def test_plain(server: Server, path: Path, size: int | None, declared: int | None) -> None:
    seen: list[Progress] = []
    url = server.serve("a", Behaviour(CONTENT, declared=declared))
    get(path, url, size=size, listener=Listener(progress=seen.append))
    assert_whole(path)
    assert seen[-1] == Progress(path.name, len(CONTENT), size or (None if declared is None else len(CONTENT)))
    assert [p.done for p in seen] == sorted(p.done for p in seen)


@sizes
def test_a_connection_that_keeps_breaking_is_taken_up_again(server: Server, path: Path, size: int | None) -> None:
    get(path, server.serve("a", Behaviour(CONTENT, cut=20_000)), size=size)
    assert_whole(path)
    assert server.requests == [("/a", None), ("/a", "bytes=20000-"), ("/a", "bytes=40000-")]


class Case(NamedTuple):
    """A mirror that fails, what is said of it, and how many bytes of it are kept."""

    behaviour: Behaviour
    reason: str
    kept: int = 0
    limits: Limits = PATIENT


CASES = {
    "404": Case(Behaviour(b"", status=404), "answered 404 Not Found"),
    "500": Case(Behaviour(b"oops", status=500), "answered 500"),
    "206 unasked": Case(Behaviour(CONTENT, status=206), "another part"),
    "wrong bytes": Case(Behaviour(WRONG), "wrong checksum"),
    "another size": Case(Behaviour(b"<html>login</html>"), "offers 18 bytes where 50.0 kB are expected"),
    "declares more": Case(Behaviour(CONTENT, declared=1000), "offers 51.0 kB"),
    "declares less": Case(Behaviour(CONTENT, declared=-1000), "offers 49.0 kB"),
    "sends more": Case(Behaviour(WRONG * 100, declared=None), "wrong checksum"),
    "sends less": Case(Behaviour(CONTENT[:30_000], declared=None), "has no more than the 30.0 kB", 30_000),
    "compressed": Case(Behaviour(CONTENT, headers={"Content-Encoding": "gzip"}), "compressed"),
    "stalls": Case(Behaviour(CONTENT, stall=0), f"nothing came for {HASTY.stall:g} s", limits=HASTY),
    "trickles": Case(Behaviour(CONTENT[:999], declared=None, pace=0.1), "has no more than the 999 bytes", 999),
    "redirects": Case(Behaviour(b"", status=302, headers={"Location": "/redirects"}), "redirects without end"),
}


@pytest.mark.parametrize("name", CASES)
def test_mirrors_are_tried_in_turn(server: Server, path: Path, name: str) -> None:
    case = CASES[name]
    bad, good = server.serve(name.replace(" ", "_"), case.behaviour), server.serve("good", Behaviour(CONTENT))
    messages: list[str] = []
    get(path, bad, good, listener=Listener(message=messages.append), limits=case.limits)
    assert_whole(path)
    assert len(messages) == 1
    assert case.reason in messages[0]
    assert server.requests[-1] == ("/good", f"bytes={case.kept}-" if case.kept else None)


@pytest.mark.parametrize("name", CASES)
def test_no_mirror_delivers(server: Server, path: Path, name: str) -> None:
    case = CASES[name]
    with pytest.raises(ModelError) as caught:
        get(path, server.serve(name.replace(" ", "_"), case.behaviour), limits=case.limits)
    assert caught.value.exit_code == 1
    assert case.reason in str(caught.value)
    assert str(path) in str(caught.value)
    assert not path.exists()
    if case.kept:
        assert part(path).read_bytes() == CONTENT[: case.kept]
    get(path, server.serve("good", Behaviour(CONTENT)))
    assert_whole(path)


def test_a_stall_in_the_middle_goes_on_elsewhere(server: Server, path: Path) -> None:
    stalling = server.serve("a", Behaviour(CONTENT, stall=10_000))
    with pytest.raises(ModelError, match="No mirror"):
        get(path, stalling, limits=HASTY)
    assert part(path).stat().st_size == 40_000  # four tries brought 10,000 bytes each
    get(path, unused_url(), server.serve("b", Behaviour(CONTENT)))
    assert server.requests[-1] == ("/b", "bytes=40000-")
    assert_whole(path)


def test_a_trickle_is_given_up(server: Server, path: Path) -> None:
    """Each byte comes within the socket's timeout, also from a busy machine, but all of them would take for ever."""
    trickle = Behaviour(CONTENT, pace=0.2)  # ten seconds in all, more than four tries take
    with pytest.raises(ModelError, match=r"less than 1.0 MB a second"):
        get(path, server.serve("a", trickle), limits=replace(HASTY, stall=1.5, slowest=1e6))
    assert part(path).read_bytes() == CONTENT[: part(path).stat().st_size]


def unused_url() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/x"


def test_nobody_there(path: Path) -> None:
    with pytest.raises(ModelError, match=r"No mirror.*cannot be reached.*not found \(no network\?\)"):
        get(path, unused_url(), "http://no-such-host.invalid/x")
    assert not list(path.parent.glob("net*"))


def test_a_server_that_ignores_ranges_is_read_from_the_start(server: Server, path: Path) -> None:
    part(path).write_bytes(b"x" * 10_000)
    get(path, server.serve("a", Behaviour(CONTENT, ranges=False)))
    assert server.requests == [("/a", "bytes=10000-")]
    assert_whole(path)


def test_a_login_page_costs_nothing_that_is_here(server: Server, path: Path) -> None:
    part(path).write_bytes(CONTENT[:10_000])
    portal, good = Behaviour(b"<html>log in</html>", ranges=False), Behaviour(CONTENT)
    get(path, server.serve("portal", portal), server.serve("good", good))
    assert server.requests[-1] == ("/good", "bytes=10000-")
    assert_whole(path)


@sizes
@pytest.mark.parametrize("shift", [-10, 10])
def test_a_server_that_sends_another_range(server: Server, path: Path, shift: int, size: int | None) -> None:
    part(path).write_bytes(CONTENT[:10_000])
    get(path, server.serve("a", Behaviour(CONTENT, shift=shift)), size=size)
    assert server.requests == [("/a", "bytes=10000-"), ("/a", None)]
    assert_whole(path)


@sizes
def test_a_wrong_beginning_is_thrown_away(server: Server, path: Path, size: int | None) -> None:
    part(path).write_bytes(WRONG[:10_000])
    get(path, server.serve("a", Behaviour(CONTENT)), size=size)
    assert server.requests == [("/a", "bytes=10000-"), ("/a", None)]
    assert_whole(path)


@sizes
def test_what_is_complete_already_is_not_asked_for(server: Server, path: Path, size: int | None) -> None:
    """Killed between the last byte and the new name."""
    part(path).write_bytes(CONTENT)
    get(path, server.serve("a", Behaviour(CONTENT)), size=size)
    assert server.requests == ([] if size else [("/a", "bytes=50000-")])
    assert_whole(path)


@sizes
def test_more_than_there_should_be_is_thrown_away(server: Server, path: Path, size: int | None) -> None:
    part(path).write_bytes(CONTENT + b"more")
    get(path, server.serve("a", Behaviour(CONTENT)), size=size)
    assert_whole(path)


def test_a_file_that_changed_on_the_server_is_read_anew(server: Server, path: Path) -> None:
    url = server.serve("a", Behaviour(WRONG, etag='"1"', cut=100, declared=0))
    with pytest.raises(ModelError):
        get(path, url)
    kept = part(path).stat().st_size
    assert kept
    server.serve("a", Behaviour(CONTENT, etag='"2"'))
    server.requests.clear()
    get(path, url)
    assert server.requests == [("/a", f"bytes={kept}-")]  # one request: the ETag told
    assert_whole(path)


def test_an_unknown_size_is_bounded(server: Server, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models.download, "_UNDECLARED", 20_000)
    with pytest.raises(ModelError, match=r"sends more than 20.0 kB"):
        get(path, server.serve("a", Behaviour(CONTENT, declared=None)), size=None)
    assert not list(path.parent.glob("net*"))


def test_the_disk_is_full_before(server: Server, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(100, 90, 10))
    for size, asked in ((len(CONTENT), 0), (None, 1)):
        with pytest.raises(ModelError, match=r"too full for net\.caffemodel.*10 bytes are free"):
            get(path, server.serve("a", Behaviour(CONTENT)), size=size)
        assert len(server.requests) == asked
    assert not path.exists()


def test_the_disk_becomes_full(server: Server, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(descriptor: int, block: bytes) -> None:
        if part(path).stat().st_size + len(block) > 20_000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.write(descriptor, block)

    url = server.serve("a", Behaviour(CONTENT, pace=0.001))
    with monkeypatch.context() as patch:
        patch.setattr(models.download, "_write", write)
        with pytest.raises(ModelError, match="became full"):
            get(path, url, url)
    assert len(server.requests) == 1  # no other mirror would help
    assert not path.exists()
    kept = part(path).stat().st_size
    assert 0 < kept <= 20_000
    get(path, url)
    assert server.requests[-1] == ("/a", f"bytes={kept}-")
    assert_whole(path)


def test_a_folder_that_cannot_be_written(server: Server, path: Path) -> None:
    part(path).mkdir()
    with pytest.raises(ModelError, match="cannot be written"):
        get(path, server.serve("a", Behaviour(CONTENT)), size=None)


def test_stopped_by_the_user(server: Server, path: Path) -> None:
    done = 0

    def progress(progress: Progress) -> None:
        nonlocal done
        done = progress.done

    url = server.serve("a", Behaviour(CONTENT, pace=0.001))
    with pytest.raises(CancelledError, match="goes on where it was"):
        get(path, url, url, listener=Listener(progress=progress, cancelled=lambda: done >= 10_000))
    assert not path.exists()
    get(path, url)
    assert server.requests == [("/a", None), ("/a", f"bytes={done}-")]
    assert_whole(path)
