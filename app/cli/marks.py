"""`posedesk actions marks`: what was marked in an analysis, as a table, and the other way round."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from app.cli.console import out, warn
from app.cli.files import CSV, check_ending, write_file
from core.analysis import Analysis
from core.analysis.mark_table import labels_for, mark_table, read_mark_table, strangers
from core.errors import InputError
from core.words import counted


def marks(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .posedesk file.")],
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write all marks as a table: label,person,start,end.")
    ] = None,
    given: Annotated[
        Path | None, typer.Option("--import", metavar="FILE", help="First add the marks of such a table.")
    ] = None,
) -> None:
    """Write what was marked in an analysis as a CSV, or add the marks of one. Labels that are not there are made."""
    if csv is None and given is None:
        raise InputError("Say what to do with the marks: --csv FILE writes them, --import FILE adds some.")
    if csv is not None and csv.resolve() == file.resolve():
        raise InputError(f"{csv} is the analysis itself. Give another name.")
    check_ending("--csv", csv, *CSV)
    with Analysis.open(file, write=given is not None) as analysis:
        if given is not None:
            new = read_mark_table(given, _duration(analysis))
            known = [(label.name, label.color) for label in analysis.marks.labels()]
            made = labels_for(new, known)
            analysis.marks.take(made, new)
            labels = f" and {counted(len(made), 'label')}" if made else ""
            out.print(escape(f"added {counted(len(new), 'mark')}{labels} to {file}"))
            people = {person.id for person in analysis.persons()}
            if said := strangers(new, lambda person: analysis.called_now(person) in people):
                warn(said)
        if csv is not None:
            there = analysis.marks.all()
            write_file(csv, mark_table(analysis.marks.labels(), there, analysis.names()).encode())
            out.print(escape(f"wrote {csv}: {counted(len(there), 'mark')}"))


def _duration(analysis: Analysis) -> float:
    """Seconds of the film; where the file does not say, as far as frames are known."""
    times = analysis.times()
    last = float(times[-1]) if len(times) else 0.0
    step = float(times[-1] - times[-2]) if len(times) > 1 else 1.0
    return analysis.source.duration or last + step
