"""Poses that are kept for the figures of falls are those of the net that is asked for."""

from pathlib import Path

import pytest

from tests.bench import fall_clips, falls
from tests.bench.fall_clips import Clip, folder_of, poses_of
from tests.tiny_net import write_tiny_net, write_video


def test_a_net_that_was_trained_anew_is_not_taken_for_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    film = write_video(tmp_path / "walk.mp4", [[(60, 30)]] * 3)
    clip = Clip("others", "walk", str(film))
    monkeypatch.setattr(falls, "clips", lambda: iter([clip]))
    (tmp_path / "net").mkdir()
    net, cache = write_tiny_net(tmp_path / "net"), tmp_path / "cache"

    def there() -> list[Clip]:
        return [clip for clip, _ in falls.there(str(net), 10.0, "", cache)]

    first = folder_of(str(net), 10.0, cache)
    assert len(poses_of(clip, str(net), 10.0, cache).times) > 0
    assert there() == [clip]
    monkeypatch.setattr(fall_clips, "_found", lambda *words: pytest.fail("what is there is not made again"))
    poses_of(clip, str(net), 10.0, cache)
    weights = net.with_suffix(".caffemodel")
    weights.write_bytes(weights.read_bytes() + b"\x00")  # other weights under the same name
    assert folder_of(str(net), 10.0, cache) != first
    assert there() == []
