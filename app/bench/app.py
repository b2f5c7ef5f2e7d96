"""How the window does while a film plays: pictures a second, how old they are, how long the GUI stands still, and the
processor. With a net that takes 30 ms whatever the machine, and with the real one.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, process_time, sleep
from typing import Any

import numpy as np
from PyQt6.QtCore import QEventLoop, QObject, Qt, QTimer
from PyQt6.QtWidgets import QApplication

from app import theme
from app.bench.pipeline import make_video
from app.store import Store
from app.window import Window
from core.crowd import crowd
from core.errors import PoseDeskError
from core.network import EngineReport, Network
from core.network.ideal import ideal_maps
from core.settings import NetworkSettings, Settings
from core.types import Floats, Frame, Image, Result, Transform
from models import registry
from models.manifest import Manifest

SIZES = {"720p": (1280, 720), "1080p": (1920, 1080)}
FAKE_SECONDS = 0.030  # of the fake net
PEOPLE = 2  # whom it finds
BEAT = 5  # milliseconds between two beats of the heart
SETTLE = 3.0  # seconds that are not measured: kernels are compiled, the window finds its layout
PATIENCE = 180.0  # seconds that opening may take
WINDOW = (1280, 720)
FRAMES = 150  # of the films that are made; they play over and over

# The same heart in a program that does nothing else: how long the machine itself lets a thread wait.
_BARE_HEART = f"""
import sys, threading, time
ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
last, longest = time.monotonic(), 0.0
while not ended.is_set():
    time.sleep({BEAT / 1000})
    now = time.monotonic()
    longest, last = max(longest, now - last), now
print(longest)
"""


class FakeEngine:
    """Takes `FAKE_SECONDS` without a processor, as a net on a GPU does, and finds `PEOPLE` who stand still."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._maps: dict[tuple[int, ...], Floats] = {}

    @property
    def report(self) -> EngineReport:
        return EngineReport("fake", f"fake net, {1000 * FAKE_SECONDS:.0f} ms", ())

    def infer(self, picture: Image) -> Floats:
        begun = monotonic()
        if picture.shape not in self._maps:
            height, width = picture.shape[:2]
            stride = self._manifest.stride
            transform = Transform.of_resize((width, height), (width, height), stride)
            maps = ideal_maps(crowd(PEOPLE, width, height), transform, (height // stride, width // stride))
            self._maps[picture.shape] = np.concatenate([maps.confidence, maps.affinity])
        sleep(max(FAKE_SECONDS - (monotonic() - begun), 0.0))
        return self._maps[picture.shape]


def fake_network(settings: NetworkSettings) -> Network:
    """A net of `FakeEngine`, whatever the model."""
    manifest = registry.find(settings.model).manifest
    return Network(manifest, FakeEngine(manifest), settings)


@dataclass
class _Log:
    """Seconds. beats: between two beats; ages: of pictures as they came on screen; poses: the same of poses; delays:
    the same less the time that was spent on finding the people in that frame.
    """

    beats: list[float] = field(default_factory=list)
    ages: list[float] = field(default_factory=list)
    poses: list[float] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)


class _Watch(QObject):
    """Looks at a window from within its own thread."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.log = _Log()
        self._frame: Frame | None = None
        self._result: Result | None = None
        self._last = monotonic()
        self._heart = QTimer(self)
        self._heart.setTimerType(Qt.TimerType.PreciseTimer)
        self._heart.timeout.connect(self._beat)
        self._heart.start(BEAT)
        window.shown.connect(self._shown)

    def begin(self) -> None:
        self.log = _Log()
        self._last = monotonic()

    def _beat(self) -> None:
        now = monotonic()
        self.log.beats.append(now - self._last)
        self._last = now

    def _shown(self, frame: Frame, result: Result | None) -> None:
        now = monotonic()
        if frame is not self._frame:
            self._frame = frame
            self.log.ages.append(now - frame.captured)
        if result is not None and result is not self._result:
            self._result = result
            age = now - result.frame.captured
            self.log.poses.append(age)
            self.log.delays.append(age - sum(result.timings.values()) / 1000)


def measure(settings: Settings, video: str | None, seconds: float) -> dict[str, Any]:
    """Figures of each film with each net; see `_figures`.

    video: a film; None: films that are made for the purpose, of moving noise, H.264, 30 frames a second.
    """
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication([])
        theme.apply(application)
    nets: dict[str, Callable[[NetworkSettings], Network] | None] = {"fake": fake_network, "real": None}
    cases = []
    with tempfile.TemporaryDirectory() as folder:
        films = {Path(video).name: video} if video is not None else _make_films(Path(folder))
        for name, film in films.items():
            for net, load in nets.items():
                store = Store(Path(folder) / "settings.json")  # the user's own is left alone
                cases.append({"film": name, "net": net, **_case(settings, store, film, load, seconds)})
    return {
        "cases": cases,
        "seconds": seconds,
        "screen": application.platformName(),
        "window": list(WINDOW),
    }


def _make_films(folder: Path) -> dict[str, str]:
    return {name: str(make_video(folder / f"{name}.mp4", FRAMES, size)) for name, size in SIZES.items()}


def _case(
    settings: Settings, store: Store, film: str, load: Callable[[NetworkSettings], Network] | None, seconds: float
) -> dict[str, Any]:
    window = Window(settings, store, load)
    window.resize(*WINDOW)
    window.show()
    try:
        window.film_view.analysing.wanted = False  # poses are to come from the net
        window.open(film)
        _run_until(lambda: window.playback is not None and window.has_picture, window)
        assert window.playback is not None
        window.playback.set_loop(True)
        window.playback.play()
        watch = _Watch(window)
        _run_until(lambda: bool(watch.log.poses), window)
        _run(SETTLE)
        bare = subprocess.Popen([sys.executable, "-c", _BARE_HEART], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        watch.begin()
        begun, worked = monotonic(), process_time()
        _run(seconds)
        wall, work = monotonic() - begun, process_time() - worked
        log = watch.log
        longest, _ = bare.communicate()
        device = window.bridge.device
        rate = window.playback.fps or 30.0
    finally:
        window.close()
        window.deleteLater()
        _run(0.0)
    return _figures(log, wall, work, rate) | {"bare_stall_ms": _ms(float(longest)), "device": device}


def _figures(log: _Log, wall: float, work: float, rate: float) -> dict[str, Any]:
    """fps: pictures a second that came on screen; pose_fps: poses
    age_ms, pose_age_ms: from capture to the screen, median and longest
    in_time: share of poses that came on screen within their own inference and two frames
    stall_ms: the longest time between two beats of the GUI, less the beat; over_50: how many were longer than 50 ms
    cpu: processor cores in use, on average
    """
    stalls = np.maximum(np.array(log.beats) - BEAT / 1000, 0.0)
    return {
        "fps": round(len(log.ages) / wall, 1),
        "pose_fps": round(len(log.poses) / wall, 1),
        "age_ms": [_ms(float(np.median(log.ages or [np.nan]))), _ms(max(log.ages, default=float("nan")))],
        "pose_age_ms": [_ms(float(np.median(log.poses or [np.nan]))), _ms(max(log.poses, default=float("nan")))],
        "in_time": round(float(np.mean(np.array(log.delays or [np.nan]) <= 2 / rate)), 3),
        "stall_ms": _ms(float(stalls.max(initial=0.0))),
        "over_50": int((stalls > 0.050).sum()),
        "cpu": round(work / wall, 2),
    }


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 1)


def _run(seconds: float) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def _run_until(condition: Callable[[], bool], window: Window) -> None:
    """Raises PoseDeskError where it takes too long, with what the window says."""
    deadline = monotonic() + PATIENCE
    while not condition():
        if monotonic() > deadline or window.banner.trouble:
            said = window.banner.label.text() or "It takes too long."
            raise PoseDeskError(f"The window did not show the film with poses. {said}")
        _run(0.02)
