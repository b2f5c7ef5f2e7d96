"""What `posedesk run` does with one source: from its frames to everything that is written of them."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import typer
from rich.markup import escape

from app.cli.console import out, progress_bar, warn
from app.cli.falls import FallReport
from app.cli.files import CSV, check_ending
from app.cli.interrupts import asked_to_stop
from app.cli.options import make_estimator, make_recogniser
from app.cli.several import stem_of
from core.analysis import is_brief
from core.analysis.exchange import open_table
from core.errors import InputError, PoseDeskError
from core.motion import Smoothing
from core.outputs import (
    Alerts,
    Bridges,
    CocoResults,
    Context,
    EventsFile,
    LiveServer,
    OpenPoseJson,
    Overlay,
    PlotFile,
    Sink,
    Sinks,
    Trails,
    annotate,
    forbid_overwriting,
    open_recording,
)
from core.outputs.base import claim_file
from core.outputs.live import is_open_to_others
from core.session import Figures, Session
from core.settings import Settings
from core.sources import OnEvent, Seekable, Source, Turning, turned
from core.sources.images import ImageFiles
from core.types import Event, Image, Result
from core.words import counted


@dataclass(frozen=True, slots=True)
class Targets:
    """Where each output goes; None where it is not wanted."""

    record: Path | None
    write_json: Path | None
    csv: Path | None
    coco: Path | None
    events: Path | None
    plot: Path | None

    def check(self, films: Sequence[str]) -> None:
        """films: where several are done. Raises InputError for names that promise something else than they get."""
        for option, target, endings in (
            ("--record", self.record, (".mp4",)),
            ("--csv", self.csv, (*CSV, ".parquet")),
            ("--coco", self.coco, (".json",)),
            ("--events", self.events, CSV),
            ("--plot", self.plot, (".png", ".svg")),
        ):
            if target is None or target.is_dir():
                continue
            if len(films) > 1 and target.suffix:
                raise InputError(
                    f"{option} {target} is one file, and there are {len(films)} films. Give a folder in its place; a "
                    "new one needs no dot."
                )
            if option not in ("--record", "--plot"):  # these say themselves what is amiss
                check_ending(option, target, *endings)
        if len(films) > 1:
            self.of(films[0], several=True).check_apart()

    def check_apart(self) -> None:
        """Raise InputError where two outputs have one name."""
        targets = [target for target in self._all() if target is not None]
        if len({target.resolve() for target in targets}) < len(targets):
            raise InputError("Two outputs have the same name. Give each a file of its own, or a folder of its own.")

    def _all(self) -> tuple[Path | None, ...]:
        return self.record, self.write_json, self.csv, self.coco, self.events, self.plot

    def of(self, film: str, *, several: bool) -> Targets:
        """Those of a film: where they are folders, what is one file gets its name from that of the film."""

        def within(target: Path | None, ending: str) -> Path | None:
            if target is None or not (several or target.is_dir()):
                return target
            return target / f"{stem_of(film)}{ending}"

        return Targets(
            record=within(self.record, ".mp4") if several else self.record,  # of one source it is a folder of pictures
            write_json=self.write_json,
            csv=within(self.csv, ".csv"),
            coco=within(self.coco, ".json"),
            events=within(self.events, ".csv"),
            plot=within(self.plot, ".png"),
        )


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted of each source; most of it is as the options of the command say.

    settings: those for pictures, or for a film; drawn: what is drawn over pictures; traced: points of the plot
    """

    targets: Targets
    settings: Callable[[bool], Settings]
    scaling: str | None
    drawn: Overlay
    traced: Sequence[int]
    motion: bool
    smooth: bool
    actions: Path | None
    falls: bool
    alert_command: str | None
    alert_webhook: str | None
    serve: str | None
    start: float
    end: float | None
    max_people: int | None
    turning: Turning

    def carry_out(self, name: str, opening: Callable[[OnEvent], Source], *, several: bool = False) -> bool:
        """Find everyone in the source that `opening` gives, called `name`; several: others come before or after it.

        Returns whether it came to the end, and was not ended before. Raises InputError, PoseDeskError, ModelError;
        typer.Exit where an output failed, which was told.
        """
        with ExitStack() as stack:
            source = stack.enter_context(turned(opening(lambda event: warn(event.message)), self.turning))
            _go_to(source, self.start)
            settings = self.settings(isinstance(source, ImageFiles))
            if settings.tracking.method == "none" and (option := self._needs_tracks()):
                raise InputError(f"{option} needs people who keep their IDs: not pictures, and no --no-track.")
            recogniser = make_recogniser(self.actions, settings)
            estimator = make_estimator(settings, self.scaling, self.max_people, recogniser)
            late: list[Event] = []  # what is still under way when the last frame is done
            alerts = _open_alerts(source, self.alert_command, self.alert_webhook)
            server = LiveServer(self.serve) if self.serve is not None else None
            more = [sink for sink in (alerts, server) if sink is not None]
            with ExitStack() as added:
                for sink in more:
                    added.enter_context(sink)
                files = self._open_files(source, name, several, late)
                added.pop_all()
            sinks = stack.enter_context(Sinks([*files, *more], lambda e: warn(str(e))))
            if server is not None:
                _announce(server)
            report = FallReport(settings.network.input_height) if self.falls else None
            smoothing = Smoothing() if self.smooth else None
            summary = _Summary()
            trails, bridges = Trails(self.drawn), Bridges()

            def output(result: Result) -> None:
                summary.add(result)
                if report is not None:
                    result = report(result)
                if smoothing is not None:
                    frame = result.frame
                    result = replace(result, people=smoothing(result.people, result.ids, frame.index, frame.time))
                context = Context(trails=trails.after(result))
                picture: Image | None = None
                if sinks.takes_picture:
                    if self.drawn.bridged:
                        bridges.see(result)
                        context = replace(context, bridges=bridges.at(result.frame.time, result.people, result.ids))
                    picture = annotate(result, self.drawn, context)
                if report is not None and picture is not None:
                    report.paint(picture)
                sinks.write(result, picture)
                if sinks.failures and not len(sinks):
                    raise PoseDeskError("No output is left to write to, so the work was ended.")

            end = self.end
            session = Session(source, estimator, output, until=None if end is None else lambda frame: frame.time >= end)
            try:
                interrupted = _follow(session, source, self.start, end)
            finally:  # the threads have ended, also after an error
                late += recogniser.finish() if recogniser is not None else []
            sinks.close()
        summary.show(session.figures, sinks.finished, self.targets.of(name, several=several).csv)
        for file in files:
            if isinstance(file, CocoResults) and file.note:
                warn(file.note)
        if server is not None:
            _tell_readers(server)
        if session.figures.written == 0 and not interrupted:
            raise InputError(f"Nothing could be read from {name} in the time asked for.")
        if sinks.failures or (alerts is not None and alerts.failures):
            raise typer.Exit(1)
        return not interrupted

    def _needs_tracks(self) -> str:
        """The option that has nothing to do where nobody has an ID; empty where there is none."""
        given = {
            "--actions": self.actions is not None, "--plot": self.targets.plot is not None, "--falls": self.falls,
            "--smooth": self.smooth,
        }  # fmt: skip
        return next((option for option, is_given in given.items() if is_given), "")

    def _open_files(self, source: Source, name: str, several: bool, late: list[Event]) -> list[Sink]:
        """The outputs asked for. Raises InputError for a place that cannot be written, or that holds what is read."""
        stem = "frame" if source.live else Path(source.name).stem
        targets = self.targets.of(name, several=several)
        openings: list[tuple[Path | None, Callable[[Path], Sink]]] = [
            (targets.record, lambda path: open_recording(path, stem)),
            (targets.write_json, lambda path: OpenPoseJson(path, stem)),
            (targets.csv, lambda path: open_table(path, motion=self.motion, smoothed=self.smooth)),
            (targets.coco, CocoResults),
            (targets.events, lambda path: EventsFile(path, lambda: late)),
            (targets.plot, lambda path: PlotFile(path, points=self.traced, rest=lambda: late, smoothed=self.smooth)),
        ]
        for target, _ in openings:
            if target is not None:
                forbid_overwriting(source.files, target)
        targets.check_apart()
        for target in (targets.csv, targets.coco, targets.events, targets.plot):  # before any of them begins anew
            if target is not None and (target.is_file() or not target.exists()):  # a pipe is not touched
                claim_file(target)
        with ExitStack() as opened:  # where one cannot be opened, those before it are closed
            sinks = [opened.enter_context(opening(target)) for target, opening in openings if target is not None]
            opened.pop_all()
        return sinks


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


def _go_to(source: Source, start: float) -> None:
    if start > 0:
        if not isinstance(source, Seekable):
            raise InputError("--start works on files only: a camera or stream begins now.")
        if start >= source.duration:
            raise InputError(f"--start {start:g} lies behind the end: {source.name} lasts {source.duration:g} s.")
        source.seek(source.index_at(start))


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
        self._seconds: defaultdict[int, float] = defaultdict(float)
        self._there: list[int] = []  # the IDs in the last frame
        self._time: float | None = None  # of the last frame
        self._step = 0.0  # seconds from the frame before to the last

    def add(self, result: Result) -> None:
        count = len(result.people)
        self._people += count
        self._most = max(self._most, count)
        self._nobody += count == 0
        self._dropped += result.peaks.dropped
        time = result.frame.time
        self._step = time - self._time if self._time is not None else 0.0
        self._count_seconds()
        self._time, self._there = time, result.ids[result.ids > 0].tolist()
        self._seen.update(self._there)

    def _count_seconds(self) -> None:
        """How long a frame is on screen is known when the next one comes, as in what is written and read again."""
        for person in self._there:
            self._seconds[person] += self._step

    def show(self, figures: Figures, written: list[Path], table: Path | None) -> None:
        """written: what is whole; table: where the table of poses was to go, None: nowhere"""
        self._count_seconds()  # of the last frame, which is taken to be as long as the one before
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
            self._tell_brief(table if table in written else None)
        for path in written:
            out.print(f"wrote {escape(str(path))}")

    def _tell_brief(self, table: Path | None) -> None:
        """Tables are written as people are found, before it is known for how long each is seen. In a film of a moment
        that says nothing."""
        brief = [person for person, frames in self._seen.items() if is_brief(self._seconds[person], frames)]
        if len(brief) in (0, len(self._seen)):
            return
        text = f"{len(brief)} of {counted(len(self._seen), 'ID')} seen for less than a second, often no person."
        if table is not None:
            text += f" posedesk convert {_quoted(table)} NEW.csv --least-seen 1 leaves them out."
        out.print(escape(text))


def _quoted(path: Path) -> str:
    """As it is typed in a command."""
    return subprocess.list2cmdline([str(path)]) if sys.platform == "win32" else shlex.quote(str(path))
