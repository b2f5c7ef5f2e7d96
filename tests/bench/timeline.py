"""How long the GUI is busy with the timeline of an hour of film: `python -m tests.bench.timeline`.

An analysis of 108,000 frames with four people in each, of sixteen who take turns. Offscreen, so without what a screen
takes.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PyQt6.QtWidgets import QApplication

from app.timeline import Content, TimeAxis, Timeline
from app.timeline.content import read
from core.analysis import Analysis, Found, ModelInfo, SourceInfo
from core.settings import Settings
from core.types import Ints, People

FRAMES, FPS, PEOPLE = 108_000, 30.0, 4
HOUR = FRAMES / FPS


def main() -> None:
    application = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory() as folder, _analysis(Path(folder) / "hour.posedesk") as analysis:
        begun = perf_counter()
        content = read(analysis, HOUR)
        print(f"read what is shown (not in the GUI thread): {1e3 * (perf_counter() - begun):.0f} ms")
        for name, milliseconds in _paints(content).items():
            middle, worst = statistics.median(milliseconds), max(milliseconds)
            print(f"{name}: {middle:.2f} ms in the middle, {worst:.2f} ms at worst of {len(milliseconds)}")
        print(f"a frame's people: {statistics.median(_looks(analysis)):.2f} ms in the middle")
    del application


def _analysis(path: Path) -> Analysis:
    random = np.random.default_rng(1)
    times = np.arange(FRAMES) / FPS
    source = SourceInfo(location="x", length=FRAMES, duration=HOUR, fps=FPS)
    analysis = Analysis.create(path, source, times, ModelInfo(), Settings())
    keypoints = random.uniform(0, 1000, (PEOPLE, 18, 2)).astype(np.float32)
    people = People(keypoints, np.ones((PEOPLE, 18), np.float32), np.full(PEOPLE, 30, np.float32))
    for begin in range(0, FRAMES, 4000):
        analysis.add(
            Found(index, float(times[index]), people, _ids(index)) for index in range(begin, min(begin + 4000, FRAMES))
        )
    return analysis


def _ids(index: int) -> Ints:
    """One of each four is another every ten seconds."""
    return np.array([1 + 4 * i + (index // 300 + i) % 4 for i in range(PEOPLE)], np.int32)


def _paints(content: Content) -> dict[str, list[float]]:
    """Milliseconds of each paint, by what is done."""
    axis = TimeAxis()
    timeline = Timeline(axis)
    timeline.resize(1280, 240)
    axis.start(HOUR)
    timeline.show_content(content)
    timeline.show()
    while not timeline.rendered:
        QApplication.processEvents()

    def play(step: int) -> None:
        timeline.show_place(step / FPS, (step + 1) / FPS, follow=True)

    return {
        "a frame that plays": _timed(timeline, play),
        "the whole hour anew": _timed(timeline, lambda step: timeline.show_content(content)),
        "zooming": _timed(timeline, lambda step: axis.zoom(1.05, at=1000.0)),
        "panning over ten minutes": _timed(timeline, lambda step: axis.show(10.0 * step, 10.0 * step + 600)),
    }


def _timed(timeline: Timeline, do: Callable[[int], None]) -> list[float]:
    milliseconds = []
    for step in range(120):
        begun = perf_counter()
        do(step)
        timeline.repaint()
        milliseconds.append(1e3 * (perf_counter() - begun))
    return milliseconds


def _looks(analysis: Analysis) -> list[float]:
    milliseconds = []
    for index in np.random.default_rng(2).integers(0, FRAMES, 200).tolist():
        begun = perf_counter()
        assert analysis.people(index) is not None
        milliseconds.append(1e3 * (perf_counter() - begun))
    return milliseconds


if __name__ == "__main__":
    main()
