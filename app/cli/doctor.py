"""`posedesk doctor`: what this machine has, what PoseDesk chose and why, and how to get more."""

import os
import platform
import shutil
import sys
from importlib.metadata import version
from typing import Annotated

import cv2
import typer
from rich.markup import escape
from rich.table import Table

from app.cli.console import out, working
from app.cli.options import MODEL, BackendOption, ModelOption, make_settings, open_network
from core.errors import PoseDeskError
from core.network.fallback import DEVICES
from core.sources import list_cameras
from models import registry
from models.errors import ModelError

LIBRARIES = ("posedesk", "opencv-contrib-python", "numpy", "numba", "openvino", "av", "scipy", "pydantic")


def doctor(
    model: ModelOption = MODEL,
    backend: BackendOption = "auto",
    full: Annotated[bool, typer.Option("--full", help="Also how OpenCV was built.")] = False,
) -> None:
    """Show what this machine has, which device runs the net and why, and what to do to get more."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("system", f"{platform.platform()}, Python {platform.python_version()}")
    table.add_row(
        "processor", f"{platform.machine()}, {os.cpu_count()} cores, OpenCV uses {cv2.getNumThreads()} threads"
    )
    table.add_row("libraries", ", ".join(f"{name} {_version(name)}" for name in LIBRARIES))
    table.add_row("python", escape(sys.executable))
    table.add_row("data", escape(f"{registry.home()} ({_free_space()})"))
    for name, device in DEVICES.items():
        state = "found" if device.available() else f"not on this machine; it needs {device.needs}"
        table.add_row(f"backend {name}", f"{device.title}: {state}")
    cameras = list_cameras()
    table.add_row("cameras", ", ".join(escape(str(camera)) for camera in cameras) or "none found")
    for each in registry.known()[0]:
        state = "here" if not each.missing else f"not here; posedesk models fetch {each.called}"
        table.add_row(f"model {each.name}", escape(f"{each.manifest.title}: {state}"))
    with working("trying the net"):
        chosen = _chosen(model, backend)
    for row in chosen:
        table.add_row(*row)
    out.print(table)
    if full:
        out.print(escape(cv2.getBuildInformation()))


def _chosen(model: str, backend: str) -> list[tuple[str, str]]:
    """Try the model, and say what it runs on and why."""
    try:
        settings = make_settings(model=model, backend=backend)  # type: ignore[arg-type]
        report = open_network(settings).report
    except (PoseDeskError, ModelError) as error:
        return [("chosen", f"[yellow]nothing: {escape(str(error))}[/yellow]")]
    return [("chosen", f"{model} on {report.device}"), *(("", escape(line)) for line in report.trail)]


def _version(name: str) -> str:
    try:
        return version(name)
    except ModuleNotFoundError:  # an OpenCV of the user's own making has another name
        return cv2.__version__ if name.startswith("opencv") else "unknown"


def _free_space() -> str:
    folder = registry.home()
    while not folder.exists():
        folder = folder.parent
    return f"{shutil.disk_usage(folder).free / 1e9:.0f} GB free"
