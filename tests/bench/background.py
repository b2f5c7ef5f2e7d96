"""How much the analysis in the background takes from a film that plays: `python -m tests.bench.background [FILM]`.

The film plays over and over in a window without a screen, by turns without and with the background, from nothing known
each time.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from time import perf_counter, sleep

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PyQt6.QtWidgets import QApplication

from app.window import Window
from core.analysis import cache
from core.settings import Settings

FILM, ROUNDS, SECONDS, PATIENCE = "demo:walk?size=640x360&seconds=60", 3, 12.0, 120.0


def main() -> None:
    application = QApplication([])
    with tempfile.TemporaryDirectory() as home:
        os.environ["POSEDESK_HOME"] = home
        window = Window(Settings())
        window.show()
        for background in (False, True) * ROUNDS:
            frames, poses, share = _play(window, sys.argv[1] if len(sys.argv) > 1 else FILM, background)
            print(
                f"background {'on ' if background else 'off'}: {frames:.1f} frames/s, {poses:.1f} poses/s, {share:.0%}"
            )
        window.close()
    del application


def _play(window: Window, film: str, background: bool) -> tuple[float, float, float]:
    """Frames and poses a second, and the share of the film that was analysed by the end."""
    analysing = window.film_view.analysing
    analysing.wanted = background
    window.open(film)
    _go_on(lambda: analysing.saved is not None and window.has_picture, PATIENCE)
    assert window.playback is not None
    assert window.pipeline is not None
    window.playback.set_loop(True)
    window.playback.play()
    _go_on(lambda: False, 2.0)  # it gets going
    rates, end = [], perf_counter() + SECONDS
    while perf_counter() < end:
        _go_on(lambda: False, 1.0)
        rates.append(window.pipeline.rates())
    share = analysing.content.share
    window.go_to_start()
    _go_on(lambda: False, 1.0)
    for path in cache.folder().glob("*"):
        path.unlink(missing_ok=True)
    return sum(r.captured for r in rates) / len(rates), sum(r.analysed for r in rates) / len(rates), share


def _go_on(until: Callable[[], bool], seconds: float) -> None:
    end = perf_counter() + seconds
    while not until() and perf_counter() < end:
        QApplication.processEvents()
        sleep(0.003)


if __name__ == "__main__":
    main()
