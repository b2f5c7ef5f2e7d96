"""The entry of `posedesk`: commands, and how errors reach the user."""

import logging
import signal
import sys
from types import FrameType

import typer
from rich.markup import escape

try:
    from app.cli import bench, doctor, evaluate, explain, models, run
except KeyboardInterrupt:  # loading the engine takes a second; Ctrl+C in it is no fault to be traced
    sys.exit(130)
from app.cli.console import err
from core.errors import PoseDeskError
from models.errors import ModelError

app = typer.Typer(
    name="posedesk",
    help="PoseDesk watches people move: the 18 body points of everyone in a picture, live or from a file.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(
    epilog="Examples:\n\n[bold]posedesk run dance.mp4 --record out.mp4 --csv out.csv[/bold]\n\n"
    "[bold]posedesk run photos/ --record annotated/[/bold]\n\n"
    "[bold]posedesk run camera:0 --record now.mp4 --overlay skeleton,ids,boxes[/bold]\n\n"
    "[bold]posedesk run 'demo:tennis?seconds=10&size=1280x720' --record tennis.mp4[/bold]"
)(run.run)
app.command(
    "eval",
    epilog="Example:  [bold]posedesk eval --annotations person_keypoints_val2017.json --images val2017/[/bold]",
)(evaluate.evaluate)
app.command(
    epilog="Example:  [bold]posedesk explain runners.jpg --out page.png --point 'right wrist'[/bold]",
)(explain.explain)
app.command(epilog="Example:  [bold]posedesk doctor[/bold]")(doctor.doctor)
app.add_typer(models.app, name="models")
app.add_typer(bench.app, name="bench")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> None:
    """Run the command line. Exit codes: 0 ok, 1 failed, 2 bad input."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    signal.signal(signal.SIGTERM, _interrupt)  # a service manager that ends us gets complete files too
    try:
        app()
    except (PoseDeskError, ModelError) as error:
        err.print(f"[red]{escape(str(error))}[/red]")
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
