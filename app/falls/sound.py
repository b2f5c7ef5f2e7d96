"""The sound of an alarm: drawn here, played by Qt's own player where there is one, else the beep of the system."""

from __future__ import annotations

import io
import logging
import wave
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from PyQt6.QtCore import QObject, QUrl, pyqtSignal
from PyQt6.QtWidgets import QApplication

from core.outputs.base import write_whole

log = logging.getLogger(__name__)

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

    _there = pyqtSignal(object)  # of the thread: Qt's module of sounds

    def __init__(self, file: Path, submit: Callable[[Callable[[], None]], None], parent: QObject | None = None) -> None:
        """file: where the sound is kept; submit: runs a job outside the GUI thread."""
        super().__init__(parent)
        self._file = file
        self._submit = submit
        self._asked = False
        self._effect: Any = None  # QSoundEffect, whose module may be missing
        self._there.connect(self._make)

    def prepare(self) -> None:
        """Get ready, which takes a moment the first time."""
        if not self._asked:
            self._asked = True
            self._submit(self._load)

    def play(self) -> None:
        """Never fails: without a player or a sound device the system beeps, if it can."""
        self.prepare()
        if self._effect is not None and self._effect.isLoaded():
            self._effect.play()
        else:
            QApplication.beep()

    def _load(self) -> None:
        """In the thread."""
        try:
            module = import_module("PyQt6.QtMultimedia")
            content = alarm_wave()
            if not self._file.exists() or self._file.read_bytes() != content:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                write_whole(self._file, content)
        except (ImportError, OSError) as error:
            log.warning("An alarm is the beep of the system: %s", error)
        else:
            self._there.emit(module)

    def _make(self, module: Any) -> None:
        try:
            if module.QMediaDevices.defaultAudioOutput().isNull():
                log.warning("An alarm is the beep of the system: there is no sound device")
                return
            effect = module.QSoundEffect(self)
            effect.setSource(QUrl.fromLocalFile(str(self._file)))
            effect.setVolume(1.0)
        except Exception:  # whatever is wrong with the sound of a machine, who fell is to be seen
            log.exception("There is no sound for alarms but the beep of the system")
        else:
            self._effect = effect
