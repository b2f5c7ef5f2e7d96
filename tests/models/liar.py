"""A local HTTP server that misbehaves as told."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Behaviour:
    """What the server does for one address.

    ranges:      honour Range; without, the whole file comes with 200
    status:      answer this and no file
    declared:    what Content-Length says (an offset from the truth); None: no Content-Length
    cut:         close the connection after so many bytes of a response
    stall:       send so many bytes of a response, then nothing
    pace:        seconds between blocks of 1000 bytes
    shift:       the first byte of a partial answer, off by so many
    """

    content: bytes
    ranges: bool = True
    status: int = 200
    declared: int | None = 0
    cut: int | None = None
    stall: int | None = None
    pace: float = 0.0
    shift: int = 0
    etag: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Server:
    url: str
    paths: dict[str, Behaviour]
    requests: list[tuple[str, str | None]]  # (path, Range header)
    closing: threading.Event

    def serve(self, path: str, behaviour: Behaviour) -> str:
        """The address at which the server behaves so."""
        self.paths["/" + path] = behaviour
        return f"{self.url}/{path}"


@contextmanager
def running() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.requests.append((self.path, self.headers["Range"]))
            with suppress(BrokenPipeError, ConnectionResetError):  # the client has had enough
                answer(self, server.paths[self.path], server.closing)
            self.close_connection = True

        def log_message(self, *args: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = Server(f"http://127.0.0.1:{http.server_port}", {}, [], threading.Event())
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        http.shutdown()
        http.server_close()
        thread.join()


def answer(handler: BaseHTTPRequestHandler, b: Behaviour, closing: threading.Event) -> None:
    asked = handler.headers["Range"]
    content, status, extra = b.content, b.status, dict(b.headers)
    if b.status == 200 and asked and b.ranges and handler.headers.get("If-Range", b.etag) == b.etag:
        start = int(asked.removeprefix("bytes=").removesuffix("-"))
        if start >= len(content):
            status, extra, content = 416, extra | {"Content-Range": f"bytes */{len(content)}"}, b""
        else:
            start += b.shift
            extra["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
            status, content = 206, content[start:]
    handler.send_response(status)
    for key, value in extra.items():
        handler.send_header(key, value)
    if b.etag:
        handler.send_header("ETag", b.etag)
    if b.declared is not None:
        handler.send_header("Content-Length", str(len(content) + b.declared))
    handler.end_headers()
    sent = 0
    while sent < len(content) and (b.cut is None or sent < b.cut):
        end = min(sent + 1000, len(content) if b.cut is None else b.cut, len(content) if b.stall is None else b.stall)
        handler.wfile.write(content[sent:end])
        sent = end
        if sent == b.stall:
            closing.wait(10)
            return
        if b.pace:
            time.sleep(b.pace)
