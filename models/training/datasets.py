"""Pictures with labelled people, in the 18 points of this project, whatever the data set."""

from __future__ import annotations

import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.skeleton import COCO_ORDER, L_SHOULDER, NECK, POINTS, R_SHOULDER
from core.types import Floats, Image

BODY = tuple(range(1, 14))  # neck to ankles: the points that the Leeds labels have; they know no eyes and ears

# The place of each of our body points in the Leeds order (right ankle ... left ankle, right wrist ... left wrist,
# neck, head top).  Their neck is not ours, which is the middle of the shoulders.
_LEEDS_ORDER = {2: 8, 3: 7, 4: 6, 5: 9, 6: 10, 7: 11, 8: 2, 9: 1, 10: 0, 11: 3, 12: 4, 13: 5}
_LEEDS_HEAD = (12, 13)


@dataclass(frozen=True, slots=True)
class Example:
    """A picture and what is known of it.

    image:   (height, width, 3) uint8, BGR
    people:  (n, 18, 2) float32, image pixels; NaN where a point is not labelled
    regions: (n, 4) float32, image pixels: left, top, right, bottom; within it the labels of the person are complete,
             so far as `known` says; outside of all regions nothing is known
    known:   (18,) bool, the points that the labels of this data set can have
    """

    image: Image
    people: Floats
    regions: Floats
    known: NDArray[np.bool_]


def read_coco(archive: Path) -> Iterator[Example]:
    """The pictures of a zip with `person_keypoints.json` and `images/`, in COCO's form."""
    with zipfile.ZipFile(archive) as files:
        data = json.loads(files.read("person_keypoints.json"))
        people: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for annotation in data["annotations"]:
            people[annotation["image_id"]].append(annotation)
        for entry in data["images"]:
            found = people[entry["id"]]
            points = np.array([_from_coco(person["keypoints"]) for person in found], np.float32)
            regions = np.array([grown(person["bbox"]) for person in found], np.float32)
            yield Example(
                _image(files.read(f"images/{entry['file_name']}"), entry["file_name"]),
                points.reshape(-1, POINTS, 2),
                regions.reshape(-1, 4),
                np.ones(POINTS, np.bool_),
            )


def read_leeds(archive: Path) -> Iterator[Example]:
    """The pictures of a zip with `joints.json` and `images/`: Leeds Sports Pose Extended, one labelled person each."""
    known = np.zeros(POINTS, np.bool_)
    known[list(BODY)] = True
    with zipfile.ZipFile(archive) as files:
        for entry in json.loads(files.read("joints.json"))["images"]:
            joints = np.array(entry["joints"], np.float32)
            joints[joints[:, 2] == 0] = np.nan  # what is not seen has no true coordinates in this data set
            person = np.full((POINTS, 2), np.nan, np.float32)
            for point, joint in _LEEDS_ORDER.items():
                person[point] = joints[joint, :2]
            person[NECK] = (person[R_SHOULDER] + person[L_SHOULDER]) / 2
            seen = np.concatenate([person, joints[list(_LEEDS_HEAD), :2]])
            if np.isfinite(person).all(axis=1).sum() < 4:
                continue
            low, high = np.nanmin(seen, axis=0), np.nanmax(seen, axis=0)
            region = np.array([grown([*low, *(high - low)])], np.float32)
            yield Example(
                _image(files.read(f"images/{entry['file_name']}"), entry["file_name"]), person[None], region, known
            )


def _from_coco(keypoints: list[float]) -> Floats:
    labels = np.array(keypoints, np.float32).reshape(17, 3)
    person = np.full((POINTS, 2), np.nan, np.float32)
    person[COCO_ORDER] = np.where(labels[:, 2:] > 0, labels[:, :2], np.nan)
    person[NECK] = (person[R_SHOULDER] + person[L_SHOULDER]) / 2
    return person


def grown(box: list[float]) -> tuple[float, float, float, float]:
    """left, top, right, bottom of a box (left, top, width, height) with a border, since points lie at its edge."""
    left, top, width, height = box
    border = 0.08 * max(width, height)
    return left - border, top - border, left + width + border, top + height + border


def _image(data: bytes, name: str) -> Image:
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    if image is None:
        raise ValueError(f"{name} is not an image that can be read")
    return image  # type: ignore[return-value]
