"""`posedesk convert`: poses from one form into another."""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from rich.markup import escape

from app.cli.console import out, progress_bar, warn
from app.cli.options import MirrorOption, SmoothOption, TurnOption, make_turning
from core.analysis import SUFFIX, Analysis, LeastSeen, SourceInfo, frame_times, persons_in, worked_on
from core.analysis.exchange import (
    TABLES,
    form_of,
    has_motion,
    is_numbered,
    left_out,
    make_analysis,
    read_poses,
    refuse_smoothed,
    shown_frames,
    smooth_frames,
    write_poses,
    write_shown,
)
from core.errors import InputError
from core.motion import Smoothing
from core.sources import Seekable, Turning, open_source, turned
from core.words import counted

Times = NDArray[np.float64]
_GIVES_IDS = "A .posedesk file gives IDs: convert to one first, and that to a table."


def convert(
    given: Annotated[
        Path, typer.Argument(help="A .posedesk, .csv or .parquet file, or a folder of OpenPose's JSON.", metavar="IN")
    ],
    target: Annotated[
        Path,
        typer.Argument(
            help="A .posedesk, .csv or .parquet file, .json for COCO results, or a folder for OpenPose's JSON.",
            metavar="OUT",
        ),
    ],
    source: Annotated[
        str | None,
        typer.Option(help="The film or pictures that the poses are of, for a .posedesk file.", metavar="SOURCE"),
    ] = None,
    fps: Annotated[
        float, typer.Option(help="Frames a second, where the poses have no times and no --source is given.", min=0.01)
    ] = 30.0,
    part: Annotated[
        bool, typer.Option("--part", help="The poses are of a part of the --source only; else they have to be of all.")
    ] = False,
    turn: TurnOption = "0",
    mirror: MirrorOption = False,
    measured: Annotated[
        bool, typer.Option("--measured", help="Of a .posedesk file what was found, without what was edited.")
    ] = False,
    motion: Annotated[
        bool,
        typer.Option("--motion", help="Add joint angles, speeds and places on the body to a .csv or .parquet file."),
    ] = False,
    smooth: SmoothOption = False,
    least_seen: Annotated[
        float,
        typer.Option(
            help="Leave out who was seen for less than so many seconds in all, often a chair, a ball or a limb, and "
            "what has no ID. Of a .posedesk file stays who has a name, a mark or a point that was corrected; in "
            "tables that is not known. Who was left out is said.",
            min=0.0,
            metavar="SECONDS",
        ),
    ] = 0.0,
) -> None:
    """Turn poses of one form into another: analyses, CSV, Parquet, OpenPose's JSON, COCO results.

    Poses without IDs get them in a .posedesk file, from where people are. What is marked in one, and what people are
    called, are columns of tables.
    """
    into_analysis = target.suffix.lower() == SUFFIX
    if not into_analysis:
        form_of(target)
        if source is not None:
            raise InputError("--source says what an analysis is of: give it with a .posedesk file to write.")
    elif least_seen:
        raise InputError("--least-seen: an analysis keeps everyone. Give it when a table is written of this one.")
    if into_analysis and smooth:
        raise InputError("--smooth: an analysis keeps what was found. Give it when a table is written of this one.")
    if part and source is None:
        raise InputError("--part is said of the film or the pictures: give --source too.")
    turning = make_turning(turn, mirror)
    if turning != Turning() and source is None:
        raise InputError("--turn and --mirror say how the film was turned for the poses: give --source too.")
    if motion and target.suffix.lower() not in TABLES:
        raise InputError("--motion adds columns to a table: give a .csv or .parquet file to write.")
    is_table = given.suffix.lower() in TABLES
    if smooth and is_table and "smoothed" in left_out(given):
        raise InputError(f"{given} is smoothed already. Leave out --smooth.")
    if into_analysis and is_table:
        refuse_smoothed(given)
    if source is not None and given.suffix.lower() == SUFFIX:
        raise InputError(f"--source: {given} says itself what it is of.")
    if given.exists() and target.exists() and given.samefile(target):
        raise InputError(f"{target} is what is read. Give another name.")
    about, times, pictures = _about(source, turning)
    frames = read_poses(given, fps=fps, times=times, pictures=bool(pictures), edited=not measured)
    had_motion = is_table and has_motion(given)
    motion = motion or (had_motion and target.suffix.lower() in TABLES)
    least, smoothing = LeastSeen([], 0.0), Smoothing()
    with progress_bar() as bar:
        task = bar.add_task("converting", total=None, speed="")

        def tell(done: int) -> bool:
            if done % 100 == 0:
                bar.update(task, completed=done)
            return True

        if not into_analysis and given.suffix.lower() == SUFFIX and not measured:
            with Analysis.open(given, write=False) as analysis:
                stay = worked_on(analysis.marks.all(), analysis.corrected())
                least = LeastSeen(analysis.persons(), least_seen, stay)
                smoothing = Smoothing(analysis.by_hand())
                shown = least.of(shown_frames(analysis))
                shown = smooth_frames(shown, smoothing) if smooth else shown
                count = write_shown(
                    shown, analysis, target, given.stem, tell, motion=motion, smoothed=smooth, note=warn
                )
        elif not into_analysis:
            # Who is seen for how long is known after all has been read once.
            people = persons_in(read_poses(given, fps=fps, edited=not measured)) if least_seen else []
            least = LeastSeen(people, least_seen)
            shown = least.of(frames)
            shown = smooth_frames(shown, smoothing) if smooth else shown
            count = write_poses(shown, target, given.stem, tell, motion=motion, smoothed=smooth, note=warn)
        elif given.suffix.lower() == SUFFIX:
            count = _copy(given, target)
        else:
            info = about or SourceInfo(name=given.name, fps=fps)
            made = make_analysis(frames, target, info, times, given.name, part=part, names=pictures)
            count = made.frames
            if made.followed:
                out.print("The poses had no IDs; people were followed by where they are.")
    if source is None and given.is_dir() and is_numbered(given):
        out.print(
            "The files are numbered as those of a film, and were taken for one. Where they are of pictures, write a "
            ".posedesk file, with --source."
        )
    if least.said:
        out.print(least.said)
    if had_motion and not motion and not into_analysis:
        warn(f"{target} has no room for the angles, speeds and places on the body of {given}; they are left out.")
    if is_table and (columns := left_out(given)):
        warn(f"{target} is written without these columns of {given}: {', '.join(columns)}.")
    if smooth and count and not smoothing.smoothed:
        warn(f"Nobody in {given} has an ID, so nobody could be followed, and nothing is smoothed. {_GIVES_IDS}")
    if not count:
        warn(f"{given} has no frames.")
    out.print(f"{counted(count, 'frame')}; wrote {escape(str(target))}")


def _about(source: str | None, turning: Turning) -> tuple[SourceInfo | None, Times | None, tuple[str, ...]]:
    """What is known of the film, the seconds of its frames, and the names of pictures."""
    if source is None:
        return None, None, ()
    with turned(open_source(source, on_event=lambda event: warn(event.message)), turning) as film:
        if not isinstance(film, Seekable) or film.live:
            raise InputError(f"{source} is neither a film nor pictures.")
        return SourceInfo.of(film, source), frame_times(film), film.picture_names


def _copy(given: Path, target: Path) -> int:
    if target.exists():
        raise InputError(f"{target} is there already. Give another name, or remove it first.")
    with Analysis.open(given, write=False) as analysis:
        analysis.copy_to(target)
        return int((analysis.counts(edited=False) >= 0).sum())
