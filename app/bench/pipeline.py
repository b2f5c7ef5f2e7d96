"""How busy the whole program keeps the net: frames a second from a video file to results, against the bare forward
pass.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import av
import numpy as np

from core.estimator import Estimator
from core.network import Network
from core.network.network import resized
from core.outputs import Overlay, Recorder, annotate
from core.session import Session
from core.settings import Settings
from core.sources import open_source
from core.tracking import make_tracker
from core.types import Result

ROUNDS = 7
VIDEO_SIZE = (1280, 720)


def measure(network: Network, settings: Settings, source: str | None, frames: int) -> dict[str, Any]:
    """Frames a second, bare and whole, without and with recording, by turns; the ratios are medians over the rounds.

    source: a video file; None: one that is made for the purpose, of moving noise, 1280 x 720, H.264.
    """
    with tempfile.TemporaryDirectory() as folder:
        video = source or str(make_video(Path(folder) / "video.mp4", frames))
        works: dict[str, Callable[[], float]] = {
            "bare": lambda: _bare(network, video, frames),
            "whole": lambda: _whole(network, settings, video, frames, None),
            "recording": lambda: _whole(network, settings, video, frames, Path(folder) / "out.mp4"),
        }
        _bare(network, video, 3)
        rates: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(ROUNDS):
            for name, work in works.items():
                rates[name].append(work())
    ratios = {name: [rate / bare for rate, bare in zip(rates[name], rates["bare"], strict=True)] for name in rates}
    return {
        "fps": {name: round(median(values), 2) for name, values in rates.items()},
        "of_bare": {name: round(median(ratios[name]), 3) for name in ("whole", "recording")},
        "rounds": {name: [round(ratio, 3) for ratio in ratios[name]] for name in ("whole", "recording")},
        "frames": frames,
        "device": network.report.device,
    }


def make_video(path: Path, frames: int, size: tuple[int, int] = VIDEO_SIZE) -> Path:
    """A video of `size` (width, height) with enough movement that decoding it is work."""
    width, height = size
    random = np.random.default_rng(0)
    ground = random.integers(0, 256, (height // 8, width // 8, 3), np.uint8).repeat(8, 0).repeat(8, 1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30, options={"preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for i in range(frames):
            image = np.ascontiguousarray(np.roll(ground, (3 * i, 5 * i), (0, 1)))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        container.mux(stream.encode())
    return path


def _bare(network: Network, video: str, frames: int) -> float:
    """Frames a second of nothing but the forward pass, on the first frame of the video."""
    with open_source(video) as source:
        frame = source.read()
    assert frame is not None, "the video has a frame"
    picture = resized(frame.image, network.input_size(frame.image))
    start = perf_counter()
    for _ in range(frames):
        network.engine.infer(picture)
    return frames / (perf_counter() - start)


def _whole(network: Network, settings: Settings, video: str, frames: int, record: Path | None) -> float:
    """Frames a second from opening the video to the last result, or to the closed recording."""
    estimator = Estimator(network, settings.decoding, make_tracker(settings.tracking))
    start = perf_counter()
    with open_source(video) as source:
        recorder = Recorder(record) if record is not None else None

        def output(result: Result) -> None:
            if recorder is not None:
                recorder.write(result, annotate(result, Overlay()))

        session = Session(source, estimator, output, until=lambda frame: frame.index >= frames)
        session.start()
        session.wait()
        if recorder is not None:
            recorder.close()
    return session.figures.written / (perf_counter() - start)
