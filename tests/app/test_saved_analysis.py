"""An analysis as a file of the user's: saved from the window, and opened in it."""

import glob
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PyQt6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app import analysis_files
from app.film_analysis import FilmAnalysis
from app.window import Window
from core import skeleton
from core.analysis import Analysis, Found, NewMark, film_of
from core.analysis.exchange import into_analysis, read_poses
from core.errors import InputError
from core.settings import Settings
from core.sources import open_source
from tests.app.conftest import Command
from tests.app.film_scene import FRAMES, SOON, arm, do, go, is_saved, open_film, until_analysed
from tests.tiny_net import write_picture, write_video

Make = Callable[[Settings], Window]


@pytest.fixture
def video(tmp_path: Path) -> Path:
    return write_video(tmp_path / "film" / "arm.mp4", map(arm, range(FRAMES)))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    (tmp_path / "film").mkdir()
    return tmp_path / "film"


@pytest.fixture
def analysed(posedesk: Command, net: Path, video: Path, tmp_path: Path) -> Path:
    """A file that the command line has made."""
    target = tmp_path / "arm.posedesk"
    assert posedesk("analyse", video, "--out", target, "--model", net, "--input-height", 128).code == 0
    return target


def analysis_of(window: Window) -> Analysis:
    saved = window.film_view.analysing.saved
    assert saved is not None
    return saved.analysis


def wrist(window: Window) -> list[float]:
    """Where the wrist of the one person on screen is."""
    [person] = window.view.people.keypoints
    found: list[float] = person[skeleton.R_WRIST].tolist()
    return found


def until_known(window: Window, qtbot: QtBot) -> None:
    until_analysed(window, qtbot)
    go(window, 7, qtbot)
    qtbot.waitUntil(lambda: is_saved(window) and len(window.view.people) == 1, timeout=SOON)


def test_what_is_saved_can_be_opened_as_it_was(
    window: Window, make_window: Make, video: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_film(window, video, qtbot)
    until_known(window, qtbot)
    before = wrist(window)
    analysis_of(window).marks.take([("serve", "#123456")], [NewMark("serve", 1, 0.2, 0.6)])
    analysis_of(window).editor.rename(1, "Ann")
    target = tmp_path / "kept.posedesk"
    monkeypatch.setattr(QFileDialog, "exec", lambda ask: 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda ask: [str(target)])
    do(window, "save-analysis")
    qtbot.waitUntil(lambda: window.banner.label.text() == f"Saved {target}.", timeout=SOON)
    # Elsewhere, with another net and other thresholds.
    other = Settings()
    other = other.changed(network={"model": "no-such-net", "input_height": 256}, decoding={"peak_threshold": 0.4})
    later = make_window(other)
    open_film(later, target, qtbot)
    until_known(later, qtbot)
    assert later.windowTitle() == "kept.posedesk - PoseDesk"
    assert wrist(later) == before
    assert analysis_of(later).path == target
    qtbot.waitUntil(lambda: len(later.marking.marks) == 1, timeout=SOON)
    assert [lane.name for lane in later.film_view.timeline.content.lanes] == ["Ann"]
    assert not later.actions_by_name["analyse-again"].isEnabled(), "it would be lost"
    analysis_of(later).editor.rename(1, "Eve")
    later.go_to_start()
    qtbot.waitUntil(lambda: not target.with_name(target.name + "-lock").exists(), timeout=SOON)
    with Analysis.open(target, write=False) as kept:
        assert kept.persons()[0].name == "Eve", "what is done by hand goes into the file"


def test_results_of_openpose_are_gone_through(
    window: Window, posedesk: Command, video: Path, analysed: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    json, target = tmp_path / "json", tmp_path / "openpose.posedesk"
    assert posedesk("convert", analysed, json).code == 0
    assert posedesk("convert", json, target, "--source", video).code == 0
    open_film(window, target, qtbot)
    until_known(window, qtbot)
    assert wrist(window) == pytest.approx([30 + 3 * 7, 25 + 64], abs=1)


def ask(monkeypatch: pytest.MonkeyPatch, poses: Path, target: Path) -> None:
    """What the user chooses."""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *words: (str(poses), ""))
    monkeypatch.setattr(QFileDialog, "exec", lambda ask: 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda ask: [str(target)])


def test_results_of_openpose_are_opened_in_the_window(
    window: Window, posedesk: Command, video: Path, analysed: Path, tmp_path: Path, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    json, target = tmp_path / "json", tmp_path / "openpose.posedesk"
    assert posedesk("convert", analysed, json).code == 0
    window.film_view.analysing.wanted = False  # so that nothing else can know anybody
    open_film(window, video, qtbot)
    ask(monkeypatch, next(json.iterdir()), target)
    do(window, "take-poses")
    qtbot.waitUntil(lambda: window.windowTitle() == "openpose.posedesk - PoseDesk", timeout=SOON)
    assert window.playback is not None
    window.playback.pause()
    until_known(window, qtbot)
    assert analysis_of(window).path == target
    assert wrist(window) == pytest.approx([30 + 3 * 7, 25 + 64], abs=1)
    assert [path.name for path in tmp_path.glob(".*.part*")] == []


def test_poses_of_the_scene_of_an_open_analysis_are_of_that_scene(
    window: Window, posedesk: Command, net: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, analysis = "demo:walk?seconds=1", tmp_path / "scene.posedesk"
    assert posedesk("analyse", scene, "--out", analysis, "--model", net, "--input-height", 128).code == 0
    assert posedesk("convert", analysis, tmp_path / "scene.csv").code == 0
    open_film(window, analysis, qtbot)
    ask(monkeypatch, tmp_path / "scene.csv", tmp_path / "again.posedesk")
    do(window, "take-poses")
    qtbot.waitUntil(lambda: window.windowTitle() == "again.posedesk - PoseDesk", timeout=SOON)
    assert film_of(tmp_path / "again.posedesk") == scene
    qtbot.waitUntil(lambda: window.film_view.analysing.saved is not None, timeout=SOON)


def test_what_is_open_is_not_written_over(
    window: Window, posedesk: Command, analysed: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert posedesk("convert", analysed, tmp_path / "arm.csv").code == 0
    open_film(window, analysed, qtbot)
    until_known(window, qtbot)
    ask(monkeypatch, tmp_path / "arm.csv", analysed)
    do(window, "take-poses")
    assert window.banner.label.text() == "arm.posedesk is what is open. Give another name."


def test_poses_of_another_film_are_refused_and_leave_nothing(
    window: Window, posedesk: Command, analysed: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, target = tmp_path / "arm.csv", tmp_path / "there.posedesk"
    assert posedesk("convert", analysed, table).code == 0
    target.write_text("what was there")
    open_film(window, write_video(tmp_path / "short.mp4", map(arm, range(5))), qtbot)
    ask(monkeypatch, table, target)
    do(window, "take-poses")
    qtbot.waitUntil(lambda: "Give the film that it is of" in window.banner.label.text(), timeout=SOON)
    assert window.windowTitle() == "short.mp4 - PoseDesk"
    assert target.read_text() == "what was there"
    assert [path.name for path in tmp_path.glob(".*.part*")] == []


def test_poses_of_pictures_are_of_those_that_they_name(
    window: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures, json, target = tmp_path / "pictures", tmp_path / "json", tmp_path / "theirs.posedesk"
    pictures.mkdir()
    json.mkdir()
    for name in ("000000000057.png", "000000000192.png"):
        write_picture(pictures / name, (40, 25))
    poses = json / "000000000192_keypoints.json"
    poses.write_text('{"people": []}')
    open_film(window, pictures, qtbot)
    ask(monkeypatch, poses, target)
    do(window, "take-poses")
    qtbot.waitUntil(lambda: window.windowTitle().endswith("theirs.posedesk - PoseDesk"), timeout=SOON)
    with Analysis.open(target, write=False) as analysis:
        assert [(found.frame, found.name) for found, _ in analysis.frames()][-1] == (1, "000000000192.png")


def test_poses_that_are_read_say_how_far_they_are_and_can_be_cancelled(
    window: Window, posedesk: Command, video: Path, analysed: Path, tmp_path: Path, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    table, target, go_on = tmp_path / "arm.csv", tmp_path / "there.posedesk", threading.Event()
    assert posedesk("convert", analysed, table).code == 0
    target.write_text("what was there")
    open_film(window, video, qtbot)
    until_known(window, qtbot)

    def slowly(path: Path, **words: Any) -> Iterator[Found]:
        for number, found in enumerate(read_poses(path, **words)):
            if number == FRAMES // 2 + 1:
                go_on.wait(SOON / 1000)
            yield found

    monkeypatch.setattr(analysis_files, "read_poses", slowly)
    monkeypatch.setattr(into_analysis, "BATCH", 1)
    ask(monkeypatch, table, target)
    banner = window.banner
    do(window, "take-poses")
    try:
        assert banner.label.text() == "Reading arm.csv ..."
        qtbot.waitUntil(lambda: 40 <= banner.busy.value() <= 60, timeout=SOON)
        assert banner.is_busy
        assert window.actions_by_name["leave"].isEnabled()
        banner.warn("Something else.")
        banner.hide()  # and was read
        banner.cancel.click()
        assert banner.label.text() == "Reading arm.csv was cancelled."
        assert not window.waiting.is_waiting
    finally:
        go_on.set()
    window.analysis_files.shutdown()
    assert window.windowTitle() == "arm.mp4 - PoseDesk"
    assert target.read_text() == "what was there"
    assert [path.name for path in tmp_path.glob(".*.part*")] == []


def test_cancel_ends_what_the_banner_names(
    window: Window, posedesk: Command, video: Path, analysed: Path, tmp_path: Path, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Poses are read while a net is on its way: which of the two is said last is what the button ends."""
    table, go_on, left = tmp_path / "arm.csv", threading.Event(), list[str]()
    assert posedesk("convert", analysed, table).code == 0
    open_film(window, video, qtbot)
    until_known(window, qtbot)

    def slowly(path: Path, **words: Any) -> Iterator[Found]:
        go_on.wait(SOON / 1000)
        yield from read_poses(path, **words)

    monkeypatch.setattr(analysis_files, "read_poses", slowly)
    monkeypatch.setattr(type(window.bridge), "is_changing", True)
    monkeypatch.setattr(window.bridge, "cancel_change", lambda: left.append("net"))
    ask(monkeypatch, table, tmp_path / "there.posedesk")
    do(window, "take-poses")
    try:
        assert window.banner.label.text() == "Reading arm.csv ..."
        window.banner.work("Getting the net ready ...")
        window.banner.cancel.click()
        assert left == ["net"]
        assert window.analysis_files.is_reading
        window.banner.work("Reading arm.csv ...")
        window.banner.cancel.click()
        assert left == ["net"]
        assert window.banner.label.text() == "Reading arm.csv was cancelled."
    finally:
        go_on.set()
    window.analysis_files.shutdown()


def test_poses_do_not_take_the_place_of_what_is_open_elsewhere(
    window: Window, posedesk: Command, video: Path, analysed: Path, tmp_path: Path, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    table = tmp_path / "arm.csv"
    assert posedesk("convert", analysed, table).code == 0
    open_film(window, video, qtbot)
    ask(monkeypatch, table, analysed)
    with Analysis.open(analysed) as elsewhere:
        do(window, "take-poses")
        qtbot.waitUntil(lambda: "is open in another PoseDesk" in window.banner.label.text(), timeout=SOON)
        elsewhere.marks.add_label("serve", "#000000")
    with Analysis.open(analysed) as again:
        assert [label.name for label in again.marks.labels()] == ["serve"]


def test_a_file_that_is_not_finished_goes_on_with_its_net(window: Window, analysed: Path, qtbot: QtBot) -> None:
    with Analysis.open(analysed) as analysis, analysis._database.writing() as connection:
        connection.execute("DELETE FROM frames WHERE frame >= 10")
        connection.execute("DELETE FROM poses WHERE frame >= 10")
    window.bridge.change_network(input_height=256)
    open_film(window, analysed, qtbot)
    until_analysed(window, qtbot)
    assert analysis_of(window).settings.network.input_height == 128
    saved = window.film_view.analysing.saved
    window.bridge.change_network(input_height=144)
    qtbot.waitUntil(lambda: window.bridge.settings.network.input_height == 144, timeout=SOON)
    go(window, 5, qtbot)
    assert window.film_view.analysing.saved is saved, "another net makes no other file of it"


def test_thresholds_that_are_changed_find_people_anew(window: Window, analysed: Path, qtbot: QtBot) -> None:
    open_film(window, analysed, qtbot)
    until_known(window, qtbot)
    window.bridge.change_decoding(min_score=2.0)
    qtbot.waitUntil(lambda: len(window.view.people) == 0, timeout=SOON)
    assert analysis_of(window).settings.decoding.min_score == 2.0
    qtbot.waitUntil(lambda: window.film_view.timeline.content.counts.max() == 0, timeout=SOON)


def test_the_film_is_looked_for_beside_the_file(analysed: Path, video: Path, tmp_path: Path) -> None:
    assert film_of(analysed) == str(video)
    video.rename(tmp_path / video.name)
    assert film_of(analysed) == str(tmp_path / video.name)
    (tmp_path / video.name).unlink()
    with pytest.raises(InputError, match=r"is there no more\. Put it beside arm\.posedesk"):
        film_of(analysed)


def test_the_film_is_looked_for_beside_the_file_where_its_place_cannot_be_looked_at(
    analysed: Path, video: Path, tmp_path: Path
) -> None:
    say_location(analysed, f"/{'x' * 300}/{video.name}")  # Path.is_file raises, as in a folder that others may not see
    video.rename(tmp_path / video.name)
    assert film_of(analysed) == str(tmp_path / video.name)


def test_pictures_of_a_pattern_are_opened_again(
    posedesk: Command, net: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = tmp_path / "of [2]" / "pictures"  # a name with a pattern's characters in it
    pictures.mkdir(parents=True)
    for number in (2, 10):
        write_picture(pictures / f"{number}.png", (40, 25))
    target = tmp_path / "pictures.posedesk"
    monkeypatch.chdir(pictures.parent)
    words = ("pictures/*.png", "--out", target, "--model", net, "--input-height", 128)
    assert posedesk("analyse", *words).code == 0
    monkeypatch.chdir(tmp_path)
    with open_source(film_of(target)) as source:
        assert [path.name for path in source.files] == ["2.png", "10.png"]
    for path in pictures.iterdir():
        path.unlink()
    with pytest.raises(InputError, match="is there no more"):
        film_of(target)
    write_picture(tmp_path / "01.png", (40, 25))
    say_location(target, "0?.png")
    assert film_of(target) == str(tmp_path / "0?.png"), "from the root, where it can mean no camera"


def say_location(path: Path, location: str) -> None:
    """Make an analysis say that its film is there."""
    with Analysis.open(path) as analysis, analysis._database.writing() as connection:
        source = analysis.source.model_copy(update={"location": location})
        connection.execute("UPDATE meta SET value = ? WHERE key = 'source'", (source.model_dump_json(),))


@pytest.mark.parametrize("location", ["http://127.0.0.1:9/film.mp4", "/dev/zero", "rtsp://camera.local/1", "camera:0"])
def test_a_file_opens_neither_addresses_nor_devices(analysed: Path, location: str) -> None:
    say_location(analysed, location)
    with pytest.raises(InputError, match="is there no more"):
        film_of(analysed)


@pytest.mark.parametrize(
    "location", [r"\\host\films\arm.mp4", "//host/films/arm.mp4", r"\\host", r"\\host\films\*.png"]
)
def test_no_machine_in_the_network_is_asked_on_the_word_of_a_file(
    analysed: Path, video: Path, location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows would tell it who asks, and prove that."""
    asked = list[str]()
    for module, name in ((os.path, "isfile"), (os.path, "isdir"), (glob, "glob")):
        real = getattr(module, name)
        monkeypatch.setattr(
            module, name, lambda path, *, real=real, **how: asked.append(str(path)) or real(path, **how)
        )
    say_location(analysed, location)
    with pytest.raises(InputError, match=r"in the network.*Put it beside arm\.posedesk"):
        film_of(analysed)
    assert not [path for path in asked if "host" in path and not path.startswith(str(tmp_path))]
    video.rename(tmp_path / video.name)
    if location.endswith(video.name):
        assert film_of(analysed) == str(tmp_path / video.name)


@pytest.mark.skipif(os.name == "nt", reason="//tmp is another machine there")
def test_a_file_in_the_network_has_its_film_there_or_on_this_machine(
    analysed: Path, video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "films").mkdir()
    film = video.rename(tmp_path / "films" / video.name)
    shared = Path(f"/{analysed}")
    for location in (str(film), f"/{film}"):
        say_location(analysed, location)
        assert film_of(shared) == location
    say_location(analysed, f"//other{film}")
    with pytest.raises(InputError, match="in the network"):
        film_of(shared)


@pytest.mark.parametrize("pattern", ["/**/*.png", "/*/*.png", "/**", "{own}/*/../../**/*.png", "{own}/../*/*.png"])
def test_no_disk_is_gone_through_on_the_word_of_a_file(
    analysed: Path, tmp_path: Path, pattern: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    say_location(analysed, pattern.format(own=glob.escape(str(tmp_path))))
    monkeypatch.setattr(glob, "glob", lambda *words, **how: pytest.fail("it was gone through"))
    with pytest.raises(InputError, match="in one folder, or below its own"):
        film_of(analysed)


def test_pictures_below_the_folder_of_the_file_are_opened_again(analysed: Path, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    write_picture(tmp_path / "one" / "1.png", (40, 25))
    for pattern in ("**/*.png", "*/1.png", "one/**"):
        say_location(analysed, whole := f"{glob.escape(str(tmp_path))}/{pattern}")
        assert film_of(analysed) == whole


def test_without_its_film_it_says_so(window: Window, analysed: Path, video: Path, qtbot: QtBot) -> None:
    video.unlink()
    window.open(str(analysed))
    qtbot.waitUntil(lambda: "is there no more" in window.banner.label.text(), timeout=SOON)
    assert window.pipeline is None


def test_a_film_that_goes_away_while_it_is_opened_is_closed_in_a_sentence(
    window: Window, analysed: Path, video: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = FilmAnalysis.begin

    def gone(opening: FilmAnalysis, settings: Settings) -> None:
        video.unlink()
        begin(opening, settings)

    monkeypatch.setattr(FilmAnalysis, "begin", gone)
    window.open(str(analysed))
    qtbot.waitUntil(lambda: "is there no more" in window.banner.label.text(), timeout=SOON)
    assert window.pipeline is None
    assert window.banner.trouble
    assert not window.banner.offers, "there is no film to open"


def test_an_analysis_of_another_film_is_closed_and_the_film_can_be_opened(
    window: Window, analysed: Path, video: Path, qtbot: QtBot
) -> None:
    """Left open, a name given to somebody there would be lost."""
    write_video(video, [[(100, 40)]] * FRAMES)
    window.open(str(analysed))
    banner = window.banner
    qtbot.waitUntil(lambda: "is another film than the one that arm.posedesk is of" in banner.label.text(), timeout=SOON)
    assert window.pipeline is None
    assert banner.offers
    assert banner.trouble
    banner.action.click()
    until_analysed(window, qtbot)
    assert window.source_text == str(video)
    go(window, 3, qtbot)
    qtbot.waitUntil(lambda: len(window.view.people) == 1, timeout=SOON)
    np.testing.assert_allclose(wrist(window), [100, 104], atol=1.5)


def test_poses_of_no_film_say_how_to_get_one(window: Window, posedesk: Command, analysed: Path, qtbot: QtBot) -> None:
    table, target = analysed.with_suffix(".csv"), analysed.with_name("table.posedesk")
    assert posedesk("convert", analysed, table).code == 0
    assert posedesk("convert", table, target).code == 0
    window.open(str(target))
    qtbot.waitUntil(lambda: "--source FILM" in window.banner.label.text(), timeout=SOON)
