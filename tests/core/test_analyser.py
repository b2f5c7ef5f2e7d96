"""A film is analysed in the background, in any order; thresholds change without the net; what was kept is found."""

import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from core.analysis import (
    Analyser,
    Analysis,
    ModelInfo,
    SourceInfo,
    decoded,
    frame_times,
    open_cached,
    redecode,
    what_to_run_again,
)
from core.analysis import cache as cache_module
from core.errors import InputError, PoseDeskError
from core.estimator import Estimator
from core.network import Network
from core.settings import DecodeSettings, NetworkSettings, Settings, TrackingSettings
from core.sources import ArraySource
from core.tracking import make_tracker
from core.tracking.affinity import wait_for_id
from core.types import Frame, Image, Maps, People, Tracks
from models import registry
from tests.tiny_net import arms, write_tiny_net

LENGTH = 60
FPS = 25
PATIENCE = 60.0  # seconds: a busy machine is no failure


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    manifest = write_tiny_net(tmp_path_factory.mktemp("net"))
    return Network.open(registry.find(manifest), NetworkSettings(backend="cpu", input_height=128))


@pytest.fixture(scope="module")
def film() -> list[Image]:
    """Two arms that wander; the right one is faint."""
    return [
        np.maximum(arms((30 + 0.5 * i, 25)), (0.15 * arms((115 - 0.4 * i, 40))).astype(np.uint8)) for i in range(LENGTH)
    ]


@pytest.fixture
def source(film: list[Image]) -> ArraySource:
    return ArraySource(film, fps=FPS)


Make = Callable[..., Analysis]
Method = Literal["affinity", "centroid", "lecture"]


@pytest.fixture
def make(tmp_path: Path, source: ArraySource) -> Iterator[Make]:
    made: list[Analysis] = []

    def create(name: str = "film", settings: Settings | None = None) -> Analysis:
        info = SourceInfo.of(source, "array")
        path = tmp_path / f"{name}.posedesk"
        made.append(Analysis.create(path, info, frame_times(source), ModelInfo(name="tiny"), settings or Settings()))
        return made[-1]

    yield create
    for analysis in made:
        analysis.close()


def analyse(analysis: Analysis, source: ArraySource, network: Callable[[Image], Maps], **more: bool) -> None:
    analyser = Analyser(analysis, source, network, **more)
    analyser.start()
    assert analyser.wait(PATIENCE)
    assert analyser.progress.state == "finished"


def in_order(film: list[Image], network: Network, settings: Settings) -> list[Tracks]:
    """What the estimator says without any of this."""
    estimator = Estimator(network, settings.decoding, make_tracker(settings.tracking))
    results = [estimator.process(frame) for frame in iter(ArraySource(film, fps=FPS).read, None)]
    return [Tracks(result.people, result.ids) for result in results]


def shown(analysis: Analysis, frame: int) -> Tracks:
    tracks = analysis.people(frame)
    assert tracks is not None
    return tracks


def assert_same(one: People, other: People, atol: float = 0) -> None:
    np.testing.assert_array_equal(one.keypoints, other.keypoints)
    np.testing.assert_allclose(one.scores, other.scores, atol=atol)
    np.testing.assert_allclose(one.totals, other.totals, atol=atol)


class Held:
    """A net that waits before each picture until it is told to go on."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.may = threading.Semaphore(0)
        self.calls = 0

    def __call__(self, image: Image) -> Maps:
        assert self.may.acquire(timeout=PATIENCE)
        self.calls += 1
        return self._network(image)

    def go_on(self, frames: int = 100000) -> None:
        self.may.release(frames)

    def step_until(self, condition: Callable[[], bool]) -> None:
        """Let it go on picture by picture."""
        waiting = threading.Event()
        while not condition():
            self.go_on(1)
            waiting.wait(0.05)


def wait_until(condition: Callable[[], bool]) -> None:
    waiting = threading.Event()
    for _ in range(int(PATIENCE / 0.02)):
        if condition():
            return
        waiting.wait(0.02)
    raise AssertionError("it never came")


# -- in the background --


def test_a_film_is_analysed_as_by_the_estimator(
    make: Make, source: ArraySource, network: Network, film: list[Image]
) -> None:
    analysis = make()
    changes: list[int] = []
    analyser = Analyser(analysis, source, network, on_change=lambda: changes.append(1))
    analyser.start()
    assert analyser.wait(PATIENCE)
    progress = analyser.progress
    assert (progress.done, progress.total, progress.state) == (LENGTH, LENGTH, "finished")
    assert changes
    assert analysis.ranges().tolist() == [[0, LENGTH]]
    for frame, tracks in enumerate(in_order(film, network, Settings())):
        assert_same(shown(analysis, frame).people, tracks.people)
        np.testing.assert_array_equal(shown(analysis, frame).ids, tracks.ids)
    assert len(analysis.persons()) == 2


def test_where_it_begins_is_a_wish_and_ids_go_through(make: Make, source: ArraySource, network: Network) -> None:
    analysis, net = make(), Held(network)
    analyser = Analyser(analysis, source, net)
    analyser.begin_at(40)
    analyser.start()
    net.step_until(lambda: analyser.progress.at >= 42)
    assert analyser.progress.at < 50
    analyser.begin_at(10)  # a jump back, then one to the middle, before anything in between is there
    net.step_until(lambda: 10 < analyser.progress.at < 40)
    analyser.begin_at(25)
    net.go_on()
    assert analyser.wait(PATIENCE)
    assert analysis.ranges().tolist() == [[0, LENGTH]]
    assert net.calls <= LENGTH + 10  # what was there was not looked at again; a jump drops the few frames that wait
    people = analysis.persons()
    assert [person.frames for person in people] == [LENGTH, LENGTH]
    left, right = (analysis.trace(person.id).points[:, 2, 0] for person in people)
    assert (np.diff(left) * np.sign(left[-1] - left[0]) > -0.5).all()  # nobody changed places at a seam
    assert (np.diff(right) * np.sign(right[-1] - right[0]) > -0.5).all()


def test_a_wish_for_what_is_about_to_be_done_changes_nothing(
    make: Make, source: ArraySource, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces, net = list[tuple[int, int]](), Held(network)
    do_piece = Analyser._piece

    def noted(self: Analyser, start: int, stop: int) -> None:
        pieces.append((start, stop))
        do_piece(self, start, stop)

    monkeypatch.setattr(Analyser, "_piece", noted)
    analyser = Analyser(make(), source, net)
    analyser.begin_at(40)
    analyser.start()
    wait_until(lambda: analyser.progress.at == 39)  # the piece has begun, and nothing of it is there
    analyser.begin_at(40)
    analyser.begin_at(42)
    net.step_until(lambda: analyser.progress.at >= 44)
    analyser.begin_at(41)  # analysed, and perhaps not written yet
    analyser.begin_at(10)
    net.go_on()
    assert analyser.wait(PATIENCE)
    assert pieces[:2] == [(40, LENGTH), (10, 40)]


@pytest.mark.parametrize("method", ["affinity", "centroid", "lecture"])
def test_what_was_stopped_goes_on(
    make: Make, source: ArraySource, network: Network, film: list[Image], tmp_path: Path, method: Method
) -> None:
    settings = Settings(tracking=TrackingSettings(method=method))
    analysis, calls = make(settings=settings), []

    def slow(image: Image) -> Maps:
        threading.Event().wait(0.05)
        calls.append(1)
        return network(image)

    analyser = Analyser(analysis, source, slow)
    analyser.start()
    wait_until(lambda: len(calls) >= 20)
    analyser.stop()
    done = analyser.progress.done
    assert 19 <= done < LENGTH
    assert analyser.progress.state == "stopped"
    analysis.close()
    with Analysis.open(tmp_path / "film.posedesk") as again:
        assert again.ranges().tolist() == [[0, done]]
        rest = Held(network)
        rest.go_on()
        analyse(again, source, rest)
        assert rest.calls == LENGTH - done
        assert len(again.persons()) == 2
        for frame, tracks in enumerate(in_order(film, network, settings)):
            assert_same(shown(again, frame).people, tracks.people)
            np.testing.assert_array_equal(shown(again, frame).ids, tracks.ids)


def test_it_can_be_paused(make: Make, source: ArraySource, network: Network) -> None:
    analysis, net = make(), Held(network)
    analyser = Analyser(analysis, source, net)
    analyser.pause()
    analyser.start()
    wait_until(lambda: analyser.progress.state == "paused")
    net.go_on()
    assert not analyser.wait(0.1)
    assert net.calls == 0
    analyser.resume()
    assert analyser.wait(PATIENCE)
    assert analyser.progress.done == LENGTH


def test_a_net_that_fails_is_told_and_what_was_found_stays(make: Make, source: ArraySource, network: Network) -> None:
    analysis = make()
    calls = 0

    def failing(image: Image) -> Maps:
        nonlocal calls
        calls += 1
        if calls > 30:
            raise PoseDeskError("The device is gone.")
        return network(image)

    analyser = Analyser(analysis, source, failing)
    analyser.start()
    with pytest.raises(PoseDeskError, match="device is gone"):
        analyser.wait(PATIENCE)
    assert analyser.progress.state == "failed"
    assert analysis.ranges().tolist() == [[0, 30]]


def test_a_fault_of_ours_does_not_end_it_silently(
    make: Make, source: ArraySource, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(image: Image) -> Maps:
        raise ZeroDivisionError("oops")

    analyser = Analyser(make(), source, broken)
    analyser.start()
    with pytest.raises(PoseDeskError, match="oops"):
        analyser.wait(PATIENCE)
    assert "ZeroDivisionError" in caplog.text


class Holed(ArraySource):
    """A film of which two frames cannot be decoded."""

    def _read(self) -> Frame | None:
        frame = super()._read()
        return self._read() if frame is not None and frame.index in (7, 8) else frame


def test_frames_that_cannot_be_read_are_left_out(make: Make, film: list[Image], network: Network) -> None:
    analysis = make()
    analyse(analysis, Holed(film, fps=FPS), network)
    assert analysis.ranges().tolist() == [[0, 7], [9, LENGTH]]


def test_pictures_are_not_tracked(make: Make, source: ArraySource, network: Network) -> None:
    analysis = make(settings=Settings(tracking=TrackingSettings(method="none")))
    analyse(analysis, source, network)
    assert shown(analysis, 30).ids.tolist() == [-1] * len(shown(analysis, 30).ids)
    assert analysis.persons() == []


# -- other thresholds --

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
    net.go_on()
    assert analyser.wait(PATIENCE)
    assert analysis.counts().tolist() == [1] * LENGTH
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


# -- kept without being asked --


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
