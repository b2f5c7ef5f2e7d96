"""The pictures of the window in README.md: `python docs/screenshots.py docs`. Needs no screen.

What is seen is a drawn scene with what the embedded net finds in it, and the models that PoseDesk knows: nothing of the
machine on which the script runs.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_home = tempfile.TemporaryDirectory()
os.environ["POSEDESK_HOME"] = _home.name  # nothing is remembered

import cv2  # noqa: E402
import numpy as np  # noqa: E402
from PyQt6.QtGui import QImage  # noqa: E402
from PyQt6.QtWidgets import QApplication, QWidget  # noqa: E402

from app import theme  # noqa: E402
from app.model_dialog import ModelDialog  # noqa: E402
from app.settings_dialog import SettingsDialog  # noqa: E402
from app.window import Window  # noqa: E402
from core.settings import Settings  # noqa: E402

SCENE, FRAME = "demo:tennis?size=960x540&seconds=4", 60
STROKES = "demo:tennis?size=960x540&seconds=12"
PATIENCE = 300.0  # seconds; the first time the kernels are compiled


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    application = QApplication([])
    theme.apply(application)
    window = Window(Settings())
    window.show()

    def until(there: Callable[[], bool]) -> None:
        end = monotonic() + PATIENCE
        while not there():
            application.processEvents()
            sleep(0.01)
            if monotonic() > end:
                sys.exit("The window does not come to what is to be shown.")
        for _ in range(200):  # and is laid out, and what is read now and then has been
            application.processEvents()
            sleep(0.01)

    until(lambda: window.bridge.is_ready)
    save(window, folder / "start.png")
    window.open(SCENE)
    until(lambda: window.playback is not None)
    assert window.playback is not None
    window.playback.pause()
    until(lambda: window.film_view.analysed == "analysed 100 %")
    window.playing.seek(FRAME)
    until(lambda: window.view.frame is not None and window.view.frame.index == FRAME and len(window.view.people) > 0)
    window.refresh()
    until(lambda: True)
    save(window, folder / "window.png")
    window.around.choose_theme("light")
    until(lambda: True)
    save(window, folder / "window-light.png")
    window.around.choose_theme("dark")
    show_actions(window, until)
    save(window, folder / "actions.png")
    window.around.show_settings()
    settings = window.around.dialog(SettingsDialog)
    assert isinstance(settings, SettingsDialog)
    settings.tabs.setCurrentIndex(1)
    until(lambda: True)
    save(settings, folder / "settings.png")
    window.around.show_models()
    models = window.around.dialog(ModelDialog)
    assert isinstance(models, ModelDialog)
    until(lambda: models.table.rowCount() > 0)
    models.select("openpose-coco")
    until(lambda: True)
    save(models, folder / "models.png")
    window.close()


def show_actions(window: Window, until: Callable[[Callable[[], bool]], None]) -> None:
    """A film in which strokes were recognised, at the middle of one."""
    before = window.playback
    window.open(STROKES)
    until(lambda: window.playback is not None and window.playback is not before)
    assert window.playback is not None
    window.playback.pause()
    window.recognising.use(Path("tennis-demo"))
    until(lambda: window.film_view.analysed == "analysed 100 %" and len(window.events_view.events) > 1)
    window.docks.show(window.events_view.dock)
    event = max(window.events_view.events, key=lambda each: each.score)
    window.casting.choose(event.person)
    window.playing.seek_seconds((event.start + (event.end or event.start)) / 2)
    until(lambda: window.view.frame is not None and event.start < window.view.frame.time)
    until(lambda: bool(window.casting.chosen))


def save(widget: QWidget, target: Path) -> None:
    """A PNG with 64 levels of each colour, which makes it much smaller."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits().asarray(image.sizeInBytes()), np.uint8)
    pixels = rows.reshape(image.height(), image.bytesPerLine())[:, : 3 * image.width()].reshape(image.height(), -1, 3)
    good, data = cv2.imencode(".png", pixels[..., ::-1] & 0xFC | 2, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    assert good
    target.write_bytes(data.tobytes())
    print(f"{target}: {len(data) / 1000:.0f} kB")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"Usage: python {sys.argv[0]} FOLDER")
    main(Path(sys.argv[1]))
