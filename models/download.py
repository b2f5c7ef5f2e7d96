"""One file from one of several mirrors, over whatever the network does.

What has arrived is kept in `<name>.part`, and the next try, on this mirror or another, in this run or a later one, asks
for the rest only.  The file gets its name when its checksum is right; wrong bytes are thrown away and fetched anew.
"""

import json
import os
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests
import urllib3

from models.checksums import Checksum
from models.errors import CancelledError, ModelError
from models.files import cannot_write, readable, require_space, settle

_CHUNK = 1 << 18  # bytes at a time, at most
_TRIES = 4  # on one mirror, as long as each brings something
_UNDECLARED = 1 << 30  # bytes taken at most from a mirror that does not say how many there are


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to download. size: bytes, where known. mirrors: addresses, best first."""

    path: Path
    checksum: Checksum
    mirrors: Sequence[str]
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """When a mirror is given up. connect, stall: seconds; slowest: bytes a second, on average over `stall` seconds."""

    connect: float = 10.0
    stall: float = 20.0
    slowest: float = 1000.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the file `name` is: bytes that are here, and bytes in all (None while nobody has said)."""

    name: str
    done: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Listener:
    """What is called while working, in the thread that works.

    message: a mirror has failed, and why.  cancelled: as soon as it gives True, the work ends with CancelledError.
    """

    progress: Callable[[Progress], None] = lambda progress: None
    message: Callable[[str], None] = lambda text: None
    cancelled: Callable[[], bool] = lambda: False


class _MirrorError(Exception):
    """This mirror will not do. Says why, as a part of a sentence."""


class _BrokenOffError(_MirrorError):
    """The connection ended early; what arrived is kept."""


class _UnusableError(Exception):
    """What was kept cannot be continued from here: begin anew. Says why, as a part of a sentence."""


def download(wanted: Wanted, limits: Limits, listener: Listener) -> None:
    """Bring the file to its place. Raises ModelError (nothing is there under the final name, the next call goes on)."""
    part = _Part(wanted.path)
    failures: dict[str, list[str]] = {}  # the hosts that failed, by what was wrong with them
    try:
        if wanted.size is not None:
            require_space(wanted.path.parent, wanted.size - min(part.size(), wanted.size), wanted.path.name)
        with requests.Session() as session:
            for url in wanted.mirrors:
                try:
                    _from_mirror(session, url, part, wanted, limits, listener)
                except _MirrorError as e:
                    host = str(urlsplit(url).hostname)
                    failures.setdefault(str(e), []).append(host)
                    listener.message(f"{host}: {e}")
                else:
                    settle(part.path, wanted.path)
                    part.discard()  # the notes about it
                    return
    except OSError as e:
        raise cannot_write(part.path, e) from e
    reasons = "; ".join(f"{', '.join(hosts)}: {reason}" for reason, hosts in failures.items())
    raise ModelError(
        f"No mirror delivered {wanted.path.name} ({reasons}); check the network and try again, "
        f"or put a copy that you have at {wanted.path}."
    )


def _from_mirror(
    session: requests.Session, url: str, part: "_Part", wanted: Wanted, limits: Limits, listener: Listener
) -> None:
    """Complete `part` from this mirror until its checksum is right."""
    reason = ""
    for _ in range(_TRIES):
        if wanted.size is not None and part.size() > wanted.size:
            part.discard()
        before = part.size()
        try:
            if before != wanted.size:
                _receive(session, url, part, wanted, limits, listener)
            if wanted.checksum.matches(part.path):
                return
        except _BrokenOffError as e:
            if part.size() <= before:
                raise
            reason = str(e)
        except _UnusableError as e:
            part.discard()
            reason = str(e)
        else:
            part.discard()
            reason = "sent a file with a wrong checksum"
            if before == 0:
                break
            # Some of it came from elsewhere or from an earlier day: this mirror may still have the right file.
    raise _MirrorError(reason)


def _receive(
    session: requests.Session, url: str, part: "_Part", wanted: Wanted, limits: Limits, listener: Listener
) -> None:
    """One request: append what comes to `part`. Returns when all has come that should."""
    _stop_if_cancelled(listener, wanted)
    start = part.size()
    try:
        with session.get(
            url, stream=True, timeout=(limits.connect, limits.stall), headers=_headers(url, part, start)
        ) as response:
            if response.status_code == 416 and start:
                _check_complete(response, start, wanted)
                return
            start, total = _opening(response, part, wanted, start)
            if wanted.size is None and total is not None:
                require_space(wanted.path.parent, total - start, wanted.path.name)
            part.note(url, response)
            _append(response, part, start, total, wanted, limits, listener)
    except (requests.RequestException, urllib3.exceptions.HTTPError) as e:
        reason = why(e, limits)
        raise (_BrokenOffError if part.size() > start else _MirrorError)(reason) from e


def _headers(url: str, part: "_Part", start: int) -> dict[str, str]:
    # Compressed on the way, a file could not be continued by byte.
    headers = {"Accept-Encoding": "identity", "User-Agent": "PoseDesk"}
    if start:
        headers["Range"] = f"bytes={start}-"
        if validator := part.validator(url):
            headers["If-Range"] = validator
    return headers


def _check_complete(response: requests.Response, start: int, wanted: Wanted) -> None:
    """Raises unless the answer, that there is nothing from byte `start` on, means that all is here already."""
    if wanted.size is not None:
        raise _MirrorError(f"has no more than the {readable(start)} that are here of {readable(wanted.size)}")
    if response.headers.get("Content-Range") != f"bytes */{start}":
        raise _UnusableError("has less than what is here already")


def _opening(response: requests.Response, part: "_Part", wanted: Wanted, start: int) -> tuple[int, int | None]:
    """(first byte that follows, bytes of the whole file where said) from the head of a response."""
    status = response.status_code
    if status not in (200, 206):
        raise _MirrorError(f"answered {status} {response.reason or ''}".rstrip())
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise _MirrorError("sends the file compressed, which cannot be continued or checked")
    length = response.headers.get("Content-Length", "")
    total = int(length) if length.isdecimal() else None
    if status == 206:
        said = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", "").strip())
        if said is None or int(said[1]) != start:
            raise _UnusableError("sends another part than the one asked for")
        total = int(said[2]) if said[2] != "*" else None if total is None else start + total
    if wanted.size is not None and total not in (None, wanted.size):
        raise _MirrorError(f"offers {readable(total or 0)} where {readable(wanted.size)} are expected")
    if status == 200 and start:
        # It knows no ranges, or has another file than it had: it starts from the first byte.
        part.discard()
        start = 0
    return start, total if wanted.size is None else wanted.size


def _append(
    response: requests.Response,
    part: "_Part",
    start: int,
    total: int | None,
    wanted: Wanted,
    limits: Limits,
    listener: Listener,
) -> None:
    done, bound = start, _UNDECLARED if total is None else total
    listener.progress(Progress(wanted.path.name, done, total))
    # A server that trickles never runs into the socket's timeout, so the pace is watched as well.
    since, mark = time.monotonic(), done
    with part.path.open("ab", buffering=0) as file:
        while done < bound:
            _stop_if_cancelled(listener, wanted)
            # read1 gives what is there instead of waiting for a whole chunk.
            block: bytes = response.raw.read1(min(_CHUNK, bound - done))
            if not block:
                break
            _write(file.fileno(), block)
            done += len(block)
            listener.progress(Progress(wanted.path.name, done, total))
            passed = time.monotonic() - since
            if passed >= limits.stall:
                if done - mark < limits.slowest * passed:
                    raise _BrokenOffError(f"sent less than {readable(int(limits.slowest))} a second")
                since, mark = time.monotonic(), done
    if total is None and done == bound:
        part.discard()
        raise _MirrorError(f"sends more than {readable(bound)} and does not say how much")
    if total is not None and done < total:
        raise _BrokenOffError(f"broke off after {readable(done)} of {readable(total)}")


def _write(descriptor: int, block: bytes) -> None:
    """All of it: an unbuffered write may stop early, and only then does the disk being full show."""
    rest = memoryview(block)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _stop_if_cancelled(listener: Listener, wanted: Wanted) -> None:
    if listener.cancelled():
        raise CancelledError(f"The download of {wanted.path.name} was stopped; the next one goes on where it was.")


def why(error: Exception, limits: Limits) -> str:
    """What went wrong on the network, as a part of a sentence."""
    # requests wraps urllib3's errors, and urllib3 its own: the cause is found at the bottom.
    chain = [error]
    while isinstance(inner := chain[-1].args[0] if chain[-1].args else None, Exception):
        chain.append(inner)
    chain += [reason for e in chain if isinstance(reason := getattr(e, "reason", None), Exception)]
    for kind, text in (
        (urllib3.exceptions.NameResolutionError, "name not found (no network?)"),
        (urllib3.exceptions.NewConnectionError, "cannot be reached"),  # in urllib3 also a ConnectTimeoutError
        (urllib3.exceptions.ConnectTimeoutError, f"no connection within {limits.connect:g} s"),
        (urllib3.exceptions.ReadTimeoutError, f"nothing came for {limits.stall:g} s"),
        (urllib3.exceptions.SSLError, "certificate not accepted"),
        (urllib3.exceptions.ProxyError, "not let through by the proxy"),
        (urllib3.exceptions.IncompleteRead, "the connection broke off"),
        (urllib3.exceptions.ProtocolError, "the connection broke off"),
        (requests.TooManyRedirects, "redirects without end"),
    ):
        if any(isinstance(e, kind) for e in chain):
            return text
    return " ".join(str(error).split())[:200]


def part_of(final: Path) -> Path:
    """Where what has arrived of a file is kept until it is whole."""
    return final.with_name(final.name + ".part")


class _Part:
    """What has arrived of a file, and beside it notes of where from, so that a changed file is noticed."""

    def __init__(self, final: Path) -> None:
        self.path = part_of(final)
        self._notes = final.with_name(final.name + ".part.json")

    def size(self) -> int:
        """Bytes."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    def note(self, url: str, response: requests.Response) -> None:
        # Only a strong ETag promises the same bytes.
        etag = response.headers.get("ETag", "")
        validator = etag if etag.startswith('"') else response.headers.get("Last-Modified", "")
        self._notes.write_text(json.dumps({"url": url, "validator": validator}), encoding="utf-8")

    def validator(self, url: str) -> str:
        """What to send as If-Range to this address; empty where nothing is known."""
        try:
            notes = json.loads(self._notes.read_text(encoding="utf-8"))
            return str(notes["validator"]) if notes["url"] == url else ""
        except (OSError, ValueError, TypeError, KeyError):
            return ""

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)
        self._notes.unlink(missing_ok=True)
