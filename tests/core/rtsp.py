"""A network camera for tests: as much of an RTSP server as a player needs that asks for H.264 over TCP."""

from __future__ import annotations

import re
import socket
import struct
import threading
from collections.abc import Sequence
from io import BufferedReader
from time import monotonic

import av

from tests.core import videos

RATE = 25  # frames a second, by their stamps
TICKS = 90_000  # a second, of RTP's clock for video
DELIMITER = b"\x09\xf0"  # the NAL unit that many cameras begin each picture with
SDP = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=camera\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
    "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:video\r\n"
)


def pictures(numbers: Sequence[int], size: tuple[int, int] = (128, 96)) -> list[list[bytes]]:
    """For each number the NAL units of a picture that shows it; all stand alone."""
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = *size, "yuv420p"
    encoder.framerate = RATE
    encoder.options = {"tune": "zerolatency", "g": "1"}
    packets = []
    for number in numbers:
        packets += encoder.encode(av.VideoFrame.from_ndarray(videos.picture(number, size), format="bgr24"))
    packets += encoder.encode(None)
    return [[unit for unit in re.split(rb"\x00\x00\x00?\x01", bytes(packet)) if unit] for packet in packets]


class Camera:
    """Gives each who asks the same pictures and then stays silent; `refusal` is answered to all who ask what there is,
    where it is not empty."""

    def __init__(self, frames: list[list[bytes]], *, refusal: str = "") -> None:
        self.frames = frames
        self.refusal = refusal
        self.ending = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def address(self) -> str:
        return f"rtsp://127.0.0.1:{self._port}/gate"

    def stop(self) -> None:
        self.ending.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while not self.ending.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as requests:
            try:
                while self._answer(connection, *_request(requests)):
                    pass
                self._play(connection)
            except OSError:
                pass  # the player has gone

    def _answer(self, connection: socket.socket, method: str, number: str) -> bool:
        """Returns whether more has to be asked before pictures come."""
        answers = {
            "OPTIONS": "Public: DESCRIBE, SETUP, PLAY, TEARDOWN\r\n\r\n",
            "DESCRIBE": f"Content-Type: application/sdp\r\nContent-Length: {len(SDP)}\r\n\r\n{SDP}",
            "SETUP": "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n\r\n",
            "PLAY": "Session: 1\r\nRTP-Info: url=video;seq=0;rtptime=0\r\n\r\n",
        }
        if method not in answers:
            raise ConnectionAbortedError
        refused = self.refusal if method == "DESCRIBE" else ""
        status, rest = (refused, "\r\n") if refused else ("200 OK", answers[method])
        connection.sendall(f"RTSP/1.0 {status}\r\nCSeq: {number}\r\n{rest}".encode())
        return method != "PLAY"

    def _play(self, connection: socket.socket) -> None:
        sent = 0

        def send(unit: bytes, n: int, last: bool) -> None:
            nonlocal sent
            packet = struct.pack(">BBHII", 0x80, last << 7 | 96, sent, n * TICKS // RATE, 7) + unit
            connection.sendall(struct.pack(">cBH", b"$", 0, len(packet)) + packet)
            sent += 1

        begun = monotonic()
        for n, units in enumerate(self.frames):
            for unit in units:
                send(unit, n, last=unit is units[-1])
            due = begun + (n + 1) / RATE  # a busy machine that was late for one is not for all that follow
            if self.ending.wait(max(due - monotonic(), 0)):
                return
        send(DELIMITER, len(self.frames), last=False)  # the next picture begins, and does not come
        self.ending.wait(120.0)


def _request(lines: BufferedReader) -> tuple[str, str]:
    """What is asked for, and the number of the question."""
    head = []
    while line := lines.readline().decode().strip():
        head.append(line)
    if not head:
        raise ConnectionAbortedError
    numbers = [line.partition(":")[2].strip() for line in head if line.lower().startswith("cseq:")]
    return head[0].partition(" ")[0], numbers[0]
