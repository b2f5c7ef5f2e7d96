"""What the window paints: a part of a picture at any zoom, with people drawn over it as sharp as the screen is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from core.motion import Fall
from core.outputs import PLAIN, Context, Overlay, blur_faces, draw, draw_below, draw_people
from core.types import Floats, Frame, Image, Ints, Maps, People, Transform

MARGIN = (28, 24, 22)  # beside the picture: the window's own colour, as BGR
_SHRUNK = 0.7  # below this zoom pixels are averaged, or thin things would flicker
_BLOCKS = 4.0  # from this zoom on pixels are shown as what they are


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the picture lies: a place (x, y) of it, counted from its corner, is at x * zoom + left on the canvas."""

    zoom: float
    left: float
    top: float

    @classmethod
    def fit(cls, picture: tuple[int, int], canvas: tuple[int, int]) -> Placement:
        """The whole picture, as large as it goes, in the middle. Sizes are (width, height)."""
        zoom = min(canvas[0] / picture[0], canvas[1] / picture[1])
        return cls(zoom, (canvas[0] - zoom * picture[0]) / 2, (canvas[1] - zoom * picture[1]) / 2)

    def zoomed(self, factor: float, x: float, y: float) -> Placement:
        """Larger by `factor`, with what is at (x, y) of the canvas staying there."""
        return Placement(self.zoom * factor, x + (self.left - x) * factor, y + (self.top - y) * factor)

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """The image pixels, centres counted, that are at (x, y) of the canvas."""
        return (x - self.left) / self.zoom - 0.5, (y - self.top) / self.zoom - 0.5

    def moved(self, dx: float, dy: float) -> Placement:
        return replace(self, left=self.left + dx, top=self.top + dy)


@dataclass(frozen=True, slots=True)
class Picture:
    """What is to be seen: a picture of the source, who is in it, and what is drawn over it.

    maps: None where they are not known, or are those of another frame; context: of the people
    """

    frame: Frame
    people: People
    ids: Ints
    maps: Maps | None = None
    overlay: Overlay = field(default_factory=Overlay)
    context: Context = PLAIN

    def drawn(self) -> Image:
        """A new picture, as large as the source's, with everything drawn over it."""
        return draw(self.frame.image, self.people, self.ids, self.maps, self.overlay, self.context)


def compose(picture: Picture, at: Placement, size: tuple[int, int], fine: float = 1.0) -> Image:
    """A (height, width, 4) BGRA canvas of `size` (width, height): `picture` placed `at`, people drawn over it.

    fine: pixels of the canvas for one of the window's: 2 on a screen that has twice as many
    """
    image, overlay = picture.frame.image, picture.overlay
    if overlay.blur:
        image = blur_faces(image, picture.people)
    canvas = _placed(image, at, size)
    if overlay.needs_maps or overlay.background != "picture":
        left, top, right, bottom = _visible(image, at, size)
        if left < right and top < bottom:
            part = np.ascontiguousarray(canvas[top:bottom, left:right])
            maps = _maps_on_canvas(picture.maps, at, left, top) if picture.maps is not None else None
            canvas[top:bottom, left:right] = draw_below(part, maps, overlay)
    people = replace(picture.people, keypoints=_on_canvas(picture.people.keypoints, at))
    trails = {person: replace(trail, xy=_on_canvas(trail.xy, at)) for person, trail in picture.context.trails.items()}
    lost = tuple(_fall_on_canvas(fall, at) for fall in picture.context.lost)
    bridges = {person: replace(each, xy=_on_canvas(each.xy, at)) for person, each in picture.context.bridges.items()}
    context = replace(picture.context, trails=trails, bridges=bridges, lost=lost, fine=fine)
    draw_people(canvas, people, picture.ids, overlay, context)
    return np.asarray(cv2.cvtColor(canvas, cv2.COLOR_BGR2BGRA), np.uint8)


def _visible(image: Image, at: Placement, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of the picture's part of the canvas."""
    height, width = image.shape[:2]
    return (
        min(max(0, round(at.left)), size[0]), min(max(0, round(at.top)), size[1]),
        max(min(size[0], round(at.left + at.zoom * width)), 0), max(min(size[1], round(at.top + at.zoom * height)), 0),
    )  # fmt: skip


def _maps_on_canvas(maps: Maps, at: Placement, left: int, top: int) -> Maps:
    """The same maps, leading to pixels of the part of the canvas that begins at (left, top)."""
    (x_scale, y_scale), (x, y) = maps.transform.scale, maps.transform.offset
    shift = 0.5 * at.zoom - 0.5
    offset = (x * at.zoom + at.left + shift - left, y * at.zoom + at.top + shift - top)
    return replace(maps, transform=Transform((x_scale * at.zoom, y_scale * at.zoom), offset))


def _on_canvas(points: Floats, at: Placement) -> Floats:
    # Points are counted from the centre of the first pixel, places from its corner.
    offset = np.array((at.left, at.top), np.float32) + np.float32(0.5 * at.zoom - 0.5)
    placed: Floats = points * np.float32(at.zoom) + offset
    return placed


def _fall_on_canvas(fall: Fall, at: Placement) -> Fall:
    x, y = _on_canvas(np.array((fall.x, fall.y), np.float32), at).tolist()
    return replace(fall, x=x, y=y, height=fall.height * at.zoom)


def _placed(image: Image, at: Placement, size: tuple[int, int]) -> Image:
    if at.zoom >= _SHRUNK:
        way = cv2.INTER_NEAREST if at.zoom >= _BLOCKS else cv2.INTER_LINEAR
        shift = 0.5 * at.zoom - 0.5
        matrix = np.array([[at.zoom, 0, at.left + shift], [0, at.zoom, at.top + shift]])
        moved = cv2.warpAffine(image, matrix, size, flags=way, borderMode=cv2.BORDER_CONSTANT, borderValue=MARGIN)
        return np.asarray(moved, np.uint8)
    width, height = (max(1, round(side * at.zoom)) for side in image.shape[1::-1])
    small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    canvas = np.full((size[1], size[0], 3), MARGIN, np.uint8)
    x, y = round(at.left), round(at.top)
    left, top, right, bottom = max(0, x), max(0, y), min(size[0], x + width), min(size[1], y + height)
    if left < right and top < bottom:
        canvas[top:bottom, left:right] = small[top - y : bottom - y, left - x : right - x]
    return canvas
