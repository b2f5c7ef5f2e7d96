"""How fast the plot of 20 traces of ten minutes is redrawn: `python -m tests.bench.bench_traces`.

A redraw is what a moment of playing costs: the axis moves on, all curves get new values, and everything is painted. The
values are made in a thread of the panel beside it; how long that takes is told too. Nothing is shown (Qt's offscreen).
"""

from __future__ import annotations

import os
from statistics import median
from time import perf_counter, thread_time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PyQt6.QtWidgets import QApplication

from app.series import Choice, make_series, thinned
from app.trace_log import TraceLog
from app.trace_panel import TracePanel
from core import skeleton
from core.types import Frame, Links, Maps, Peaks, People, Result, Transform

MINUTES, RATE, TRACES, REDRAWS = 10, 30, 20, 60
SIZE = (1280, 240)  # of the panel


def filled() -> TraceLog:
    """Two people who walk about for ten minutes, with gaps."""
    random = np.random.default_rng(1)
    log = TraceLog()
    steps = np.cumsum(random.normal(0, 2, (MINUTES * 60 * RATE, 2, skeleton.POINTS, 2)), axis=0).astype(np.float32)
    nothing, image = np.empty(0, np.float32), np.zeros((1, 1, 3), np.uint8)
    maps = Maps(np.zeros((19, 1, 1), np.float32), np.zeros((38, 1, 1), np.float32), Transform((8, 8), (3.5, 3.5)))
    peaks = Peaks(nothing.reshape(0, 2), nothing, np.zeros(19, np.int32))
    links = Links(np.empty((0, 2), np.int32), nothing, np.zeros(20, np.int32))
    scores, ids = np.ones((2, skeleton.POINTS), np.float32), np.array([1, 2], np.int32)
    for number, points in enumerate(steps):
        points[:, random.random(skeleton.POINTS) < 0.02] = np.nan
        people = People(600 + points, scores, np.ones(2, np.float32))
        log.add(Result(Frame(image, number, number / RATE), maps, peaks, links, people, ids))
    return log


def main() -> None:
    application = QApplication([])
    log = filled()
    panel = TracePanel()
    panel.resize(*SIZE)
    panel.show()
    panel.start(log, MINUTES * 60.0)
    for quantity in ("x and y", "speed"):
        points = tuple(range(TRACES // 4)) if quantity == "x and y" else tuple(range(TRACES // 2))
        choice = Choice(quantity, points)  # type: ignore[arg-type]
        made, drawn, busy = list[float](), list[float](), list[float]()
        for number in range(REDRAWS):
            begun = perf_counter()
            exact = make_series(log, [1, 2], choice)
            series = [thinned(one, panel.plot.width()) for one in exact]
            made.append(perf_counter() - begun)
            begun, worked = perf_counter(), thread_time()
            panel._draw(series, exact)
            panel.plot.setXRange(number / RATE, MINUTES * 60 + number / RATE, padding=0)
            panel.plot.viewport().repaint()
            application.processEvents()
            drawn.append(perf_counter() - begun)
            busy.append(thread_time() - worked)
        print(
            f"{len(series)} traces of {quantity}, {MINUTES} minutes at {RATE} a second: redrawn in "
            f"{1e3 * median(drawn):.1f} ms (median of {REDRAWS}), {1 / median(drawn):.0f} a second, of which the "
            f"processor worked {1e3 * median(busy):.1f} ms, {1 / median(busy):.0f} a second; "
            f"values made in {1e3 * median(made):.1f} ms"
        )
    panel.close_down()
    panel.close()


if __name__ == "__main__":
    main()
