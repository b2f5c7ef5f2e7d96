"""A user who teaches the program an action: marks it in a film, trains a model, and sees it recognised.

`test_end_to_end.py` runs this as a program of its own, as it does `user.py`.
"""

from collections.abc import Iterator

from PyQt6.QtCore import QPoint
from PyQt6.QtGui import QGuiApplication, QImage

from app.window import Window
from tests.app.user import Step, Visited, click, settled, start
from tests.app.x11 import Display

STROKES = ((17, 45), (62, 89), (147, 175))  # frames of the drawn scene, from where each begins to where it is over
FPS = 20


def teach(window: Window, x: Display) -> Iterator[Step]:
    """What the user does; after each deed, what is to be seen before the next."""
    yield "the scene is open", lambda: window.has_picture and window.isVisible()
    x.focus(int(window.winId()))
    yield "the window is active", window.isActiveWindow
    if window.playing.is_playing:
        x.key("space")
    yield "it stands still", lambda: not window.playing.is_playing
    yield "all is analysed", lambda: window.film_view.analysed == "analysed 100 %"

    # Marking.
    x.key("Control+l")
    yield "a name is asked for", lambda: window.marking.panel.field.hasFocus()
    type_in(x, "stroke")
    yield "there is a label", lambda: [row.name for row in window.marking.labels.rows] == ["stroke"]
    for count, stroke in enumerate(STROKES, 1):
        for frame in stroke:
            x.key("Control+g")
            yield "a place is asked for", lambda: window.film_view.go_to.field.hasFocus()
            type_in(x, str(frame))
            yield f"frame {frame}", lambda frame=frame: _index(window) == frame  # type: ignore[misc]
            x.key("m")
            begun = frame == stroke[0]
            yield "a mark is begun or ended", lambda begun=begun: (window.marking.making.open is not None) == begun  # type: ignore[misc]
        yield f"{count} marks", lambda count=count: len(window.marking.marks) == count  # type: ignore[misc]

    # Training.
    x.key("Control+Shift+l")
    yield "training is asked for", lambda: window.learning.dialog is not None and window.learning.dialog.isVisible()
    dialog = window.learning.dialog
    assert dialog is not None
    x.focus(int(dialog.winId()))
    yield "there is something to learn from", lambda: dialog.isActiveWindow() and dialog.train.isEnabled()
    click(x, dialog.train)
    yield "a model is trained", lambda: dialog.is_unsaved
    click(x, dialog.outcome.name)
    yield "a name for it can be typed", dialog.outcome.name.hasFocus
    x.key("Control+a")
    type_in(x, "mine", enter=False)
    yield "it can be saved", lambda: dialog.outcome.save.isEnabled()
    click(x, dialog.outcome.save)
    yield "it is used", lambda: window.recognising.model is not None and not dialog.is_unsaved
    x.key("Escape")
    yield "training is over", lambda: not dialog.isVisible()

    # What it is good for.
    x.focus(int(window.winId()))
    yield "the window is active again", window.isActiveWindow
    yield "all strokes are recognised", lambda: all(_is_recognised(window, *stroke) for stroke in STROKES)
    yield "the label is over the player", lambda: "stroke" in _drawn(window)
    yield from settled(window)
    x.key("Control+Shift+t")  # only what was recognised is shaded from here on
    yield "marks are not shaded", lambda: not window.shading.marks
    shaded = traces(window)
    x.key("Control+t")
    yield "nothing is shaded", lambda: not window.shading.actions and traces(window) != shaded
    bare = traces(window)
    x.key("Control+t")
    yield "the traces are shaded", lambda: window.shading.shades.painted == len(STROKES) and traces(window) != bare
    x.key("Control+q")


def type_in(x: Display, text: str, enter: bool = True) -> None:
    for letter in text:
        x.key(letter)
    if enter:
        x.key("Return")


def traces(window: Window) -> QImage:
    """What the X server shows where the traces are."""
    screen, plot = QGuiApplication.primaryScreen(), window.traces.plot
    assert screen is not None
    corner = plot.mapToGlobal(QPoint(0, 0))
    return screen.grabWindow(0, corner.x(), corner.y(), plot.width(), plot.height()).toImage()


def _index(window: Window) -> int:
    return window.view.frame.index if window.view.frame is not None else -1


def _drawn(window: Window) -> list[str]:
    """The labels in the picture on screen."""
    picture = window.view.shown
    return list(picture.context.actions.values()) if picture is not None else []


def _is_recognised(window: Window, first: int, last: int) -> bool:
    """Somewhere between two frames a stroke is recognised."""
    return any(
        event.event == "stroke" and event.start < last / FPS and (event.end or event.start) > first / FPS
        for event in window.events_view.events
    )


class Taught(Visited):
    steps = staticmethod(teach)


if __name__ == "__main__":
    start(Taught)
