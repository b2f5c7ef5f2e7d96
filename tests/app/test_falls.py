"""Falls in the window: one alarm a fall, the band over the picture, the sound, and who else is told."""

import io
import subprocess
import sys
import threading
import wave
from collections.abc import Callable, Iterator
from dataclasses import replace
from math import inf
from pathlib import Path
from queue import SimpleQueue
from time import monotonic, sleep

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.canvas import Placement, compose
from app.event_book import EventBook
from app.falls import alerting as alerting_module
from app.falls import film, sound
from app.falls.alerting import Alerting
from app.falls.banner import FallBanner, Lying, ago
from app.falls.film import FilmFalls
from app.falls.keeper import FallKeeper
from app.falls.preferences import FallPreferences
from app.falls.sound import RATE, AlarmSound, alarm_wave
from app.pipeline import NO_LINKS, NO_MAPS, NO_PEAKS
from app.settings_dialog import SettingsDialog
from app.window import Window
from core.analysis import Analysis, Found, ModelInfo, SourceInfo
from core.motion import Fall
from core.outputs import alerts
from core.settings import Settings
from core.types import Floats, Frame, Image, Result
from tests.app.film_scene import FRAMES, arm, do, go, open_film, until_analysed
from tests.core.test_falls import Film, figure, people, smooth, topple
from tests.tiny_net import write_video

SOON = 90_000  # milliseconds
FPS = 15.0
IMAGE = np.zeros((480, 640, 3), np.uint8)


def a_fall(person: int = 1, time: float = 0.2, since: float = 0.4, ended: float | None = None, x: float = 50.0) -> Fall:
    return Fall(person, time, since, ended, 0.8, x, 50.0, 100.0)


class Told:
    """A keeper, and what it told."""

    def __init__(self, live: bool = False) -> None:
        self.events = EventBook()
        self.keeper = FallKeeper(self.events, live)
        self.keeper.watching = True
        self.alarms: list[Fall] = []
        self.rises: list[Fall] = []
        self.keeper.alarm, self.keeper.up = self.alarms.append, self.rises.append

    def see(
        self, film: Film, start: float, end: float, *, moves: bool = True, person: int = 1, image: Image = IMAGE,
        taken: float = inf,
    ) -> None:  # fmt: skip
        """taken: the moment of the capture, all at once"""
        for i in range(round(start * FPS), round(end * FPS)):
            points = film(i / FPS)
            found = people() if points is None else people(points)
            frame = Frame(image, i, i / FPS, taken)
            ids = np.full(len(found), person, np.int32)
            self.keeper.see(Result(frame, NO_MAPS, NO_PEAKS, NO_LINKS, found, ids), moves)


def up_again(seconds: float) -> np.ndarray:
    return figure(85 * (smooth(seconds, 3.0, 0.9) - smooth(seconds, 7.0, 1.5)))


# -- one alarm a fall --


def test_who_falls_raises_one_alarm_and_lies_until_up_again() -> None:
    told = Told()
    told.see(up_again, 0, 6)
    [fall] = told.alarms
    assert (fall.person, fall.ended) == (1, None)
    assert told.keeper.lying(fall.lying_since - 0.1) == []
    assert [each.person for each in told.keeper.lying(5.9)] == [1]
    [event] = told.events.all()
    assert (event.event, event.end) == ("fall", None)
    told.see(up_again, 6, 12)
    assert len(told.alarms) == 1
    [risen] = told.rises
    assert risen.ended is not None
    assert told.keeper.lying(11.0) == []
    assert told.keeper.lying(5.9) != []  # as it was then
    [event] = told.events.all()
    assert event.end == risen.ended


def test_a_film_that_shows_a_fall_again_raises_no_second_alarm() -> None:
    told = Told()
    told.see(topple, 0, 6)
    told.see(topple, 1, 6, person=4)  # wound back: everyone is new
    assert len(told.alarms) == 1
    assert len(told.events.all()) == 1
    told.see(lambda seconds: topple(seconds - 20), 20, 26)  # another fall, later in the film
    assert len(told.alarms) == 2


def test_what_is_wound_through_raises_no_alarm() -> None:
    told = Told()
    told.see(topple, 0, 6, moves=False)
    assert told.alarms == []
    assert told.events.all() == ()


def test_who_lies_where_a_film_was_left_does_not_lie_elsewhere_in_it() -> None:
    told = Told()
    told.see(topple, 0, 6)
    told.see(lambda seconds: figure(), 60, 61)
    assert told.keeper.lying(60.5) == []
    assert told.keeper.lying(5.5) != []


def test_a_camera_that_was_lost_for_a_while_forgets_nobody_who_lies() -> None:
    told = Told(live=True)
    told.see(topple, 0, 6)
    told.see(lambda seconds: None, 60, 61)
    assert len(told.keeper.lying(61.0)) == 1
    assert len(told.alarms) == 1


def lies_in_the_picture(seconds: float) -> Floats:
    return figure(85.0)


def test_a_picture_of_another_size_is_no_fall() -> None:
    told = Told(live=True)
    told.see(lambda seconds: figure(), 0, 4)
    told.see(lies_in_the_picture, 4.3, 8, image=np.zeros((640, 480, 3), np.uint8))
    assert told.alarms == []


def test_a_picture_that_is_turned_is_no_fall() -> None:
    told = Told(live=True)
    told.see(lambda seconds: figure(), 0, 4)
    before = monotonic()
    told.keeper.turn()
    told.see(lambda seconds: figure(), 4, 4.2, taken=before)  # was on its way
    told.see(lies_in_the_picture, 4.2, 8)
    assert told.alarms == []


def test_who_lies_goes_on_lying_in_a_picture_that_is_turned() -> None:
    told = Told(live=True)
    told.see(topple, 0, 6)
    told.keeper.turn()
    told.see(lambda seconds: None, 6, 8)
    assert len(told.keeper.lying(8.0)) == len(told.alarms) == 1


def test_falls_of_an_analysis_hold_where_it_knows_the_film() -> None:
    told = Told()
    told.see(topple, 0, 6)
    settled = [replace(told.alarms[0], person=9), a_fall(person=2, time=8.0, since=8.5)]
    told.keeper.settle(settled, np.array([[0.0, 10.0]]))
    assert [event.person for event in told.events.all()] == [9, 2]
    assert [event.end for event in told.events.all()] == [10.0, 10.0]  # nobody saw them get up
    assert [fall.person for fall in told.keeper.lying(5.0)] == [9]
    assert [fall.person for fall in told.keeper.lying(9.0)] == [9, 2]
    assert told.keeper.lying(10.5) == []
    told.see(lambda seconds: None, 8.4, 8.7, moves=False)
    assert len(told.alarms) == 1
    told.see(lambda seconds: None, 8.4, 9.5)  # plays into it
    assert [fall.person for fall in told.alarms] == [1, 2]


def test_nothing_is_known_once_it_is_switched_off() -> None:
    told = Told()
    told.see(topple, 0, 6)
    told.keeper.watching = False
    told.keeper.forget()
    assert told.keeper.lying(5.0) == []
    assert told.events.all() == ()
    told.keeper.settle([a_fall()], np.array([[0.0, 10.0]]))  # was under way
    assert told.events.all() == ()


# -- a film that was analysed --


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


# -- the band --


def test_the_band_says_who_lies_for_how_long(no_qt_left: None, qtbot: QtBot) -> None:
    assert [ago(seconds) for seconds in (0.4, 12.9, 65, 7805)] == ["0 s", "12 s", "1 min 5 s", "2 h 10 min"]
    over = QWidget()
    qtbot.addWidget(over)
    over.resize(640, 400)
    over.show()
    band = FallBanner(over)
    falls = [a_fall(person=each) for each in range(1, 6)]
    band.show_lying([Lying(fall, f"#{fall.person}", 12.0) for fall in falls], can_go=True)
    assert band.isVisible()
    assert band.rows[1].text() == "#2 fell 12 s ago"
    assert band.more.text() == "and 2 more"
    over.resize(500, 300)
    assert band.width() == 500
    with qtbot.waitSignal(band.chosen) as chosen:
        qtbot.mouseClick(band.rows[1], Qt.MouseButton.LeftButton)
    assert chosen.args == [falls[1]]
    with qtbot.waitSignal(band.dismissed) as dismissed:
        band.dismiss.click()
    assert dismissed.args == [falls]
    band.show_lying((), can_go=True)
    assert not band.isVisible()


# -- the sound --


def test_the_sound_is_one_that_players_take() -> None:
    with wave.open(io.BytesIO(alarm_wave())) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert 1.0 < len(samples) / RATE < 2.0
    assert np.abs(samples).max() > 30_000
    assert abs(int(samples[0])) < 100  # swells, and does not click


@pytest.fixture
def beeps(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    heard: list[bool] = []
    monkeypatch.setattr(QApplication, "beep", lambda: heard.append(True))
    return heard


def player(tmp_path: Path, script: str) -> tuple[str, ...]:
    """A player that notes what it plays, and then does as the script says."""
    note = f"import sys; open({str(tmp_path / 'played')!r}, 'a').write(' '.join(sys.argv[1:]) + chr(10)); "
    return sys.executable, "-c", note + script


def test_a_player_that_works_plays_the_sound(qapp: object, tmp_path: Path, beeps: list[bool]) -> None:
    file = tmp_path / "new" / "alarm.wav"
    alarm = AlarmSound(file, lambda job: job(), command=player(tmp_path, ""))
    alarm.prepare()
    alarm.play()
    assert file.read_bytes() == alarm_wave()
    assert (tmp_path / "played").read_text() == f"\n{file}\n"  # it looks whether it can, and then plays
    assert not beeps


def test_the_first_sound_waits_until_it_is_known_whether_it_can_be_played(
    qapp: object, tmp_path: Path, beeps: list[bool]
) -> None:
    file, jobs = tmp_path / "alarm.wav", list[Callable[[], None]]()
    AlarmSound(file, jobs.append, command=player(tmp_path, "")).play()
    for job in jobs:
        job()
    assert (tmp_path / "played").read_text() == f"\n{file}\n"
    assert not beeps


@pytest.mark.parametrize("script", ["sys.exit(1)", "import os; os.abort()"])
def test_without_a_device_or_with_a_player_that_crashes_the_system_beeps(
    script: str, qapp: object, tmp_path: Path, beeps: list[bool]
) -> None:
    alarm = AlarmSound(tmp_path / "alarm.wav", lambda job: job(), command=player(tmp_path, script))
    alarm.play()
    alarm.play()
    assert beeps == [True, True]


def test_a_player_that_fails_only_when_it_plays_is_followed_by_a_beep(
    qapp: object, tmp_path: Path, beeps: list[bool]
) -> None:
    alarm = AlarmSound(
        tmp_path / "alarm.wav", lambda job: job(), command=player(tmp_path, "sys.exit(len(sys.argv) - 1)")
    )
    alarm.prepare()
    alarm.play()
    assert beeps == [True]


def test_a_program_or_a_place_that_is_missing_leaves_the_beep(qapp: object, tmp_path: Path, beeps: list[bool]) -> None:
    (tmp_path / "file").write_text("")
    AlarmSound(tmp_path / "file" / "alarm.wav", lambda job: job(), command=player(tmp_path, "")).play()
    AlarmSound(tmp_path / "alarm.wav", lambda job: job(), command=("/no/such/player",)).play()
    assert beeps == [True, True]


def test_the_player_of_the_program_ends_with_a_code_and_a_reason(tmp_path: Path) -> None:
    """On a machine with sound it looks and is content, on one without it says what is missing."""
    done = subprocess.run(sound.PLAYER, capture_output=True, timeout=SOON / 1000)
    assert done.returncode == 0 or (done.returncode == 1 and done.stderr.strip())


# -- who else is told --


def test_a_command_is_told_and_what_fails_is_said(tmp_path: Path) -> None:
    said: list[str] = []
    alerting = Alerting(lambda job: job(), said.append)
    target = tmp_path / "told.txt"
    script = (
        f"import os; open({str(target)!r}, 'a').write(os.environ['POSEDESK_SOURCE'] + os.environ['POSEDESK_PERSON'])"
    )
    command = f'{sys.executable} -c "{script}"'
    alerting.use(FallPreferences(command=command), "hall.mp4")
    alerting.send(a_fall(person=7).event())
    alerting.close()  # waits for what is under way
    assert target.read_text() == "hall.mp47"
    alerting.send(a_fall().event())
    assert target.read_text() == "hall.mp47"
    assert said == []
    alerting.use(FallPreferences(command="no-such-program"), "hall.mp4")
    assert "there is no program no-such-program" in said[0]


def test_command_and_webhook_can_be_tried(tmp_path: Path) -> None:
    said: list[str] = []
    alerting = Alerting(lambda job: job(), said.append)
    told: SimpleQueue[str] = SimpleQueue()
    alerting.test(FallPreferences(), told.put)
    assert "Give one" in told.get()
    alerting.test(FallPreferences(command=f"{sys.executable} -c 1"), told.put)
    assert told.get().endswith("it worked.")
    alerting.test(FallPreferences(command=f'{sys.executable} -c "raise SystemExit(3)"'), told.put)
    assert "exit code 3" in told.get()
    alerting.test(FallPreferences(webhook="somewhere"), told.put)
    assert "no address" in told.get()
    alerting.close()
    assert said == []


def test_a_command_may_take_its_time_when_it_is_tried_or_told_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts, "FAREWELL", 0.0)
    said: list[str] = []
    told: SimpleQueue[str] = SimpleQueue()
    go, done = tmp_path / "go", tmp_path / "done"
    script = (
        f"import os, time\nwhile not os.path.exists({str(go)!r}): time.sleep(0.01)\nopen({str(done)!r}, 'a').write('.')"
    )
    (tmp_path / "slow.py").write_text(script)
    slow = FallPreferences(command=f"{sys.executable} {tmp_path / 'slow.py'}")
    alerting = Alerting(lambda job: job(), said.append)
    alerting.test(slow, told.put)
    alerting.use(slow, "hall.mp4")
    alerting.send(a_fall().event())
    alerting.use(slow, "other.mp4")  # another film is opened
    go.touch()
    assert told.get().endswith("it worked.")
    alerting.close()
    assert done.read_text() == ".."
    assert said == []


def test_what_does_not_end_with_the_window_is_ended_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerting_module, "FAREWELL", 0.0)
    said: list[str] = []
    alerting = Alerting(lambda job: job(), said.append)
    alerting.use(FallPreferences(command=f'{sys.executable} -c "import time; time.sleep(1000)"'), "hall.mp4")
    alerting.send(a_fall().event())
    alerting.close()
    assert said == [f"1 alert was not done: the command {Path(sys.executable).name} was ended."]


# -- the window --


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Every time that the sound was played."""
    heard: list[bool] = []
    monkeypatch.setattr(AlarmSound, "prepare", lambda self: None)
    monkeypatch.setattr(AlarmSound, "play", lambda self: heard.append(True))
    return heard


Make = Callable[[Settings], Window]


def test_an_alarm_is_seen_and_heard_once(
    window: Window, tmp_path: Path, qtbot: QtBot, played: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    fall = a_fall(time=0.2, since=0.4)
    # The net of tests sees arms only, which do not fall.
    monkeypatch.setattr(FilmFalls, "find", lambda self, goes_on: ([fall], np.array([[0.0, FRAMES / 25]])))
    video = write_video(tmp_path / "arm.mp4", map(arm, range(FRAMES)))
    do(window, "falls")
    assert window.falls.preferences.watch
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    pipeline = window.pipeline
    assert pipeline is not None
    go(window, 20, qtbot)
    qtbot.waitUntil(lambda: window.falls.has_alarm, timeout=SOON)
    assert window.falls.banner.rows[0].text() == "#1 fell 0 s ago"
    assert not played  # nobody hears what is wound through
    qtbot.waitUntil(lambda: [event.event for event in window.events_view.events] == ["fall"], timeout=SOON)
    go(window, 5, qtbot)
    assert not window.falls.has_alarm
    assert window.playback is not None
    window.playback.play()
    qtbot.waitUntil(lambda: bool(played), timeout=SOON)
    qtbot.waitUntil(lambda: not window.playing.is_playing, timeout=SOON)
    go(window, 5, qtbot)
    window.playback.play()
    qtbot.waitUntil(lambda: window.falls.has_alarm and not window.playing.is_playing, timeout=SOON)
    assert played == [True]
    window.falls.banner.chosen.emit(fall)
    qtbot.waitUntil(lambda: window.view.frame is not None and window.view.frame.index == 5, timeout=SOON)
    go(window, 20, qtbot)
    do(window, "dismiss-falls")
    assert not window.falls.has_alarm
    go(window, 22, qtbot)
    assert not window.falls.has_alarm
    do(window, "falls")
    assert pipeline.events.all() == ()
    assert not window.falls.sign.isVisible()


def test_an_alarm_without_sound_is_silent(window: Window, tmp_path: Path, qtbot: QtBot, played: list[bool]) -> None:
    do(window, "falls")
    do(window, "falls-sound")
    open_film(window, write_video(tmp_path / "arm.mp4", map(arm, range(FRAMES))), qtbot)
    pipeline = window.pipeline
    assert pipeline is not None
    with qtbot.waitSignal(window.falls._fell, timeout=SOON):
        pipeline.falls.alarm(a_fall())
    assert not played
    do(window, "falls-sound")
    with qtbot.waitSignal(window.falls._fell, timeout=SOON):
        pipeline.falls.alarm(a_fall())
    assert played == [True]


def test_the_settings_have_a_page_of_falls(window: Window, played: list[bool], qtbot: QtBot) -> None:
    window.around.show_settings()
    dialog = window.around.dialog(SettingsDialog)
    assert dialog is not None
    page = window.falls._page
    assert page is not None
    page.form.controls["watch"].setChecked(True)  # type: ignore[attr-defined]
    assert window.actions_by_name["falls"].isChecked()
    do(window, "falls")
    assert not page.form.controls["watch"].isChecked()  # type: ignore[attr-defined]
    page.play.click()
    assert played == [True]
    page.form.controls["command"].setText(f'{sys.executable} -c "raise SystemExit(4)"')  # type: ignore[attr-defined]
    page.form.controls["command"].setModified(True)  # type: ignore[attr-defined]
    page.test.click()
    qtbot.waitUntil(lambda: "exit code 4" in page.said.text(), timeout=SOON)
    assert "SystemExit(4)" in window.falls.preferences.command


def test_a_window_that_is_closed_ends_a_search(
    window: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()

    def find(self: FilmFalls, goes_on: Callable[[], bool]) -> None:
        begun.set()
        while goes_on():
            sleep(0.01)

    monkeypatch.setattr(FilmFalls, "find", find)
    do(window, "falls")
    open_film(window, write_video(tmp_path / "arm.mp4", map(arm, range(FRAMES))), qtbot)
    qtbot.waitUntil(begun.is_set, timeout=SOON)
    window.falls.shutdown()
    assert not window.falls._job._thread.is_alive()


def test_who_lies_and_is_not_found_is_marked_where_the_person_was(
    window: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost, found = a_fall(person=9, time=0.2, since=0.4), a_fall(person=1, time=0.2, since=0.4, x=500.0)
    monkeypatch.setattr(FilmFalls, "find", lambda self, goes_on: ([lost, found], np.array([[0.0, FRAMES / 25]])))
    do(window, "falls")
    open_film(window, write_video(tmp_path / "arm.mp4", map(arm, range(FRAMES))), qtbot)
    until_analysed(window, qtbot)
    qtbot.waitUntil(lambda: window.pipeline is not None and bool(window.pipeline.falls.lying(0.8)), timeout=SOON)
    go(window, 5, qtbot)
    shown = window.view.shown
    assert shown is not None
    assert shown.context.lost == ()
    go(window, 20, qtbot)
    qtbot.waitUntil(lambda: window.view.shown is not None and window.view.shown.context.lost == (lost,), timeout=SOON)
    picture = window.view.shown
    assert picture is not None
    bare = replace(picture, context=replace(picture.context, lost=()))
    changed = (picture.drawn() != bare.drawn()).any(axis=2)
    assert changed[30:60, 20:80].any()  # above the neck at (50, 50)
    assert not changed[80:].any()
    twice = compose(picture, Placement(2.0, 10.0, 0.0), (400, 300))
    below = compose(bare, Placement(2.0, 10.0, 0.0), (400, 300))
    assert (twice != below).any(axis=2)[60:120, 50:170].any()
