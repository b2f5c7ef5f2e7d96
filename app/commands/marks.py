"""Labels of the user's own, and marks of when somebody does what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.commands.command import Command, has_film, has_picture, literal

if TYPE_CHECKING:
    from app.window import Window

KEYS = 9  # labels that have a key of their own


def _label(place: int) -> Command:
    def says(window: Window) -> str:
        rows = window.marking.labels.rows
        return literal(rows[place].name) if place < len(rows) else ""

    return Command(
        f"label-{place + 1}", "Marks", f"Label {place + 1}", (str(place + 1),),
        f"Choose the label number {place + 1}: for the next mark, and for one that was begun.",
        lambda window: window.marking.choose_label(place),
        lambda window: [row.name for row in window.marking.labels.rows[place:]][:1] == [window.marking.labels.current],
        lambda window: bool(says(window)), apart=place == 0, says=says,
    )  # fmt: skip


def _has_marks(window: Window) -> bool:
    return bool(window.marking.marks)


def _has_chosen(window: Window) -> bool:
    return bool(window.marking.chosen)


def _is_open(window: Window) -> bool:
    return window.marking.making.open is not None


COMMANDS = (
    Command("mark", "Marks", "&Mark", ("M",),
            "The action of who is chosen begins here; once more: it ends here.",
            lambda w: w.marking.making.mark(), when=has_picture,
            says=lambda w: "End the &mark" if _is_open(w) else "Begin a &mark"),
    Command("cancel-mark", "Marks", "&Drop what was begun", ("Shift+M",), "Make no mark of what was begun.",
            lambda w: w.marking.making.cancel(), when=_is_open),
    Command("labels", "Marks", "La&bels panel", ("Shift+A",), "The actions that are marked: names, colours, keys.",
            lambda w: w.docks.toggle(w.marking.dock), lambda w: w.docks.is_shown(w.marking.dock), has_film, apart=True),
    Command("new-label", "Marks", "&New label ...", ("Ctrl+L",), "Name another action.",
            lambda w: w.marking.name_label(), when=has_film),
    *(_label(place) for place in range(KEYS)),
    Command("next-mark", "Marks", "To the ne&xt mark", ("Alt+Right",), "To where the next mark begins.",
            lambda w: w.marking.step(1), when=_has_marks, apart=True),
    Command("previous-mark", "Marks", "To the &previous mark", ("Alt+Left",), "To where the mark before begins.",
            lambda w: w.marking.step(-1), when=_has_marks),
    Command("loop-mark", "Marks", "&Loop this mark", ("Shift+L",), "Play the mark that is chosen over and over.",
            lambda w: w.marking.loop(), lambda w: w.marking.loops_chosen, _has_chosen),
    Command("remove-mark", "Marks", "&Remove this mark", ("Del",), "Remove the mark that is chosen.",
            lambda w: w.marking.remove(), when=_has_chosen),
    Command("export-marks", "Marks", "&Export marks ...", (), "Write all marks of this film as a table (CSV).",
            lambda w: w.marking.files.export(), when=_has_marks, apart=True),
    Command("import-marks", "Marks", "&Import marks ...", (), "Add the marks of a table (CSV) to those of this film.",
            lambda w: w.marking.files.import_(), when=has_film),
    Command("take-marks", "Marks", "&Take over marks", (),
            "Add the marks of other analyses of this film, each to who is in the same place.",
            lambda w: w.marking.taking.take_over(), when=lambda w: bool(w.marking.taking.elsewhere)),
)  # fmt: skip
