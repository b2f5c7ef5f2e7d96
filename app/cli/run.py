"""`posedesk run`: people in pictures, videos, cameras and streams, written as video, JSON and CSV."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import (
    HEIGHT,
    MODEL,
    BackendOption,
    DecodeOption,
    FlipOption,
    HeightOption,
    MirrorOption,
    ModelOption,
    ScalesOption,
    ScalingOption,
    SetOption,
    TurnOption,
    make_settings,
    make_turning,
    parse_size,
)
from app.cli.running import Order, Targets
from app.cli.several import check_names, films_of, one_by_one
from core.errors import InputError
from core.outputs import parse_overlay
from core.outputs.overlay import OVERLAY_WORDS, point_index
from core.sources import CameraOptions, OnEvent, Source, open_source
from core.sources.images import SUFFIXES, ImageFiles


def run(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="An image or several, a folder or pattern of images, a video or several, camera:0, an rtsp or http "
            "address, or a drawn scene: demo:walk, demo:cross, demo:tennis, demo:fall, demo:living, demo:accident. Of "
            "several videos every output is a folder, with a file each.",
            metavar="SOURCE",
        ),
    ],
    model: ModelOption = MODEL,
    backend: BackendOption = "auto",
    input_height: HeightOption = HEIGHT,
    decode: DecodeOption = "openpose",
    record: Annotated[
        Path | None,
        typer.Option(help="Annotated video (.mp4), or a folder for annotated images.", metavar="OUT.mp4|DIR"),
    ] = None,
    write_json: Annotated[
        Path | None, typer.Option(help="A JSON file a frame, as OpenPose writes it.", metavar="DIR")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option(help="All points in one CSV, or in one .parquet file.", metavar="FILE")
    ] = None,
    motion: Annotated[
        bool,
        typer.Option("--motion", help="Add columns to it: joint angles, speeds, places with respect to the body."),
    ] = False,
    coco: Annotated[Path | None, typer.Option(help="COCO results.", metavar="FILE")] = None,
    actions: Annotated[
        Path | None,
        typer.Option(
            help="Recognise actions by a model: a file of posedesk actions train, tennis-demo, or the name of one "
            "saved in the window.",
            metavar="MODEL",
        ),
    ] = None,
    falls: Annotated[bool, typer.Option("--falls", help="Tell who falls, and since when the person lies.")] = False,
    events: Annotated[
        Path | None,
        typer.Option(help="A CSV of who did what from when to when; needs --actions or --falls.", metavar="FILE"),
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option(help="Traces of points over time, with the actions shaded.", metavar="F.png|svg"),
    ] = None,
    plot_points: Annotated[
        str, typer.Option(help="Points of the plot, with commas.", metavar="LIST")
    ] = "right shoulder,right elbow,right wrist",
    alert_command: Annotated[
        str | None, typer.Option(help="Run this for every fall; it gets the event as JSON.", metavar="CMD")
    ] = None,
    alert_webhook: Annotated[
        str | None, typer.Option(help="Send every fall to this address, as JSON.", metavar="URL")
    ] = None,
    serve: Annotated[
        str | None,
        typer.Option(
            help="Poses live to other programs, a line of JSON a frame: tcp://127.0.0.1:9000, udp://127.0.0.1:9000.",
            metavar="ADDRESS",
        ),
    ] = None,
    start: Annotated[float, typer.Option(help="Begin here, in seconds.", min=0.0)] = 0.0,
    end: Annotated[float | None, typer.Option(help="End here, in seconds.", min=0.0)] = None,
    turn: TurnOption = "0",
    mirror: MirrorOption = False,
    max_people: Annotated[int | None, typer.Option(help="Keep only so many people, the surest.", min=1)] = None,
    track: Annotated[
        bool | None,
        typer.Option(
            "--track/--no-track", help="Give people IDs that stay; on for all but images.", show_default=False
        ),
    ] = None,
    overlay: Annotated[
        str,
        typer.Option(help=f"What to draw, with commas: {OVERLAY_WORDS}.", metavar="LIST"),
    ] = "",
    camera_size: Annotated[str | None, typer.Option(help="Ask a camera for this size.", metavar="WxH")] = None,
    camera_fps: Annotated[float | None, typer.Option(help="Ask a camera for so many frames a second.", min=1)] = None,
    camera_format: Annotated[
        str | None, typer.Option(help="Ask a camera for this format, such as MJPG.", metavar="FOURCC")
    ] = None,
    flip: FlipOption = False,
    scales: ScalesOption = "1",
    scaling: ScalingOption = None,
    changes: SetOption = None,
) -> None:
    """Find everyone in pictures, a video, a camera or a stream, and write what was found.

    Ctrl+C ends it and leaves every file complete. Files are written as frames come, and have who is seen for a moment
    only too; posedesk convert --least-seen leaves them out of a table.
    """
    drawn = parse_overlay(overlay)
    traced = _points(plot_points)
    if motion and csv is None:
        raise InputError("--motion adds columns to the CSV of the points: give --csv FILE too.")
    if events is not None and actions is None and not falls:
        raise InputError("--events needs something to tell of: give --actions MODEL or --falls too.")
    if not falls and (option := _needs_falls(alert_command, alert_webhook)):
        raise InputError(f"{option} is of use with --falls only. Add --falls.")
    if end is not None and end <= start:
        raise InputError(f"--end {end:g} has to come after --start {start:g}.")
    sources = films_of(sources)
    films = _films(sources)
    targets = Targets(record, write_json, csv, coco, events, plot)
    targets.check(films)
    if films and serve is not None:
        raise InputError("--serve goes with one source: its readers would be left at the end of each film.")
    settings_for = partial(
        make_settings,
        model=model,
        backend=backend,
        input_height=input_height,
        decode=decode,
        flip=flip,
        scales=scales,
        changes=changes,
    )
    settings_for()  # what cannot be is told once
    order = Order(
        targets=targets,
        settings=lambda pictures: settings_for(track=track if track is not None else not pictures),
        scaling=scaling,
        drawn=drawn,
        traced=traced,
        motion=motion,
        actions=actions,
        falls=falls,
        alert_command=alert_command,
        alert_webhook=alert_webhook,
        serve=serve,
        start=start,
        end=end,
        max_people=max_people,
        turning=make_turning(turn, mirror),
    )
    if films:
        one_by_one(films, lambda film: order.carry_out(film, lambda on_event: _open_film(film, on_event), several=True))
    else:
        camera = _camera(camera_size, camera_fps, camera_format)
        name = sources[0] if len(sources) == 1 else f"{len(sources)} pictures"
        order.carry_out(name, lambda on_event: _open(sources, name, camera, on_event))


def _films(sources: list[str]) -> list[str]:
    """Those of several sources that are to be done one by one; none where there is one source, or pictures are given.
    Raises InputError where films and pictures are mixed."""
    pictures = [source for source in sources if Path(source).suffix.lower() in SUFFIXES]
    if len(sources) < 2 or len(pictures) == len(sources):
        return []
    if pictures:
        raise InputError(f"{pictures[0]} is a picture, and others are none. Give pictures apart from films.")
    check_names(sources)
    return sources


def _needs_falls(command: str | None, webhook: str | None) -> str:
    """The option that has nothing to do where falls are not looked for; empty where there is none."""
    given = {"--alert-command": command, "--alert-webhook": webhook}
    return next((option for option, value in given.items() if value is not None), "")


def _open(sources: list[str], name: str, camera: CameraOptions, on_event: OnEvent) -> Source:
    """One source of any kind, or several pictures, as a shell makes them of `*.jpg`; name: what those are called
    together. Raises InputError."""
    if len(sources) == 1:
        return open_source(sources[0], camera=camera, on_event=on_event)
    for source in sources:
        if not Path(source).is_file():
            raise InputError(f"There is no file {source}. Check the name.")
    return ImageFiles([Path(source) for source in sources], name, on_event=on_event)


def _open_film(film: str, on_event: OnEvent) -> Source:
    """One of several. Raises InputError for what has no end: nothing after it would have its turn."""
    source = open_source(film, on_event=on_event)
    if source.live:
        source.close()
        raise InputError(f"{film} has no end. Give it alone.")
    return source


def _camera(size: str | None, fps: float | None, fourcc: str | None) -> CameraOptions:
    """What to ask of a camera. Raises InputError."""
    width, height = parse_size(size, "--camera-size") if size is not None else (None, None)
    if fourcc is not None and len(fourcc) != 4:
        raise InputError(f"--camera-format {fourcc}: a format has four characters, such as MJPG.")
    return CameraOptions(width=width, height=height, fps=fps, fourcc=fourcc)


def _points(text: str) -> list[int]:
    """Body points by their names. Raises InputError."""
    points = []
    for name in filter(None, (part.strip() for part in text.split(","))):
        try:
            points.append(int(point_index(name)))
        except ValueError as e:
            raise InputError(f"--plot-points: {e}.") from e
    if not points:
        raise InputError("--plot-points needs one point at least, such as right wrist.")
    return points
