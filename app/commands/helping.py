"""Finding one's way."""

from app.commands.command import Command

COMMANDS = (
    Command("guide", "Help", "&Guide", ("Shift+F1",), "How to use PoseDesk.", lambda w: w.around.show_guide()),
    Command("shortcuts", "Help", "&Keys", ("F1", "?"), "All commands and their keys, which can be changed.",
            lambda w: w.around.show_keys()),
    Command("log-folder", "Help", "Open the folder of the &log", (), "What went wrong so far is written there.",
            lambda w: w.around.open_log_folder(), apart=True),
    Command("report", "Help", "Copy a &report", (),
            "Versions, machine and settings, for whoever helps. It names no paths.",
            lambda w: w.around.copy_report()),
    Command("about", "Help", "&About PoseDesk", (), "Version and licence.", lambda w: w.show_about(), apart=True),
)  # fmt: skip
