"""A JSON file a frame, as OpenPose 1.3 writes it with `--write_json`, for programs that read that form."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from core import skeleton
from core.outputs.base import FrameNames, Sink, claim_folder, opening, write_whole
from core.types import Image, Ints, People, Result

# Six significant digits, as C++ prints numbers.
_POINTS = ",".join(["%.6g"] * (3 * skeleton.POINTS))
_PERSON = (
    '{"person_id":[%d],"pose_keypoints_2d":[' + _POINTS + '],"face_keypoints_2d":[],"hand_left_keypoints_2d":[],'
    '"hand_right_keypoints_2d":[],"pose_keypoints_3d":[],"face_keypoints_3d":[],"hand_left_keypoints_3d":[],'
    '"hand_right_keypoints_3d":[]}'
)


class OpenPoseJson(Sink):
    """Files `<stem>_<number, 12 digits>_keypoints.json`, for images `<stem of the image>_keypoints.json`, in one
    folder. Where another image of the same stem was before it, an image has its whole name: `a.png_keypoints.json`.

    Keys, their order and the 18 points are OpenPose's; missing points are 0,0,0.  `person_id` holds the ID, -1 where
    people are not tracked.  Coordinates stay PoseDesk's: the centre of the top left pixel is (0, 0), where OpenPose
    calls it (0.5, 0.5).  Each file appears whole: a kill leaves no half file under its name.
    """

    takes_picture = False

    def __init__(self, folder: Path, stem: str = "") -> None:
        """Make the folder; `stem` is the source's name without suffix. Raises InputError."""
        self.target = folder
        self._names = FrameNames(stem)
        with opening(folder):
            claim_folder(folder)

    def write(self, result: Result, picture: Image | None = None) -> None:
        """Write one file."""
        content = openpose_json(result.people, result.ids).encode("ascii")
        write_whole(self.target / f"{self._names(result)}_keypoints.json", content)

    def close(self) -> None:
        """Nothing is left to do: every file was finished when it was written."""


def openpose_json(people: People, ids: Ints) -> str:
    """The content of one file."""
    numbers = np.zeros((len(people), skeleton.POINTS, 3))
    found = people.found()
    numbers[found, :2] = people.keypoints[found]
    numbers[..., 2] = people.scores
    rows = numbers.reshape(len(people), 3 * skeleton.POINTS).tolist()
    entries = [_PERSON % (person, *row) for person, row in zip(ids.tolist(), rows, strict=True)]
    return '{"version":1.3,"people":[' + ",".join(entries) + "]}"
