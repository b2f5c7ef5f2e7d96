"""The dialogs that can be made by themselves, for tests that look at each of them."""

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtWidgets import QDialog

from app.camera_dialog import CameraDialog
from app.compare_dialog import CompareDialog
from app.export_dialog import ExportDialog
from app.fault_dialog import FaultDialog
from app.film_export_dialog import FilmExportDialog
from app.import_dialog import ImportDialog
from app.live_notes import LiveNotes
from app.range_dialog import RangeDialog


def nothing(*values: object) -> None:
    pass


MADE: dict[str, Callable[[Path], QDialog]] = {  # each in a folder of the test
    "camera": lambda folder: CameraDialog(LiveNotes(folder / "live.json")),
    "compare": lambda folder: CompareDialog(),
    "ranges": lambda folder: RangeDialog(),
    "fault": lambda folder: FaultDialog("log"),
    "import": lambda folder: ImportDialog({"graph": folder / "net.pb"}, nothing),
    "poses": lambda folder: ExportDialog(folder / "a.posedesk", "film", 100, folder),
    "film": lambda folder: FilmExportDialog(nothing, folder, "film", 100, "both"),  # type: ignore[arg-type]
}
