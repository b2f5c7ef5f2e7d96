"""The body layout that the nets of this project know: 18 points, 19 links, their output channels and colours.

Order and channels are those of OpenPose's COCO model, whose maps have 57 channels: 0..17 confidence maps of the
points, 18 background, 19..56 part affinity fields, an x and a y channel for each link.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Color = tuple[int, int, int]  # blue, green, red; 0..255

BACKGROUND_CHANNEL = 18
AFFINITY_CHANNEL = 19  # the first part affinity channel


@dataclass(frozen=True, slots=True)
class Link:
    """A pair of points that the net joins. x_channel, y_channel: of the 38 affinity maps (net output channel minus
    19).
    """

    a: int
    b: int
    x_channel: int
    y_channel: int
    color: Color


POINT_NAMES = (
    "nose", "neck",
    "right shoulder", "right elbow", "right wrist",
    "left shoulder", "left elbow", "left wrist",
    "right hip", "right knee", "right ankle",
    "left hip", "left knee", "left ankle",
    "right eye", "left eye", "right ear", "left ear",
)  # fmt: skip
POINTS = len(POINT_NAMES)
NOSE, NECK, R_SHOULDER, R_ELBOW, R_WRIST, L_SHOULDER, L_ELBOW, L_WRIST = range(8)
R_HIP, R_KNEE, R_ANKLE, L_HIP, L_KNEE, L_ANKLE, R_EYE, L_EYE, R_EAR, L_EAR = range(8, 18)

# Which point the mirror image shows in the place of each.
MIRRORED_POINTS = (0, 1, 5, 6, 7, 2, 3, 4, 11, 12, 13, 8, 9, 10, 15, 14, 17, 16)

# The body's right is orange, its left is blue, what lies on the middle is grey-green: hues of Okabe and Ito, which
# people with any of the common kinds of colour blindness tell apart.  Shades grow darker towards hand and foot.
_RIGHT: tuple[Color, ...] = ((120, 200, 255), (40, 170, 250), (0, 130, 230), (0, 94, 213))
_LEFT: tuple[Color, ...] = ((250, 215, 150), (233, 180, 86), (215, 145, 40), (178, 114, 0))
_MIDDLE: Color = (130, 190, 150)

LINKS = (
    Link(1, 2, 12, 13, _RIGHT[0]),
    Link(1, 5, 20, 21, _LEFT[0]),
    Link(2, 3, 14, 15, _RIGHT[1]),
    Link(3, 4, 16, 17, _RIGHT[2]),
    Link(5, 6, 22, 23, _LEFT[1]),
    Link(6, 7, 24, 25, _LEFT[2]),
    Link(1, 8, 0, 1, _RIGHT[0]),
    Link(8, 9, 2, 3, _RIGHT[2]),
    Link(9, 10, 4, 5, _RIGHT[3]),
    Link(1, 11, 6, 7, _LEFT[0]),
    Link(11, 12, 8, 9, _LEFT[2]),
    Link(12, 13, 10, 11, _LEFT[3]),
    Link(1, 0, 28, 29, _MIDDLE),
    Link(0, 14, 30, 31, _RIGHT[0]),
    Link(14, 16, 34, 35, _RIGHT[0]),
    Link(0, 15, 32, 33, _LEFT[0]),
    Link(15, 17, 36, 37, _LEFT[0]),
    # The lecture's table joins 2 to 17 and 5 to 16; the trained nets join each shoulder to the ear of its own side, as
    # OpenPose does.
    Link(2, 16, 18, 19, _RIGHT[0]),
    Link(5, 17, 26, 27, _LEFT[0]),
)
BODY_LINKS = 17  # links that form and draw people; the last two only attach ears

_KIND_OF = {(link.a, link.b): kind for kind, link in enumerate(LINKS)}
MIRRORED_LINKS = tuple(_KIND_OF[MIRRORED_POINTS[link.a], MIRRORED_POINTS[link.b]] for link in LINKS)

LINK_POINTS: NDArray[np.int32] = np.array([(link.a, link.b) for link in LINKS], np.int32)
LINK_CHANNELS: NDArray[np.int32] = np.array([(link.x_channel, link.y_channel) for link in LINKS], np.int32)

POINT_COLORS: tuple[Color, ...] = (
    _MIDDLE, _MIDDLE,
    _RIGHT[1], _RIGHT[2], _RIGHT[3],
    _LEFT[1], _LEFT[2], _LEFT[3],
    _RIGHT[1], _RIGHT[2], _RIGHT[3],
    _LEFT[1], _LEFT[2], _LEFT[3],
    _RIGHT[0], _LEFT[0], _RIGHT[0], _LEFT[0],
)  # fmt: skip

# Okabe and Ito's palette, then lighter and darker kin of it: the colour of a person with ID i is PEOPLE_COLORS[i %
# len].
PEOPLE_COLORS: tuple[Color, ...] = (
    (0, 159, 230), (233, 180, 86), (115, 158, 0), (66, 228, 240), (178, 114, 0), (0, 94, 213), (167, 121, 204),
    (140, 205, 250), (245, 220, 170), (160, 205, 120), (205, 160, 90), (120, 150, 235), (215, 190, 235),
)  # fmt: skip

# OpenPose's 18 points in the order of COCO's 17, which has no neck.
COCO_ORDER: NDArray[np.intp] = np.array((0, 15, 14, 17, 16, 5, 2, 6, 3, 7, 4, 11, 8, 12, 9, 13, 10), np.intp)


def names_of(points: Iterable[int]) -> str:
    """Points in words."""
    return ", ".join(POINT_NAMES[point] for point in points)


def link_name(kind: int) -> str:
    """The two ends of a link in words, such as `neck - right shoulder`."""
    link = LINKS[kind]
    return f"{POINT_NAMES[link.a]} - {POINT_NAMES[link.b]}"
