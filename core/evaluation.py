"""How good a net and decoder are: COCO's average precision of keypoints (OKS AP), through pycocotools."""

import contextlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import cv2
import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from pydantic import BaseModel, Field, ValidationError

from core.errors import InputError
from core.estimator import Estimator
from core.outputs import coco_entries
from core.sources.trouble import unusable
from core.types import Frame, Image, People

Turn = Literal[0, 90, 180, 270]  # degrees, clockwise
_ROTATIONS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}

# Places of the figures in COCOeval.stats of keypoints.
_FIGURES = {"AP": 0, "AP50": 1, "AP75": 2, "APM": 3, "APL": 4, "AR": 5}

# What pydantic misses, in words of JSON.
_KINDS = {"list_type": "list", "tuple_type": "list", "model_type": "object", "string_type": "text"}


class _ImageEntry(BaseModel):
    id: int
    file_name: str


class _PersonEntry(BaseModel):
    """A person, with everything that the comparison looks at."""

    id: int
    image_id: int
    category_id: int
    iscrowd: int
    area: float
    bbox: tuple[float, float, float, float]
    keypoints: Annotated[list[float], Field(min_length=51, max_length=51)]
    num_keypoints: int


class _Category(BaseModel):
    id: int


class _DataSet(BaseModel):
    """What has to be in a file of annotations; there may be more."""

    images: Annotated[list[_ImageEntry], Field(min_length=1)]
    annotations: Annotated[list[_PersonEntry], Field(min_length=1)]
    categories: Annotated[list[_Category], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of one evaluation.

    figures: AP, AP50, AP75, APM, APL (medium and large people) and AR, 0..1; -1 where the images hold no such people
    ms:      median milliseconds an image of each step of the estimator
    results: in COCO's form
    """

    figures: dict[str, float]
    ms: dict[str, float]
    images: int
    results: list[dict[str, Any]]


class Evaluation:
    """Annotated images, ready to be estimated."""

    def __init__(self, annotations: Path, images: Path) -> None:
        """annotations: COCO's JSON of person keypoints; images: their folder. Raises InputError where they cannot be
        used.
        """
        self._images = images
        data = _read_annotations(annotations)
        self._entries: list[dict[str, Any]] = data["images"]
        self._truth = COCO()
        self._truth.dataset = data
        with contextlib.redirect_stdout(io.StringIO()):  # pycocotools prints its progress
            self._truth.createIndex()
        if not images.is_dir():
            raise InputError(
                f"There is no folder of images {images}. Give the one that holds what the annotations name."
            )

    def __len__(self) -> int:
        return len(self._entries)

    def run(self, estimator: Estimator, progress: Callable[[int], None] = lambda _: None, *, turn: Turn = 0) -> Score:
        """Estimate every image and compare.

        progress: gets the number of images done
        turn:     show each image turned by so much, as if everyone lay or stood on the hands
        Raises InputError for an unreadable image.
        """
        results: list[dict[str, Any]] = []
        laps: list[dict[str, float]] = []
        for done, entry in enumerate(self._entries, 1):
            image = self._read(entry)
            result = estimator.process(Frame(turned(image, turn)))
            results += coco_entries(int(entry["id"]), turned_back(result.people, turn, image))
            laps.append(result.timings)
            progress(done)
        ms = {step: round(float(np.median([lap[step] for lap in laps])), 3) for step in laps[0]} if laps else {}
        return Score(self._compare(results), ms, len(laps), results)

    def _read(self, entry: dict[str, Any]) -> Image:
        path = self._images / str(entry["file_name"])
        try:
            image = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
        except (OSError, cv2.error) as e:
            raise InputError(
                f"Cannot read the image {path}, which the annotations name. Give the folder that holds it."
            ) from e
        if image is None:
            raise InputError(f"{path} is not an image that can be read. Put a whole copy in its place.")
        return image  # type: ignore[return-value]

    def _compare(self, results: list[dict[str, Any]]) -> dict[str, float]:
        if not results:
            return dict.fromkeys(_FIGURES, 0.0)
        with contextlib.redirect_stdout(io.StringIO()):
            evaluator = COCOeval(self._truth, self._truth.loadRes(results), "keypoints")
            evaluator.evaluate()
            evaluator.accumulate()
            evaluator.summarize()
        return {name: round(float(evaluator.stats[place]), 4) for name, place in _FIGURES.items()}


def turned(image: Image, turn: Turn) -> Image:
    """An image turned clockwise."""
    return cv2.rotate(image, _ROTATIONS[turn]) if turn else image  # type: ignore[return-value]


def turned_back(people: People, turn: Turn, image: Image) -> People:
    """People found in `turned(image, turn)`, in pixels of `image`."""
    height, width = image.shape[:2]
    x, y = people.keypoints[..., 0], people.keypoints[..., 1]
    places = {0: (x, y), 90: (y, height - 1 - x), 180: (width - 1 - x, height - 1 - y), 270: (width - 1 - y, x)}
    return replace(people, keypoints=np.stack(places[turn], axis=-1))


def _read_annotations(path: Path) -> dict[str, Any]:
    """COCO's JSON of person keypoints. Raises InputError where something is missing that is needed later."""
    try:
        data = json.loads(path.read_bytes())
        _DataSet.model_validate(data)
    except OSError as e:
        raise InputError(f"Cannot read the annotations: {unusable(str(path), e)}") from e
    except ValidationError as e:
        raise InputError(
            f"{path} does not hold person keypoints as COCO writes them: {_fault(e)}. "
            "Give COCO's person_keypoints JSON."
        ) from e
    except ValueError as e:
        raise InputError(f"{path} is not a JSON file of COCO annotations. Give COCO's person_keypoints JSON.") from e
    annotations: dict[str, Any] = data
    return annotations


def _fault(error: ValidationError) -> str:
    """What is wrong first."""
    first = error.errors()[0]
    where, kind = " ".join(map(str, first["loc"])), first["type"]
    if not where:
        return "it is no object with images, annotations and categories"
    if kind == "missing":
        return f"{where} is missing"
    if kind == "too_short":
        return f"{where} has {first['ctx']['actual_length']} entries, and needs {first['ctx']['min_length']}"
    if kind == "too_long":
        return f"{where} has {first['ctx']['actual_length']} entries, and may have {first['ctx']['max_length']}"
    return f"{where} is no {_KINDS.get(kind, 'number that fits')}"
