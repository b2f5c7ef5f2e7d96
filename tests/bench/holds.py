"""How long single actions hold the GUI: `python -m tests.bench.holds`, with a screen or with QT_QPA_PLATFORM=offscreen.

Nothing may hold it for longer than 50 ms. Of each action the longest hold counts, be it the action itself or one round
of the event loop after it: on the clock, and of the processor by the thread of the GUI alone, which a machine that is
busy with something else tells less of. The film is an hour of a drawn scene, whose analysis is made up: four people in
each of 108,000 frames, of sixteen who take turns, of whom some were swapped by hand.
"""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, sleep, thread_time

import numpy as np
from PyQt6.QtWidgets import QApplication, QDialog

from app import theme
from app.window import Window
from core.analysis import Analysis, Found, ModelInfo, SourceInfo, frame_times
from core.settings import Settings
from core.sources import Seekable, open_source
from core.types import Ints, People

FILM, PEOPLE, SWAPS = "demo:walk?size=640x360&seconds=3600", 4, 300
DIALOGS = ("settings", "models", "shortcuts", "guide", "lecture", "choose-camera", "export", "ranges")
ROUNDS, AFTER, PATIENCE = 6, 0.4, 120.0  # seconds


def main() -> None:
    gc.freeze()  # as the program does
    application = QApplication([])
    theme.apply(application)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["POSEDESK_HOME"] = folder
        window = Window(Settings())
        window.show()
        _until(lambda: window.bridge.is_ready)
        _say("a change of theme, start page", *(_theme(window) for _ in range(ROUNDS)))
        window.open(str(_analysis(Path(folder) / "hour.posedesk")))
        _until(lambda: window.has_picture and window.film_view.analysed == "analysed 100 %")
        if window.playback is not None:
            window.playback.pause()
        _live(2.0)
        _say("a change of theme, film", *(_theme(window) for _ in range(ROUNDS)))
        for name in DIALOGS:
            _say(f"{name}, opened first", _hold(window.actions_by_name[name].trigger))
            for dialog in application.topLevelWidgets():
                if isinstance(dialog, QDialog):
                    dialog.close()
        _say("a change of theme, dialogs hidden", *(_theme(window) for _ in range(ROUNDS)))
        window.actions_by_name["settings"].trigger()
        _say("a change of theme, settings open", *(_theme(window) for _ in range(ROUNDS)))
        window.traces.who.setCurrentIndex(1)
        window.traces.who.activated.emit(1)
        _until(lambda: len(window.traces.series) > PEOPLE)
        _live(1.0)
        _say("a change of theme, curves of everyone", *(_theme(window) for _ in range(ROUNDS)))
        _say("an undo of people", *(_hold(window.actions_by_name["undo"].trigger) for _ in range(ROUNDS)))
        _say("a join of two people", *(_join(window, 1 + number) for number in range(ROUNDS)))
        window.close()
        window.deleteLater()
        _live(0.1)


def _analysis(path: Path) -> Path:
    with open_source(FILM) as source:
        assert isinstance(source, Seekable)
        about, times = SourceInfo.of(source, FILM), frame_times(source)
    keypoints = np.random.default_rng(1).uniform(0, 300, (PEOPLE, 18, 2)).astype(np.float32)
    people = People(keypoints, np.ones((PEOPLE, 18), np.float32), np.full(PEOPLE, 30, np.float32))
    with Analysis.create(path, about, times, ModelInfo(), Settings()) as analysis:
        for begin in range(0, len(times), 4000):
            last = min(begin + 4000, len(times))
            analysis.add(Found(index, float(times[index]), people, _ids(index)) for index in range(begin, last))
        for number in range(SWAPS):
            analysis.editor.swap(1 + number % 16, 1 + (number + 5) % 16, 7 + 300 * number)
    return path


def _ids(index: int) -> Ints:
    """One of each four is another every ten seconds."""
    return np.array([1 + 4 * i + (index // 300 + i) % 4 for i in range(PEOPLE)], np.int32)


def _theme(window: Window) -> tuple[float, float]:
    return _hold(lambda: window.around.choose_theme("dark" if window.around.theme == "light" else "light"))


def _join(window: Window, person: int) -> tuple[float, float]:
    """Of two who are in the same frames at times."""
    window.casting.choose(person, person + 8)
    return _hold(window.actions_by_name["join-people"].trigger)


def _hold(do: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and of the processor that it holds the GUI for at most, be it itself or what follows."""
    holds = [_timed(do)]
    end = perf_counter() + AFTER
    while perf_counter() < end:
        holds.append(_timed(QApplication.processEvents))
        sleep(0.002)
    return max(clock for clock, _ in holds), max(processor for _, processor in holds)


def _timed(do: Callable[[], object]) -> tuple[float, float]:
    clock, processor = perf_counter(), thread_time()
    do()
    return perf_counter() - clock, thread_time() - processor


def _say(what: str, *holds: tuple[float, float]) -> None:
    said = [
        f"{1e3 * median(each):.0f} ms in the middle, {1e3 * max(each):.0f} at worst {of}"
        for each, of in zip(zip(*holds, strict=True), ("on the clock", "of the processor"), strict=True)
    ]
    print(f"{what}: {'; '.join(said)}")


def _until(there: Callable[[], bool]) -> None:
    end = perf_counter() + PATIENCE
    while not there():
        _live(0.02)
        assert perf_counter() < end, "it takes too long"


def _live(seconds: float) -> None:
    end = perf_counter() + seconds
    while perf_counter() < end:
        QApplication.processEvents()
        sleep(0.002)


if __name__ == "__main__":
    main()
