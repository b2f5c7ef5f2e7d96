"""Falls in the saved analysis of a film: found once, anew where people are others."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.falls import film
from app.falls.film import FilmFalls
from core.analysis import Analysis, Found, ModelInfo, SourceInfo
from core.settings import Settings
from tests.app.falls_scene import FPS, a_fall
from tests.core.test_falls import figure, people, topple


@pytest.fixture
def analysis(tmp_path: Path) -> Iterator[Analysis]:
    times = np.arange(round(8 * FPS)) / FPS
    about = SourceInfo(name="hall.mp4", fps=FPS, length=len(times), width=640, height=480)
    with Analysis.create(tmp_path / "a.posedesk", about, times, ModelInfo(), Settings()) as made:
        yield made


def add(analysis: Analysis, start: int, stop: int, person: int = 1) -> None:
    ids = np.full(1, person, np.int32)
    analysis.add(Found(n, n / FPS, people(topple(n / FPS)), ids) for n in range(start, stop))


def always() -> bool:
    return True


def test_falls_of_an_analysis_that_grows_are_those_of_the_whole(analysis: Analysis) -> None:
    growing = FilmFalls(analysis)
    add(analysis, 0, 50)
    found = growing.find(always)
    assert found is not None
    assert found[0] == []
    np.testing.assert_allclose(found[1], [[0, 50 / FPS]])
    add(analysis, 50, 120)
    found, whole = growing.find(always), FilmFalls(analysis).find(always)
    assert found is not None
    assert whole is not None
    assert found[0] == whole[0]
    [fall] = found[0]
    assert 2.7 <= fall.time <= 3.5
    np.testing.assert_allclose(found[1], [[0, 8]])


@pytest.mark.parametrize(("checksum", "fallen"), [("of a net", []), ("", [1])])
def test_who_is_too_small_for_the_net_is_left_out_where_there_was_one(
    tmp_path: Path, checksum: str, fallen: list[int]
) -> None:
    times = np.arange(round(8 * FPS)) / FPS
    about = SourceInfo(name="hall.mp4", fps=FPS, length=len(times), width=640, height=4800)
    model = ModelInfo(checksum=checksum)
    with Analysis.create(tmp_path / "a.posedesk", about, times, model, Settings()) as analysis:
        add(analysis, 0, 120)
        found = FilmFalls(analysis).find(always)
    assert found is not None
    assert [fall.person for fall in found[0]] == fallen


def test_edits_of_people_change_who_fell(analysis: Analysis) -> None:
    add(analysis, 0, 120)
    falls = FilmFalls(analysis)
    falls.find(always)
    analysis.editor.split(1, 0)
    found = falls.find(always)
    assert found is not None
    assert [fall.person for fall in found[0]] == [2]
    analysis.editor.hide(2)
    assert (falls.find(always) or ([a_fall()],))[0] == []


def test_poses_that_were_found_anew_are_looked_at_anew(analysis: Analysis) -> None:
    add(analysis, 0, 120)
    falls = FilmFalls(analysis)
    assert (falls.find(always) or ([],))[0] != []
    ids = np.full(1, 1, np.int32)
    for start in (0, 60):  # in pieces, as an analyser does it
        analysis.replace([Found(n, n / FPS, people(figure()), ids) for n in range(start, start + 60)], Settings())
        found = falls.find(always)
    assert found is not None
    assert found[0] == []


def test_a_search_that_nobody_wants_any_more_ends(analysis: Analysis) -> None:
    add(analysis, 0, 120)
    assert FilmFalls(analysis).find(lambda: False) is None


def test_a_search_that_ended_midway_goes_on_where_it_was(analysis: Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    add(analysis, 0, 120)
    monkeypatch.setattr(film, "PIECE", 40)
    falls, answers = FilmFalls(analysis), iter([True, True, False])
    assert falls.find(lambda: next(answers)) is None
    answers = iter([True])  # one of three pieces is left
    found, whole = falls.find(lambda: next(answers)), FilmFalls(analysis).find(always)
    assert found is not None
    assert whole is not None
    assert found[0] == whole[0] != []
