"""A folder of pictures: names, people who can be chosen in each, and what is of films and is left out."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.going import parse_place
from app.picture_panel import PicturePanel, values_of
from app.timeline import Content, Lane, PictureNumbers
from app.window import Window
from core import skeleton
from core.errors import InputError
from core.measure import Measure
from core.motion import ANGLES
from core.sources import Playback
from core.sources.images import open_folder
from core.types import People
from tests.app.window_scene import SOON, do
from tests.core.outputs_scene import figures
from tests.tiny_net import write_video


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures of two sizes."""
    folder = tmp_path / "holiday"
    folder.mkdir()
    for name, size in (("beach.png", (128, 96)), ("dunes.png", (96, 128)), ("sea.png", (128, 96))):
        cv2.imwrite(str(folder / name), np.full((size[1], size[0], 3), 90, np.uint8))
    return folder


@pytest.fixture
def opened(window: Window, folder: Path, qtbot: QtBot) -> Window:
    window.open(str(folder))
    qtbot.waitUntil(lambda: window.display.result is not None, timeout=SOON)
    return window


def _go(window: Window, name: str, command: str, qtbot: QtBot) -> None:
    do(window, command)
    qtbot.waitUntil(lambda: window.pictures.name == name and window.display.result is not None, timeout=SOON)


def _put(window: Window, people: People) -> None:
    """These are found in the picture on screen."""
    result = window.display.result
    assert result is not None
    changed = replace(result, people=people, ids=np.full(len(people), -1, np.int32))
    window.display.result = changed
    window.display.redraw()
    window.shown.emit(changed.frame, changed)


def test_the_name_of_the_picture_is_in_sight_and_in_snapshots(
    opened: Window, places_of_user: Path, qtbot: QtBot
) -> None:
    assert opened.windowTitle() == "beach.png - holiday - PoseDesk"
    assert opened.transport.time.text() == "beach.png"
    assert opened.transport.number.text() == "picture 1 of 3"
    _go(opened, "dunes.png", "forward", qtbot)
    assert opened.windowTitle() == "dunes.png - holiday - PoseDesk"
    assert opened.transport.number.text() == "picture 2 of 3"
    do(opened, "snapshot")
    qtbot.waitUntil(lambda: len(list(places_of_user.glob("dunes_*.png"))) == 1, timeout=SOON)


def test_somebody_in_a_picture_is_chosen_and_read(opened: Window, qtbot: QtBot) -> None:
    people = figures((60, 5, 80), (90, 5, 80))
    _put(opened, people)
    assert opened.view.ids.tolist() == [1, 2]
    panel = opened.pictures.panel
    assert [panel.table.item(row, 0).text() for row in range(2)] == ["#1", "#2"]  # type: ignore[union-attr]
    assert panel.values.isHidden()
    x, y = people.keypoints[1, skeleton.NECK].tolist()
    opened.casting.choose_at(x, y, more=False)
    assert opened.pictures.chosen == 2
    assert opened.casting.chosen == (), "nobody has an ID that edits and marks could go by"
    assert opened.view.shown is not None
    assert opened.view.shown.context.selected == {2}
    assert not panel.values.isHidden()
    neck = len(ANGLES) + skeleton.NECK
    assert panel.values.item(neck, 1).text() == f"{x:.0f}, {y:.0f}"  # type: ignore[union-attr]
    do(opened, "next-person")
    assert opened.pictures.chosen == 1
    do(opened, "choose-nobody")
    assert opened.pictures.chosen == 0
    panel.table.selectRow(0)
    assert opened.pictures.chosen == 1
    _go(opened, "dunes.png", "forward", qtbot)
    assert opened.pictures.chosen == 0, "another picture, other people"


def test_what_was_measured_in_a_picture_goes_with_it(opened: Window, qtbot: QtBot) -> None:
    do(opened, "measure")
    opened.measuring._take(Measure((10, 10), (40, 50)))
    opened.display.redraw()
    assert opened.measuring.measure is not None
    _go(opened, "dunes.png", "forward", qtbot)
    assert opened.measuring.measure is None
    assert opened.measuring.is_on


def test_values_in_words() -> None:
    people = figures((60, 5, 80))
    people.keypoints[0, skeleton.R_WRIST] = np.nan
    said = {name: (value, score) for name, value, score in values_of(people, 0)}
    assert said["Right elbow, angle"] == ("-", "")
    assert said["Right elbow"][0] != "-"
    assert said["Right wrist"] == ("-", "")
    assert said["Left knee, angle"][0].endswith("\N{DEGREE SIGN}")


def test_what_is_not_known_yet_is_not_nobody(qtbot: QtBot) -> None:
    panel = PicturePanel(lambda number: None)
    qtbot.addWidget(panel)
    assert "are being looked for" in panel.note.text()
    panel.show_people(People.empty(), 0)
    assert "Nobody was found" in panel.note.text()


def test_the_timeline_of_pictures_has_their_numbers_and_names(opened: Window) -> None:
    timeline = opened.film_view.timeline
    ticks = list(timeline.numbering.ticks(0.0, 3.0, 600))
    assert [(tick.second, tick.text, tick.middle) for tick in ticks] == [
        (0.0, "1  beach", 0.5), (1.0, "2  dunes", 1.5), (2.0, "3  sea", 2.5),
    ]  # fmt: skip
    assert all(0 < tick.room < 200 for tick in ticks), "a long name is cut, and no other lies over it"
    assert [tick.text for tick in timeline.numbering.ticks(0.5, 1.5, 50)] == ["1", "2"], "of those that are on show"
    assert [tick.middle for tick in timeline.numbering.ticks(0.5, 1.5, 50)] == [0.75, 1.25]
    assert timeline.numbering.tip(1.9) == "2: dunes.png"
    timeline.show_span((1.0, 3.0))
    assert timeline.span_length == "2 pictures"
    assert timeline.numbering.stretch(1.0, 3.0) == "pictures 2 to 3"
    assert timeline.numbering.stretch(1.0, 2.0) == "picture 2"


def test_of_many_pictures_round_numbers_are_written() -> None:
    texts = [tick.text for tick in PictureNumbers([f"{n}.png" for n in range(100)]).ticks(0.0, 100.0, 400)]
    assert texts == [str(number) for number in range(10, 101, 10)]


def test_what_pictures_have_nothing_of_is_left_out(opened: Window, tmp_path: Path, qtbot: QtBot) -> None:
    assert not opened.traces_dock.isVisible()
    assert not opened.actions_by_name["traces"].isEnabled()
    assert not opened.actions_by_name["ranges"].isEnabled()
    assert opened.transport.speed.currentText() == "1 a second"
    assert opened.actions_by_name["back"].text() == "Picture &back"
    assert not opened.actions_by_name["back-second"].isVisible()
    assert opened.hud.labels["frames"].text() == ""
    do(opened, "play")
    opened._slow_tick()
    assert not any(opened.hud.labels[name].text() for name in ("frames", "poses", "screen", "age"))
    timeline = opened.film_view.timeline
    qtbot.waitUntil(lambda: timeline.height() == timeline.height_in(opened.height()), timeout=SOON)
    opened.open(str(write_video(tmp_path / "arm.mp4", [[(30.0, 25.0)]] * 5)))
    qtbot.waitUntil(lambda: opened.has_picture and not opened.pictures.are_open, timeout=SOON)
    assert opened.traces_dock.isVisible()
    assert opened.actions_by_name["traces"].isEnabled()
    assert opened.transport.speed.currentText() == "1x"
    assert opened.actions_by_name["back"].text() == "Frame &back"
    assert opened.actions_by_name["back-second"].isVisible()
    assert [tick.text for tick in timeline.numbering.ticks(0.0, 2.0, 200)] == ["0:00", "0:01", "0:02"]


def test_people_who_go_through_pictures_have_traces(opened: Window, qtbot: QtBot) -> None:
    opened.traces.restore(opened.traces.preferences.changed(quantity="speed"))
    assert opened.traces.choice.quantity == "x and y", "no time goes by between pictures"
    analysing, hint = opened.film_view.analysing, opened.marking.panel.hint
    qtbot.waitUntil(lambda: analysing.content.share == 1 and opened.marking.is_read, timeout=SOON)
    assert "nobody is known from one to the next" in hint.text()
    do(opened, "mark")
    assert opened.banner.label.text() == hint.text()
    whole = np.array([[0.0, 3.0]])
    analysing.content = Content(np.arange(3.0), np.ones(3, np.int16), whole, (Lane(1, "", (200, 100, 0), whole),))
    analysing.changed.emit()
    assert opened.traces_dock.isVisible()
    assert opened.actions_by_name["traces"].isEnabled()
    opened.marking.changed.emit()
    assert hint.text() == "Name an action below, such as forehand."
    opened.marking.labels._offered = (("jump", "#e69f00"),)
    opened.marking.labels.choose(0)
    opened.casting.choose(1)
    assert hint.text() == "#1 is chosen, but not in this picture. M begins jump here all the same."


def test_nobody_watches_for_falls_over_pictures(opened: Window) -> None:
    do(opened, "falls")
    assert opened.falls.preferences.watch
    assert opened.falls.sign.isHidden()
    assert opened.pipeline is not None
    assert not opened.pipeline.falls.watching


def test_pictures_are_gone_to_by_their_number(folder: Path) -> None:
    with Playback(open_folder(str(folder)), playing=False) as film:
        assert parse_place("1", film) == 0
        assert parse_place("3", film) == 2
        assert parse_place("100 %", film) == 2
        for wrong in ("0", "4", "1:02"):
            with pytest.raises(InputError, match="picture"):
                parse_place(wrong, film)


def test_a_film_has_the_panel_of_people_again(opened: Window, tmp_path: Path, qtbot: QtBot) -> None:
    assert opened.pictures.panel.isVisibleTo(opened)
    opened.open(str(write_video(tmp_path / "arm.mp4", [[(30.0, 25.0)]] * 5)))
    qtbot.waitUntil(lambda: not opened.pictures.are_open and opened.has_picture, timeout=SOON)
    assert opened.people_panel.isVisibleTo(opened)
    assert opened.transport.number.text().startswith("frame")
