"""The sound of an alarm: drawn here, played in a process of its own where that is possible, else the system beeps."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QApplication

import app
from core.outputs.base import write_whole

log = logging.getLogger(__name__)

Command = tuple[str, ...]
PLAYER: Command = (sys.executable, "-m", "app.falls.player")
PATIENCE = 12.0  # seconds that the player may take
RATE = 44_100  # samples a second
_TONES = (880.0, 660.0)  # Hz, one after the other
_TONE, _TIMES = 0.22, 3  # seconds of a tone, and how often both are played
_EDGE = 0.01  # seconds in which a tone swells and dies: without, it clicks


def alarm_wave() -> bytes:
    """A WAV of two tones in turn, 16 bits, one channel."""
    time = np.arange(round(RATE * _TONE)) / RATE
    swell = np.clip(np.minimum(time, _TONE - time) / _EDGE, 0, 1)
    # A little of the third harmonic: small loudspeakers play low tones faintly.
    tones = [swell * (np.sin(2 * np.pi * f * time) + 0.4 * np.sin(6 * np.pi * f * time)) for f in _TONES]
    samples = np.tile(np.concatenate(tones), _TIMES)
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples / np.abs(samples).max() * 32_000).astype("<i2").tobytes())
    return content.getvalue()


class AlarmSound(QObject):
    """To be used from the GUI thread; what takes longer is handed to `submit`."""

    _failed = pyqtSignal()  # of the thread: what should have been heard was not

    def __init__(
        self, file: Path, submit: Callable[[Callable[[], None]], None], parent: QObject | None = None,
        command: Command = PLAYER,
    ) -> None:  # fmt: skip
        """file: where the sound is kept; submit: runs a job outside the GUI thread; command: plays a file that is
        named after it, and looks whether it could where none is"""
        super().__init__(parent)
        self._file = file
        self._submit = submit
        self._command = command
        self._asked = False
        self._works: bool | None = None  # as far as is known; None: nobody has looked yet
        self._failed.connect(self._beep)

    def prepare(self) -> None:
        """Get ready, which takes a moment the first time."""
        if not self._asked:
            self._asked = True
            self._submit(self._make)

    def play(self) -> None:
        """Never fails: without a player or a sound device the system beeps, if it can."""
        self.prepare()
        if self._works is False:
            self._beep()
            self._submit(self._look)  # a device may be there by now, for the next time
        else:
            self._submit(self._play)  # after the first look

    def _beep(self) -> None:
        QApplication.beep()

    # -- in the thread --

    def _make(self) -> None:
        try:
            content = alarm_wave()
            if not self._file.exists() or self._file.read_bytes() != content:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                write_whole(self._file, content)
        except OSError as error:
            log.warning("There is no file for the sound of alarms: %s", error)
        self._look()

    def _look(self) -> None:
        self._works = self._file.exists() and self._run()

    def _play(self) -> None:
        if not self._works or not self._run(str(self._file)):
            self._works = False
            self._failed.emit()

    def _run(self, *words: str) -> bool:
        """Whether the player did what it was asked for."""
        try:
            done = subprocess.run(
                (*self._command, *words), stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE,
                cwd=Path(app.__file__).parent.parent, creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            log.warning("An alarm is the beep of the system: %s", error)
            return False
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            log.warning("An alarm is the beep of the system: %s", said[-1] if said else f"code {done.returncode}")
        return not done.returncode
