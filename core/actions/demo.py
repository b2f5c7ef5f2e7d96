"""Drawn scenes as examples: their people's true points, and what they truly do."""

from __future__ import annotations

import numpy as np

from core.actions.tracks import MarkedTrack, intervals_of
from core.sources.synthetic import Action, open_demo

# What is no action: the time between them, or waiting for the next.
_NOTHING: frozenset[Action] = frozenset(("idle", "ready"))


def read_demo(text: str) -> list[MarkedTrack]:
    """Everyone in a scene such as `demo:tennis?seconds=60&seed=3`. Raises InputError."""
    with open_demo(text) as scene:
        times = np.arange(scene.length) / (scene.fps or 30.0)
        moments = [scene.poses(index) for index in range(scene.length)]
    keypoints = np.stack([points for points, _ in moments])
    return [
        MarkedTrack(
            text,
            person + 1,
            times,
            keypoints[:, person],
            intervals_of(
                times.tolist(), [None if (done := actions[person]) in _NOTHING else done for _, actions in moments]
            ),
            name=f"{text} #{person + 1}",
        )
        for person in range(keypoints.shape[1])
    ]
