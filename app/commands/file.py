"""Opening, recording, leaving."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.choosing import choose_file, choose_folder, open_again
from app.commands.command import Command, has_picture, literal
from app.recording import What

if TYPE_CHECKING:
    from app.window import Window

RECENT = 5  # files that the menu has


def _records(what: What, text: str, tip: str) -> Command:
    return Command(
        f"record-{what}", "File", text, (), tip, lambda window: window.keeping.record_what(what),
        lambda window: window.keeping.what == what, lambda window: not window.keeping.is_recording,
    )  # fmt: skip


def _recent(place: int) -> Command:
    def path(window: Window) -> str:
        paths = window.around.preferences.recent  # whether they are there is not asked of the disk at every click
        return paths[place] if place < len(paths) else ""

    def says(window: Window) -> str:
        if not (mine := path(window)):
            return ""
        names = [Path(each).name for each in window.around.preferences.recent[:RECENT]]
        name, folder = Path(mine).name, Path(mine).parent.name
        return f"&{place + 1} {literal(f'{name} in {folder}' if names.count(name) > 1 else name)}"

    return Command(
        f"recent-{place + 1}", "File", f"Recent file {place + 1}", (), "Open what was opened before.",
        lambda window: open_again(window, path(window)), when=lambda window: bool(path(window)), apart=place == 0,
        says=says,
    )  # fmt: skip


COMMANDS = (
    Command("camera", "File", "Open &camera", ("Ctrl+K",), "Watch the first camera of this machine.",
            lambda w: w.open("camera:0"), icon="camera", bar="Camera"),
    Command("choose-camera", "File", "C&hoose camera or address ...", ("Ctrl+Shift+K",),
            "Choose a camera and its size, or the address of one in the network.", lambda w: w.live.choose()),
    Command("open", "File", "&Open file ...", ("Ctrl+O",), "Open a video, a picture or a saved analysis.",
            lambda w: choose_file(w), icon="open", bar="Open"),
    Command("folder", "File", "Open &folder of pictures ...", ("Ctrl+Shift+O",), "Open all pictures of a folder.",
            lambda w: choose_folder(w)),
    Command("start", "File", "&Start page", ("Ctrl+W",), "Close what is open and go back to the start page.",
            lambda w: w.close_source(), when=has_picture),
    Command("record", "File", "&Record", ("Ctrl+R",), "Record what is seen as MP4.",
            lambda w: w.keeping.toggle_recording(), lambda w: w.keeping.is_recording,
            lambda w: has_picture(w) or w.keeping.is_recording, "record",
            bar="Record", apart=True),
    _records("annotated", "Record the &annotated picture",
             "Recordings are of what is on screen: every picture, with its own people or those of a moment ago drawn "
             "over it. Where only frames with their own pose are shown, or faces are blurred, they have those only."),
    _records("raw", "Record the ra&w picture",
             "Recordings are of the picture as it comes, every frame of it; faces are never blurred in them."),
    _records("both", "Record &both, in two files",
             "The annotated and the raw picture are recorded, in two files; faces are never blurred in the raw one."),
    Command("export-film", "File", "&Export film ...", ("Ctrl+Shift+R",),
            "Write this film, or the stretch that is looped, as MP4, with people drawn over it; it need not play.",
            lambda w: w.keeping.export_film(), when=lambda w: w.keeping.can_export),
    Command("snapshot", "File", "Save s&napshot", ("F12",), "Save this picture, with people drawn over it, as PNG.",
            lambda w: w.keeping.save_snapshot(), when=has_picture, icon="snapshot", bar="Snapshot", apart=True),
    Command("copy", "File", "Copy &picture", ("Ctrl+C",), "Copy this picture, with people drawn over it.",
            lambda w: w.keeping.copy_picture(), when=has_picture),
    Command("save", "File", "Sa&ve the analysis", ("Ctrl+S",),
            "Have what is known of this film, with edits and marks, in a file of yours. What you do is kept without "
            "that too, and is there when the film is opened again.",
            lambda w: w.analysis_files.keep(), when=has_picture, apart=True),
    Command("save-analysis", "File", "Save the ana&lysis as ...", ("Ctrl+Shift+S",),
            "Write what is known of this film, with edits and marks, as one file (.posedesk) that can be opened again.",
            lambda w: w.analysis_files.save(), when=lambda w: w.keeping.can_export),
    Command("take-poses", "File", "Open poses of th&is film ...", (),
            "Go through what OpenPose has found in this film, or a table of poses (CSV, Parquet).",
            lambda w: w.analysis_files.take_poses(), when=lambda w: w.analysis_files.can_take),
    Command("export", "File", "Expor&t poses ...", ("Ctrl+E",),
            "Write what was found in this film as CSV, Parquet, COCO results or OpenPose's JSON.",
            lambda w: w.keeping.export_poses(), when=lambda w: w.keeping.can_export),
    *(_recent(place) for place in range(RECENT)),
    Command("quit", "File", "&Quit", ("Ctrl+Q",), "Close PoseDesk.", lambda w: w.close(), apart=True),
)  # fmt: skip
