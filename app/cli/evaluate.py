"""`posedesk eval`: how well net and decoder do on annotated images."""

from pathlib import Path
from time import monotonic
from typing import Annotated, Literal, cast

import typer
from rich.table import Table

from app.cli.console import out, progress_bar
from app.cli.files import check_ending, write_json
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
    make_settings,
)
from core.errors import InputError
from core.evaluation import Evaluation, Turn
from core.outputs.base import claim_file, forbid_overwriting


def evaluate(
    annotations: Annotated[Path, typer.Option(help="COCO's JSON of person keypoints.", metavar="FILE")],
    images: Annotated[Path, typer.Option(help="The folder of its images.", metavar="DIR")],
    model: ModelOption = MODEL,
    backend: BackendOption = "auto",
    input_height: HeightOption = HEIGHT,
    decode: DecodeOption = "openpose",
    write_results: Annotated[Path | None, typer.Option(help="Write COCO results.", metavar="FILE")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures as JSON.", metavar="FILE")] = None,
    flip: FlipOption = False,
    scales: ScalesOption = "1",
    scaling: ScalingOption = None,
    turn: Annotated[
        Literal["0", "90", "180", "270"], typer.Option(help="Turn the images clockwise by so many degrees first.")
    ] = "0",
    changes: SetOption = None,
) -> None:
    """Compare what is found with annotated keypoints: COCO's OKS average precision."""
    settings = make_settings(
        model=model,
        backend=backend,
        input_height=input_height,
        decode=decode,
        flip=flip,
        scales=scales,
        track=False,
        changes=changes,
    )
    if json_file is not None and write_results is not None and json_file.resolve() == write_results.resolve():
        raise InputError("Two outputs have the same name. Give each a file of its own.")
    check_ending("--json", json_file, ".json")
    check_ending("--write-results", write_results, ".json")
    for target in filter(None, (json_file, write_results)):
        forbid_overwriting([annotations], target)
        claim_file(target)  # before the minutes of work, not after
    evaluation = Evaluation(annotations, images)
    estimator = make_estimator(settings, scaling)
    started = monotonic()
    with progress_bar() as bar:
        task = bar.add_task("evaluating", total=len(evaluation), speed="")
        score = evaluation.run(
            estimator,
            lambda done: bar.update(task, completed=done, speed=f"{done / (monotonic() - started):.1f} images/s"),
            turn=cast(Turn, int(turn)),
        )
    shown = f", turned by {turn}" if turn != "0" else ""
    table = Table(title=f"{model}, {score.images} images, input height {settings.network.input_height}{shown}")
    for name in score.figures:
        table.add_column(name, justify="right")
    table.add_row(*(f"{value:.4f}" for value in score.figures.values()))
    out.print(table)
    out.print("median ms an image: " + ", ".join(f"{step} {ms:.2f}" for step, ms in score.ms.items()))
    if json_file is not None:
        write_json(
            json_file,
            {
                **score.figures,
                "ms": score.ms,
                "images": score.images,
                "turn": int(turn),
                "settings": settings.model_dump(),
            },
        )
    if write_results is not None:
        write_json(write_results, score.results)
