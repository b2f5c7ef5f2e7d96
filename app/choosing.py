"""Choosing what to open: in the dialogs of the system, or out of what was opened before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QFileDialog

if TYPE_CHECKING:
    from app.window import Window

FILES = (
    "Videos, pictures, analyses (*.mp4 *.avi *.mov *.mkv *.webm *.m4v *.mpg *.mpeg *.ts *.wmv *.jpg *.jpeg *.png "
    "*.bmp *.webp *.tif *.tiff *.posedesk);;Analyses (*.posedesk);;All files (*)"
)


def choose_file(window: Window) -> None:
    first = window.recent.folder()
    path, _ = QFileDialog.getOpenFileName(window, "Open a video, a picture or an analysis", first, FILES)
    if path:
        window.open(path)


def choose_folder(window: Window) -> None:
    path = QFileDialog.getExistingDirectory(window, "Open a folder of pictures", window.recent.folder())
    if path:
        window.open(path)


def open_again(window: Window, text: str) -> None:
    """Open what was opened before, or anything. A file that is not there any more is said, and left out of the recent
    ones from now on; not where its disk may only be away."""
    path = Path(text)
    if text not in window.around.preferences.recent or path.exists():
        window.open(text)
    elif path.parent.exists():
        window.recent.remove(text)
        window.start_page.set_recent(window.recent.paths())
        window.banner.warn(f"{text} is not there any more, and is no recent file from now on.")
    else:
        window.banner.warn(f"{text} is not there now. Its folder was moved, or its disk is not connected.")
