"""`posedesk analyse`: a film analysed once and for all, into a file that everything else works on."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.markup import escape

from app.cli.console import out, progress_bar, warn
from app.cli.interrupts import asked_to_stop
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
)
from app.cli.several import check_names, films_of, one_by_one, stem_of
from core.analysis import (
    SUFFIX,
    Analyser,
    Analysis,
    ModelInfo,
    SourceInfo,
    frame_times,
    redecode,
    what_to_run_again,
)
from core.errors import InputError
from core.network import Network
from core.outputs import forbid_overwriting
from core.settings import Settings
from core.sources import Seekable, Turning, open_source, turned
from core.sources.images import ImageFiles
from core.words import counted
from models import registry
from models.files import readable


def analyse(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="A video or several, a folder or pattern of images, or a drawn scene: demo:walk, demo:cross, "
            "demo:tennis, demo:fall.",
            metavar="SOURCE",
        ),
    ],
    target: Annotated[
        Path,
        typer.Option(
            "--out",
            help="The analysis; one that is there already goes on. Of several videos, or with a folder here, each has "
            "its own in that folder, named after it.",
            metavar="FILE.posedesk|DIR",
        ),
    ],
    model: ModelOption = MODEL,
    backend: BackendOption = "auto",
    input_height: HeightOption = HEIGHT,
    decode: DecodeOption = "openpose",
    track: Annotated[
        bool | None,
        typer.Option(
            "--track/--no-track", help="Give people IDs that stay; on for all but images.", show_default=False
        ),
    ] = None,
    turn: TurnOption = "0",
    mirror: MirrorOption = False,
    candidates: Annotated[
        bool,
        typer.Option(
            "--candidates/--no-candidates",
            help="Keep what thresholds can be changed on later without the net; most of the size.",
        ),
    ] = True,
    flip: FlipOption = False,
    scales: ScalesOption = "1",
    scaling: ScalingOption = None,
    changes: SetOption = None,
) -> None:
    """Find everyone in every frame of a film, and keep it in one file.

    Ctrl+C ends it; the same command goes on where it ended, and leaves out what is done. With other thresholds it finds
    people anew without the net.
    """
    films = films_of(sources)
    is_folder = _is_folder(target, len(films))
    if is_folder:
        check_names(films)

    def settings_for(pictures: bool) -> Settings:
        return make_settings(
            model=model,
            backend=backend,
            input_height=input_height,
            decode=decode,
            flip=flip,
            scales=scales,
            track=track if track is not None else not pictures,
            changes=changes,
        )

    settings = settings_for(False)
    chosen = registry.find(settings.network.model)
    if scaling is not None:
        chosen = chosen.with_scaling(scaling)
    network = cache(lambda: Network.open(chosen, settings.network, warn))
    order = _Order(settings_for, ModelInfo.of(chosen), network, make_turning(turn, mirror), candidates)
    one_by_one(films, lambda film: order.carry_out(film, target / f"{stem_of(film)}{SUFFIX}" if is_folder else target))


def _is_folder(target: Path, films: int) -> bool:
    """Whether each film gets a file of its own name in `target`. Raises InputError where that cannot be meant."""
    if target.suffix.lower() == SUFFIX and not target.is_dir():
        if films > 1:
            raise InputError(f"--out {target} is one file, and there are {films} films. Give a folder in its place.")
        return False
    if not target.is_dir() and target.suffix:
        raise InputError(f"--out {target}: the name of an analysis ends with {SUFFIX}. A new folder needs no dot.")
    return True


@dataclass(frozen=True, slots=True)
class _Order:
    """What is wanted of each film.

    settings: those for pictures, or for a film; model: what the net is; network: the net, loaded when it is asked for
    """

    settings: Callable[[bool], Settings]
    model: ModelInfo
    network: Callable[[], Network]
    turning: Turning
    candidates: bool

    def carry_out(self, source: str, target: Path) -> bool:
        """Analyse a film, or what is missing of it. Returns whether it was done, and not ended before."""
        with turned(open_source(source, on_event=lambda event: warn(event.message)), self.turning) as film:
            if not isinstance(film, Seekable) or film.live:
                raise InputError(
                    f"{source} has no end to analyse up to. Record it first: posedesk run {source} --record F."
                )
            forbid_overwriting(film.files, target)
            settings = self.settings(isinstance(film, ImageFiles))
            with _open(target, film, SourceInfo.of(film, source), self.model, settings) as analysis:
                settings = _tracked_as_before(analysis, settings)
                if analysis.settings.decoding != settings.decoding:
                    _decode_again(analysis, settings)
                elif _is_whole(analysis):
                    _summarise(analysis, finished=True)
                    out.print(f"{escape(str(target))} was there already, with all of it")
                    return True
                finished = _follow(Analyser(analysis, film, self.network(), candidates=self.candidates))
                _summarise(analysis, finished)
        out.print(f"wrote {escape(str(target))}, {readable(target.stat().st_size)}")
        if not finished:
            out.print("It was ended before all was done; the same command goes on.")
        return finished


def _is_whole(analysis: Analysis) -> bool:
    return not bool((analysis.counts(edited=False) < 0).any())


def _open(target: Path, film: Seekable, about: SourceInfo, net: ModelInfo, settings: Settings) -> Analysis:
    """The analysis that is there, or a new one. Raises InputError where it is of something else."""
    if not target.exists():
        return Analysis.create(target, about, frame_times(film), net, settings)
    analysis = Analysis.open(target)
    try:
        other = f"{target} holds an analysis of "
        if analysis.source.fingerprint != about.fingerprint or analysis.source.length != about.length:
            raise InputError(f"{other}{analysis.source.name or 'something else'}, not of this. Give another name.")
        if analysis.source.turning != about.turning:
            raise InputError(f"{other}this turned otherwise{_said(analysis.source.turning)}. Give another name.")
        if analysis.model.checksum != net.checksum:
            raise InputError(f"{other}this with the model {analysis.model.name}. Give another name.")
        settings = _tracked_as_before(analysis, settings)
        if len(analysis.ranges()) and analysis.settings.decoding != settings.decoding:
            reason = what_to_run_again(analysis, settings)
        else:
            same = settings.model_copy(update={"decoding": analysis.settings.decoding})
            reason = what_to_run_again(analysis, same) if same != analysis.settings else ""
        if reason:
            raise InputError(f"{other}this with other settings. {reason} Give another name for that.")
    except BaseException:
        analysis.close()
        raise
    return analysis


def _said(turning: Turning) -> str:
    """The options that turn a film so, for a sentence on it."""
    options = [f"--turn {turning.angle}"] * bool(turning.angle) + ["--mirror"] * turning.mirror
    return f", with {' '.join(options)}" if options else ", without --turn and --mirror"


def _tracked_as_before(analysis: Analysis, settings: Settings) -> Settings:
    """`settings` with the analysis's own in the place of those of the tracker that the user has said nothing of: what
    they are by default may have changed since it was begun."""
    said = settings.tracking.model_dump(exclude_unset=True)
    return settings.model_copy(update={"tracking": analysis.settings.tracking.changed(**said)})


def _decode_again(analysis: Analysis, settings: Settings) -> None:
    with progress_bar() as bar:
        task = bar.add_task("decoding", total=None, speed="")

        def tell(done: int, total: int) -> bool:
            bar.update(task, completed=done, total=total)
            return True

        redecode(analysis, settings, tell)
    out.print("People were found anew with these thresholds, without the net.")


def _follow(analyser: Analyser) -> bool:
    """Show how far it is until it ends; Ctrl+C ends it in good order. Returns whether it was done by then."""
    with asked_to_stop() as asked, progress_bar() as bar:
        task = bar.add_task("analysing", total=analyser.progress.total, speed="")
        analyser.start()
        while not analyser.wait(0.2):
            if asked.is_set():
                bar.print("Stopping; what was found is being written.")
                analyser.stop()
                return analyser.progress.state == "finished"
            progress = analyser.progress
            bar.update(task, completed=progress.done, speed=f"{progress.fps:.1f} frames/s")
    return True


def _summarise(analysis: Analysis, finished: bool) -> None:
    counts = analysis.counts()
    done = counts[counts >= 0].astype(np.int64)
    if not len(done) and finished:
        raise InputError(f"Nothing could be read from {analysis.source.name}.")
    out.print(
        f"{counted(len(done), 'frame')} of {analysis.length}, {counted(int(done.sum()), 'pose')}, "
        f"at most {done.max(initial=0)} at once, nobody in {int((done == 0).sum())}."
    )
    if people := analysis.persons():
        longest = ", ".join(f"#{person.id} {person.seconds:.1f} s" for person in people[:5])
        out.print(f"{counted(len(people), 'ID')}; seen longest: {longest}.")
