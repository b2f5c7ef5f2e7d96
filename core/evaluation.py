"""How good a net and decoder are: COCO's average precision of keypoints (OKS AP), through pycocotools."""

import contextlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from core.errors import InputError
from core.estimator import Estimator
from core.outputs import coco_entries
from core.types import Frame, Image

# Places of the figures in COCOeval.stats of keypoints.
_FIGURES = {"AP": 0, "AP50": 1, "AP75": 2, "APM": 3, "APL": 4, "AR": 5}


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
        try:
            with contextlib.redirect_stdout(io.StringIO()):  # pycocotools prints its progress
                self._truth = COCO(str(annotations))
            self._entries: list[dict[str, Any]] = self._truth.dataset["images"]
            has_points = bool(self._truth.anns) and all("keypoints" in a for a in self._truth.anns.values())
        except OSError as e:
            raise InputError(f"Cannot read the annotations {annotations}: {e.strerror}.") from e
        except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, AssertionError) as e:
            raise InputError(f"{annotations} is not a JSON file of COCO annotations.") from e
        if not has_points:
            raise InputError(f"{annotations} holds no keypoints; give COCO's person_keypoints JSON.")
        if not images.is_dir():
            raise InputError(f"There is no folder of images {images}.")

    def __len__(self) -> int:
        return len(self._entries)

    def run(self, estimator: Estimator, progress: Callable[[int], None] = lambda _: None) -> Score:
        """Estimate every image and compare. `progress` gets the number of images done. Raises InputError for an
        unreadable image.
        """
        results: list[dict[str, Any]] = []
        laps: list[dict[str, float]] = []
        for done, entry in enumerate(self._entries, 1):
            result = estimator.process(Frame(self._read(entry)))
            results += coco_entries(int(entry["id"]), result.people)
            laps.append(result.timings)
            progress(done)
        ms = {step: round(float(np.median([lap[step] for lap in laps])), 3) for step in laps[0]} if laps else {}
        return Score(self._compare(results), ms, len(laps), results)

    def _read(self, entry: dict[str, Any]) -> Image:
        path = self._images / str(entry["file_name"])
        try:
            image = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
        except (OSError, cv2.error) as e:
            raise InputError(f"Cannot read the image {path}, which the annotations name.") from e
        if image is None:
            raise InputError(f"{path} is not an image that can be read.")
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
