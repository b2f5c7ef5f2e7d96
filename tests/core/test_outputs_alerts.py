"""Alerts by command and by web: what they are told, and that nothing waits for them."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from core.errors import InputError, PoseDeskError
from core.outputs import Alerts, alerts
from core.types import Event, Frame, Result
from tests.core.outputs_scene import backdrop, figures, result_of

FALL = Event("fall", 3, 12.5, None, 0.75)
SOON = 60.0  # seconds, far more than anything here takes; a test that needs them fails
TOLD = {"event": "fall", "person": 3, "start": 12.5, "end": None, "score": 0.75, "source": "hall"}
WRITE = "import os, sys; open(sys.argv[1], 'a').write(sys.stdin.read() + ' ' + os.environ['POSEDESK_PERSON'] + '\\n')"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may need long to start a program, and to answer."""
    monkeypatch.setattr(alerts, "FAREWELL", SOON)
    monkeypatch.setattr(alerts, "COMMAND_SECONDS", SOON)
    monkeypatch.setattr(alerts, "WEB_SECONDS", SOON)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < deadline, "it does not come to that"
        time.sleep(0.01)


def result(*events: Event) -> Result:
    return replace(result_of(Frame(backdrop(64, 48)), figures((20, 5, 40))), events=events)


def python(code: str, *words: object) -> str:
    return " ".join([sys.executable, "-c", f'"{code}"', *map(str, words)])


class Web:
    """A web server that keeps what it got. answer: the code it answers; wait: until when."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.answer, self.wait = 204, threading.Event()
        self.wait.set()
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                web.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                web.wait.wait(SOON)
                self.send_response(web.answer)
                self.end_headers()

            def log_message(self, *words: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/fall"


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()
    thread = threading.Thread(target=web.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield web
    web.wait.set()
    web.server.shutdown()
    thread.join()
    web.server.server_close()


def test_a_command_gets_the_event(tmp_path: Path) -> None:
    failures: list[PoseDeskError] = []
    out = tmp_path / "out put.txt"
    with Alerts(python(WRITE, f"'{out}'"), None, "hall", failures.append) as sink:
        sink.write(result(FALL))
        sink.write(result(replace(FALL, end=14.0)))  # what ends is no alarm
    assert failures == []
    text = out.read_text()
    assert text.endswith(" 3\n")
    assert json.loads(text.removesuffix(" 3\n")) == TOLD


def test_on_windows_a_command_opens_no_console(monkeypatch: pytest.MonkeyPatch) -> None:
    flags: list[int] = []

    def start(*words: Any, creationflags: int = 0, **rest: Any) -> None:
        flags.append(creationflags)
        raise OSError

    monkeypatch.setattr(subprocess, "CREATE_NO_WINDOW", 0x08000000, raising=False)
    monkeypatch.setattr(subprocess, "Popen", start)
    with Alerts(python("1"), None, "hall", lambda error: None) as sink:
        sink.write(result(FALL))
    assert flags == [0x08000000]


def test_a_webhook_gets_the_event(web: Web) -> None:
    failures: list[PoseDeskError] = []
    with Alerts(None, web.address, "hall", failures.append) as sink:
        sink.write(result(FALL, replace(FALL, person=4)))
    assert failures == []
    assert web.got == [TOLD, {**TOLD, "person": 4}]


def test_nothing_waits_for_a_slow_webhook(web: Web) -> None:
    web.wait.clear()
    failures: list[PoseDeskError] = []
    sink = Alerts(None, web.address, "hall", failures.append)
    try:
        for i in range(alerts.WAITING + 5):
            sink.write(result(replace(FALL, person=i)))
        assert len(web.got) <= 1, "not even the first was answered"
        assert len(failures) == 5
        assert "An alert was dropped: 100 others wait" in str(failures[0])
    finally:
        web.wait.set()
    sink.close()
    assert [told["person"] for told in web.got] == list(range(alerts.WAITING))


def test_failures_are_told_and_the_next_alert_is_sent(web: Web) -> None:
    failures: list[PoseDeskError] = []
    web.answer = 500
    command = python("import sys; sys.exit('no loudspeaker')")
    with Alerts(command, web.address, "hall", failures.append) as sink:
        sink.write(result(FALL))
        sink.write(result(FALL))
    assert len(web.got) == 2
    assert sink.failures == 4
    assert sorted({str(one) for one in failures}) == [
        f"the command {Path(sys.executable).name} of an alert failed with exit code 1: no loudspeaker.",
        "the webhook at http://127.0.0.1 did not take an alert: it answered 500 Internal Server Error.",
    ]


def test_a_message_does_not_wait_for_a_command_that_takes_long(
    web: Web, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    failures: list[PoseDeskError] = []
    mark = tmp_path / "started"
    code = "import sys, time; open(sys.argv[1], 'w').close(); time.sleep(1000)"  # an alarm that is played
    sink = Alerts(python(code, mark), web.address, "hall", failures.append)
    sink.write(result(FALL))
    until(mark.exists)
    sink.write(result(replace(FALL, person=4)))
    until(lambda: web.got == [TOLD, {**TOLD, "person": 4}])
    assert failures == []
    monkeypatch.setattr(alerts, "FAREWELL", 0.2)
    sink.close()
    assert [str(one) for one in failures] == [
        f"2 alerts were not done: the command {Path(sys.executable).name} did not end in 0 s."
    ]


def test_a_command_does_not_wait_for_a_web_address_that_does_not_answer(web: Web, tmp_path: Path) -> None:
    web.wait.clear()
    mark = tmp_path / "started"
    failures: list[PoseDeskError] = []
    sink = Alerts(python("import sys; open(sys.argv[1], 'w').close()", mark), web.address, "hall", failures.append)
    try:
        sink.write(result(FALL))
        until(lambda: mark.exists() and len(web.got) == 1)
    finally:
        web.wait.set()
    sink.close()
    assert failures == []


def test_a_webhook_that_nobody_serves(web: Web) -> None:
    failures: list[PoseDeskError] = []
    with Alerts(None, "http://127.0.0.1:1/secret", "hall", failures.append) as sink:
        sink.write(result(FALL))
    (failure,) = failures
    assert "it cannot be reached" in str(failure)
    assert "secret" not in str(failure)


def test_a_command_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(alerts, "FAREWELL", 0.2)
    failures: list[PoseDeskError] = []
    mark = tmp_path / "started"
    code = "import sys, time; open(sys.argv[1], 'w').close(); time.sleep(60)"
    sink = Alerts(python(code, mark), None, "hall", failures.append)
    sink.write(result(FALL))
    until(mark.exists)
    sink.close()
    [lane] = sink._lanes
    lane.thread.join(SOON)
    assert not lane.thread.is_alive()
    [failure] = failures  # that it was ended is no failure of its own
    assert str(failure).startswith("1 alert was not done")
    assert str(failure).endswith("did not end in 0 s.")


def test_a_command_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "COMMAND_SECONDS", 0.2)
    failures: list[PoseDeskError] = []
    sink = Alerts(python("import time; time.sleep(60)"), None, "hall", failures.append)
    sink.write(result(FALL))
    [lane] = sink._lanes
    lane.finish()
    lane.thread.join(SOON)
    assert "was ended: it took over" in str(failures[0])
    sink.close()


def test_an_alert_after_one_that_took_too_long_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    failures: list[PoseDeskError] = []
    code = (
        "import json, sys, time; json.load(sys.stdin)['person'] == 1 and time.sleep(60); open(sys.argv[1], 'w').close()"
    )
    out = tmp_path / "told"
    with Alerts(python(code, out), None, "hall", failures.append) as sink:
        monkeypatch.setattr(alerts, "COMMAND_SECONDS", 0.01)
        sink.write(result(replace(FALL, person=1)))
        until(lambda: bool(failures))
        monkeypatch.setattr(alerts, "COMMAND_SECONDS", SOON)
        sink.write(result(replace(FALL, person=2)))
        until(lambda: out.exists() or len(failures) > 1)
    assert len(failures) == 1


@pytest.mark.parametrize(
    ("command", "webhook", "said"),
    [
        ("", None, "The alert command is empty. Give one"),
        ("say 'fall", None, "Close every quotation mark"),
        ("no-such-program now", None, "there is no program no-such-program"),
        (None, "127.0.0.1:80", "give an address such as"),
        (None, "ftp://127.0.0.1/", "give an address such as"),
        (None, "http://[::1", "Invalid IPv6 URL"),
    ],
)
def test_what_cannot_be_called(command: str | None, webhook: str | None, said: str) -> None:
    with pytest.raises(InputError, match=said):
        Alerts(command, webhook, "hall", lambda error: None)
