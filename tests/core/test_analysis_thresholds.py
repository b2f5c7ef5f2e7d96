"""Other thresholds of an analysis are had without the net."""

import numpy as np
import pytest

from core.analysis import (
    Analyser,
    decoded,
    redecode,
    what_to_run_again,
)
from core.errors import InputError
from core.network import Network
from core.settings import DecodeSettings, NetworkSettings, Settings, TrackingSettings
from core.sources import ArraySource
from core.tracking.affinity import wait_for_id
from core.types import Image
from tests.core.analyser_scene import (  # noqa: F401
    FPS,
    LENGTH,
    PATIENCE,
    Held,
    Make,
    analyse,
    assert_same,
    film_of_two_arms,
    in_order,
    make_analysis,
    shown,
    source_of_the_film,
    tiny_network,
    wait_until,
)

CHANGES = [
    {},
    {"peak_threshold": 0.3},
    {"peak_threshold": 0.03, "link_share": 0.8},
    {"link_threshold": 0.5, "mean_of_all": True},
    {"min_points": 4},
    {"min_score": 1.2},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_other_thresholds_are_had_without_the_net(
    make: Make, source: ArraySource, network: Network, film: list[Image], change: dict[str, float]
) -> None:
    analysis = make()
    analyse(analysis, source, network)
    before = shown(analysis, 20)
    wanted = Settings(decoding=DecodeSettings(**change))  # type: ignore[arg-type]
    assert what_to_run_again(analysis, wanted) == ""
    preview = decoded(analysis, 20, wanted.decoding)
    assert redecode(analysis, wanted)
    assert analysis.settings == wanted
    for frame, tracks in enumerate(in_order(film, network, wanted)):
        assert_same(shown(analysis, frame).people, tracks.people, atol=2e-3)
    now = shown(analysis, 20)
    assert preview is not None
    assert_same(preview.people, now.people)
    assert set(now.ids.tolist()) <= set(before.ids.tolist())
    assert redecode(analysis, Settings())  # and back again
    assert_same(shown(analysis, 20).people, before.people, atol=2e-3)


def test_a_frame_with_other_thresholds_is_as_it_was_edited(make: Make, source: ArraySource, network: Network) -> None:
    analysis = make()
    analyse(analysis, source, network)
    one, other = sorted(shown(analysis, 20).ids.tolist())
    point = int(np.flatnonzero(shown(analysis, 20).people.found().all(axis=0))[0])
    analysis.editor.swap(one, other, 10)
    analysis.editor.move_point(20, one, point, (3.0, 4.0))
    analysis.editor.hide(other)
    wanted = Settings(decoding=DecodeSettings(peak_threshold=0.06))
    preview = decoded(analysis, 20, wanted.decoding)
    assert preview is not None
    assert preview.people.keypoints[preview.ids.tolist().index(one), point].tolist() == [3.0, 4.0]
    assert redecode(analysis, wanted)
    now = analysis.people(20, hidden=True)
    assert now is not None
    assert sorted(preview.ids.tolist()) == [one, other], "who is hidden is there for those who have to know"
    np.testing.assert_array_equal(preview.ids, now.ids)
    assert_same(preview.people, now.people)


def test_whoever_comes_with_lower_thresholds_gets_an_id_that_stays(
    make: Make, source: ArraySource, network: Network
) -> None:
    analysis = make(settings=Settings(decoding=DecodeSettings(peak_threshold=0.3)))
    analyse(analysis, source, network)
    [first] = analysis.persons()
    analysis.editor.rename(first.id, "Ana")
    assert redecode(analysis, Settings())
    people = analysis.persons()
    fewest = int(shown(analysis, LENGTH - 1).people.found().sum(axis=1).min())
    ghostly = int(wait_for_id(TrackingSettings(), fewest) * FPS)  # frames until it is known that there is somebody
    assert [(person.name, person.frames) for person in people] == [("Ana", LENGTH), ("", LENGTH - ghostly - 1)]


def test_the_background_decodes_again_and_goes_on(make: Make, source: ArraySource, network: Network) -> None:
    analysis, net = make(), Held(network)
    analyser = Analyser(analysis, source, net)
    analyser.start()
    net.go_on(20)
    wait_until(lambda: net.calls >= 20)
    analyser.redecode(Settings(decoding=DecodeSettings(peak_threshold=0.3)))
    assert analyser.settings.decoding.peak_threshold == 0.3
    net.go_on()
    assert analyser.wait(PATIENCE)
    assert analysis.counts().tolist() == [1] * LENGTH
    assert analyser.settings == analysis.settings
    assert analysis.settings.decoding.peak_threshold == 0.3


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (Settings(network=NetworkSettings(input_height=256)), "input_height"),
        (Settings(tracking=TrackingSettings(method="centroid")), "tracked in another way"),
        (Settings(decoding=DecodeSettings(peak_threshold=0.01)), "peak_threshold is below 0.03"),
        (Settings(decoding=DecodeSettings(link_threshold=0)), "link_threshold is below 0.03"),
        (Settings(decoding=DecodeSettings(link_share=0.5)), "link_share is below 0.8"),
        (Settings(decoding=DecodeSettings(max_peaks=5)), "number of peaks"),
        (Settings(decoding=DecodeSettings(link_samples=10)), "sampled"),
        (Settings(decoding=DecodeSettings(peak_search="regions")), "searched in another way"),
    ],
)
def test_what_cannot_be_had_says_what_to_run_again(make: Make, wanted: Settings, why: str) -> None:
    analysis = make()
    assert why in what_to_run_again(analysis, wanted)
    with pytest.raises(InputError, match="analysed again"):
        redecode(analysis, wanted)


def test_without_candidates_the_film_has_to_be_analysed_again(
    make: Make, source: ArraySource, network: Network
) -> None:
    analysis = make()
    analyse(analysis, source, network, candidates=False)
    assert f"{LENGTH} frames" in what_to_run_again(analysis, Settings(decoding=DecodeSettings(peak_threshold=0.2)))
    assert decoded(analysis, 3, Settings().decoding) is None


def test_decoding_again_can_be_ended_and_changes_nothing(
    make: Make, source: ArraySource, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    analysis = make()
    analyse(analysis, source, network)
    monkeypatch.setattr("core.analysis.thresholds.TELL", 10)
    before = analysis.counts().tolist()
    told: list[tuple[int, int]] = []

    def tell(done: int, total: int) -> bool:
        told.append((done, total))
        return len(told) < 2

    assert not redecode(analysis, Settings(decoding=DecodeSettings(peak_threshold=0.3)), tell)
    assert told == [(10, LENGTH), (20, LENGTH)]
    assert analysis.counts().tolist() == before
    assert analysis.settings == Settings()


def test_damaged_candidates_are_told(make: Make, source: ArraySource, network: Network) -> None:
    analysis = make()
    analyse(analysis, source, network)
    for data in (b"", b"nonsense", bytes(100), analysis.candidates(5, 6)[5][:-9]):
        with analysis._database.writing() as connection:
            connection.execute("UPDATE candidates SET data = ? WHERE frame = 5", (data,))
        with pytest.raises(InputError, match="candidates of frame 5"):
            redecode(analysis, Settings())
