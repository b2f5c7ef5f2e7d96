"""`posedesk models`: list, info, license, fetch, verify, import."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.progress import (
    BarColumn,
    DownloadColumn,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as Bars
from rich.table import Table

from app.cli.console import working
from models import registry
from models.download import Listener, Progress, part_of
from models.errors import CancelledError, ModelError
from models.fetch import fetch as fetch_model
from models.fetch import license_refused, to_fetch
from models.files import readable
from models.importing import Feeding, import_model
from models.licence import can_be_fetched, fetch_licence, path_of
from models.manifest import Kind
from models.registry import Model
from models.verify import verify as verify_model

app = typer.Typer(
    help="The nets: which there are, and how to get, check and add them.", no_args_is_help=True, rich_markup_mode="rich"
)
console = Console(highlight=False)
warnings = Console(highlight=False, stderr=True)

MODEL = typer.Argument(
    metavar="MODEL", help="Name of a known model, or path of a manifest (.toml).", show_default=False
)
_STATES = {"ok": "green", "no checksum": "yellow", "missing": "red", "changed": "red"}


@app.command(
    "list",
    epilog="Example: [bold]posedesk models list[/bold]",
)
def list_() -> None:
    """Show the models that are known, and which of them are on this machine."""
    models, problems = registry.known()
    table = Table("model", "what it is", "licence", "here")
    for model in models:
        table.add_row(escape(model.name), escape(model.manifest.title), escape(model.manifest.license), _state(model))
    console.print(table)
    for problem in problems:
        warnings.print(escape(str(problem)), style="yellow", soft_wrap=True)
    if absent := [model.called for model in models if model.missing and model.manifest.mirrors]:
        console.print(escape(f"To download one: posedesk models fetch {absent[0]}"), soft_wrap=True)


@app.command(
    epilog="Examples: [bold]posedesk models info openpose-coco[/bold], [bold]posedesk models info my/net.toml[/bold]",
)
def info(model: Annotated[str, MODEL]) -> None:
    """Show everything known about a model: files, licence, where it comes from, how images are fed to it."""
    found = registry.find(model)
    manifest = found.manifest
    rows = Table.grid(padding=(0, 2))
    rows.add_column(style="bold", no_wrap=True)
    rows.add_column(overflow="fold")
    rows.add_row("model", escape(f"{found.name} ({found.origin})"))
    rows.add_row("what it is", escape(manifest.title))
    for kind, path in found.paths.items():
        rows.add_row(kind, f"{escape(str(path))} ({_file_state(found, kind)})")
        for url in manifest.mirrors.get(kind, ()):
            rows.add_row("", escape(f"from {url}"))
    rows.add_row("licence", escape(manifest.license))
    for text in filter(None, (manifest.license_summary, manifest.license_url, _where_text_is(found))):
        rows.add_row("", escape(text))
    rows.add_row("source", escape(manifest.source))
    rows.add_row("body", f"{manifest.skeleton}, a cell of the output for {manifest.stride} pixels of the input")
    width, height = manifest.network_size(1920, 1080, 368)
    rows.add_row("input", f"multiples of {manifest.size_multiple} pixels; 1920 x 1080 becomes {width} x {height}")
    rows.add_row("scaling", f"{manifest.color} - {_mean(manifest.mean)}, times {manifest.scale:.6g}")
    for name, other in manifest.scalings.items():
        rows.add_row("", f"{escape(name)}: {manifest.color} - {_mean(other.mean)}, times {other.scale:.6g}")
    console.print(rows)


@app.command(
    "license",
    epilog="Example: [bold]posedesk models license openpose-coco[/bold]",
)
def license_(model: Annotated[str, MODEL]) -> None:
    """Print the text of a model's licence; it is fetched where it is not here yet."""
    found = registry.find(model)
    if can_be_fetched(found):
        with working("fetching the text"):
            fetch_licence(found)
    console.print(fetch_licence(found), markup=False, soft_wrap=True)


@app.command(
    epilog="Examples: [bold]posedesk models fetch mobilenet-thin[/bold], "
    "[bold]posedesk models fetch openpose-coco --accept-license --mirror http://files.lab.example/nets[/bold]",
)
def fetch(
    model: Annotated[str, MODEL],
    accept_license: Annotated[
        bool, typer.Option("--accept-license", help="Accept the model's licence without being asked.")
    ] = False,
    mirror: Annotated[
        list[str] | None,
        typer.Option(metavar="URL", help="Address of a folder to try first; may be given several times."),
    ] = None,
) -> None:
    """Download a model.

    It is resumed where an earlier download stopped, tried on several mirrors in turn, and checked before it is used.
    """
    found = registry.find(model)
    if to_fetch(found):
        _show_license(found)
        # Who cannot be asked is told what to type, by `fetch_model`.
        if not accept_license and sys.stdin.isatty():
            accept_license = typer.confirm("Do you accept this licence?")
            if not accept_license:
                raise license_refused(found)
    with Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console,
    ) as bars:
        tasks = {path.name: bars.add_task(path.name, total=None, visible=False) for path in found.paths.values()}

        def show(progress: Progress) -> None:
            bars.update(tasks[progress.name], completed=progress.done, total=progress.total, visible=True)

        def tell(message: str) -> None:
            bars.console.print(escape(f"Mirror failed: {message}"), style="yellow", soft_wrap=True)

        try:
            fetch_model(
                found,
                accept_license=accept_license,
                mirrors=mirror or [],
                listener=Listener(progress=show, message=tell),
            )
        except KeyboardInterrupt as e:  # at once, also where a mirror is being waited for
            raise CancelledError(f"The download of {found.name} was stopped; the next one goes on where it was.") from e
    console.print(escape(f"{found.name} is here: {found.folder}"), soft_wrap=True)
    if can_be_fetched(found):
        try:
            fetch_licence(found)
        except ModelError as e:
            warnings.print(escape(str(e)), style="yellow", soft_wrap=True)
    if where := _where_text_is(found):
        console.print(escape(where), soft_wrap=True)


@app.command(
    epilog="Examples: [bold]posedesk models verify[/bold] (all that are here), "
    "[bold]posedesk models verify openpose-coco[/bold]",
)
def verify(
    model: Annotated[
        str | None,
        typer.Argument(
            metavar="[MODEL]", help="Name or manifest; without, all models that are here.", show_default=False
        ),
    ] = None,
) -> None:
    """Check the files of a model against the checksums of its manifest."""
    chosen = [registry.find(model)] if model else [m for m in registry.known()[0] if not m.missing]
    if not chosen:
        console.print("No model is here yet; see: posedesk models list")
        return
    table = Table("model", "file", "result")
    wrong: list[str] = []
    for one in chosen:
        with working(f"reading the files of {one.name}"):
            checks = verify_model(one)
        for check in checks:
            result = f"[{_STATES[check.state]}]{check.state}[/]"
            if check.state == "changed":
                result += f"\n{check.found}\nwhere {check.expected} is expected"
            table.add_row(escape(one.name), escape(check.path.name), result)
            if check.state in ("missing", "changed"):
                wrong.append(f"{check.path.name} of {one.called} ({check.state})")
    console.print(table)
    if wrong:
        raise ModelError(f"Not as they should be: {', '.join(wrong)}; fetch or import them again.")


@app.command(
    "import",
    epilog="Examples: [bold]posedesk models import mine --prototxt net.prototxt --caffemodel net.caffemodel "
    "--scale 1/255 --mean 0[/bold], "
    "[bold]posedesk models import thin --graph graph_opt.pb --scale 1 --mean 0 --size-multiple 16[/bold]",
)
def import_(
    name: Annotated[str, typer.Argument(metavar="NAME", help="How to call it.", show_default=False)],
    prototxt: Annotated[Path | None, typer.Option(help="Layers of a Caffe net.")] = None,
    caffemodel: Annotated[Path | None, typer.Option(help="Weights of a Caffe net.")] = None,
    graph: Annotated[
        Path | None, typer.Option(help="A frozen TensorFlow graph (.pb), in place of a Caffe pair.")
    ] = None,
    scale: Annotated[
        str, typer.Option(help="Factor, as a number or a fraction: input = (pixel - mean) * scale.")
    ] = "1/256",
    mean: Annotated[str, typer.Option(help="One number, or three with commas, in the order of --color.")] = "128",
    color: Annotated[Literal["BGR", "RGB"], typer.Option(help="Order of the channels.")] = "BGR",
    size_multiple: Annotated[
        int, typer.Option(min=1, help="Width and height of the input are multiples of so many pixels.")
    ] = 8,
    stride: Annotated[int, typer.Option(min=1, help="Input pixels a cell of the output.")] = 8,
    title: Annotated[str, typer.Option(help="What it is, in a few words.")] = "",
    license: Annotated[str, typer.Option(help="Its licence.")] = "unknown",  # noqa: A002
    source: Annotated[str, typer.Option(help="Where it comes from.")] = "",
) -> None:
    """Add a net of your own with OpenPose's COCO output: 19 confidence maps and 38 part affinity fields.

    The files are copied, after OpenCV has run them.
    """
    given: dict[Kind, Path | None] = {"prototxt": prototxt, "caffemodel": caffemodel, "graph": graph}
    feeding = Feeding(_number(scale, "--scale"), _three(mean), color, size_multiple, stride)
    with working("copying the files and trying the net"):
        model = import_model(
            name,
            {kind: path for kind, path in given.items() if path is not None},
            feeding,
            title=title,
            license=license,
            source=source,
        )
    console.print(escape(f"{model.name} is here: {model.folder}"), soft_wrap=True)


def _show_license(model: Model) -> None:
    manifest = model.manifest
    lines = [manifest.license, manifest.license_summary, manifest.license_url, _where_text_is(model)]
    console.print(
        Panel("\n".join(escape(line) for line in lines if line), title=escape(f"Licence of {model.name}"), expand=False)
    )


def _where_text_is(model: Model) -> str:
    """Of its licence; how to get it, where it is not here but can be had."""
    if path_of(model).is_file():
        return f"the text: {path_of(model)}"
    return f"to read the text: posedesk models license {model.called}" if can_be_fetched(model) else ""


def _state(model: Model) -> str:
    """Whether all files are there, in a word; how much of them, where a download stopped."""
    if not model.missing:
        return "[green]yes[/]"
    started = sum(_begun(model, kind) for kind in model.missing)
    return f"[yellow]{readable(started)} so far[/]" if started else "no"


def _file_state(model: Model, kind: Kind) -> str:
    path = model.paths[kind]
    if path.is_file():
        return f"[green]{readable(path.stat().st_size)}[/]"
    size = model.manifest.size.get(kind)
    return "not here" + (f"; {readable(size)}" if size else "")


def _begun(model: Model, kind: Kind) -> int:
    part = part_of(model.paths[kind])
    return part.stat().st_size if part.is_file() else 0


def _mean(mean: tuple[float, float, float]) -> str:
    return f"{mean[0]:g}" if len(set(mean)) == 1 else f"({', '.join(f'{level:g}' for level in mean)})"


def _number(text: str, option: str) -> float:
    try:
        over, _, under = text.partition("/")
        return float(over) / float(under or 1)
    except (ValueError, ZeroDivisionError) as e:
        raise ModelError(
            f"{option} needs a number like 0.5 or a fraction like 1/127.5, not '{text}'.", exit_code=2
        ) from e


def _three(text: str) -> tuple[float, float, float]:
    match [_number(part, "--mean") for part in text.split(",")]:
        case [level]:
            return level, level, level
        case [a, b, c]:
            return a, b, c
    raise ModelError(f"--mean needs one number or three, not '{text}'.", exit_code=2)
