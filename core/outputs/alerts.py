"""Tells other programs of an event: by a command on this machine, or a message to a web address."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import requests

from core.errors import InputError, PoseDeskError
from core.handoff import Bounded
from core.outputs.base import Sink
from core.types import Event, Image, Result

log = logging.getLogger(__name__)

WAITING = 100  # alerts that may wait for a slow command; more are dropped, and that is told
COMMAND_SECONDS = 30.0  # that a command may take
WEB_SECONDS = 10.0  # that an answer may take
FAREWELL = 5.0  # seconds that `close` waits for alerts under way, where nothing else is said
LONGEST = max(COMMAND_SECONDS, 2 * WEB_SECONDS)  # seconds that one alert may take: a web address may be slow twice


class Alerts(Sink):
    """Hands every event that begins to a command and to a web address, each in a thread of its own: frames never wait,
    and a message never waits for a command that plays an alarm.

    What fails is told and does not stop the next alert.
    target: what is called, in words
    """

    takes_picture = False

    def __init__(
        self, command: str | None, webhook: str | None, source: str, on_failure: Callable[[PoseDeskError], None]
    ) -> None:
        """command: a line as a shell takes it, without a shell; webhook: an http address; source: its name, which is
        told; on_failure: told of each failure, from a thread that sends. Raises InputError.
        """
        ways: list[_Command | _Webhook] = []
        if command is not None:
            ways.append(_Command(command, source))
        if webhook is not None:
            ways.append(_Webhook(webhook, source))
        self.target = " and ".join(str(way) for way in ways)
        self.failures = 0
        self._counting = threading.Lock()
        self._on_failure = on_failure
        self._lanes = [_Lane(way, self._fail) for way in ways]

    def write(self, result: Result, picture: Image | None = None) -> None:
        """Take what began in a frame. Never waits."""
        for event in result.events:
            if event.end is None:
                self.send(event)

    def send(self, event: Event) -> None:
        """Tell of an event. Never waits."""
        for lane in self._lanes:
            lane.send(event)

    def close(self, patience: float | None = None) -> None:
        """Wait for the alerts under way, for FAREWELL or as many seconds as are given; then end them."""
        patience = FAREWELL if patience is None else patience
        until = monotonic() + patience
        for lane in self._lanes:
            lane.finish()
        for lane in self._lanes:
            lane.thread.join(max(until - monotonic(), 0.0))
        self.stop(f"did not end in {patience:.0f} s")

    def stop(self, why: str = "was ended") -> None:
        """End the alerts under way, if there are any; that is told as a failure, once of each way."""
        for lane in self._lanes:
            lane.stop(why)

    def _fail(self, error: PoseDeskError) -> None:
        with self._counting:
            self.failures += 1
        self._on_failure(error)


class _Lane:
    """The alerts that wait for one way of telling, and the thread that tells them one after the other."""

    def __init__(self, way: _Command | _Webhook, fail: Callable[[PoseDeskError], None]) -> None:
        self._way = way
        self._fail = fail
        self._waiting: Bounded[Event] = Bounded(WAITING + 1)
        self._count = 0  # of events that wait or are under way
        self._counting = threading.Lock()
        self._stopped = False
        self.thread = threading.Thread(target=self._run, name="posedesk-alerts", daemon=True)
        self.thread.start()

    def send(self, event: Event) -> None:
        """Never waits."""
        with self._counting:
            full = self._count >= WAITING
            self._count += not full
        if full:
            self._fail(PoseDeskError(f"An alert was dropped: {WAITING} others wait for {self._way}."))
        else:
            self._waiting.put(event)

    def finish(self) -> None:
        """Nothing more comes: the thread ends when it has told what waits."""
        self._waiting.close()

    def stop(self, why: str) -> None:
        """End what is under way, if there is anything; that is told as a failure, once."""
        with self._counting:
            left = 0 if self._stopped else self._count
            self._stopped = self._stopped or left > 0
        if left:
            self._waiting.abandon()
            if isinstance(self._way, _Command):
                self._way.stop()
            self.thread.join(1.0)
            alerts = "1 alert was" if left == 1 else f"{left} alerts were"
            self._fail(PoseDeskError(f"{alerts} not done: {self._way} {why}."))

    def _run(self) -> None:
        while (event := self._waiting.get()) is not None:
            try:
                self._way(event)
            except PoseDeskError as error:
                self._fail(error)
            except Exception as error:
                log.exception("%s failed", threading.current_thread().name)
                self._fail(PoseDeskError(f"{self._way} failed: {error}. The log has the details."))
            with self._counting:
                self._count -= 1


def message(event: Event, source: str) -> dict[str, object]:
    """What is told of an event."""
    return {**asdict(event), "source": source}


class _Command:
    """Runs a command; the event is on its standard input as JSON and in its environment as POSEDESK_EVENT, ..."""

    def __init__(self, line: str, source: str) -> None:
        try:
            words = shlex.split(line, posix=sys.platform != "win32")
        except ValueError as error:
            raise InputError(
                f"The alert command {line} cannot be read: {error}. Close every quotation mark."
            ) from error
        if not words:
            raise InputError("The alert command is empty. Give one, such as 'notify-send Fall'.")
        program = shutil.which(os.path.expanduser(words[0]))
        if program is None:
            raise InputError(
                f"For alerts there is no program {words[0]}. Give its path; for a line of a shell, sh -c '...'."
            )
        self._words = [program, *words[1:]]
        self._source = source
        self._running: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def __str__(self) -> str:
        return f"the command {Path(self._words[0]).name}"

    def __call__(self, event: Event) -> None:
        told = message(event, self._source)
        values = {f"POSEDESK_{name.upper()}": "" if value is None else str(value) for name, value in told.items()}
        try:
            process = subprocess.Popen(
                self._words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                env={**os.environ, **values}, start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )  # fmt: skip
        except OSError as error:
            raise PoseDeskError(f"{self} of an alert does not start: {error.strerror or error}.") from error
        self._running = process
        if self._stopped:
            self._end()
        try:
            _, said = process.communicate(json.dumps(told).encode(), timeout=COMMAND_SECONDS)
        except subprocess.TimeoutExpired as error:
            self._end()  # only this one
            process.communicate()
            raise PoseDeskError(f"{self} of an alert was ended: it took over {COMMAND_SECONDS:.0f} s.") from error
        finally:
            self._running = None
        if process.returncode and not self._stopped:  # of what was ended `Alerts.stop` tells
            words = said.decode(errors="replace").strip().splitlines()
            because = f": {words[-1]}" if words else ""
            raise PoseDeskError(f"{self} of an alert failed with exit code {process.returncode}{because}.")

    def stop(self) -> None:
        """End what runs, and whatever would still start."""
        self._stopped = True
        self._end()

    def _end(self) -> None:
        """End what runs, with all that it started."""
        process = self._running
        if process is not None:
            with contextlib.suppress(OSError):
                if sys.platform == "win32":
                    process.kill()
                else:
                    os.killpg(process.pid, signal.SIGKILL)


class _Webhook:
    """Sends the event as JSON by POST."""

    def __init__(self, address: str, source: str) -> None:
        try:
            parts = urlsplit(address)
            there = bool(parts.hostname) and (parts.port is None or parts.port > 0)
        except ValueError as error:
            raise InputError(f"The alert webhook {address} is no address: {error}.") from error
        if parts.scheme not in ("http", "https") or not there:
            raise InputError(
                f"The alert webhook {address} is no address: give an address such as http://127.0.0.1:8080/fall."
            )
        self._address = address
        self._place = f"{parts.scheme}://{parts.hostname}"  # without what may be a secret
        self._source = source

    def __str__(self) -> str:
        return f"the webhook at {self._place}"

    def __call__(self, event: Event) -> None:
        started = monotonic()
        try:
            told = message(event, self._source)
            answer = requests.post(self._address, json=told, timeout=WEB_SECONDS, allow_redirects=False, stream=True)
        except requests.RequestException as error:
            reason = "no answer" if isinstance(error, requests.Timeout) else "it cannot be reached"
            raise PoseDeskError(
                f"{self} did not get an alert: {reason} after {monotonic() - started:.1f} s. Check that it runs."
            ) from error
        answer.close()
        if not answer.ok or answer.is_redirect:
            raise PoseDeskError(f"{self} did not take an alert: it answered {answer.status_code} {answer.reason}.")
