"""What is true of a frame of a synthetic scene: everyone's points, which of them can be seen, what people do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from core.types import Floats, Ints

Action = Literal[
    "idle",
    "walk",
    "sit down",
    "sit",
    "get up",
    "bow",
    "fall",
    "lie",
    "ready",
    "forehand",
    "backhand",
    "forehand slice",
    "backhand slice",
    "lie down",
    "tie shoes",
    "crouch",
    "squat",
    "kneel",
    "push-up",
]
ACTIONS: tuple[Action, ...] = get_args(Action)


@dataclass(frozen=True, slots=True)
class Truth:
    """Everyone in one frame, in the order of their IDs; people outside the picture are there too.

    keypoints: (n, 18, 2) float32, image pixels, (x, y), also outside the picture; NaN only behind the camera.  Limb
               points are the centres of the joints, eyes, ears and nose lie on the skin, and the neck is half-way
               between the shoulders
    visible:   (n, 18) bool, inside the picture and hidden neither by the own body nor by anything else
    ids:       (n,) int32, the same for a person in all frames
    actions:   n names of `ACTIONS`
    """

    keypoints: Floats
    visible: NDArray[np.bool_]
    ids: Ints
    actions: tuple[Action, ...]

    def __len__(self) -> int:
        return len(self.ids)
