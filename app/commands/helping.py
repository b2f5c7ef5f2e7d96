"""Finding one's way."""

from app.commands.command import Command

COMMANDS = (
    Command("shortcuts", "Help", "&Keys", ("F1", "?"), "All commands and their keys.", lambda w: w.show_shortcuts()),
    Command("about", "Help", "&About PoseDesk", (), "Version and licence.", lambda w: w.show_about()),
)  # fmt: skip
