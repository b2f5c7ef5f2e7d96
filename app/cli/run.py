"""`posedesk run`: people in pictures, videos, cameras and streams, written as video, JSON and CSV."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from app.cli.console import counted, out, progress_bar, warn
from app.cli.falls import FallReport
from app.cli.files import CSV, check_ending
from app.cli.interrupts import asked_to_stop
from app.cli.options import (
    HEIGHT,
    MODEL,
    BackendOption,
    DecodeOption,
    FlipOption,
    HeightOption,
    ModelOption,
    ScalesOption,
    ScalingOption,
    SetOption,
    make_estimator,
    make_recogniser,
    make_settings,
    parse_size,
)
from core.analysis.exchange import open_table
from core.errors import InputError, PoseDeskError
from core.outputs import (
    Alerts,
    CocoResults,
    Context,
    EventsFile,
    LiveServer,
    OpenPoseJson,
    PlotFile,
    Sink,
    Sinks,
    Trails,
    annotate,
    forbid_overwriting,
    open_recording,
    parse_overlay,
)
from core.outputs.live import is_open_to_others
from core.outputs.overlay import point_index
from core.session import Figures, Session
from core.sources import CameraOptions, OnEvent, Seekable, Source, open_source
from core.sources.images import SUFFIXES, ImageFiles
from core.types import Event, Result


def run(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="An image or several, a folder or pattern of images, a video, camera:0, an rtsp or http address, or a "
            "drawn scene: demo:walk, demo:cross, demo:tennis, demo:fall, demo:living, demo:accident.",
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
            help="Recognise actions by a model: a file of posedesk actions train, or tennis-demo.", metavar="MODEL"
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
    max_people: Annotated[int | None, typer.Option(help="Keep only so many people, the surest.", min=1)] = None,
    track: Annotated[
        bool | None,
        typer.Option(
            "--track/--no-track", help="Give people IDs that stay; on for all but images.", show_default=False
        ),
    ] = None,
    overlay: Annotated[
        str,
        typer.Option(
            help="What to draw, with commas: skeleton, points, ids, scores, boxes, names, map=POINT, field=LINK, "
            "trail=POINT, only=POINT, dimmed, black, blur (faces), none; -ids takes one away.",
            metavar="LIST",
        ),
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

    Ctrl+C ends it and leaves every file complete.
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
    check_ending("--csv", csv, *CSV, ".parquet")
    check_ending("--coco", coco, ".json")
    check_ending("--events", events, *CSV)
    with ExitStack() as stack:
        camera = _camera(camera_size, camera_fps, camera_format)
        opened = stack.enter_context(_open(sources, camera, lambda event: warn(event.message)))
        _go_to(opened, start)
        tracked = track if track is not None else not isinstance(opened, ImageFiles)
        if not tracked and (option := _needs_tracks(actions, plot, falls)):
            raise InputError(f"{option} needs people who keep their IDs: not pictures, and no --no-track.")
        settings = make_settings(
            model=model,
            backend=backend,
            input_height=input_height,
            decode=decode,
            flip=flip,
            scales=scales,
            track=tracked,
            changes=changes,
        )
        recogniser = make_recogniser(actions, settings)
        estimator = make_estimator(settings, scaling, max_people, recogniser)
        stem = "frame" if opened.live else Path(opened.name).stem
        late: list[Event] = []  # what is still under way when the last frame is done
        openings: list[tuple[Path | None, Callable[[Path], Sink]]] = [
            (record, lambda path: open_recording(path, stem)),
            (write_json, lambda path: OpenPoseJson(path, stem)),
            (csv, lambda path: open_table(path, motion=motion)),
            (coco, CocoResults),
            (events, lambda path: EventsFile(path, lambda: late)),
            (plot, lambda path: PlotFile(path, points=traced, rest=lambda: late)),
        ]
        alerts = _open_alerts(opened, alert_command, alert_webhook)
        more = [sink for sink in (alerts, LiveServer(serve) if serve is not None else None) if sink is not None]
        with ExitStack() as added:
            for sink in more:
                added.enter_context(sink)
            files = _open_sinks(opened, openings)
            added.pop_all()
        sinks = stack.enter_context(Sinks([*files, *more], lambda e: warn(str(e))))
        for sink in more:
            if isinstance(sink, LiveServer):
                _announce(sink)
        report = FallReport(settings.network.input_height) if falls else None
        summary = _Summary()
        trails = Trails(drawn)

        def output(result: Result) -> None:
            summary.add(result)
            if report is not None:
                result = report(result)
            context = Context(trails=trails.after(result))
            picture = annotate(result, drawn, context) if sinks.takes_picture else None
            if report is not None and picture is not None:
                report.paint(picture)
            sinks.write(result, picture)
            if sinks.failures and not len(sinks):
                raise PoseDeskError("No output is left to write to, so the work was ended.")

        session = Session(opened, estimator, output, until=None if end is None else lambda frame: frame.time >= end)
        try:
            interrupted = _follow(session, opened, start, end)
        finally:  # the threads have ended, also after an error
            late += recogniser.finish() if recogniser is not None else []
        sinks.close()
    summary.show(session.figures, sinks.finished)
    for file in files:
        if isinstance(file, CocoResults) and file.note:
            warn(file.note)
    for sink in more:
        if isinstance(sink, LiveServer):
            _tell_readers(sink)
    if session.figures.written == 0 and not interrupted:
        raise InputError(f"Nothing could be read from {', '.join(sources)} in the time asked for.")
    if sinks.failures or (alerts is not None and alerts.failures):
        raise typer.Exit(1)


def _needs_falls(command: str | None, webhook: str | None) -> str:
    """The option that has nothing to do where falls are not looked for; empty where there is none."""
    given = {"--alert-command": command, "--alert-webhook": webhook}
    return next((option for option, value in given.items() if value is not None), "")


def _needs_tracks(actions: Path | None, plot: Path | None, falls: bool) -> str:
    """The option that has nothing to do where nobody has an ID; empty where there is none."""
    given = {"--actions": actions is not None, "--plot": plot is not None, "--falls": falls}
    return next((option for option, is_given in given.items() if is_given), "")


def _open_alerts(source: Source, command: str | None, webhook: str | None) -> Alerts | None:
    if command is None and webhook is None:
        return None
    return Alerts(command, webhook, source.name, lambda error: warn(str(error)))


def _announce(server: LiveServer) -> None:
    out.print(f"serving poses at {escape(str(server.target))}")
    if is_open_to_others(str(server.target)):
        warn("Other machines can read these poses. Serve at 127.0.0.1 where that is not wanted.")


def _tell_readers(server: LiveServer) -> None:
    figures = server.figures
    readers = f"{counted(figures.readers, 'reader')}, " if str(server.target).startswith("tcp") else ""
    out.print(
        f"{escape(str(server.target))}: {readers}{counted(figures.lines, 'line')}, "
        f"{figures.dropped} dropped for readers that were too slow."
    )


def _open(sources: list[str], camera: CameraOptions, on_event: OnEvent) -> Source:
    """One source of any kind, or several pictures, as a shell makes them of `*.jpg`. Raises InputError."""
    if len(sources) == 1:
        return open_source(sources[0], camera=camera, on_event=on_event)
    for source in sources:
        if Path(source).suffix.lower() not in SUFFIXES:
            raise InputError(f"{source} is no picture: of several sources each has to be one. Give videos one by one.")
        if not Path(source).is_file():
            raise InputError(f"There is no file {source}. Check the name.")
    return ImageFiles([Path(source) for source in sources], f"{len(sources)} pictures", on_event=on_event)


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


def _go_to(source: Source, start: float) -> None:
    if start > 0:
        if not isinstance(source, Seekable):
            raise InputError("--start works on files only: a camera or stream begins now.")
        if start >= source.duration:
            raise InputError(f"--start {start:g} lies behind the end: {source.name} lasts {source.duration:g} s.")
        source.seek(source.index_at(start))


def _open_sinks(source: Source, openings: list[tuple[Path | None, Callable[[Path], Sink]]]) -> list[Sink]:
    """The outputs asked for. Raises InputError for a place that cannot be written, or that holds what is read."""
    targets = [target for target, _ in openings if target is not None]
    for target in targets:
        forbid_overwriting(source.files, target)
    if len({target.resolve() for target in targets}) < len(targets):
        raise InputError("Two outputs have the same name. Give each a file of its own.")
    with ExitStack() as opened:  # where one cannot be opened, those before it are closed
        sinks = [opened.enter_context(opening(target)) for target, opening in openings if target is not None]
        opened.pop_all()
    return sinks


def _follow(session: Session, source: Source, start: float, end: float | None) -> bool:
    """Show how far it is until it ends; Ctrl+C ends it in good order. Returns whether that happened."""
    duration = source.duration if isinstance(source, Seekable) else None
    last = min(x for x in (duration, end, float("inf")) if x is not None)
    total = last - start if last < float("inf") else None
    with asked_to_stop() as asked, progress_bar() as bar:
        task = bar.add_task("analysing", total=total, speed="")
        session.start()
        while not session.wait(0.2):
            if asked.is_set():
                bar.print("Stopping; the files are being finished.")
                session.stop()
                return True
            figures = session.figures
            bar.update(task, completed=max(figures.time - start, 0.0), speed=f"{figures.fps:.1f} frames/s")
    return False


class _Summary:
    """What was found, for the end."""

    def __init__(self) -> None:
        self._people = 0
        self._most = 0
        self._nobody = 0
        self._dropped = 0
        self._seen: Counter[int] = Counter()

    def add(self, result: Result) -> None:
        count = len(result.people)
        self._people += count
        self._most = max(self._most, count)
        self._nobody += count == 0
        self._dropped += result.peaks.dropped
        self._seen.update(int(person) for person in result.ids if person >= 0)

    def show(self, figures: Figures, written: list[Path]) -> None:
        frames = figures.written
        out.print(
            f"{counted(frames, 'frame')}, {counted(self._people, 'pose')}, at most {self._most} at once, "
            f"nobody in {self._nobody}; {figures.elapsed:.1f} s, {figures.fps:.1f} frames/s."
        )
        if figures.skipped:
            out.print(f"{figures.skipped} frames came too soon and were skipped.")
        if self._dropped:
            out.print(f"{self._dropped} of the weakest points were left out, see decoding.max_peaks.")
        if self._seen:
            longest = ", ".join(f"#{person} in {count}" for person, count in self._seen.most_common(5))
            out.print(f"{counted(len(self._seen), 'ID')}; seen longest: {longest} frames.")
        for path in written:
            out.print(f"wrote {escape(str(path))}")
