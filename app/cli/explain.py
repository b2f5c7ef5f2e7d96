"""`posedesk explain`: the lecture's pictures for one image, on one page."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import cv2
import numpy as np
import typer

from app.cli.console import out, working
from app.cli.files import write_file
from app.cli.options import (
    HEIGHT,
    MODEL,
    BackendOption,
    DecodeOption,
    HeightOption,
    ModelOption,
    ScalingOption,
    SetOption,
    make_estimator,
    make_settings,
)
from core.errors import InputError
from core.outputs import (
    affinity_picture,
    confidence_picture,
    draw,
    draw_links,
    draw_peaks,
    forbid_overwriting,
    regions_of,
    regions_picture,
)
from core.outputs.overlay import Overlay, link_index, point_index
from core.skeleton import POINT_NAMES, link_name
from core.sources.images import load_image
from core.types import Frame, Image, Result
from core.words import counted

PANEL_WIDTH, PANEL_HEIGHT = 1600, 540  # most pixels of a picture on the page
CAPTION, GAP = 34, 8  # pixels
INK, PAPER = (40, 40, 40), (255, 255, 255)


def explain(
    image: Annotated[Path, typer.Argument(help="A picture with people.")],
    page: Annotated[Path, typer.Option("--out", help="The page to write.", metavar="PAGE.png")],
    point: Annotated[str, typer.Option(help="Whose confidence map to show.", metavar="POINT")] = "right wrist",
    link: Annotated[
        str, typer.Option(help="Whose affinity field to show.", metavar="LINK")
    ] = "right elbow - right wrist",
    model: ModelOption = MODEL,
    backend: BackendOption = "auto",
    input_height: HeightOption = HEIGHT,
    decode: DecodeOption = "openpose",
    scaling: ScalingOption = None,
    changes: SetOption = None,
) -> None:
    """Show how people are found in a picture: a confidence map and its regions, an affinity field, all points and
    links.
    """
    kind, joint = _number(point, "--point", point_index), _number(link, "--link", link_index)
    settings = make_settings(
        model=model, backend=backend, input_height=input_height, decode=decode, track=False, changes=changes
    )
    forbid_overwriting([image], page)
    with working("finding people"):
        result = make_estimator(settings, scaling).process(Frame(load_image(image)))
    threshold = settings.decoding.peak_threshold
    _write(page, compose(panels(result, kind, joint, threshold)))
    found = (counted(len(result.peaks), "point"), counted(len(result.links), "link"))
    out.print(f"{', '.join(found)}, {counted(len(result.people), 'person', 'people')}; wrote {page}")


def panels(result: Result, point: int, link: int, threshold: float) -> list[tuple[str, Image]]:
    """The pictures of the page with their captions, in the order of the algorithm."""
    image, maps, peaks, links = result.frame.image, result.maps, result.peaks, result.links
    count, (regions, _) = int(peaks.starts[point + 1] - peaks.starts[point]), regions_of(maps, point, threshold)
    return [
        (f"1  confidence map: {POINT_NAMES[point]}", confidence_picture(image, maps, point)),
        (
            f"2  its regions above {threshold:g}: {regions}, with {counted(count, 'peak')}",
            regions_picture(image, maps, peaks, point, threshold),
        ),
        (f"3  all points: {len(peaks)}", draw_peaks(image, peaks, maps.transform)),
        (f"4  part affinity field: {link_name(link)}", affinity_picture(image, maps, link)),
        (f"5  all links: {len(links)}", draw_links(image, peaks, links, maps.transform)),
        (f"6  people: {len(result.people)}", draw(image, result.people, result.ids, None, Overlay())),
    ]


def compose(pictures: list[tuple[str, Image]], columns: int = 3) -> Image:
    """A page of pictures of one size with captions, row by row, as a BGR image."""
    height, width = pictures[0][1].shape[:2]
    scale = min(PANEL_HEIGHT / height, PANEL_WIDTH / width)
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    cell_width, cell_height = size[0] + GAP, size[1] + CAPTION + GAP
    rows = -(-len(pictures) // columns)
    page = np.full((rows * cell_height + GAP, columns * cell_width + GAP, 3), PAPER, np.uint8)
    for i, (caption, picture) in enumerate(pictures):
        left, top = GAP + i % columns * cell_width, GAP + i // columns * cell_height
        panel = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        page[top + CAPTION : top + CAPTION + size[1], left : left + size[0]] = panel
        fits = min(0.7, 0.7 * (size[0] - GAP) / cv2.getTextSize(caption, cv2.FONT_HERSHEY_SIMPLEX, 0.7, 1)[0][0])
        cv2.putText(page, caption, (left, top + 24), cv2.FONT_HERSHEY_SIMPLEX, fits, INK, 1, cv2.LINE_AA)
    return page


def _number(name: str, option: str, index_of: Callable[[str], Any]) -> int:
    """The index of a point or link given by name or number. Raises InputError."""
    try:
        return int(index_of(name))
    except ValueError as e:
        raise InputError(f"{option}: {e}.") from e


def _write(path: Path, page: Image) -> None:
    try:
        data = cv2.imencode(path.suffix or ".png", page)[1]
    except cv2.error as e:
        raise InputError(f"Cannot write {path}: give a name that ends in .png or .jpg.") from e
    write_file(path, data.tobytes())
