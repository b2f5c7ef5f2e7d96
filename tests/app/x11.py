"""Keys and clicks as an X server gets them from a keyboard and a mouse: a client of a few requests, for tests."""

from __future__ import annotations

import socket
import struct

KEYSYMS = {
    "space": 0x20, "Home": 0xFF50, "Left": 0xFF51, "Right": 0xFF53, "End": 0xFF57, "Return": 0xFF0D, "Escape": 0xFF1B,
    "Control": 0xFFE3, "Shift": 0xFFE1, "Alt": 0xFFE9,
}  # fmt: skip
KEY_PRESS, KEY_RELEASE, BUTTON_PRESS, BUTTON_RELEASE, MOTION = 2, 3, 4, 5, 6  # as events are numbered
QUERY_EXTENSION, GET_KEYBOARD_MAPPING, SET_INPUT_FOCUS, GET_INPUT_FOCUS = 98, 101, 42, 43  # requests
FAKE_INPUT = 2  # of the extension XTEST


class Display:
    """A connection to the X server of this machine with the given number. Raises OSError where there is none."""

    def __init__(self, number: int) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(f"/tmp/.X11-unix/X{number}")
        self._socket.sendall(struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0))
        status, size = struct.unpack("<BxxxxxH", self._take(8))
        setup = self._take(4 * size)
        if status != 1:
            raise OSError(f"the X server refuses: {setup!r}")
        vendor, formats = struct.unpack_from("<H", setup, 16)[0], setup[21]
        self._least, self._most = setup[26], setup[27]
        self._root = struct.unpack_from("<I", setup, 32 + (vendor + 3) // 4 * 4 + 8 * formats)[0]
        name = b"XTEST"
        answer = self._ask(struct.pack("<BxHHxx", QUERY_EXTENSION, 2 + 2, len(name)) + name + b"\0" * 3)
        if not answer[8]:
            raise OSError("the X server has no XTEST")
        self._xtest = answer[9]
        self._codes = self._keycodes()

    def close(self) -> None:
        self._socket.close()

    def focus(self, window: int) -> None:
        """What a window manager does for a new window."""
        self._socket.sendall(struct.pack("<BBHII", SET_INPUT_FOCUS, 2, 3, window, 0))
        self._settle()

    def key(self, text: str) -> None:
        """A key, or several held at once: `space`, `Control+r`."""
        codes = [self._codes[KEYSYMS.get(name) or ord(name)] for name in text.split("+")]
        for code in codes:
            self._fake(KEY_PRESS, code)
        for code in reversed(codes):
            self._fake(KEY_RELEASE, code)
        self._settle()

    def click(self, x: int, y: int) -> None:
        """The left button, at a pixel of the screen."""
        self._fake(MOTION, 0, x, y)
        self._fake(BUTTON_PRESS, 1)
        self._fake(BUTTON_RELEASE, 1)
        self._settle()

    def _fake(self, kind: int, detail: int, x: int = 0, y: int = 0) -> None:
        root = self._root if kind == MOTION else 0
        self._socket.sendall(struct.pack("<BBHBBxxII8xhh8x", self._xtest, FAKE_INPUT, 9, kind, detail, 0, root, x, y))

    def _keycodes(self) -> dict[int, int]:
        """The key of each symbol that needs no other key with it."""
        count = self._most - self._least + 1
        answer = self._ask(struct.pack("<BxHBBxx", GET_KEYBOARD_MAPPING, 2, self._least, count))
        symbols = answer[1]
        codes: dict[int, int] = {}
        for key in range(count):
            codes.setdefault(struct.unpack_from("<I", answer, 32 + 4 * symbols * key)[0], self._least + key)
        return codes

    def _settle(self) -> None:
        """Return when the server has done everything."""
        self._ask(struct.pack("<BxH", GET_INPUT_FOCUS, 1))

    def _ask(self, request: bytes) -> bytes:
        self._socket.sendall(request)
        while True:
            answer = self._take(32)
            if answer[0] == 0:
                raise OSError(f"the X server answers with error {answer[1]}")
            if answer[0] == 1:
                return answer + self._take(4 * int(struct.unpack_from("<I", answer, 4)[0]))

    def _take(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            part = self._socket.recv(count - len(data))
            if not part:
                raise OSError("the X server has gone")
            data += part
        return data
