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
from core.outputs.base import Sink, claim_file, name_as_text, opening
from core.sources.images import picture_stem
from core.types import Frame, Image, People, Result

PERSON_CATEGORY = 1


def image_number(name: str) -> int | None:
    """COCO's number of an image: what the stem of its name consists of or ends with after an underscore; None where it
    has none.
    """
    digits = re.search(r"(?:^|_)(\d+)$", picture_stem(name))
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

    `image_id` is the number of the image's name, as COCO has it, where every image has one of its own; otherwise it is
    that of the frame for all of them, and each entry has a `file_name` too, which readers of COCO's form pass over.
    For a video it is the number of the frame.

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
        self._images: dict[int, tuple[int, str]] = {}  # place and name of images, by their number
        self._reason = ""  # why numbers are places
        self._separator = "["
        self._failed = False

    @property
    def note(self) -> str:
        """What the user has to know of the numbers of images; empty where they are those of the names."""
        if not self._reason:
            return ""
        return (
            f"{self._reason}: image_id in the COCO results is the number of the frame, from 0, as in a CSV, and "
            "file_name says which picture it is."
        )

    def write(self, result: Result, picture: Image | None = None) -> None:
        """Add everyone in one image."""
        frame = result.frame
        try:
            number = self._number(frame)
            for entry in coco_entries(number, result.people):
                self._add(entry, frame.name)
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

    def _number(self, frame: Frame) -> int:
        if not frame.name or self._reason:
            return frame.index
        number = image_number(frame.name)
        if number is None:
            self._number_by_frame(f"{name_as_text(frame.name)} has no number in its name")
            return frame.index
        if number in self._images:
            other = name_as_text(self._images[number][1])
            self._number_by_frame(f"{other} and {name_as_text(frame.name)} both have the number {number}")
            return frame.index
        self._images[number] = frame.index, frame.name
        return number

    def _number_by_frame(self, reason: str) -> None:
        """From now on, and in what is written already. The old part stays until the new one has all of it."""
        self._reason = reason
        self._file.close()
        again = self._part.with_name(f".{self._part.name}")
        self._separator = "["
        try:
            with (
                open(self._part, encoding="ascii") as old,
                open(again, "w", encoding="ascii", newline="\n") as self._file,
            ):
                for line in old:
                    entry = json.loads(line.strip().removeprefix("[").removesuffix(","))
                    entry["image_id"], name = self._images[entry["image_id"]]
                    self._add(entry, name)
            os.replace(again, self._part)
            self._file = open(self._part, "a", encoding="ascii", newline="\n")  # noqa: SIM115 - stays open until `close`
        except OSError:
            again.unlink(missing_ok=True)
            raise
        self._images.clear()

    def _add(self, entry: dict[str, Any], image: str) -> None:
        if self._reason and image:
            entry = {**entry, "file_name": name_as_text(image)}
        self._file.write(self._separator + json.dumps(entry, separators=(",", ":")))
        self._separator = ",\n"
