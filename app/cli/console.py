"""How commands speak: results on standard output, progress and warnings on standard error."""

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.status import Status

out = Console(highlight=False, soft_wrap=True)
err = Console(highlight=False, soft_wrap=True, stderr=True)


def warn(message: str) -> None:
    """One sentence that the user should read although the work goes on. Any thread may call it."""
    err.print(f"[yellow]{escape(message)}[/yellow]")


def working(what: str) -> Status:
    """A sign of life for work whose end is not known, on a terminal."""
    return err.status(f"{what} ...")


def progress_bar(unit: str = "") -> Progress:
    """A bar with what is done, a speed (field `speed`, a text) and the time left; it goes away when the work is
    done.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[speed]}" + unit),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    # Elsewhere than on a terminal nothing of it would be left but an empty line.
    return Progress(*columns, console=err, transient=True, disable=not err.is_terminal)
