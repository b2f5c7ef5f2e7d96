"""The JSON that OpenPose writes with `--write_json`: a folder with a file a frame."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.analysis.about import MOST_FRAMES
from core.analysis.packing import people_of, whole_points
from core.analysis.records import Found
from core.errors import InputError
from core.skeleton import POINTS
from core.sources.images import by_name
from core.sources.trouble import unusable
from core.types import Floats, People

MOST_BYTES = 16 << 20  # of one file: a thousand people take less
MOST_PEOPLE = 1000
_ENDING = "_keypoints.json"
_SHARE = 1.5  # what lies outside of the picture is beyond 1
_ENOUGH = 3  # points, which are nowhere in so few pixels
_NUMBERED = re.compile(r"(?:.*_)?(\d{12})_keypoints\.json")
# Where the 18 points stand in the 25 of OpenPose's newer model, which has a middle of the hips and feet besides.
_OF_25 = np.array((0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18), np.intp)


def read_openpose(
    folder: Path, fps: float, times: NDArray[np.float64] | None = None, pictures: bool = False
) -> Iterator[Found]:
    """The frames of a folder. Raises InputError.

    fps: frames a second of the film, which OpenPose does not write; times: seconds of each frame, where they are known;
    pictures: they are known to be of pictures, whatever their names

    Files with OpenPose's 12-digit numbers are frames of a film else; others are pictures, one a second, in the order
    that the pictures themselves have in a folder.  Models of 18 and of 25 points are read.  Shares of the picture in
    place of pixels are refused.  OpenPose calls the centre of the top left pixel (0.5, 0.5) and PoseDesk (0, 0);
    numbers stay as they are.
    """
    files = _files(folder)
    if not files:
        raise InputError(
            f"{folder} has no files that end with {_ENDING} in it. Give a folder that OpenPose or posedesk wrote."
        )
    numbers = _numbers(files)
    film = not pictures and len(numbers) == len(files)
    files.sort(key=lambda path: (numbers[path] if film else 0, by_name(path.name.removesuffix(_ENDING))))
    for place, path in enumerate(files):
        index = numbers[path] if film else place
        if index >= MOST_FRAMES:
            raise InputError(f"{path} is frame {index}; there are at most {MOST_FRAMES}.")
        time = (index / fps if times is None or index >= len(times) else float(times[index])) if film else float(place)
        people, ids = _read(path)
        yield Found(index, time, people, ids, "" if film else path.name.removesuffix(_ENDING))


def is_numbered(folder: Path) -> bool:
    """Whether it is read as frames of a film where nothing else is known: data sets number their pictures so too.
    Raises InputError."""
    files = _files(folder)
    return 0 < len(files) == len(_numbers(files))


def _files(folder: Path) -> list[Path]:
    try:
        return [entry for entry in folder.iterdir() if entry.name.endswith(_ENDING)]
    except OSError as e:
        raise unusable(str(folder), e) from e


def _numbers(files: list[Path]) -> dict[Path, int]:
    """Of those that have a number of OpenPose's."""
    return {path: int(match[1]) for path in files if (match := _NUMBERED.fullmatch(path.name))}


def _read(path: Path) -> tuple[People, Any]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"{path} is too large for the people of one frame. Remove it from the folder.")
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        entries = content["people"]
        if not isinstance(entries, list):
            raise _FormError("people is no list")
        if len(entries) > MOST_PEOPLE:
            raise _FormError(f"more than {MOST_PEOPLE} people")
        rows = [_points(entry) for entry in entries]
        ids = np.array([_person(entry) for entry in entries], np.int32)
    except OSError as e:
        raise unusable(str(path), e) from e
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as e:
        raise InputError(f"{path} is not as OpenPose writes it: {_reason(e)}. Remove it, or write it again.") from e
    points: Floats = np.array(rows, np.float32).reshape(-1, POINTS, 3)
    points = whole_points(points)
    kept = points[..., 2].any(axis=1)
    points = points[kept]
    if _are_shares(points).any():
        raise InputError(
            f"{path} has people within a pixel and a half: OpenPose was told to write shares of the picture. Write it "
            "again without --keypoint_scale, in pixels."
        )
    return people_of(points, points[..., 2].sum(axis=1)), ids[kept]


def _are_shares(points: Floats) -> NDArray[np.bool_]:
    """(n,) whether somebody's points go from 0 to 1, or from -1 to 1, and not over pixels. points: (n, 18, 3)"""
    there = points[..., 2] > 0
    small = (np.abs(points[..., :2]) <= _SHARE).all(axis=-1)
    return np.asarray((there.sum(axis=1) >= _ENOUGH) & (small | ~there).all(axis=1))


class _FormError(ValueError):
    """Says what is not as it should be."""


def _reason(error: Exception) -> str:
    match error:
        case _FormError():
            return str(error)
        case json.JSONDecodeError():
            return f"line {error.lineno} is no JSON"
        case UnicodeDecodeError() | RecursionError():
            return "it is no JSON"
        case KeyError():
            return f"{error.args[0]} is missing"
    return "it has no people with numbers"


def _points(entry: Any) -> Floats:
    """(18, 3) x, y, score of one person."""
    old = "pose_keypoints" in entry and "pose_keypoints_2d" not in entry
    numbers = np.array(entry["pose_keypoints" if old else "pose_keypoints_2d"], float)
    if not numbers.size:  # a face or hands alone: OpenPose was told to look for no bodies
        return np.full((POINTS, 3), np.nan, np.float32)
    if numbers.shape not in ((3 * POINTS,), (3 * 25,)):
        raise _FormError(f"{numbers.size} numbers where 18 or 25 points have 54 or 75")
    with np.errstate(over="ignore"):  # what is too large is no place in a picture, and is left out
        points = numbers.reshape(-1, 3).astype(np.float32)
    return points[_OF_25] if len(points) == 25 else points


def _person(entry: Any) -> int:
    number = entry.get("person_id", [-1])
    number = number[0] if isinstance(number, list) and number else number if isinstance(number, int) else -1
    if not isinstance(number, int) or not -(2**31) <= number < 2**31:
        raise _FormError("person_id is no whole number")
    return max(number, -1)
