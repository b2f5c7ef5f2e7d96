"""How it is found: a look at the algorithm, and at numbers over time."""

from app.commands.command import Command, has_picture


def _export(kind: str, text: str, tip: str) -> Command:
    return Command(
        f"traces-{kind}", "Tools", text, (), tip,
        lambda window: window.keeping.export_traces(kind), when=has_picture, apart=kind == "csv",
    )  # fmt: skip


COMMANDS = (
    Command("lecture", "Tools", "How people are &found", ("E",),
            "The map of a point with its peaks, or the field of a link with every pair that may be one.",
            lambda w: w.show_lecture(), when=has_picture),
    _export("csv", "Save traces as &numbers (CSV)", "Save the curves that are plotted: a row for each time."),
    _export("png", "Save traces as a &picture (PNG)", "Save the plot with its legend."),
    _export("svg", "Save traces as a &drawing (SVG)", "Save the plot with its legend, sharp at any size."),
)  # fmt: skip
