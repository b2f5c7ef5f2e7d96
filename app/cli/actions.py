"""`posedesk actions`: train, eval, predict, marks."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from pydantic import ValidationError
from rich.markup import escape
from rich.table import Table

from app import action_models
from app.cli.console import out, progress_bar, warn
from app.cli.files import CSV, check_ending, write_file, write_json
from app.cli.marks import marks
from app.cli.options import what_does_not_fit
from core.actions import ActionModel, MarkedTrack, WindowSettings, recognise
from core.actions.events import COLUMNS, event_rows
from core.actions.scores import Score, decide, judge
from core.actions.training import TrainSettings, cross_validate, train
from core.actions.trial import too_narrow
from core.errors import InputError
from core.marked_sources import KINDS, read_marked, read_source, read_taught
from core.outputs.base import claim_file
from core.types import Event
from core.words import counted

app = typer.Typer(
    help="Actions of people: learn them from marked examples, and recognise them.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
app.command(
    "marks", epilog="Example:  [bold]posedesk actions marks match1.posedesk --import marks.csv --csv all.csv[/bold]"
)(marks)
_DEFAULTS = TrainSettings()
_MOST_WRONG = 10  # lines of what was taken for something else

SourcesArgument = Annotated[list[str], typer.Argument(metavar="SOURCE..", help=f"{KINDS[0].upper()}{KINDS[1:]}.")]
ModelOption = Annotated[
    Path,
    typer.Option(
        "--model",
        metavar="FILE",
        help="A model of actions: a file, tennis-demo, or the name of one saved in the window.",
    ),
]
JsonOption = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the figures as JSON.")]


@app.command(
    "train",
    epilog="Examples:\n\n[bold]posedesk actions train match1/ match2/ match3/ --out tennis.actions[/bold]\n\n"
    "[bold]posedesk actions train 'demo:tennis?seed=1' 'demo:tennis?seed=2' --out demo.actions[/bold]",
)
def train_(
    sources: SourcesArgument,
    target: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Where the model goes, such as tennis.actions.")
    ],
    seconds: Annotated[float, typer.Option(help="Length of a window.", min=0.1, max=5.0)] = _DEFAULTS.window.seconds,
    samples: Annotated[int, typer.Option(help="Samples of a window.", min=5, max=60)] = _DEFAULTS.window.samples,
    mirror: Annotated[
        bool, typer.Option("--mirror/--no-mirror", help="Learn from mirror images too: left-handed players.")
    ] = _DEFAULTS.mirror,
    idle: Annotated[
        str | None, typer.Option(metavar="LABEL", help="The label that is no action; else idle or neutral.")
    ] = None,
    others_idle: Annotated[
        bool,
        typer.Option(
            "--others-idle", help="People without marks count as idle, where others in the same file have some."
        ),
    ] = False,
    split: Annotated[
        Literal["recording", "person"], typer.Option(help="What is held back whole, to say how good the model is.")
    ] = "recording",
    folds: Annotated[int, typer.Option(help="Parts to hold back in turn; 0 leaves the test out.", min=0, max=50)] = 4,
    json_file: JsonOption = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Any other setting, such as rounds=300. May be repeated."),
    ] = None,
) -> None:
    """Learn actions from marked examples, and say how good that is on recordings that were held back."""
    check_ending("--json", json_file, ".json")
    settings = make_settings(changes, WindowSettings(samples=samples, seconds=seconds), mirror=mirror, idle=idle)
    if folds == 1:
        raise InputError("--folds 1 would hold back everything. Give 2 or more, or 0 for no test.")
    for place in filter(None, (target, json_file)):
        claim_file(place)  # before the minutes of work, not after
    taught = read_taught(sources, others_idle=others_idle)
    tracks = taught.tracks
    score: Score | None = None
    groups = {track.recording if split == "recording" else (track.recording, track.person) for track in tracks}
    if folds and len(groups) < 2:
        warn(
            f"There is only one {split}, so how good the model is cannot be said: its windows are too like each other."
        )
        folds = 0
    with progress_bar() as bar:
        task = bar.add_task("testing" if folds else "training", total=1.0, speed="")
        if folds:
            score = cross_validate(
                tracks, settings, split=split, folds=folds, progress=lambda share: bar.update(task, completed=share)
            )
            bar.reset(task, description="training")
        model = train(tracks, settings, lambda share: bar.update(task, completed=share))
    if narrow := too_narrow(tracks, taught.left_out):
        warn(f"{narrow} --others-idle does the latter." if taught.left_out else narrow)
    write_file(target, model.to_bytes())
    if score is not None:
        parts = counted(min(folds, len(groups)), "part")
        _show(score, f"learnt from the others, tried on {parts} of {len(groups)} {split}s held back in turn")
        if json_file is not None:
            write_json(json_file, _figures(score))
    made = ", ".join(f"{count} of {label}" for label, count in sorted(model.header.made_from.items()))
    size = f"{counted(model.header.trees, 'tree')}, {len(model.to_bytes()) / 1e6:.1f} MB"
    sides = "; tells sides" if model.header.sided else ""
    out.print(escape(f"wrote {target}: {size}{sides}; windows: {made}"))


@app.command(
    "eval",
    epilog="Example:  [bold]posedesk actions eval match4/ --model tennis.actions --json figures.json[/bold]",
)
def eval_(sources: SourcesArgument, model: ModelOption, json_file: JsonOption = None) -> None:
    """Say how good a model is on marked examples that it has not learnt from.

    A CSV is one example, judged once; of a recording every window is, ten a second.
    """
    check_ending("--json", json_file, ".json")
    loaded = action_models.load(model)
    if json_file is not None:
        claim_file(json_file)
    tracks = read_marked(sources)
    score = judge(loaded, tracks)
    if not score.decisions:
        raise InputError(f"Nothing in {', '.join(sources)} is marked with what {model} could be tried on.")
    _show(score, str(model))
    if json_file is not None:
        write_json(json_file, _figures(score))


@app.command(
    "predict",
    epilog="Example:  [bold]posedesk actions predict match4/ --model tennis.actions --csv events.csv[/bold]",
)
def predict(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help=f"{KINDS[0].upper()}{KINDS[1:]}.")],
    model: ModelOption,
    csv: Annotated[Path, typer.Option(metavar="FILE", help="The events: what is done by whom from when to when.")],
) -> None:
    """Recognise actions in a recording. Of a folder of examples each gets one label."""
    loaded = action_models.load(model)
    check_ending("--csv", csv, *CSV)
    claim_file(csv)
    tracks = read_source(source)
    lines = [",".join(("track", *COLUMNS)) + "\n"]
    count = 0
    for track in tracks:
        events = _whole(loaded, track) if track.whole else recognise(loaded, track)
        lines.append(event_rows(events, track.name))
        count += len(events)
    write_file(csv, "".join(lines).encode())
    out.print(escape(f"wrote {csv}: {counted(count, 'event')} of {counted(len(tracks), 'track')}"))


def _whole(model: ActionModel, track: MarkedTrack) -> list[Event]:
    """The one label of an example."""
    return [Event(each.found, track.person, each.start, each.end, each.score) for each in decide(model, [track])]


def make_settings(
    changes: list[str] | None, window: WindowSettings, *, mirror: bool, idle: str | None
) -> TrainSettings:
    """Raises InputError for values that cannot be."""
    values: dict[str, Any] = {"window": window.model_dump(), "mirror": mirror, "idle": idle}
    for change in changes or []:
        name, _, value = change.partition("=")
        names = [field for field in TrainSettings.model_fields if field not in values and field != "variation"]
        inner = [f"variation.{field}" for field in _DEFAULTS.variation.model_dump()]
        name = name.strip()
        if name not in (*names, *inner) or not value:
            raise InputError(f"--set {change}: give NAME=VALUE, with a name of {', '.join((*names, *inner))}.")
        if name in inner:
            values.setdefault("variation", {})[name.partition(".")[2]] = value
        else:
            values[name] = tuple(value.split(",")) if name == "features" else value
    try:
        return TrainSettings.model_validate(values)
    except ValidationError as e:
        raise InputError(what_does_not_fit(e)) from e


def _figures(score: Score) -> dict[str, Any]:
    return {
        "macro_f1": score.macro_f1,
        "per_class": score.f1,
        "labels": list(score.labels),
        "confusion": score.confusion.tolist(),
        "decisions": len(score.decisions),
        "wrong": [
            {
                "name": each.name, "start": round(each.start, 3), "end": round(each.end, 3),
                "truth": each.truth, "found": each.found, "score": round(each.score, 4),
            }
            for each in score.wrong
        ],
    }  # fmt: skip


def _show(score: Score, title: str) -> None:
    table = Table(title=escape(title), caption=f"macro F1 {score.macro_f1:.3f} over {len(score.f1)} classes")
    table.add_column("truly / taken for")
    for label in (*score.labels, "F1"):
        table.add_column(escape(label), justify="right")
    for label, row in zip(score.labels, score.confusion.tolist(), strict=True):
        f1 = f"{score.f1[label]:.3f}" if label in score.f1 else ""
        table.add_row(escape(label), *(str(count) for count in row), f1)
    out.print(table)
    wrong: Sequence[Any] = score.wrong
    out.print(f"{len(wrong)} of {len(score.decisions)} wrong{'; the surest of them:' if wrong else '.'}")
    for each in wrong[:_MOST_WRONG]:
        when = f"{each.start:.2f} to {each.end:.2f} s"
        out.print(escape(f"  {each.name} {when}: {each.truth}, taken for {each.found} ({each.score:.2f})"))
