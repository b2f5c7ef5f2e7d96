"""What an alarm of a fall is: the sound, and programs that are told."""

import io
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

import numpy as np
import pytest
from PyQt6.QtWidgets import QApplication

from app.falls import alerting as alerting_module
from app.falls import sound
from app.falls.alerting import Alerting
from app.falls.preferences import FallPreferences
from app.falls.sound import RATE, AlarmSound, alarm_wave
from core.outputs import alerts
from tests.app.falls_scene import SOON, a_fall

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


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may need long to start a program."""
    monkeypatch.setattr(alerting_module, "FAREWELL", SOON / 1000)


def test_a_command_is_told_and_what_fails_is_said(patient: None, tmp_path: Path) -> None:
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


def test_command_and_webhook_can_be_tried(patient: None, tmp_path: Path) -> None:
    said: list[str] = []
    alerting = Alerting(lambda job: job(), said.append)
    told: SimpleQueue[str] = SimpleQueue()
    alerting.test(FallPreferences(), told.put)
    assert "Give one" in told.get(timeout=SOON / 1000)
    alerting.test(FallPreferences(command=f"{sys.executable} -c 1"), told.put)
    assert told.get(timeout=SOON / 1000).endswith("it worked.")
    alerting.test(FallPreferences(command=f'{sys.executable} -c "raise SystemExit(3)"'), told.put)
    assert "exit code 3" in told.get(timeout=SOON / 1000)
    alerting.test(FallPreferences(webhook="somewhere"), told.put)
    assert "no address" in told.get(timeout=SOON / 1000)
    alerting.close()
    assert said == []


def test_a_command_may_take_its_time_when_it_is_tried_or_told_no_more(
    patient: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
    assert told.get(timeout=SOON / 1000).endswith("it worked.")
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
