"""How the program ends, as a process of its own: in good order, whatever its window and its threads are at."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
_START = """
import atexit, gc, sys, threading, time
from PyQt6 import sip
from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtWidgets import QGraphicsItem
from app import desktop, main

class Closing(desktop.Window):
    def __init__(self, *words):
        super().__init__(*words)
        self.beat = QTimer(self)
        self.beat.timeout.connect(self.look)
        self.beat.start(20)

    def look(self):
        if self.has_picture:
            kept.extend([self, self.view, self.traces, self.film_view.timeline])
            kept.extend(self.traces.findChildren(QObject))
            self.beat.stop()
            STUCK
            self.close()

kept = []
show = desktop.show

def shown(*words):
    code = show(*words)
    items = [each for each in gc.get_objects() if isinstance(each, QGraphicsItem)]  # of plots
    print("shown", code, len(kept) > 4, all(map(sip.isdeleted, kept + items)))
    return code

desktop.Window, desktop.show = Closing, shown
atexit.register(lambda: print("Python ends"))
sys.argv[:] = ["posedesk", "demo:walk?size=160x96"]
main.main()
"""


def start(home: Path, stuck: str) -> subprocess.CompletedProcess[str]:
    surroundings = os.environ | {
        "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "POSEDESK_HOME": str(home / "posedesk"),
        "PYTHONFAULTHANDLER": "1",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-c", _START.replace("STUCK", stuck)],
        cwd=home, env=surroundings, capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip


def test_nothing_of_the_window_is_left_to_the_end_of_python(tmp_path: Path) -> None:
    done = start(tmp_path, "pass")
    assert done.returncode == 0
    assert [line for line in done.stderr.splitlines() if "This plugin does not support" not in line] == []
    assert done.stdout.splitlines() == ["shown 0 True True", "Python ends"]


def test_a_thread_that_does_not_end_is_left_and_told(tmp_path: Path) -> None:
    """Python would take away what it works with."""
    sleeps = "threading.Thread(target=time.sleep, args=[1000], name='posedesk-stuck', daemon=True).start()"
    done = start(tmp_path, sleeps)
    assert done.returncode == 0
    assert "The program ends without these threads: posedesk-stuck" in done.stderr
    assert done.stdout == ""
    assert "without these threads" in (tmp_path / "posedesk" / "logs" / "posedesk.log").read_text()
