"""A user at a real window: starts the program as the command line says, and goes through it with keys and mouse.

`test_end_to_end.py` runs this as a program of its own, on an X server without a screen.
"""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

from PyQt6.QtCore import QPoint, QTimer
from PyQt6.QtGui import QGuiApplication, QImage
from PyQt6.QtWidgets import QDoubleSpinBox, QPushButton, QScrollArea, QTabBar, QWidget

from app import desktop, main
from app.window import Window
from tests.app.x11 import Display

PATIENCE = 180.0  # seconds for each step, far more than any takes but for kernels that are compiled
GIVE_UP = 3  # exit code

Step = tuple[str, Callable[[], bool]]


def visit(window: Window, x: Display) -> Iterator[Step]:
    """What the user does; after each deed, what is to be seen before the next."""
    yield "the film is open", lambda: window.has_picture and window.isVisible()
    yield "somebody is found", lambda: len(window.view.people) == 1
    x.focus(int(window.winId()))
    yield "the window is active", window.isActiveWindow
    if window.playing.is_playing:
        x.key("space")
    yield "it stands still", lambda: not window.playing.is_playing

    # Going through the film.
    last = window.playing.length - 1
    x.key("Home")
    yield "the first frame", lambda: stands_at(window, 0)
    yield from settled(window)
    start = picture(window)
    x.key("End")
    yield "the last frame", lambda: stands_at(window, last) and picture(window) != start
    x.key("Left")
    yield "a frame back", lambda: stands_at(window, last - 1)
    click(x, window.transport.slider)
    yield "the middle", lambda: stands_at_about(window, last // 2)
    x.key("Home")
    yield "the first frame, as it was", lambda: stands_at(window, 0) and picture(window) == start

    # Overlays.
    for key in ("Alt+1", "Alt+2", "Alt+3"):
        x.key(key)
    yield "nothing is drawn", lambda: picture(window) != start
    bare = picture(window)
    x.key("Alt+1")
    yield "the skeleton is drawn", lambda: picture(window) != bare
    for key in ("Alt+2", "Alt+3"):
        x.key(key)
    yield "all is drawn", lambda: picture(window) == start

    # A threshold, in a panel that lies behind another.
    click_tab(x, window, "Detection")
    [box] = [box for box in window.detection_dock.findChildren(QDoubleSpinBox) if box.accessibleName() == "Min score"]
    yield "its panel is in front", box.isVisible
    for area in window.detection_dock.findChildren(QScrollArea):
        area.ensureWidgetVisible(box)  # as the wheel does
    yield from at_rest(box)
    click(x, box)
    yield "the number is edited", box.hasFocus
    for key in ("Control+a", "2", "Return"):
        x.key(key)
    yield "nobody is found", lambda: box.value() == 2.0 and len(window.view.people) == 0
    [reset] = [each for each in window.detection_dock.findChildren(QPushButton) if "OpenPose" in each.text()]
    for area in window.detection_dock.findChildren(QScrollArea):
        area.ensureWidgetVisible(reset)
    yield from at_rest(reset)
    click(x, reset)
    yield "somebody is found again", lambda: len(window.view.people) == 1

    # A recording, while it plays.
    x.key("Control+r")
    yield "it records", lambda: window.keeping.is_recording
    x.key("space")
    yield "it plays", lambda: window.view.frame is not None and window.view.frame.index > 10
    x.key("Control+r")
    yield "it is recorded", lambda: window.banner.label.text().startswith("Recorded to")

    # What was found, as a table.
    yield "somebody is known to be in every frame", lambda: _inhabited(window) == last + 1
    x.key("Control+e")
    yield "the export is asked for", lambda: window.keeping.dialog is not None and window.keeping.dialog.isVisible()
    assert window.keeping.dialog is not None
    window.keeping.dialog.begin(Path(os.environ["POSEDESK_EXPORT"]))  # in place of the system's own file dialog
    yield "it is exported", lambda: window.banner.label.text().startswith("Wrote")
    x.focus(int(window.winId()))
    yield "the window is active again", window.isActiveWindow
    x.key("Control+q")


def _inhabited(window: Window) -> int:
    """Frames with somebody in them: on a busy machine they may all be analysed, but with the threshold of before."""
    saved = window.film_view.analysing.saved
    return int((saved.analysis.counts() > 0).sum()) if saved is not None else 0


def settled(window: Window) -> Iterator[Step]:
    """Until the picture on screen has stood still for a moment: a window that has just opened finds its layout."""
    seen, since = picture(window), monotonic()

    def still() -> bool:
        nonlocal seen, since
        if (now := picture(window)) != seen:
            seen, since = now, monotonic()
        return monotonic() - since > 1.0

    yield "the picture stands", still


def at_rest(widget: QWidget) -> Iterator[Step]:
    """Until a widget has stayed where it is for a moment: a panel that has just come up lays itself out later."""
    seen, since = widget.mapToGlobal(widget.rect().center()), monotonic()

    def still() -> bool:
        nonlocal seen, since
        if (now := widget.mapToGlobal(widget.rect().center())) != seen:
            seen, since = now, monotonic()
        return monotonic() - since > 0.3

    yield "it stays where it is", still


def stands_at(window: Window, index: int) -> bool:
    """The frame is on screen, with its own person."""
    frame, newest = window.view.frame, window.pipeline.newest if window.pipeline is not None else None
    if frame is None or newest is None or newest.result is None:
        return False
    return frame.index == index and newest.result.frame is frame and len(window.view.people) == 1


def stands_at_about(window: Window, index: int) -> bool:
    return any(stands_at(window, index + off) for off in (-2, -1, 0, 1, 2))


def picture(window: Window) -> QImage:
    """What the X server shows where the picture is."""
    screen = QGuiApplication.primaryScreen()
    assert screen is not None
    corner = window.view.mapToGlobal(QPoint(0, 0))
    size = window.view.size()
    return screen.grabWindow(0, corner.x(), corner.y(), size.width(), size.height()).toImage()


def click_tab(x: Display, window: Window, text: str) -> None:
    for bar in window.findChildren(QTabBar):
        for index in range(bar.count()):
            if bar.tabText(index) == text:
                at = bar.mapToGlobal(bar.tabRect(index).center())
                x.click(at.x(), at.y())


def click(x: Display, widget: QWidget) -> None:
    at = widget.mapToGlobal(widget.rect().center())
    x.click(at.x(), at.y())


class Visited(Window):
    """The window of the program, with a user before it. steps: what the user does"""

    steps: Callable[[Window, Display], Iterator[Step]] = staticmethod(visit)

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # whatever the program gives it
        self._x = Display(int(os.environ["DISPLAY"].partition(":")[2].partition(".")[0]))
        self._steps = self.steps(self, self._x)
        self._step: Step | None = None
        self._begun = monotonic()
        self._watch = QTimer(self)
        self._watch.timeout.connect(self._look)
        self._watch.start(30)

    def _look(self) -> None:
        try:
            if self._step is None or self._step[1]():
                if self._step is not None:
                    print(f"ok: {self._step[0]}", flush=True)
                self._step, self._begun = next(self._steps), monotonic()
            elif monotonic() - self._begun > PATIENCE:
                self._give_up(f"not seen: {self._step[0]}; the window says: {self.banner.label.text()}")
        except StopIteration:
            self._watch.stop()
            self._x.close()
        except Exception as error:
            self._give_up(f"{type(error).__name__}: {error}")

    def _give_up(self, why: str) -> None:
        print(why, flush=True)
        screen = QGuiApplication.primaryScreen()
        if screen is not None:
            screen.grabWindow(0).save(os.environ["POSEDESK_LAST_SIGHT"])
        os._exit(GIVE_UP)


def start(kind: type[Visited]) -> None:
    """Run the program, as the command line says, with this window."""
    desktop.Window = kind  # type: ignore[misc]  # the program makes the window itself
    sys.argv[0] = "posedesk"
    main.main()


if __name__ == "__main__":
    start(Visited)
