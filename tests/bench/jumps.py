"""How long the window takes to show a frame that one jumps to: `python -m tests.bench.jumps [FILM]`.

Offscreen with QT_QPA_PLATFORM=offscreen. Without a film: moving noise at 1080p with one key frame in 250. A piece of it
is kept small first, and only frames of that are jumped to. By the clock, from the jump to the picture in the window,
and to the frame as it is in the film; the analysis runs beside it, as it does for a user.
"""

import os
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from PyQt6.QtWidgets import QApplication

from app import theme
from app.bench.pipeline import make_video
from app.window import Window
from core.previews.group import LENGTH
from core.settings import Settings

FRAMES, SIZE = 750, (1920, 1080)
GROUPS, JUMPS, REST, PATIENCE = 30, 30, 0.7, 300.0  # groups that are kept small; seconds


def until(there: Callable[[], bool]) -> float:
    """Seconds that it took."""
    begun = perf_counter()
    while not there():
        QApplication.processEvents()
        sleep(0.001)
        if perf_counter() > begun + PATIENCE:
            sys.exit("The window does not come to what is to be measured.")
    return perf_counter() - begun


def jump(window: Window, index: int) -> tuple[float, float]:
    """Milliseconds to the picture, and to the frame itself."""
    window.playing.seek(index)
    seen = until(lambda: window.view.frame is not None and window.view.frame.index == index)
    whole = seen + until(lambda: not window.display.is_small)
    begun = perf_counter()
    until(lambda: perf_counter() > begun + REST)
    return 1e3 * seen, 1e3 * whole


def main() -> None:
    application = QApplication([])
    theme.apply(application)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["POSEDESK_HOME"] = folder
        film = sys.argv[1] if len(sys.argv) > 1 else str(make_video(Path(folder) / "noise.mp4", FRAMES, SIZE))
        window = Window(Settings())
        window.show()
        until(lambda: window.bridge.is_ready)
        window.open(film)
        until(lambda: window.has_picture and window.playback is not None)
        assert window.playback is not None
        window.playback.pause()
        length = window.playback.length
        kept = min(GROUPS * LENGTH, length)
        until(lambda: len(small_of(window)) * LENGTH >= kept)
        groups = sorted(small_of(window))
        wanted = [min(random.choice(groups) * LENGTH + random.randrange(LENGTH), length - 1) for _ in range(JUMPS)]
        seen, whole = zip(*(jump(window, index) for index in wanted), strict=True)
        for what, taken in {"the picture": seen, "the frame itself": whole}.items():
            said = f"{median(taken):.0f} ms in the middle, {max(taken):.0f} at most"
            print(f"{JUMPS} jumps in {length} frames, {what}: {said}")
        window.close()
        window.deleteLater()


def small_of(window: Window) -> set[int]:
    """The groups that are kept small by now."""
    opening = window.film_view.analysing._open
    previews = opening._previews._previews if opening is not None else None
    return previews.groups() if previews is not None else set()


if __name__ == "__main__":
    main()
