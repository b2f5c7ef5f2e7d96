"""The curves that are plotted as a file: numbers or a picture. Both lie with the other tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app import places
from app.ranges import Clock
from app.series import csv_of
from app.trace_export import Sheet, as_png, as_svg
from app.trace_table import csv_of_film
from app.works import Course

if TYPE_CHECKING:
    from app.window import Window


def save_traces(window: Window, kind: str) -> None:
    """kind: `csv`, `png` or `svg`"""
    target = places.new_file(places.recordings(), f"{Path(window.source_name).stem} traces", f".{kind}")
    (_save_numbers if kind == "csv" else _save_picture)(window, target)


def _save_numbers(window: Window, target: Path) -> None:
    """Of a film the stretch from I to O, where there is one."""
    panel, film, saved = window.traces, window.playback, window.film_view.analysing.saved
    unit, names, series = panel.choice.unit, panel.names(), panel.full_series
    if film is None:  # and nothing is compared
        window.works.save(lambda course: (csv_of(series(names, course.check), unit, course.tell), ""), target)
        return
    span, times = window.playing.span_seconds, film.times
    clock = Clock(times, film.duration)
    frames, end = clock.frames(*(span if span is not None else (0.0, clock.end)))
    first = int(np.searchsorted(times, frames[0])) if len(frames) else 0

    def make(course: Course) -> tuple[bytes, str]:
        analysed = np.zeros(len(frames), np.bool_)
        if saved is not None:
            known = saved.analysis.counts(edited=False)[first : first + len(frames)] >= 0
            analysed[: len(known)] = known
        return csv_of_film(series(names, course.check), unit, frames, end, analysed, course.tell)

    window.works.save(make, target)


def _save_picture(window: Window, target: Path) -> None:
    """As it is seen."""
    panel = window.traces
    x, y = panel.plot.getViewBox().viewRange()
    title = "      ".join(filter(None, (window.source_name, panel.key.rows)))
    make = as_png if target.suffix == ".png" else as_svg
    sheet = Sheet(
        title, f"{panel.choice.quantity}, {panel.choice.unit}", panel.series, (x[0], x[1]), (y[0], y[1]),
        window.shading.shades.bands, panel.key.labels,
    )  # fmt: skip
    window.works.save(lambda course: (make(sheet), ""), target, as_is=True)
