"""People, points and links drawn over a picture.

Widths follow the size of each person, so that a child in the background is not buried under its own skeleton, and the
size of the picture, so that a drawing on 4K is as easy to see as one on 320 pixels.  Pictures are (height, width, 3)
uint8, BGR; what is given is never drawn into.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from core import skeleton
from core.outputs import fields
from core.outputs.context import PLAIN, Context
from core.outputs.faces import blur_faces
from core.outputs.fall_labels import paint_falls
from core.outputs.overlay import Overlay
from core.outputs.paint import DARK, WHITE, Letters, Strokes, label_size, paint_label, stroke_letters
from core.skeleton import Color
from core.types import Floats, Image, Ints, Links, Maps, Peaks, People, Result, Transform

Place = tuple[int, int, int, int]  # left, top, right, bottom of a label, in pixels

UNTRACKED: Color = (205, 200, 195)  # people without an ID

_FACE = frozenset((skeleton.NOSE, skeleton.R_EYE, skeleton.L_EYE, skeleton.R_EAR, skeleton.L_EAR))
_FACE_SHARE = 0.6  # points of a face lie close together: they are drawn smaller
_LINK_ENDS = skeleton.LINK_POINTS[: skeleton.BODY_LINKS]
_LINK_COLORS = np.array([link.color for link in skeleton.LINKS], np.uint8)[: skeleton.BODY_LINKS]
_LINK_SHARES = np.array(
    [_FACE_SHARE if link.a != skeleton.NECK and link.b in _FACE else 1 for link in skeleton.LINKS], np.float32
)[: skeleton.BODY_LINKS]
_POINT_COLORS = np.array(skeleton.POINT_COLORS, np.uint8)
_POINT_SHARES = np.array([_FACE_SHARE if point in _FACE else 1 for point in range(skeleton.POINTS)], np.float32)
_SHORT_NAMES = tuple(name.replace("right ", "R ").replace("left ", "L ") for name in skeleton.POINT_NAMES)
_LONGEST_NAME = max(_SHORT_NAMES, key=len)
_NAME_SHARE = 0.4  # of a person's size is what a name with its score may be wide at most
_NAMES_SHARE = 1.4  # of a person's size is what all names, one below the other, may be high at most
_BESIDE = (0, -0.5, 0.5, -1, 1)  # a name farther from its point than this would be taken for another's
_BETWEEN = 2  # pixels between the plate of a person and the one of what is done
_BRIDGED = 0.6  # opacity of what is lost this very moment
_CASING = 0.55  # opacity of the dark edge that sets strokes off from a bright picture


def annotate(result: Result, overlay: Overlay, context: Context = PLAIN) -> Image:
    """A new picture of `result.frame` with everything that `overlay` asks for."""
    if result.actions is not None:
        done = zip(result.ids.tolist(), result.actions.labels, strict=True)
        context = replace(context, actions={person: label for person, label in done if label})
    return draw(result.frame.image, result.people, result.ids, result.maps, overlay, context)


def draw(
    image: Image, people: People, ids: Ints, maps: Maps | None, overlay: Overlay, context: Context = PLAIN
) -> Image:
    """A new picture: `image` with everything that `overlay` asks for.

    ids:  (n,) int32, one a person; -1 where a person has no ID
    maps: may be None where `overlay.needs_maps` is false
    """
    if overlay.blur:
        image = blur_faces(image, people)
    canvas = draw_below(image, maps, overlay)
    draw_people(canvas, people, ids, overlay, context)
    return canvas


def draw_below(image: Image, maps: Maps | None, overlay: Overlay) -> Image:
    """A new picture with what lies below the people: `image`, dimmed or not, and the maps of the net."""
    canvas = _background(image, overlay)
    if maps is not None and overlay.map_of is not None:
        fields.blend_confidence(canvas, maps, overlay.map_of)
    if maps is not None and overlay.field_of is not None:
        fields.blend_affinity(canvas, maps, overlay.field_of)
    return canvas


def draw_people(canvas: Image, people: People, ids: Ints, overlay: Overlay, context: Context = PLAIN) -> None:
    """Draw into `canvas`, C-contiguous, what `overlay` asks for of people."""
    people, ids = context.shown(people, ids)
    shown = _shown_points(people, overlay)
    sizes = person_sizes(people)
    radii = stroke_radii(sizes, canvas)
    boxes = people.boxes()
    strokes = Strokes()
    _add_trails(strokes, context, canvas)
    if overlay.bridged:
        _add_bridges(strokes, context, canvas, overlay)
    # The surest come first in `people` and are drawn last, over the others.
    for i in reversed(range(len(people))):
        if overlay.boxes:
            _add_box(strokes, _box_around(boxes[i], radii[i]), float(radii[i]), person_color(int(ids[i])))
        _add_person(strokes, shown[i], float(radii[i]), overlay)
        if context.selected and int(ids[i]) in context.selected:
            _add_corners(strokes, _box_around(boxes[i], 1.6 * radii[i]), float(radii[i]), person_color(int(ids[i])))
    strokes.paint(canvas)
    taken: list[Place] = []
    if overlay.ids or overlay.scores or overlay.actions:
        _paint_labels(canvas, people, ids, sizes, overlay, context, taken)
    if overlay.names:
        _paint_names(canvas, shown, people.scores, sizes, overlay, context.fine, taken)
    paint_falls(canvas, context.lost, context.fine)


def person_color(person: int) -> Color:
    """The colour of the person with this ID, the same wherever the person is shown."""
    return UNTRACKED if person < 0 else skeleton.PEOPLE_COLORS[person % len(skeleton.PEOPLE_COLORS)]


def person_sizes(people: People) -> Floats:
    """(n,) float32: how tall each person is or would be standing, in pixels, judged by what is seen of the body."""
    if not len(people):
        return np.empty(0, np.float32)
    xy = people.keypoints
    boxes = people.boxes()
    extent = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    # Of a person cut off by the picture's border or sitting, the box says too little: parts of the body tell how large
    # it is.
    shoulders = 4.0 * np.linalg.norm(xy[:, skeleton.R_SHOULDER] - xy[:, skeleton.L_SHOULDER], axis=1)
    hips = xy[:, (skeleton.R_HIP, skeleton.L_HIP)] - xy[:, skeleton.NECK, None]
    torso = 3.0 * np.fmax.reduce(np.linalg.norm(hips, axis=2), axis=1)
    sizes: Floats = np.fmax(np.fmax(extent, shoulders), torso).astype(np.float32)
    return sizes


def stroke_radii(sizes: Floats, image: Image) -> Floats:
    """(n,) float32: half the width of the lines of people of these `sizes`, in pixels."""
    unit = max(min(image.shape[:2]), 160) / 720  # 1 on 720p
    return np.clip(0.0065 * sizes, max(0.6, 0.9 * unit), max(1.6, 5 * unit)).astype(np.float32)


def _background(image: Image, overlay: Overlay) -> Image:
    if overlay.background == "black":
        return np.zeros_like(image, order="C")
    if overlay.background == "dimmed":
        return cv2.convertScaleAbs(image, alpha=0.35).astype(np.uint8, copy=False)
    return np.array(image, order="C")


def _shown_points(people: People, overlay: Overlay) -> Floats:
    """(n, 18, 2): the points to draw; NaN for all others."""
    if not overlay.only:
        return people.keypoints
    shown = np.full_like(people.keypoints, np.nan)
    chosen = list(overlay.only)
    shown[:, chosen] = people.keypoints[:, chosen]
    return shown


def _add_person(strokes: Strokes, xy: Floats, radius: float, overlay: Overlay) -> None:
    """Add the links and points of one person; (18, 2) `xy`, NaN where there is none."""
    edge = max(0.7, 0.35 * radius)
    a, b = xy[_LINK_ENDS[:, 0]], xy[_LINK_ENDS[:, 1]]
    lines, dots = radius * _LINK_SHARES, 1.75 * radius * _POINT_SHARES
    # All dark edges of a person lie below all colours: they surround the figure and do not cut it at the joints.
    if overlay.skeleton:
        strokes.lines(a, b, lines + edge, DARK, _CASING)
    if overlay.points:
        strokes.dots(xy, dots + edge, DARK, _CASING)
    if overlay.skeleton:
        strokes.lines(a, b, lines, _LINK_COLORS)
    if overlay.points:
        strokes.dots(xy, dots, WHITE)
        strokes.dots(xy, 0.72 * dots, _POINT_COLORS)


def _box_around(box: Floats, radius: float) -> Floats:
    """(4,) `box` made a little larger: points lie inside the body, not on its outline."""
    pad = 0.04 * max(box[2] - box[0], box[3] - box[1]) + 3 * radius
    return box + np.array((-pad, -pad, pad, pad), np.float32)


def _add_box(strokes: Strokes, box: Floats, radius: float, color: Color) -> None:
    left, top, right, bottom = box
    corners = np.array(((left, top), (right, top), (right, bottom), (left, bottom)), np.float32)
    following = np.roll(corners, -1, axis=0)
    strokes.lines(corners, following, 0.5 * radius + max(0.7, 0.3 * radius), DARK, _CASING)
    strokes.lines(corners, following, max(0.6, 0.5 * radius), color)


def _add_corners(strokes: Strokes, box: Floats, radius: float, color: Color) -> None:
    """Mark who is selected: the four corners of a box around the person."""
    left, top, right, bottom = box
    arm = max(0.18 * min(right - left, bottom - top), 6.0)
    ends = np.array([(x, y) for y in (top, bottom) for x in (left, right)], np.float32)
    inwards = np.array([(x, y) for y in (arm, -arm) for x in (arm, -arm)], np.float32)
    across, along = ends + inwards * (1, 0), ends + inwards * (0, 1)
    for width, shade in ((radius + 2.2, DARK), (radius + 1.2, WHITE), (radius + 0.2, color)):
        for other in (across, along):
            strokes.lines(ends, other.astype(np.float32), width, shade)


def _add_trails(strokes: Strokes, context: Context, canvas: Image) -> None:
    """Add where a point of each person was: thinner and fainter the longer ago."""
    unit = max(min(canvas.shape[:2]), 160) / 720
    for person, trail in context.trails.items():
        if person in context.hidden or len(trail.xy) < 2:
            continue
        left = 1 - trail.ages[1:]
        radii = max(0.7, 2.6 * unit) * (0.35 + 0.65 * left)
        strokes.lines(trail.xy[:-1], trail.xy[1:], radii + max(0.7, 0.8 * unit), DARK, _CASING * left)
        strokes.lines(trail.xy[:-1], trail.xy[1:], radii, person_color(person), 0.15 + 0.85 * left)


def _add_bridges(strokes: Strokes, context: Context, canvas: Image, overlay: Overlay) -> None:
    """Add what was lost of each person a moment ago, and the links to it: fainter the longer ago."""
    for person, bridge in context.bridges.items():
        if person in context.hidden:
            continue
        body = People(bridge.xy[None], np.ones((1, skeleton.POINTS), np.float32), np.ones(1, np.float32))
        shown, radius = _shown_points(body, overlay)[0], float(stroke_radii(person_sizes(body), canvas)[0])
        ends = bridge.ages[_LINK_ENDS].max(axis=1)
        lost = ends > 0
        if overlay.skeleton:
            a, b = (shown[_LINK_ENDS[lost, side]] for side in (0, 1))
            strokes.lines(a, b, radius * _LINK_SHARES[lost], _LINK_COLORS[lost], _faint(ends[lost]))
        if overlay.points:
            lost = bridge.ages > 0
            dots = 1.75 * radius * _POINT_SHARES[lost]
            strokes.dots(shown[lost], 0.72 * dots, _POINT_COLORS[lost], _faint(bridge.ages[lost]))


def _faint(ages: Floats) -> Floats:
    """Opacity of what was lost so long ago."""
    return (_BRIDGED * (1 - 0.7 * ages)).astype(np.float32)


def _text_height(image: Image, size: float, fine: float) -> int:
    """Height of capitals for a person of this `size`, in pixels; fine: see `Context`"""
    unit = max(min(image.shape[:2]), 160) / 720
    return round(float(np.clip(0.026 * size, max(7.0 * fine, 10 * unit), max(9.0 * fine, 20 * unit))))


def _paint_labels(
    image: Image, people: People, ids: Ints, sizes: Floats, overlay: Overlay, context: Context, taken: list[Place]
) -> None:
    """Write ID or name, score and action above each head, or a bit higher or lower; adds their places to `taken`."""
    boxes, confidence = people.boxes(), people.confidence()
    radii = stroke_radii(sizes, image)
    for i in range(len(people)):
        person = int(ids[i])
        words = [context.label(person)] if overlay.ids and person >= 0 else []
        words += [f"{confidence[i]:.2f}"] if overlay.scores else []
        action, color = context.action(person) if overlay.actions else ("", None)
        if action and color is None:
            words.append(action)
        plates = [(" ".join(words), person_color(person))] if words else []
        if action and color is not None:
            plates.append((action, color))
        if not plates:
            continue
        height = _text_height(image, float(sizes[i]), context.fine)
        widths = [label_size(text, height, context.letters)[0] for text, _ in plates]
        width, high = sum(widths) + _BETWEEN * (len(plates) - 1), round(1.9 * height)
        if overlay.boxes:
            left, top = _box_around(boxes[i], float(radii[i]))[:2] - (0, high)
        else:
            head = people.keypoints[i, list(_FACE), 0]
            known = head[np.isfinite(head)]
            middle = known.mean() if len(known) else (boxes[i, 0] + boxes[i, 2]) / 2
            # The crown of the head is above eyes and ears.
            left, top = middle - width / 2, boxes[i, 1] - 0.065 * sizes[i] - high
        place = _free_place(round(float(left)), round(float(top)), width, high, image, taken)
        if place is None:  # labels over each other can be read by nobody: the surer person keeps the place
            continue
        x, y = place
        for (text, shade), wide in zip(plates, widths, strict=True):
            _write(image, text, (x, y), height, shade, taken, letters=context.letters)
            x += wide + _BETWEEN


def _paint_names(
    image: Image, shown: Floats, scores: Floats, sizes: Floats, overlay: Overlay, fine: float, taken: list[Place]
) -> None:
    """Write the name of each point beside it, away from the body's middle; one that finds no room is left out.

    Small people have names without the scores, and those too small for as many names as they have points have none:
    names would bury them.
    """
    for xy, score, size in zip(shown, scores, sizes, strict=True):
        height = max(round(7 * fine), round(0.55 * _text_height(image, float(size), fine)))
        seen = np.flatnonzero(np.isfinite(xy).all(axis=1))
        width, high = label_size(f"{_LONGEST_NAME} 0.00", height)
        if len(seen) * high > _NAMES_SHARE * size:
            continue
        with_scores = overlay.scores and width <= _NAME_SHARE * size
        middle = float(np.median(xy[seen, 0])) if len(seen) else 0.0
        for point in seen:
            text = _SHORT_NAMES[point] + (f" {score[point]:.2f}" if with_scores else "")
            width, high = label_size(text, height)
            x, y = (float(value) for value in xy[point])
            gap = 0.016 * float(size) + 3
            after, before = x + gap, x - width - gap
            outwards = x >= middle and after + width < image.shape[1]
            left = after if outwards or before < 0 else before
            place = _free_place(round(left), round(y - high / 2), width, high, image, taken, _BESIDE)
            if place is not None:
                _write(image, text, place, height, DARK, taken, 0.6)


def _write(
    image: Image,
    text: str,
    place: tuple[int, int],
    height: int,
    color: Color,
    taken: list[Place],
    opacity: float = 1.0,
    letters: Letters = stroke_letters,
) -> None:
    """Write a label at a place (left, top) and add what it covers to `taken`."""
    width, high = label_size(text, height, letters)
    taken.append((*place, place[0] + width, place[1] + high))
    paint_label(image, text, *place, height, color, opacity, letters)


def _inside(left: int, top: int, width: int, high: int, image: Image) -> tuple[int, int]:
    """The place nearest to (left, top) where a label lies within the picture."""
    return min(max(left, 2), max(2, image.shape[1] - width - 2)), min(max(top, 2), max(2, image.shape[0] - high - 2))


def _free_place(
    left: int,
    top: int,
    width: int,
    high: int,
    image: Image,
    taken: list[Place],
    steps: tuple[float, ...] = (0, -0.5, 0.5, -1, 1, -1.5, 1.5, -2, 2, -3, 3),
) -> tuple[int, int] | None:
    """The nearest place up or down that is inside the picture and not `taken`; None where there is none near.

    steps: how far to look, in heights of the label, the best first
    """
    _, top = _inside(left, top, width, high, image)
    for step in steps:
        x, y = _inside(left, top + round(step * (high + 2)), width, high, image)
        if not any(x < r and x + width > lft and y < b and y + high > t for lft, t, r, b in taken):
            return x, y
    return None


def draw_peaks(image: Image, peaks: Peaks, transform: Transform, labels: bool = False) -> Image:
    """A new picture with every candidate point in the colour of its kind, larger if surer; `labels` adds the scores."""
    canvas = np.array(image, order="C")
    unit = max(min(image.shape[:2]), 160) / 720
    places = transform.to_image(peaks.xy)
    kinds = peaks.kinds()
    radii = (2.5 + 4.5 * np.clip(peaks.scores, 0, 1)) * max(unit, 0.5)
    strokes = Strokes()
    strokes.dots(places, radii + 1.2 * max(unit, 0.6), DARK, _CASING)
    strokes.dots(places, radii, WHITE)
    strokes.dots(places, 0.72 * radii, _POINT_COLORS[kinds])
    strokes.paint(canvas)
    if labels:
        height, taken = max(7, round(10 * unit)), list[Place]()
        for at, kind, score in zip(places, kinds, peaks.scores, strict=True):
            text = f"{score:.2f}"
            left, top = float(at[0]) + 9 * unit, float(at[1]) - height
            place = _free_place(round(left), round(top), *label_size(text, height), canvas, taken)
            if place is not None:
                _write(canvas, text, place, height, skeleton.POINT_COLORS[kind], taken)
    return canvas


def draw_links(image: Image, peaks: Peaks, links: Links, transform: Transform, labels: bool = False) -> Image:
    """A new picture with every link in the colour of its kind, wider if surer; `labels` adds the scores."""
    canvas = np.array(image, order="C")
    unit = max(min(image.shape[:2]), 160) / 720
    places = transform.to_image(peaks.xy)
    kinds = np.repeat(np.arange(len(skeleton.LINKS)), np.diff(links.starts))
    strokes = Strokes()
    widths = (0.8 + 2.6 * np.clip(links.scores, 0, 1)) * max(unit, 0.5)
    a, b = places[links.pairs[:, 0]], places[links.pairs[:, 1]]
    strokes.lines(a, b, widths + max(0.7, unit), DARK, _CASING)
    strokes.lines(a, b, widths, np.array([link.color for link in skeleton.LINKS], np.uint8)[kinds])
    strokes.dots(places[np.unique(links.pairs)], 2.4 * max(unit, 0.5), WHITE)
    strokes.paint(canvas)
    if labels:
        height, taken = max(7, round(9 * unit)), list[Place]()
        for middle, kind, score in zip((a + b) / 2, kinds, links.scores, strict=True):
            text = f"{score:.2f}"
            width, high = label_size(text, height)
            left, top = float(middle[0]) - width / 2, float(middle[1]) - high / 2
            place = _free_place(round(left), round(top), width, high, canvas, taken)
            if place is not None:
                _write(canvas, text, place, height, skeleton.LINKS[kind].color, taken)
    return canvas
