"""`posedesk bench`: measure this machine."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from app.bench import decode as decode_bench
from app.bench import network as network_bench
from app.bench import pipeline as pipeline_bench
from app.cli.console import out, working
from app.cli.files import write_json
from app.cli.options import (
    BACKENDS,
    HEIGHT,
    MODEL,
    BackendOption,
    HeightOption,
    ModelOption,
    make_settings,
    open_network,
    parse_backend,
    parse_size,
)
from app.screen import check_screen
from models import registry

app = typer.Typer(help="Measure this machine: decoder, nets, and the whole.", no_args_is_help=True)

JsonOption = Annotated[Path | None, typer.Option("--json", help="Write the figures as JSON.", metavar="FILE")]


@app.command(epilog="Example:  [bold]posedesk bench decode --json decode.json[/bold]")
def decode(
    json: JsonOption = None, runs: Annotated[int, typer.Option(help="Decode so many times.", min=1)] = 300
) -> None:
    """Time from maps of (57, 46, 82) to people, on one thread, beside the same in plain Python."""
    with working("decoding crowds"):
        figures = decode_bench.measure(runs)
    table = Table("people", "found", "ms", "plain Python ms", "times", title="decoder, median")
    for people, ms in figures["people"].items():
        naive = figures["naive"][people]
        table.add_row(people, str(figures["found"][people]), f"{ms:.3f}", f"{naive:.0f}", f"{naive / ms:.0f}")
    out.print(table)
    _save(json, figures)


@app.command(epilog="Example:  [bold]posedesk bench network --model a.toml --backend openvino --backend cpu[/bold]")
def network(
    model: Annotated[
        list[str] | None, typer.Option(help="A model; may be repeated, to compare.", metavar="MODEL")
    ] = None,
    backend: Annotated[
        list[str] | None,
        typer.Option(help="Where the nets run; may be repeated, to compare.", metavar="|".join(BACKENDS)),
    ] = None,
    size: Annotated[
        str, typer.Option(help="Width and height of the net's input, rounded as each model needs.", metavar="WxH")
    ] = "432x368",
    runs: Annotated[int, typer.Option(help="So many passes of each.", min=1)] = 30,
    json: JsonOption = None,
) -> None:
    """Time a forward pass of one or several nets, by turns in one run."""
    width, height = parse_size(size, "--size")
    backends = [parse_backend(name) for name in backend or ["auto"]]
    models = [registry.find(name) for name in model or [MODEL]]
    with working("timing forward passes"):
        figures = network_bench.measure(models, backends, width, height, runs)
    table = Table("model", "input", "ms", "best", "device", title=f"forward pass at {width} x {height}, median")
    for values in figures["nets"]:
        shape = "{} x {}".format(*values["size"])
        table.add_row(values["model"], shape, f"{values['ms']:.1f}", f"{values['best_ms']:.1f}", values["device"])
    out.print(table)
    _save(json, figures)


@app.command(epilog="Example:  [bold]posedesk bench pipeline dance.mp4 --model net.toml[/bold]")
def pipeline(
    source: Annotated[str | None, typer.Argument(help="A video; none: one is made.", show_default=False)] = None,
    model: ModelOption = MODEL,
    backend: BackendOption = "auto",
    input_height: HeightOption = HEIGHT,
    frames: Annotated[int, typer.Option(help="So many frames each round.", min=5)] = 40,
    json: JsonOption = None,
) -> None:
    """Frames a second of the whole, from a video file to results and recording, against the bare forward pass."""
    settings = make_settings(model=model, backend=backend, input_height=input_height)
    with working(f"{pipeline_bench.ROUNDS} rounds of {frames} frames, three ways"):
        figures = pipeline_bench.measure(open_network(settings), settings, source, frames)
    table = Table(
        "", "frames/s", "of bare", title=f"{model} on {figures['device']}, medians of {pipeline_bench.ROUNDS} rounds"
    )
    table.add_row("bare forward pass", f"{figures['fps']['bare']:.2f}", "")
    table.add_row("whole", f"{figures['fps']['whole']:.2f}", f"{figures['of_bare']['whole']:.3f}")
    table.add_row("whole, recording", f"{figures['fps']['recording']:.2f}", f"{figures['of_bare']['recording']:.3f}")
    out.print(table)
    _save(json, figures)


_WINDOW_ROWS: dict[str, Callable[[dict[str, Any]], str]] = {
    "pictures/s": lambda case: f"{case['fps']:.1f}",
    "poses/s": lambda case: f"{case['pose_fps']:.1f}",
    "picture age, ms": lambda case: "{:.0f}, {:.0f}".format(*case["age_ms"]),
    "pose age, ms": lambda case: "{:.0f}, {:.0f}".format(*case["pose_age_ms"]),
    "poses in time": lambda case: f"{100 * case['in_time']:.0f}%",
    "longest stall, ms": lambda case: f"{case['stall_ms']:.0f}",
    "stalls > 50 ms": lambda case: f"{case['over_50']}",
    "bare stall, ms": lambda case: f"{case['bare_stall_ms']:.0f}",
    "cores": lambda case: f"{case['cpu']:.2f}",
}


@app.command("app", epilog="Example:  [bold]posedesk bench app --seconds 20 --json window.json[/bold]")
def window(
    source: Annotated[
        str | None, typer.Argument(help="A film; none: 720p and 1080p are made.", show_default=False)
    ] = None,
    model: ModelOption = MODEL,
    backend: BackendOption = "auto",
    input_height: HeightOption = HEIGHT,
    seconds: Annotated[float, typer.Option(help="Play each film so long.", min=1)] = 10.0,
    screen: Annotated[bool, typer.Option("--screen", help="On the screen that is there; else on none.")] = False,
    json: JsonOption = None,
) -> None:
    """How the window does while a film plays: pictures, their age, stalls of the GUI, processor."""
    settings = make_settings(model=model, backend=backend, input_height=input_height)
    if screen:
        check_screen()
    else:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")  # what this platform cannot do
    from app.bench import app as app_bench  # Qt takes a moment to load, and is not needed by the other benches

    with working("playing films in the window"):
        figures = app_bench.measure(settings, source, seconds)
    cases = figures["cases"]
    table = Table(
        "", *(f"{case['film']}, {case['net']}" for case in cases),
        title=f"the window, {seconds:g} s each, {figures['screen']}",
        caption="ages: median, longest; in time: within their inference and two frames; bare: a loop that only sleeps",
    )  # fmt: skip
    for text, show in _WINDOW_ROWS.items():
        table.add_row(text, *(show(case) for case in cases))
    out.print(table)
    _save(json, figures)


def _save(path: Path | None, figures: object) -> None:
    if path is not None:
        write_json(path, figures)
