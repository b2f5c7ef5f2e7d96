"""Analyses that are kept without being asked for: found again, set aside, and making room."""

import contextlib
import os
import sqlite3
from pathlib import Path

import pytest

from core.analysis import (
    Analysis,
    ModelInfo,
    SourceInfo,
    frame_times,
    open_cached,
)
from core.analysis import cache as cache_module
from core.errors import InputError
from core.network import Network
from core.settings import DecodeSettings, NetworkSettings, Settings
from core.sources import ArraySource
from tests.core.analyser_scene import (  # noqa: F401
    LENGTH,
    Make,
    analyse,
    assert_same,
    film_of_two_arms,
    make_analysis,
    shown,
    source_of_the_film,
    tiny_network,
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POSEDESK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def cached(source: ArraySource, settings: Settings, name: str = "a", limit: int = 1 << 30) -> Analysis:
    return open_cached(SourceInfo.of(source, name), frame_times(source), ModelInfo(checksum="1"), settings, limit)


def test_what_was_analysed_before_is_found_again(home: Path, source: ArraySource, network: Network) -> None:
    with cached(source, Settings()) as analysis:
        analyse(analysis, source, network)
    with cached(source, Settings(decoding=DecodeSettings(peak_threshold=0.2))) as again:
        assert again.ranges().tolist() == [[0, LENGTH]]
        assert again.path.is_relative_to(home)
    with cached(source, Settings(network=NetworkSettings(input_height=256))) as other:
        assert not len(other.ranges())
    with cached(source, Settings(), "b") as other:
        assert not len(other.ranges())


def test_a_broken_one_is_set_aside_and_made_anew(
    home: Path, source: ArraySource, caplog: pytest.LogCaptureFixture
) -> None:
    with cached(source, Settings()) as analysis:
        path = analysis.path
    for suffix in (".broken", ".broken-2"):
        path.write_bytes(b"broken")
        with cached(source, Settings()) as again:
            assert again.path == path
            with pytest.raises(InputError, match="open in another"):  # one in use is not broken
                cached(source, Settings())
        assert path.with_name(path.name + suffix).read_bytes() == b"broken"
        assert f"now {path.name}{suffix}," in caplog.messages[-1]


def test_one_of_a_newer_posedesk_is_left_alone(home: Path, source: ArraySource) -> None:
    with cached(source, Settings()) as analysis:
        path = analysis.path
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(InputError, match="newer PoseDesk"):
        cached(source, Settings())
    assert path.read_bytes() == before


def test_one_that_is_closed_elsewhere_just_then_is_not_taken_for_broken(
    home: Path, source: ArraySource, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere, really = cached(source, Settings()), Analysis.open
    elsewhere.marks.add_label("serve", "#000000")

    def refused(path: Path) -> Analysis:
        try:
            return really(path)
        finally:
            elsewhere.close()

    monkeypatch.setattr(Analysis, "open", refused)
    with pytest.raises(InputError, match="open in another"):
        cached(source, Settings())
    with really(elsewhere.path) as again:
        assert len(again.marks.labels()) == 1


def test_the_oldest_make_room(home: Path, source: ArraySource) -> None:
    paths = []
    for age, name in ((300, "a"), (200, "b"), (100, "c")):
        with cached(source, Settings(), name) as analysis:
            paths.append(analysis.path)
        os.utime(analysis.path, (1e9 - age, 1e9 - age))
    size = paths[0].stat().st_size
    with cached(source, Settings(), "a"):  # opened again: not the oldest any more, and in use
        cached(source, Settings(), "d", limit=int(2.5 * size)).close()
        assert [path.exists() for path in paths] == [True, False, True]
        cache_module.make_room(0)
        assert [path.exists() for path in paths] == [True, False, False]


def test_what_was_done_by_hand_makes_no_room(home: Path, source: ArraySource) -> None:
    paths = []
    for name in ("nothing", "label", "edit", "undone"):
        with cached(source, Settings(), name) as analysis:
            paths.append(analysis.path)
            if name == "label":
                analysis.marks.add_label("serve", "#000000")
            elif name != "nothing":
                analysis.editor.rename(1, "Ann")
            if name == "undone":
                analysis.editor.undo()
    cache_module.make_room(0)
    assert [path.exists() for path in paths] == [False, True, True, True]


def test_a_copy_has_everything(make: Make, source: ArraySource, network: Network, tmp_path: Path) -> None:
    analysis = make()
    analyse(analysis, source, network)
    analysis.marks.add_label("serve", "#000000")
    analysis.copy_to(tmp_path / "saved" / "copy.posedesk")
    with Analysis.open(tmp_path / "saved" / "copy.posedesk") as copy:
        assert copy.ranges().tolist() == [[0, LENGTH]]
        assert copy.marks.labels() == analysis.marks.labels()
        assert_same(shown(copy, 9).people, shown(analysis, 9).people)
    with pytest.raises(InputError, match="this file itself"):
        analysis.copy_to(analysis.path)
