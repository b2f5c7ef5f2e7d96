"""Keeping what is seen: recordings, snapshots, the clipboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PyQt6.QtGui import QGuiApplication

from app import places
from app.canvas import Picture
from app.export_dialog import ExportDialog
from app.exporting import ExportingDialog
from app.film_export import FilmExport
from app.film_export_dialog import FilmExportDialog
from app.qimage import view_of
from app.recording import What
from core.analysis import open_film
from core.outputs import Overlay
from core.sources import Source, Turning

if TYPE_CHECKING:
    from app.window import Window


class Keeping:
    """What the commands of recording and of snapshots do in a window."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self.what: What = "annotated"  # of what the next recording is
        self.dialog: ExportingDialog | None = None
        self._blurred = False  # faces on screen are
        self._left: list[ExportingDialog] = []  # their threads are about to end
        self._waiting: list[tuple[int, Callable[[], None]]] = []  # for frames that small pictures stand for
        window.source_changed.connect(lambda pipeline: self._leave())
        window.shown.connect(lambda frame, result: self._go_on())

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
            if self._window.film_view.has_film and not self._window.playing.is_playing:
                self._window.banner.tell(
                    "What plays is recorded, and this film stands still: play it (Space). File, Export film writes a "
                    "stretch of it without playing it."
                )

    def look_at(self, overlay: Overlay) -> None:
        """This is drawn from now on."""
        blurred, self._blurred = self._blurred, overlay.blur
        pipeline = self._window.pipeline
        if pipeline is not None and pipeline.recording is not None and not blurred:
            self._warn_of_faces(pipeline.recording.what, overlay)

    def _warn_of_faces(self, what: What, overlay: Overlay) -> None:
        """Who sees blurred faces may take it that they are blurred in every file."""
        if what != "annotated" and overlay.blur:
            self._window.banner.warn("The raw picture is written as it is: faces in it are not blurred.")

    def record_what(self, what: What) -> None:
        """Choose of what the next recording is."""
        self.what = what

    def save_snapshot(self) -> None:
        """As soon as the picture is as sharp as the film's."""
        self._once_sharp(self._save_picture)

    def copy_picture(self) -> None:
        """As `save_snapshot`, to the clipboard."""
        self._once_sharp(self._copy_picture)

    def _once_sharp(self, work: Callable[[], None]) -> None:
        display = self._window.display
        if display.is_small and display.frame is not None:
            self._waiting.append((display.frame.index, work))
        else:
            work()

    def _go_on(self) -> None:
        """Do what waits for the frame on screen. What waits for another one is given up: nobody knows whether it
        comes."""
        display = self._window.display
        if self._waiting and (frame := display.frame) is not None:
            waiting, self._waiting = self._waiting, []
            mine = [(index, work) for index, work in waiting if index == frame.index]
            if len(mine) < len(waiting):
                self._window.banner.tell("Nothing was kept: the picture was gone before it was as sharp as the film's.")
            if display.is_small:
                self._waiting = mine
            else:
                for _, work in mine:
                    work()

    def _save_picture(self) -> None:
        if (picture := self._seen()) is not None:
            target = places.new_file(places.pictures(), self._window.pictures.name, ".png")
            finish = self._window.measuring.drawn_into()
            self._window.bridge.save_picture(lambda: finish(picture.drawn()), target)

    def _copy_picture(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if (seen := self._seen()) is not None and clipboard is not None:
            drawn = self._window.measuring.drawn_into()(seen.drawn())
            picture = cv2.cvtColor(drawn, cv2.COLOR_BGR2BGRA)
            clipboard.setImage(view_of(np.asarray(picture, np.uint8)).copy())
            self._window.banner.tell("Copied.", 2)

    @property
    def can_export(self) -> bool:
        return self._window.film_view.analysing.saved is not None

    def may_end_export(self, question: str) -> bool:
        """End an export that is under way, if the user agrees that it is lost."""
        if self.dialog is None or self.dialog.may_end(question):
            self._end_export()
            return True
        return False

    def export_poses(self) -> None:
        """Show the dialog that writes the saved analysis of the film in other forms."""
        window, saved = self._window, self._window.film_view.analysing.saved
        if saved is None or window.playback is None or self._shows_work():
            return
        people, hidden = window.casting.chosen_by_name
        notes = [f"{' and '.join(hidden)} {'is' if len(hidden) == 1 else 'are'} hidden and left out."] if hidden else []
        if window.film_view.analysing.content.share < 1:
            notes.append("Frames that were not analysed yet are left out.")
        self._show(
            ExportDialog(
                saved.analysis.path, self._stem, window.playback.length, places.recordings(), window,
                people=people, marked=bool(window.marking.marks), note=" ".join(notes),
            )
        )  # fmt: skip

    def export_film(self) -> None:
        """Show the dialog that writes the film, or a stretch of it, as MP4."""
        window, bridge = self._window, self._window.bridge
        pipeline, playback, saved = window.pipeline, window.playback, window.film_view.analysing.saved
        if pipeline is None or playback is None or saved is None or self._shows_work():
            return
        text = window.source_text

        def again() -> Source:
            return open_film(text, pipeline.turning or Turning())

        def order(what: What, start: int, stop: int) -> FilmExport:
            overlay = window.overlays.overlay
            self._warn_of_faces(what, overlay)
            return FilmExport(pipeline, saved, again, bridge.load_net, overlay, what, start, stop)

        self._show(FilmExportDialog(order, places.recordings(), self._stem, playback.length, self.what, window))

    @property
    def _stem(self) -> str:
        """How files of what is open are called."""
        return Path(self._window.source_name.replace(":", " ")).stem

    def _shows_work(self) -> bool:
        """An export is under way, and its dialog is brought forward: another one would end it."""
        if self.dialog is None or not self.dialog.is_working:
            return False
        self.dialog.raise_()
        self.dialog.activateWindow()
        return True

    def _show(self, dialog: ExportingDialog) -> None:
        """In place of one that was open; the stretch is the one that plays over and over, where there is one."""
        window = self._window
        self._end_export()
        self.dialog = dialog
        if window.playback is not None and (span := window.playback.span) is not None:
            dialog.first.setValue(span[0])
            dialog.last.setValue(span[1])
        dialog.is_early = window.film_view.analysing.is_behind
        dialog.ended.connect(lambda text, trouble: (window.banner.warn if trouble else window.banner.tell)(text))
        dialog.show()

    def _leave(self) -> None:
        """The film is closed, or another is wanted: give up what waits for a picture, and the export."""
        self._waiting.clear()
        self._end_export()

    def _end_export(self) -> None:
        """Take its dialog away, and end what is under way, without waiting for it."""
        if (dialog := self.dialog) is None:
            return
        self.dialog = None
        if dialog.is_working:
            self._left.append(dialog)
            dialog.ended.connect(lambda: self._forget(dialog))
        dialog.leave()

    def _forget(self, dialog: ExportingDialog) -> None:
        """Its thread has ended."""
        self._left = [each for each in self._left if each is not dialog]

    def close_down(self) -> None:
        """End exports that are under way; waits for them."""
        for dialog in (*self._left, *([self.dialog] if self.dialog is not None else [])):
            dialog.ended.disconnect()  # there is no window any more that would say how it went
            dialog.close_down()
            dialog.deleteLater()
        self._left, self.dialog = [], None

    def _seen(self) -> Picture | None:
        """What is on screen, without the marks of those who are chosen."""
        picture = self._window.view.shown
        if picture is None:
            return None
        return replace(picture, context=replace(picture.context, selected=frozenset()))
