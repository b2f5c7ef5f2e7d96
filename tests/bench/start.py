"""How long the window takes to come: `python -m tests.bench.start`, with a screen or with QT_QPA_PLATFORM=offscreen.

Cold is the first start ever: no kernel is compiled yet, nothing is remembered. Warm is any later one. Seconds are
counted from before Python starts; a stall is the longest time that a timer of the GUI thread was late while the engine
got ready.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import time

ROUNDS = 5
_CHILD = """
import sys, time, json
begun = float(sys.argv.pop(1))
import app.main
from PyQt6.QtCore import QTimer
import app.desktop as desktop

class Timed(desktop.Window):
    def __init__(self, *args):
        super().__init__(*args)
        self.figures, self.last, self.stall = {}, None, 0.0
        self.bridge.preparing.connect(self.ready)
        self.beat = QTimer(self)
        self.beat.timeout.connect(self.beaten)

    def paintEvent(self, event):
        super().paintEvent(event)
        if not self.figures:
            self.figures["window"] = time.time() - begun
            self.beat.start(5)

    def beaten(self):
        now = time.perf_counter()
        if self.last is not None:
            self.stall = max(self.stall, now - self.last - 0.005)
        self.last = now
        if "ready" in self.figures:
            self.beat.stop()
            print(json.dumps({**self.figures, "stall": self.stall}))
            self.close()

    def ready(self, share):
        if share == 1:
            self.figures["ready"] = time.time() - begun

desktop.Window = Timed
app.main.main()
"""


def start(cache: Path) -> dict[str, float]:
    """Seconds to the window and to an engine that is ready, and the longest stall in between."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache / "kernels"), "POSEDESK_HOME": str(cache / "home")}
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, str(time())], env=environment, capture_output=True, text=True, check=True
    )
    figures: dict[str, float] = json.loads(child.stdout)
    return figures


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        cold = start(Path(folder))
        warm = [start(Path(folder)) for _ in range(ROUNDS)]
    print(f"cold: window after {cold['window']:.1f} s, engine ready after {cold['ready']:.1f} s, "
          f"longest stall {1000 * cold['stall']:.0f} ms")  # fmt: skip
    middle = {name: median(each[name] for each in warm) for name in cold}
    print(f"warm, median of {ROUNDS}: window after {middle['window']:.1f} s, engine ready after "
          f"{middle['ready']:.1f} s, longest stall {1000 * middle['stall']:.0f} ms")  # fmt: skip


if __name__ == "__main__":
    main()
