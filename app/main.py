"""The entry of `posedesk`: commands, and how errors reach the user."""

import errno
import logging
import os
import signal
import sys
from importlib.metadata import version as version_of
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.markup import escape

try:
    import cv2

    from app.cli import actions, analyse, bench, convert, doctor, evaluate, explain, models, ranges, run
    from app.cli.once import Once
    from app.cli.open import COMMAND, WindowFirst, open_window
except KeyboardInterrupt:  # loading the engine takes a second; Ctrl+C in it is no fault to be traced
    sys.exit(130)
from app.cli.console import err, out
from core.errors import PoseDeskError
from core.outputs.base import sentence
from models.errors import ModelError

app = typer.Typer(
    name="posedesk",
    cls=WindowFirst,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(
    COMMAND,
    epilog="Examples:\n\n[bold]posedesk[/bold]\n\n[bold]posedesk dance.mp4[/bold]\n\n"
    "[bold]posedesk camera:0 --model mobilenet-thin[/bold]\n\n"
    "A file with the name of a command: [bold]posedesk ./run[/bold]",
)(open_window)
app.command(
    epilog="Examples:\n\n[bold]posedesk run dance.mp4 --record out.mp4 --csv out.csv[/bold]\n\n"
    "[bold]posedesk run photos/ --record annotated/[/bold]\n\n"
    "[bold]posedesk run camera:0 --record now.mp4 --overlay skeleton,ids,boxes[/bold]\n\n"
    "[bold]posedesk run 'demo:tennis?seconds=10&size=1280x720' --record tennis.mp4[/bold]"
)(run.run)
app.command(
    epilog="Examples:\n\n[bold]posedesk analyse dance.mp4 --out dance.posedesk[/bold]\n\n"
    "With other thresholds, without the net: [bold]posedesk analyse dance.mp4 --out dance.posedesk "
    "--set decoding.peak_threshold=0.1[/bold]"
)(analyse.analyse)
app.command(
    epilog="Examples:\n\n[bold]posedesk convert dance.posedesk dance.parquet[/bold]\n\n"
    "[bold]posedesk convert openpose_json/ dance.posedesk --source dance.mp4[/bold]"
)(convert.convert)
app.command(
    epilog="Examples:\n\n[bold]posedesk ranges squats.posedesk --of 'right knee' --csv ranges.csv[/bold]\n\n"
    "[bold]posedesk ranges throw.posedesk --what speed --of 'right wrist' --start 2 --end 5[/bold]"
)(ranges.ranges)
app.command(
    "eval",
    epilog="Example:  [bold]posedesk eval --annotations person_keypoints_val2017.json --images val2017/[/bold]",
)(evaluate.evaluate)
app.command(
    epilog="Example:  [bold]posedesk explain runners.jpg --out page.png --point 'right wrist'[/bold]",
)(explain.explain)
app.command(epilog="Example:  [bold]posedesk doctor[/bold]")(doctor.doctor)
app.add_typer(models.app, name="models")
app.add_typer(actions.app, name="actions")
app.add_typer(bench.app, name="bench")
for each in (app, models.app, actions.app, bench.app):
    for command in each.registered_commands:
        command.cls = Once


def _show_version(wanted: bool) -> None:
    if wanted:
        out.print(f"PoseDesk {version_of('posedesk')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """PoseDesk watches people move: the 18 body points of everyone in a picture, live or from a file."""


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> None:
    """Run the command line. Exit codes: 0 ok, 1 failed, 2 bad input."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    if "OPENCV_LOG_LEVEL" not in os.environ:
        cv2.setLogLevel(0)  # what goes wrong in OpenCV is told in our own sentences
    signal.signal(signal.SIGTERM, _interrupt)  # a service manager that ends us gets complete files too
    if isinstance(sys.stdout, TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")  # names of files may be no text that can be shown
    try:
        app()
    except (PoseDeskError, ModelError) as error:
        err.print(f"[red]{escape(str(error))}[/red]")
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        # The engine has told of its own files: this is where the output was sent to.
        err.print(f"[red]{escape(sentence(Path('standard output'), error))}[/red]")
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # else what is left to write fails once more while Python ends
        sys.exit(1)


if __name__ == "__main__":
    main()
