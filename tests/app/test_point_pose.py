"""Somebody in one frame of an analysis, with what was put by hand."""

from collections.abc import Iterable

import pytest

from app.point_pose import read_pose
from core import skeleton
from core.analysis import Analysis, analysis
from core.analysis.edits import Edit, Replay, replay
from core.types import Ints
from tests.core.analysis_scene import filled_analysis, new_analysis, path_of_a_file  # noqa: F401


def test_a_pose_is_read_without_going_through_the_film(filled: Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read at every frame that is gone to, and after every edit, while the user waits."""
    filled.editor.move_point(12, 2, skeleton.NOSE, (5.0, 6.0))
    filled.editor.move_point(13, 2, skeleton.NECK, (5.0, 6.0))
    frames = set[int]()

    def watched(edits: Iterable[Edit], of: Ints, ids: Ints) -> Replay:
        frames.update(of.tolist())
        return replay(edits, of, ids)

    monkeypatch.setattr(analysis, "replay", watched)
    pose = read_pose(filled, 12, 2)
    assert pose is not None
    assert pose.by_hand == {skeleton.NOSE}
    assert pose.at(skeleton.NOSE) == (5.0, 6.0)
    assert frames == {12}
