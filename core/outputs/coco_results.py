"""Results in the form that COCO's evaluation reads: one JSON list of everyone found in a set of images."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core import skeleton
from core.errors import PoseDeskError
from core.outputs.base import Sink, claim_file, opening
from core.types import Image, People, Result

PERSON_CATEGORY = 1


def image_number(name: str) -> int | None:
    """COCO's number of an image: what its name consists of or ends with after an underscore; None where it has none."""
    digits = re.search(r"(?:^|_)(\d+)$", name)
    return int(digits[1]) if digits else None


def coco_entries(image_id: int, people: People) -> list[dict[str, Any]]:
    """An entry a person: 51 numbers x, y, score in COCO's order, 0, 0, 0 for a missing point; score as OpenPose's,
    total / 37.

    Coordinates are pixels with the centre of the top left pixel at (0, 0).  Whoever has none of COCO's 17 points is
    left out.
    """
    order = skeleton.COCO_ORDER
    found: NDArray[np.bool_] = people.found()[:, order]
    shown = np.flatnonzero(found.any(axis=1)).tolist()
    numbers = np.zeros((len(people), len(order), 3))
    numbers[found, :2] = people.keypoints[:, order][found]
    numbers[..., 2] = people.scores[:, order]
    rows = np.round(numbers.reshape(len(people), 3 * len(order)), 3).tolist()
    scores = np.round(people.confidence().astype(float), 6).tolist()
    return [
        {"image_id": image_id, "category_id": PERSON_CATEGORY, "keypoints": rows[i], "score": scores[i]} for i in shown
    ]


class CocoResults(Sink):
    """One JSON file for a whole run.

    Entries go to `<file>.part` as they come, so that memory does not grow; `close` adds the closing bracket and gives
    the file its name. The name thus never holds half a list.  After a kill the `.part` stays, everything found so far,
    lacking only the `]` at its end.
    """

    takes_picture = False

    def __init__(self, target: Path) -> None:
        """Begin `<target>.part`. Raises InputError."""
        self.target = target
        self._part = target.with_name(target.name + ".part")
        claim_file(target)
        with opening(self._part):
            self._file = open(self._part, "w", encoding="ascii", newline="\n")  # noqa: SIM115 - stays open until `close`
        self._images: dict[int, str] = {}  # number and name of images; frames of a video have numbers of their own
        self._separator = "["
        self._failed = False

    def write(self, result: Result, picture: Image | None = None) -> None:
        """Add everyone in one image. Raises PoseDeskError where an image's number was there before."""
        name = result.frame.name
        number = image_number(name)
        if number is None:  # a video's frame or a picture that is not COCO's: its index, or the next that is free
            number = result.frame.index
            while number in self._images:
                number += 1
        if number in self._images:
            self._failed = True
            raise PoseDeskError(
                f"Cannot write {self.target}: {self._images[number]} and {name} are both image number {number}. "
                "COCO results need a number of its own at the end of each image's name."
            )
        if name:
            self._images[number] = name
        try:
            for entry in coco_entries(number, result.people):
                self._file.write(self._separator + json.dumps(entry, separators=(",", ":")))
                self._separator = ",\n"
            self._file.flush()
        except OSError:
            self._failed = True
            raise

    def close(self) -> None:
        """Finish the list and give it its name; after a failed write only the part is left."""
        if self._file.closed:
            return
        try:
            if not self._failed:
                self._file.write("[]\n" if self._separator == "[" else "]\n")
        finally:
            self._file.close()
        if not self._failed:
            os.replace(self._part, self.target)
