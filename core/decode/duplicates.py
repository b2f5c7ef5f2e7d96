"""After step 3.2, and not in the lecture: a limb or a face that was found twice is no second person.

Somebody seen from behind or from the side is often answered with both a left and a right arm, leg or half of the face
in one place.  Only one of them finds its way to the trunk; what is left over lies on the body as one of its own.
"""

import math

import numpy as np
from numpy.typing import NDArray

from core.kernel import kernel
from core.skeleton import L_EAR, L_EYE, MIRRORED_POINTS, NOSE, POINTS, R_EAR, R_EYE
from core.types import Floats, Ints, People

LIMB = 5  # points: fuller ones are people of their own, however near
NEAR = 0.1  # of the longer side of the surer person's box ...
NEAR_HEAD = 0.05  # ... and for points of a head, as two heads side by side are hardly nearer than a head is wide
SHARE = 2 / 3  # of the points that have to lie on the surer person
_MIRRORED = np.array(MIRRORED_POINTS, np.int32)
_NEAR = np.full(POINTS, NEAR, np.float32)
_NEAR[[NOSE, R_EYE, L_EYE, R_EAR, L_EAR]] = NEAR_HEAD


def without_duplicates(people: People) -> People:
    """`people`, the surest first, without those of at most `LIMB` points of which `SHARE` lie on somebody surer: on the
    same point, or on its mirror image's.
    """
    if len(people) < 2:
        return people
    return people[_once(np.ascontiguousarray(people.keypoints), people.boxes(), _MIRRORED, _NEAR)]


@kernel("boolean[::1](float32[:, :, ::1], float32[:, ::1], int32[::1], float32[::1])")
def _once(points: Floats, boxes: Floats, mirrored: Ints, nearness: Floats) -> NDArray[np.bool_]:
    """(n,) whether each is no duplicate of one before it that stays."""
    stays = np.ones(len(points), np.bool_)
    for i in range(1, len(points)):
        count = 0
        for k in range(POINTS):
            count += not math.isnan(points[i, k, 0])
        if count > LIMB:
            continue
        for j in range(i):
            if not stays[j]:
                continue
            size = max(boxes[j, 2] - boxes[j, 0], boxes[j, 3] - boxes[j, 1])
            on = 0
            for k in range(POINTS):
                x, y = points[i, k]
                m, near = mirrored[k], nearness[k] * size
                same = math.hypot(points[j, k, 0] - x, points[j, k, 1] - y)
                other = math.hypot(points[j, m, 0] - x, points[j, m, 1] - y)
                on += same <= near or other <= near  # false where one is missing
            if on >= SHARE * count:
                stays[i] = False
                break
    return stays
