"""What the view of how people are found shows of a frame: pictures and a table. No Qt here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np

from core import skeleton
from core.decode import Pair, contest
from core.outputs import (
    Context,
    Overlay,
    blur_faces,
    candidates_picture,
    confidence_picture,
    draw,
    draw_links,
    draw_peaks,
    regions_of,
    regions_picture,
)
from core.settings import DecodeSettings
from core.types import Image, Maps, Peaks, Result, Transform
from core.words import counted

WIDEST = 1280  # pixels of a picture: more than the view can show costs time for nothing
MOST_ROWS = 500
OUTCOMES = {"won": "won", "lost": "lost", "rejected": "no candidate"}

About = Literal["point", "link", "points", "links", "people"]
_NUMBER = "The number of this peak, as in the picture."
_PIXELS = "Pixels of the picture, from its left", "Pixels of the picture, from its top"


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be shown. number: of the point or link, 0 where all are; marked: the row that is chosen, or -1."""

    result: Result
    about: About
    number: int
    settings: DecodeSettings
    blur: bool = False
    marked: int = -1


@dataclass(frozen=True, slots=True)
class Label:
    """Of a peak. x, y: where it is in the picture, pixels; won: somebody has it in the end"""

    x: float
    y: float
    text: str
    won: bool


@dataclass(frozen=True, slots=True)
class Page:
    """said: what was found; explained: what is seen, or what the row that is chosen shows; pictures: caption and BGR
    image; labels: of the last picture, those that matter most first; head, tips, rows: of a table; won: the rows that
    won"""

    question: Question
    said: str
    explained: str
    pictures: list[tuple[str, Image]]
    labels: Sequence[Label]
    head: tuple[str, ...]
    tips: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    won: frozenset[int]


def answer(question: Question) -> Page:
    """The page for a question."""
    result = question.result
    image = blur_faces(result.frame.image, result.people) if question.blur else result.frame.image
    if question.about == "people":
        return _of_people(question, image)
    image, maps = _smaller(image, result.maps)
    return _PAGES[question.about](question, image, maps)


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
    regions = regions_picture(image, maps, peaks, point, threshold, labels=False)
    higher = "Each region's highest place is a peak"
    if question.settings.peak_search == "maxima":
        higher = "Each place that is higher than those around it is a peak"
    explained = (
        f"Left: how likely the {name} is at each place; clear is 0, violet little, red more, yellow about 1. Right: "
        f"the regions above the threshold. {higher}: a candidate, with its number and its score."
    )
    if 0 <= question.marked < len(order):
        chosen = order[question.marked]
        _circle(regions, maps, peaks.xy[chosen])
        explained = (
            f"Peak {chosen} has a circle: the {name} of {owners[chosen] or 'nobody, as no link holds it to others'}."
        )
    return Page(
        question,
        f"{counted(count, 'region')} of the {name} above {threshold:g}, {counted(len(order), 'peak')} found in "
        f"{'it' if count == 1 else 'them'}.",
        explained,
        [(f"Confidence map of the {name}", confidence_picture(image, maps, point)), ("Regions and peaks", regions)],
        _labels(
            maps,
            peaks,
            {peak: f"{peak}: {peaks.scores[peak]:.2f}" for peak in order},
            {peak for peak in order if owners[peak]},
            order[question.marked : question.marked + 1],
        ),
        ("Peak", "x", "y", "Score", "Belongs to"),
        (
            _NUMBER,
            *_PIXELS,
            "The map's value there: how likely it is, 0 to about 1.",
            "Who has this point in the end; a peak without links that hold it to others is nobody's.",
        ),
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
    which = "all samples" if settings.mean_of_all else "the samples that count"
    explained = (
        f"The field says at each place which way from {a} to {b} somebody's limb runs: colour and arrows are its "
        f"direction, and it is about 1 long where the net is sure. Each pair of peaks is tried: a sample is how far "
        f"the field runs along the line between them, and the score is the mean of {which}."
    )
    marked: list[int] = []
    if 0 <= question.marked < min(len(pairs), MOST_ROWS):
        pair = pairs[question.marked]
        marked = [pair.a, pair.b]
        explained = (
            f"The line from {pair.a} to {pair.b} is wide, with its samples: white where the field exceeds "
            f"{settings.link_threshold:g} along the line, dark where it does not; {pair.counting} of {pair.samples} do."
        )
    ends = [
        peak
        for end in (skeleton.LINKS[kind].a, skeleton.LINKS[kind].b)
        for peak in range(int(result.peaks.starts[end]), int(result.peaks.starts[end + 1]))
    ]
    return Page(
        question,
        f"{counted(len(pairs), 'pair')}, {counted(candidates, 'candidate')}, {len(won)} won. A candidate: the field "
        f"exceeds {settings.link_threshold:g} at more than {100 * settings.link_share:.0f} % of the samples.",
        explained,
        [(f"Field from {a} to {b}", candidates_picture(image, maps, result.peaks, kind, pairs, question.marked))],
        _labels(
            maps,
            result.peaks,
            {peak: str(peak) for peak in ends},
            {peak for row in won for peak in (pairs[row].a, pairs[row].b)},
            marked,
        ),
        (a.capitalize(), b.capitalize(), "Samples", "Score", "Outcome"),
        (
            _NUMBER,
            _NUMBER,
            f"At how many places along the line the field exceeds {settings.link_threshold:g}.",
            f"The mean of {which}: 1 where a field of length 1 runs along the line; the net may give a little more.",
            "The best candidate wins its two peaks; another one that needs one of them has lost.",
        ),
        rows,
        won,
    )


def _of_points(question: Question, image: Image, maps: Maps) -> Page:
    peaks = question.result.peaks
    places = question.result.maps.transform.to_image(peaks.xy)
    picture = draw_peaks(image, peaks, maps.transform)
    explained = "All peaks of all points: the colour is that of the point, and who is surer is larger."
    if 0 <= question.marked < min(len(peaks), MOST_ROWS):
        _circle(picture, maps, peaks.xy[question.marked])
        explained = f"Peak {question.marked} has a circle."
    rows = [
        (str(peak), skeleton.POINT_NAMES[kind], f"{x:.1f}", f"{y:.1f}", f"{score:.3f}")
        for peak, (kind, (x, y), score) in enumerate(
            zip(peaks.kinds().tolist(), places.tolist(), peaks.scores.tolist(), strict=True)
        )
    ]  # fmt: skip
    return Page(
        question, f"{counted(len(peaks), 'peak')}, the candidates for points of people.", explained,
        [("All points", picture)], (), ("Peak", "Point", "x", "y", "Score"),
        ("The number of this peak, the same in all tables.", "Of which point.", *_PIXELS,
         "How likely it is, 0 to about 1."),
        rows[:MOST_ROWS], frozenset(range(len(rows))),
    )  # fmt: skip


def _of_links(question: Question, image: Image, maps: Maps) -> Page:
    peaks, links = question.result.peaks, question.result.links
    picture = draw_links(image, peaks, links, maps.transform)
    kinds = np.repeat(np.arange(len(skeleton.LINKS)), np.diff(links.starts)).tolist()
    explained = "The links that have won, of every kind: the colour is that of the kind, and who is surer is wider."
    if 0 <= question.marked < min(len(links), MOST_ROWS):
        a, b = links.pairs[question.marked].tolist()
        for peak in (a, b):
            _circle(picture, maps, peaks.xy[peak])
        explained = f"Peaks {a} and {b}, which this link joins, have circles."
    rows = [
        (skeleton.link_name(kind), str(a), str(b), f"{score:.3f}")
        for kind, (a, b), score in zip(kinds, links.pairs.tolist(), links.scores.tolist(), strict=True)
    ]  # fmt: skip
    return Page(
        question, f"{counted(len(links), 'link')}; those that share a peak make a person.", explained,
        [("All links", picture)], (), ("Link", "From", "To", "Score"),
        ("Of which kind.", "The number of the peak it begins at.", "The number of the peak it ends at.",
         "The mean of the field along it; the net may give a little more than 1."),
        rows[:MOST_ROWS], frozenset(range(len(rows))),
    )  # fmt: skip


def _of_people(question: Question, image: Image) -> Page:
    result = question.result
    people, ids = result.people, result.ids
    explained = (
        "Links that share a peak are put together, and are a person where there are enough points and they are sure "
        "enough."
    )
    selected = frozenset[int]()
    if 0 <= question.marked < len(people):
        selected = frozenset({int(ids[question.marked])} - {-1})
        explained = "This person has corners." if selected else "Who has no ID cannot be shown alone."
    picture = draw(image, people, ids, None, Overlay(), Context(selected=selected))
    points = people.scores.sum(axis=1)
    rows = [
        (f"#{person}" if person > 0 else f"person {i + 1}", f"{int(found)} of {skeleton.POINTS}", f"{mine:.2f}",
         f"{total - mine:.2f}", f"{total:.2f}")
        for i, (person, found, mine, total) in enumerate(
            zip(ids.tolist(), people.found().sum(axis=1), points.tolist(), people.totals.tolist(), strict=True)
        )
    ]  # fmt: skip
    count = len(people)
    return Page(
        question, f"{count} {'person' if count == 1 else 'people'}.", explained, [("People", _small(picture))],
        (), ("Person", "Points", "Of points", "Of links", "Total"),
        ("The ID that tracking gave, where there is one.", "How many of the points were found.",
         "The scores of the points, added up.", "The scores of the links, added up.", "Both: who has more is surer."),
        rows[:MOST_ROWS], frozenset(range(count)),
    )  # fmt: skip


_PAGES: dict[str, Callable[[Question, Image, Maps], Page]] = {
    "point": _of_point, "link": _of_link, "points": _of_points, "links": _of_links,
}  # fmt: skip


def _labels(
    maps: Maps, peaks: Peaks, texts: Mapping[int, str], won: Collection[int], marked: Sequence[int]
) -> list[Label]:
    """Of the peaks in `texts`. Before all others come those of the row that is chosen, then who has won."""
    places = maps.transform.to_image(peaks.xy)
    order = sorted(texts, key=lambda peak: (peak not in marked, peak not in won, -float(peaks.scores[peak])))
    return [Label(float(places[peak][0]), float(places[peak][1]), texts[peak], peak in won) for peak in order]


def _circle(picture: Image, maps: Maps, cell: np.ndarray) -> None:  # type: ignore[type-arg]
    """Around a peak, (2,) in cells."""
    x, y = maps.transform.to_image(cell)
    unit = max(min(picture.shape[:2]), 160) / 720
    cv2.circle(picture, (round(float(x)), round(float(y))), round(16 * unit), (255, 255, 255), 2, cv2.LINE_AA)


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
    small = _small(image)
    if small is image:
        return image, maps
    shares = small.shape[1] / image.shape[1], small.shape[0] / image.shape[0]
    scale, offset = maps.transform.scale, maps.transform.offset
    moved = Transform(
        (scale[0] * shares[0], scale[1] * shares[1]),
        ((offset[0] + 0.5) * shares[0] - 0.5, (offset[1] + 0.5) * shares[1] - 0.5),
    )
    return small, replace(maps, transform=moved)


def _small(image: Image) -> Image:
    """Made as small as it is shown."""
    share = WIDEST / image.shape[1]
    if share >= 1:
        return image
    size = WIDEST, max(1, round(image.shape[0] * share))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
