"""People in frames that an analysis does not have: none of them has the ID of somebody else in it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.saved import SavedFilm
from app.steered_estimator import SteeredEstimator
from core.analysis import Analysis, Found, ModelInfo, SourceInfo
from core.settings import Settings, TrackingSettings
from core.types import Frame
from tests.core.outputs_scene import backdrop, crowd, maps_of

SIZE = (640, 360)
PEOPLE = crowd(2, *SIZE)
KNOWN = 10  # frames that are analysed, from the first one on


@pytest.fixture
def analysis(tmp_path: Path) -> Iterator[Analysis]:
    info = SourceInfo(location="x", length=1000, duration=40.0)
    with Analysis.create(tmp_path / "a.posedesk", info, np.arange(1000) / 25, ModelInfo(), Settings()) as made:
        yield made


@pytest.fixture
def estimator() -> SteeredEstimator:
    maps = maps_of(PEOPLE, SIZE)
    return SteeredEstimator(lambda image: maps, Settings())


def add(analysis: Analysis) -> None:
    analysis.add(Found(i, i / 25, PEOPLE, np.array([1, 2], np.int32)) for i in range(KNOWN))


def seen(estimator: SteeredEstimator, index: int) -> list[int]:
    """Who has an ID after some frames from this one on: the same two people in all of them."""
    image = backdrop(*SIZE)
    results = [estimator.process(Frame(image, i, i / 25, i / 25)) for i in range(index, index + 6)]
    ids: list[int] = results[-1].ids.tolist()
    return ids


def test_after_a_jump_from_one_unknown_frame_to_another_nobody_has_the_id_of_somebody_known(
    analysis: Analysis, estimator: SteeredEstimator
) -> None:
    add(analysis)
    estimator.saved = SavedFilm(analysis)
    assert seen(estimator, 0) == [1, 2]
    there = seen(estimator, 500)
    assert not {1, 2} & set(there)
    forgotten = list[int]()
    estimator.forget = forgotten.extend
    assert seen(estimator, 100) == there, "the same IDs are lent again"
    assert sorted(forgotten) == there, "and mean somebody else now"
    assert analysis.new_id() == max(there) + 1, "who is found by the analysis next is somebody else"


def test_a_film_that_is_opened_in_an_unknown_frame_has_nobody_else_under_a_known_id(
    analysis: Analysis, estimator: SteeredEstimator
) -> None:
    add(analysis)
    assert seen(estimator, 500) == [1, 2]  # the analysis is not open yet
    estimator.saved = SavedFilm(analysis)
    assert not {1, 2} & set(seen(estimator, 506))
    estimator.track_by(TrackingSettings(method="centroid"))
    assert not {1, 2} & set(seen(estimator, 512))


@pytest.mark.parametrize("elsewhere", [20, 700])
def test_people_keep_their_ids_while_an_analysis_begins_and_lose_them_by_a_jump(
    analysis: Analysis, estimator: SteeredEstimator, elsewhere: int
) -> None:
    estimator.saved = SavedFilm(analysis)
    assert seen(estimator, 500) == [1, 2]
    add(analysis)
    assert seen(estimator, 506) == [1, 2]
    assert not {1, 2} & set(seen(estimator, elsewhere))


def test_a_jump_lends_no_id_that_somebody_was_shown_by(analysis: Analysis, estimator: SteeredEstimator) -> None:
    """Their traces would go on as those of somebody else."""
    estimator.saved = SavedFilm(analysis)
    assert seen(estimator, 500) == [1, 2]
    assert estimator.shown_elsewhere(500) == 2
    analysis.add([Found(0, 0.0, PEOPLE[:1], np.array([1], np.int32))])
    assert not {1, 2} & set(seen(estimator, 100))


def test_who_is_shown_in_one_frame_alone_may_have_that_id_in_its_analysis(estimator: SteeredEstimator) -> None:
    assert estimator.shown_elsewhere(0) == 0
    image = backdrop(*SIZE)
    for _ in range(3):  # as it is looked at again
        estimator.process(Frame(image, 7, 7 / 25, 0.0))
    assert estimator.shown_elsewhere(7) == 0
    assert estimator.shown_elsewhere(8) > 0
    estimator.process(Frame(image, 8, 8 / 25, 0.0))
    assert estimator.shown_elsewhere(7) == estimator.shown_elsewhere(8) > 0
