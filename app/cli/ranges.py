"""`posedesk ranges`: how far joints and points go in each mark of an analysis."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from app.cli.console import out, warn
from app.cli.files import CSV, check_ending, write_file
from app.ranges import Clock, Ranged, Stretch, csv_of_ranges, ranged
from app.saved import WholeTraces
from app.series import QUANTITIES, Choice, Quantity
from app.trace_log import TraceLog
from core import skeleton
from core.analysis import Analysis, briefly_seen, told_as_brief, worked_on
from core.errors import InputError
from core.motion import ANGLES
from core.outputs.base import claim_file
from core.words import counted

_OF = "A joint or point, such as 'right knee'; may be repeated. Without it all joints, or the wrists and ankles."
_POINTS = (skeleton.R_WRIST, skeleton.L_WRIST, skeleton.R_ANKLE, skeleton.L_ANKLE)


def ranges(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .posedesk file.")],
    of: Annotated[list[str] | None, typer.Option("--of", metavar="NAME", help=_OF)] = None,
    what: Annotated[
        str, typer.Option("--what", help=f"What of it: {', '.join(QUANTITIES)}.", metavar="WHAT")
    ] = "joint angle",
    body: Annotated[bool, typer.Option("--body", help="Places in torso lengths from the hips, not in pixels.")] = False,
    cm: Annotated[
        bool, typer.Option("--cm", help="Places and speeds in centimetres, by the scale that was set in the window.")
    ] = False,
    start: Annotated[float | None, typer.Option(min=0, help="Not the marks, but from here, in seconds.")] = None,
    end: Annotated[float | None, typer.Option(min=0, help="Not the marks, but up to here, in seconds.")] = None,
    least_seen: Annotated[
        float,
        typer.Option(
            help="Of everyone in a stretch, leave out who was seen for less than so many seconds in the whole film, "
            "often a chair, a ball or a limb. Who has a name, a mark or a point that was corrected stays. Who was left "
            "out is said.",
            min=0.0,
            metavar="SECONDS",
        ),
    ] = 0.0,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write a table: a row for each mark and person.")
    ] = None,
) -> None:
    """Least, greatest, range and mean of angles, places or speeds in each mark; of everyone over the whole film where
    nothing is marked."""
    check_ending("--csv", csv, *CSV)
    if csv is not None and csv.resolve() == file.resolve():
        raise InputError(f"{csv} is the analysis itself. Give another name.")
    with Analysis.open(file, write=False) as analysis:
        choice = _choice(of or [], what, body)
        if cm:
            choice = _scaled(choice, analysis)
        times = analysis.times()
        if not len(times):
            raise InputError(f"Nothing was analysed in {file} so far. posedesk analyse finds everyone.")
        step = float(times[-1] - times[-2]) if len(times) > 1 else 1.0
        clock = Clock(times, max(analysis.source.duration or 0.0, float(times[-1]) + step))
        if csv is not None:
            claim_file(csv)
        rows = ranged(WholeTraces(analysis, TraceLog()), _stretches(analysis, clock, start, end), choice, clock)
        stay = worked_on(analysis.marks.all(), analysis.corrected())
        brief = briefly_seen(analysis.persons(), least_seen) - stay
        names, missing = analysis.names(), int((analysis.counts() < 0).sum())
    left_out = sorted({row.person for row in rows if row.person in brief})
    rows = [row for row in rows if row.person not in brief]
    if missing:
        warn(f"{missing} of {counted(len(times), 'frame')} were not analysed, and count as not seen.")
    if csv is None:
        _show(rows, choice, names)
    else:
        write_file(csv, csv_of_ranges(rows, choice, names))
        out.print(escape(f"wrote {csv}: {counted(len(rows), 'row')}"))
    if left_out:
        out.print(f"Left out: {told_as_brief(left_out, least_seen)}.")
    elif least_seen:
        out.print(f"Nobody in it was seen for less than {least_seen:g} s.")


def _choice(of: Sequence[str], what: str, body: bool) -> Choice:
    """Raises InputError for what there is not."""
    if what not in QUANTITIES:
        raise InputError(f"--what {what}: give {', '.join(QUANTITIES)}.")
    quantity: Quantity = next(each for each in QUANTITIES if each == what)
    joints = Choice(quantity).joints
    names = ANGLES if joints else skeleton.POINT_NAMES
    for name in of:
        if name.lower() not in names:
            raise InputError(f"--of {name}: for {what} give {', '.join(names)}.")
    if body and quantity not in ("x and y", "x", "y"):
        raise InputError(f"--body is for places: give it with --what x, y or x and y, not {what}.")
    which = tuple(names.index(name.lower()) for name in of) or (tuple(range(len(ANGLES))) if joints else _POINTS)
    return Choice(quantity, which, body)


def _scaled(choice: Choice, analysis: Analysis) -> Choice:
    """In centimetres. Raises InputError where that cannot be."""
    if choice.joints or choice.body:
        raise InputError("--cm is for places and speeds: give it with --what x, y, x and y or speed, without --body.")
    if not analysis.per_cm:
        raise InputError(
            f"{analysis.path} has no scale. Open it in the window, measure a line (U) and say how long it is."
        )
    return replace(choice, per_cm=analysis.per_cm)


def _stretches(analysis: Analysis, clock: Clock, start: float | None, end: float | None) -> list[Stretch]:
    """Raises InputError for a stretch that is none."""
    if start is None and end is None and (marks := analysis.marks.all()):
        names = {label.id: label.name for label in analysis.marks.labels()}
        return [
            Stretch(names.get(mark.label, ""), None if mark.person is None else (mark.person,), mark.start, mark.end)
            for mark in marks
        ]
    first, last = start if start is not None else 0.0, min(end if end is not None else clock.end, clock.end)
    if first >= last:
        raise InputError(f"From {first:g} to {last:g} s there is nothing: the film ends at {clock.end:.2f} s.")
    return [Stretch("", None, first, last)]


def _show(rows: Sequence[Ranged], choice: Choice, names: dict[int, str]) -> None:
    table = Table(title=choice.scale, box=None, padding=(0, 2, 0, 0))
    for head in ("who", "seconds", "of"):
        table.add_column(head)
    for head in ("least", "greatest", "range", "mean", "seen"):
        table.add_column(head, justify="right")
    for row in rows:
        who = names.get(row.person) or f"#{row.person}"
        when = f"{row.stretch.start:.2f}-{row.stretch.end:.2f} {row.stretch.label}"
        for name, one in row.found.items():
            figures = (choice.said(value) for value in (one.least, one.greatest, one.range, one.mean))
            table.add_row(escape(who), escape(when), name, *figures, f"{100 * one.seen // one.frames} %")
    out.print(table)
