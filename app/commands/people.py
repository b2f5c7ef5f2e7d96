"""Choosing people, and saying who is who."""

from app.commands.command import Command, has_picture, literal


def _with(text: str, what: str) -> str:
    return f"{text}: {literal(what)}" if what else text


COMMANDS = (
    Command("people", "People", "&People panel", ("Shift+P",), "Everyone who was seen: name, score, time.",
            lambda w: w.docks.toggle(w.people_dock), lambda w: w.docks.is_shown(w.people_dock), has_picture),
    Command("next-person", "People", "Choose the &next", ("N",), "Choose the next of those on screen.",
            lambda w: w.casting.choose_next(), when=has_picture, apart=True),
    Command("choose-nobody", "People", "Choose no&body", ("Shift+N",), "Choose nobody any more.",
            lambda w: w.casting.choose_nobody(), when=lambda w: bool(w.casting.chosen_on_screen)),
    Command("hide-person", "People", "&Hide", ("Shift+H",), "Draw those who are chosen no more, or again.",
            lambda w: w.casting.toggle_hidden(), lambda w: w.casting.is_hidden, lambda w: w.casting.has_chosen,
            apart=True),
    Command("show-everyone", "People", "Show &everyone", (), "Draw those again who are hidden.",
            lambda w: w.casting.show_everyone(), when=has_picture),
    Command("rename-person", "People", "&Rename ...", ("F2",), "Give who is chosen a name, which is drawn for the ID.",
            lambda w: w.rename_person(), when=lambda w: w.casting.has_chosen),
    Command("join-people", "People", "&Join", ("Shift+J",),
            "Two who are chosen are one person, in all frames (Ctrl and click chooses a second).",
            lambda w: w.casting.join(), when=lambda w: w.casting.has_chosen_two, apart=True),
    Command("swap-people", "People", "S&wap", ("Shift+X",),
            "From this frame on, the two who are chosen have each other's IDs.",
            lambda w: w.casting.swap(), when=lambda w: w.casting.has_chosen_two),
    Command("split-person", "People", "&Split", ("Shift+S",), "From this frame on, who is chosen is somebody else.",
            lambda w: w.casting.split(), when=lambda w: len(w.casting.chosen) == 1),
    Command("undo", "People", "&Undo", ("Ctrl+Z",), "Take the last change of people or marks back.",
            lambda w: w.casting.undo(), when=lambda w: w.casting.can_undo, apart=True,
            says=lambda w: _with("&Undo", w.casting.next_undo)),
    Command("redo", "People", "Red&o", ("Ctrl+Shift+Z",), "Do again what was undone last.",
            lambda w: w.casting.redo(), when=lambda w: w.casting.can_redo,
            says=lambda w: _with("Red&o", w.casting.next_redo)),
)  # fmt: skip
