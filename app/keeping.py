"""Keeping what is seen: recordings, snapshots, the clipboard."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PyQt6.QtGui import QGuiApplication

from app import places
from app.canvas import Picture
from app.export_dialog import ExportDialog
from app.qimage import view_of
from app.recording import What
from app.series import csv_of
from app.trace_export import Sheet, as_png, as_svg
from core.outputs import Overlay

if TYPE_CHECKING:
    from app.window import Window


class Keeping:
    """What the commands of recording and of snapshots do in a window."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self.what: What = "annotated"  # of what the next recording is
        self.dialog: ExportDialog | None = None
        self._blurred = False  # faces on screen are
        window.source_changed.connect(lambda pipeline: self.close_down())

    @property
    def is_recording(self) -> bool:
        return (pipeline := self._window.pipeline) is not None and pipeline.recording is not None

    def toggle_recording(self) -> None:
        bridge = self._window.bridge
        if self.is_recording:
            bridge.stop_recording()
        else:
            bridge.record(places.new_file(places.recordings(), self._window.source_name, ".mp4"), self.what)
            self._warn_of_faces(self.what, self._window.overlays.overlay)

    def look_at(self, overlay: Overlay) -> None:
        """This is drawn from now on."""
        blurred, self._blurred = self._blurred, overlay.blur
        pipeline = self._window.pipeline
        if pipeline is not None and pipeline.recording is not None and not blurred:
            self._warn_of_faces(pipeline.recording.what, overlay)

    def _warn_of_faces(self, what: What, overlay: Overlay) -> None:
        """Who sees blurred faces may take it that they are blurred in every file."""
        if what != "annotated" and overlay.blur:
            self._window.banner.warn("The raw picture is recorded as it is: faces in it are not blurred.")

    def record_what(self, what: What) -> None:
        """Choose of what the next recording is."""
        self.what = what

    def save_snapshot(self) -> None:
        if (picture := self._seen()) is not None:
            target = places.new_file(places.pictures(), self._window.source_name, ".png")
            self._window.bridge.save_picture(picture.drawn, target)

    def copy_picture(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if (seen := self._seen()) is not None and clipboard is not None:
            picture = cv2.cvtColor(seen.drawn(), cv2.COLOR_BGR2BGRA)
            clipboard.setImage(view_of(np.asarray(picture, np.uint8)).copy())
            self._window.banner.tell("Copied.", 2)

    @property
    def can_export(self) -> bool:
        return self._window.film_view.analysing.saved is not None

    def export_poses(self) -> None:
        """Show the dialog that writes the saved analysis of the film in other forms."""
        window, saved = self._window, self._window.film_view.analysing.saved
        if saved is None or window.playback is None:
            return
        self.close_down()
        stem = Path(window.source_name.replace(":", " ")).stem
        self.dialog = dialog = ExportDialog(
            saved.analysis.path, stem, window.playback.length, places.recordings(), window
        )  # fmt: skip
        if (span := window.playback.span) is not None:
            dialog.first.setValue(span[0])
            dialog.last.setValue(span[1])
        dialog.ended.connect(lambda text, trouble: (window.banner.warn if trouble else window.banner.tell)(text))
        dialog.show()

    def close_down(self) -> None:
        """End an export that is under way: its film is closed."""
        if self.dialog is not None:
            self.dialog.close_down()
            self.dialog.deleteLater()
            self.dialog = None

    def export_traces(self, kind: str) -> None:
        """Save the curves that are plotted, as `csv`, `png` or `svg`."""
        window = self._window
        panel, unit, names = window.traces, window.traces.choice.unit, window.traces.names()
        target = places.new_file(places.pictures(), f"{Path(window.source_name).stem} traces", f".{kind}")
        if kind == "csv":
            window.bridge.save_file(lambda: csv_of(panel.full_series(names), unit), target)
        else:
            x, y = panel.plot.getViewBox().viewRange()
            axis = f"{panel.choice.quantity}, {unit}"
            shades = window.shading.shades.same()
            title = "      ".join(filter(None, (window.source_name, panel.rows)))
            sheet = Sheet(title, axis, panel.series, (x[0], x[1]), (y[0], y[1]), shades, panel.labels)
            picture = (as_png if kind == "png" else as_svg)(sheet)
            window.bridge.save_file(lambda: picture, target)

    def _seen(self) -> Picture | None:
        """What is on screen, without the marks of those who are chosen."""
        picture = self._window.view.shown
        if picture is None:
            return None
        return replace(picture, context=replace(picture.context, selected=frozenset()))
