"""How it is found: a look at the algorithm, and at numbers over time."""

from app.commands.command import Command, has_picture, has_traces
from app.trace_saving import save_traces


def _export(kind: str, text: str, tip: str) -> Command:
    return Command(
        f"traces-{kind}", "Tools", text, (), tip,
        lambda window: save_traces(window, kind), when=has_traces,
    )  # fmt: skip


COMMANDS = (
    Command("lecture", "Tools", "How people are &found", ("E",),
            "The map of a point with its peaks, or the field of a link with every pair that may be one.",
            lambda w: w.lecturing.show(), when=has_picture),
    Command("ranges", "Tools", "Ran&ges of motion ...", ("Shift+U",),
            "How far what the traces plot goes: least, greatest, range and mean from I to O and in each mark, as a "
            "table that can be copied and saved.",
            lambda w: w.ranging.show(), when=lambda w: w.film_view.has_film and has_traces(w), apart=True),
    Command("compare", "Tools", "C&ompare traces ...", (),
            "Lay the same curves of somebody in another analysis over these, dashed, and move them in time.",
            lambda w: w.comparing.show(), when=lambda w: w.film_view.has_film and has_traces(w)),
    _export("csv", "Save traces as &numbers (CSV)",
            "Save the curves that are plotted, dashed ones too, from I to O where that is set: a row a time."),
    _export("png", "Save traces as a &picture (PNG)", "Save the plot with its legend, on white."),
    _export("svg", "Save traces as a &drawing (SVG)", "Save the plot with its legend, on white, sharp at any size."),
)  # fmt: skip
