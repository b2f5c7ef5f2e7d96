"""What travels through PoseDesk. Shapes, dtypes, units and coordinate frames of every array are said here, once.

Two coordinate frames are used.  *Image pixels*: (x, y), the centre of the top left pixel is (0, 0), as in OpenCV.
*Cells*: (x, y) of the net's output grid, the centre of the top left cell is (0, 0).  `Transform` leads from one to the
other exactly.

Everything is frozen and passes between threads; arrays are read-only by agreement.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core import skeleton

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a source.

    image:    (height, width, 3) uint8, BGR, upright
    index:    number of the frame in its source, from 0
    time:     seconds from the start of the source
    captured: time.monotonic() when the frame left the camera or the file
    name:     the image file's name with its ending, and with folders where it is one of several folders; empty for
              videos and cameras
    """

    image: Image
    index: int = 0
    time: float = 0.0
    captured: float = 0.0
    name: str = ""

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.image.shape[1], self.image.shape[0]


@dataclass(frozen=True, slots=True)
class Transform:
    """Cells to image pixels: pixel = cell * scale + offset, for x and y apart."""

    scale: tuple[float, float]
    offset: tuple[float, float]

    @classmethod
    def of_resize(cls, image: tuple[int, int], network: tuple[int, int], stride: int) -> Transform:
        """The transform of a net fed with the whole image stretched to its input size.

        image, network: (width, height) in pixels; stride: input pixels a cell.  Cell c covers the input pixels c *
        stride to (c + 1) * stride - 1, and a resize keeps the outer borders of the picture, not the centres of its
        corner pixels.
        """
        x, y = image[0] / network[0], image[1] / network[1]
        return cls((stride * x, stride * y), (0.5 * stride * x - 0.5, 0.5 * stride * y - 0.5))

    def to_image(self, points: Floats) -> Floats:
        """(..., 2) cells to (..., 2) image pixels; NaN stays NaN."""
        pixels: Floats = points * np.array(self.scale, np.float32) + np.array(self.offset, np.float32)
        return pixels

    def to_cells(self, points: Floats) -> Floats:
        """(..., 2) image pixels to (..., 2) cells."""
        cells: Floats = np.divide(points - np.array(self.offset, np.float32), np.array(self.scale, np.float32))
        return cells


@dataclass(frozen=True, slots=True)
class Maps:
    """What the net says of one image.

    confidence: (19, h, w) float32, about 0..1: how likely each point is in each cell; the last is the background
    affinity:   (38, h, w) float32, about -1..1: x and y channel of each link's part affinity field, see
                `skeleton.LINK_CHANNELS`
    transform:  cells to pixels of the image that was fed in
    """

    confidence: Floats
    affinity: Floats
    transform: Transform


@dataclass(frozen=True, slots=True)
class Peaks:
    """Candidate points of one image, grouped by kind.

    xy:      (n, 2) float32, cells
    scores:  (n,) float32, the confidence at the peak
    starts:  (19,) int32, the peaks of kind k are starts[k] to starts[k + 1] - 1
    dropped: how many weaker peaks did not fit under `DecodeSettings.max_peaks`
    """

    xy: Floats
    scores: Floats
    starts: Ints
    dropped: int = 0

    def __len__(self) -> int:
        return len(self.scores)

    def kinds(self) -> Ints:
        """(n,) int32, the kind of each peak."""
        return np.repeat(np.arange(skeleton.POINTS, dtype=np.int32), np.diff(self.starts))


@dataclass(frozen=True, slots=True)
class Links:
    """Pairs of peaks that belong to one body, grouped by kind of link, best first within a kind.

    pairs:  (m, 2) int32, indices of peaks
    scores: (m,) float32, agreement with the part affinity field
    starts: (20,) int32, the links of kind k are starts[k] to starts[k + 1] - 1
    """

    pairs: Ints
    scores: Floats
    starts: Ints

    def __len__(self) -> int:
        return len(self.scores)


@dataclass(frozen=True, slots=True)
class People:
    """Everyone found in one image, the surest first.

    keypoints: (n, 18, 2) float32, image pixels, (x, y); NaN where a point was not found
    scores:    (n, 18) float32, about 0..1; 0 where a point was not found
    totals:    (n,) float32, scores of the points and of the links added up
    """

    keypoints: Floats
    scores: Floats
    totals: Floats

    @classmethod
    def empty(cls) -> People:
        n = skeleton.POINTS
        return cls(np.empty((0, n, 2), np.float32), np.empty((0, n), np.float32), np.empty(0, np.float32))

    def __len__(self) -> int:
        return len(self.totals)

    def __getitem__(self, key: slice | NDArray[np.intp] | NDArray[np.bool_]) -> People:
        return People(self.keypoints[key], self.scores[key], self.totals[key])

    def found(self) -> NDArray[np.bool_]:
        """(n, 18) bool, where a point was found."""
        return self.scores > 0

    def confidence(self) -> Floats:
        """(n,) float32, 0..1: total over all 18 points and 19 links, the score OpenPose reports to COCO."""
        return (self.totals / np.float32(skeleton.POINTS + len(skeleton.LINKS))).astype(np.float32)

    def boxes(self) -> Floats:
        """(n, 4) float32, image pixels: left, top, right, bottom of the found points."""
        if not len(self):
            return np.empty((0, 4), np.float32)
        low = np.nanmin(self.keypoints, axis=1)
        high = np.nanmax(self.keypoints, axis=1)
        return np.concatenate([low, high], axis=1)


@dataclass(frozen=True, slots=True)
class Tracks:
    """Who is who in one frame.

    people: those who were given, in their order; a tracker may have put fragments of one person together
    ids:    (n,) int32, from 1 on, one a person in the order of `people`; -1 where nobody is known (yet) by an ID
    """

    people: People
    ids: Ints


@dataclass(frozen=True, slots=True)
class Event:
    """Something that somebody did, from one time to another.

    event:  its name, such as `fall` or `forehand`
    person: the ID
    start:  seconds from the start of the source
    end:    the same; None while it goes on. An event that ends is given again, with the same name, person and start
    score:  0..1, how sure it is
    """

    event: str
    person: int
    start: float
    end: float | None
    score: float


@dataclass(frozen=True, slots=True)
class Actions:
    """What everyone in a frame does.

    labels: n names in the order of the people; empty where nothing is recognised
    scores: (n,) float32, 0..1, how sure; 0 where nothing is recognised
    events: what ended with this frame; it may have begun and ended some time before
    """

    labels: tuple[str, ...]
    scores: Floats
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """Everything known about one frame.

    people, ids: as in `Tracks`
    timings: milliseconds spent in each step, by its name
    actions: None where nobody looks for any
    events:  what began or ended in this frame
    """

    frame: Frame
    maps: Maps
    peaks: Peaks
    links: Links
    people: People
    ids: Ints
    timings: dict[str, float] = field(default_factory=dict)
    actions: Actions | None = None
    events: tuple[Event, ...] = ()
