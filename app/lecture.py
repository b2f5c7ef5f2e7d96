"""What the view of how people are found shows of a frame: pictures and a table. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np

from core import skeleton
from core.decode import Pair, contest
from core.outputs import blur_faces, candidates_picture, confidence_picture, regions_of, regions_picture
from core.settings import DecodeSettings
from core.types import Image, Maps, Result, Transform

WIDEST = 1280  # pixels of a picture: more than the view can show costs time for nothing
MOST_ROWS = 500
OUTCOMES = {"won": "won", "lost": "lost", "rejected": "no candidate"}


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be shown. number: of the point or link; marked: the row that is chosen, or -1."""

    result: Result
    about: Literal["point", "link"]
    number: int
    settings: DecodeSettings
    blur: bool = False
    marked: int = -1


@dataclass(frozen=True, slots=True)
class Page:
    """pictures: caption and BGR image; head, rows: of a table; won: the rows that won"""

    question: Question
    said: str
    pictures: list[tuple[str, Image]]
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    won: frozenset[int]


def answer(question: Question) -> Page:
    """The page for a question."""
    result = question.result
    image = blur_faces(result.frame.image, result.people) if question.blur else result.frame.image
    image, maps = _smaller(image, result.maps)
    return (_of_point if question.about == "point" else _of_link)(question, image, maps)


def _of_point(question: Question, image: Image, maps: Maps) -> Page:
    result, point, threshold = question.result, question.number, question.settings.peak_threshold
    peaks, name = result.peaks, skeleton.POINT_NAMES[point]
    count, _ = regions_of(result.maps, point, threshold)
    numbers = range(int(peaks.starts[point]), int(peaks.starts[point + 1]))
    order = sorted(numbers, key=lambda peak: -float(peaks.scores[peak]))
    places = result.maps.transform.to_image(peaks.xy)
    owners = {peak: _owner(result, point, places[peak]) for peak in order}
    rows = [
        (str(peak), f"{places[peak][0]:.1f}", f"{places[peak][1]:.1f}", f"{peaks.scores[peak]:.3f}",
         owners[peak] or "nobody")
        for peak in order
    ]  # fmt: skip
    regions = regions_picture(image, maps, peaks, point, threshold)
    if 0 <= question.marked < len(order):
        x, y = maps.transform.to_image(peaks.xy[order[question.marked]])
        unit = max(min(image.shape[:2]), 160) / 720
        cv2.circle(regions, (round(float(x)), round(float(y))), round(16 * unit), (255, 255, 255), 2, cv2.LINE_AA)
    return Page(
        question,
        f"{_counted(count, 'region')} of the {name} above {threshold:g}, {_counted(len(order), 'peak')} found in "
        f"{'it' if count == 1 else 'them'}.",
        [(f"Confidence map of the {name}", confidence_picture(image, maps, point)), ("Regions and peaks", regions)],
        ("Peak", "x", "y", "Score", "Belongs to"),
        rows[:MOST_ROWS],
        frozenset(row for row, peak in enumerate(order) if owners[peak]),
    )


def _of_link(question: Question, image: Image, maps: Maps) -> Page:
    result, kind, settings = question.result, question.number, question.settings
    pairs = contest(result.peaks, result.maps.affinity, kind, settings)
    won = frozenset(row for row, pair in enumerate(pairs) if pair.outcome == "won")
    candidates = sum(pair.outcome != "rejected" for pair in pairs)
    rows = [
        (str(pair.a), str(pair.b), f"{pair.counting} of {pair.samples}",
         "" if pair.outcome == "rejected" else f"{pair.score:.3f}", _outcome(pair, pairs, settings))
        for pair in pairs[:MOST_ROWS]
    ]  # fmt: skip
    a, b = (skeleton.POINT_NAMES[end] for end in (skeleton.LINKS[kind].a, skeleton.LINKS[kind].b))
    return Page(
        question,
        f"{_counted(len(pairs), 'pair')}, {_counted(candidates, 'candidate')}, {len(won)} won. A candidate: the field "
        f"exceeds {settings.link_threshold:g} at more than {100 * settings.link_share:.0f} % of the samples.",
        [(f"Field from {a} to {b}", candidates_picture(image, maps, result.peaks, kind, pairs, question.marked))],
        (a.capitalize(), b.capitalize(), "Samples", "Score", "Outcome"),
        rows,
        won,
    )


def _outcome(pair: Pair, pairs: list[Pair], settings: DecodeSettings) -> str:
    text = OUTCOMES[pair.outcome]
    if pair.outcome == "lost":
        winner = pairs[pair.beaten_by]
        text += f" to {winner.a} - {winner.b}"
    elif pair.outcome == "won" and pair.counting <= settings.link_share * pair.samples:
        text += ", being so near"
    return text


def _owner(result: Result, point: int, place: np.ndarray) -> str:  # type: ignore[type-arg]
    """Who has a peak at a place, (2,) image pixels; empty where nobody has."""
    with np.errstate(invalid="ignore"):
        away = np.linalg.norm(result.people.keypoints[:, point] - place, axis=1)
    near = np.flatnonzero(away < 0.01)
    if not len(near):
        return ""
    person = int(result.ids[near[0]])
    return f"#{person}" if person > 0 else f"person {near[0] + 1}"


def _smaller(image: Image, maps: Maps) -> tuple[Image, Maps]:
    """Image and maps, made as small as they are shown."""
    share = WIDEST / image.shape[1]
    if share >= 1:
        return image, maps
    size = WIDEST, max(1, round(image.shape[0] * share))
    small = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    shares = size[0] / image.shape[1], size[1] / image.shape[0]
    scale, offset = maps.transform.scale, maps.transform.offset
    moved = Transform(
        (scale[0] * shares[0], scale[1] * shares[1]),
        ((offset[0] + 0.5) * shares[0] - 0.5, (offset[1] + 0.5) * shares[1] - 0.5),
    )
    return small, replace(maps, transform=moved)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
