"""Other programs that are told of a fall: a command, a web address, as the settings say."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic

from app.falls.preferences import FallPreferences
from core.errors import PoseDeskError
from core.motion.drops import FALL
from core.outputs.alerts import FAREWELL, LONGEST, Alerts
from core.types import Event

Submit = Callable[[Callable[[], None]], None]
Tell = Callable[[str], object]


class Alerting:
    """To be used from the GUI thread; nothing here waits. tell, as all that is submitted: called in other threads."""

    def __init__(self, submit: Submit, tell: Tell) -> None:
        """submit: runs a job outside the GUI thread, one after the other; tell: told of what failed, in a sentence"""
        self._submit = submit
        self._tell = tell
        self._alerts: Alerts | None = None
        self._what: tuple[str, str, str] = ("", "", "")
        self._leaving: list[tuple[Alerts, threading.Thread]] = []  # alerts that come to their end; of the thread

    def use(self, preferences: FallPreferences, source: str) -> None:
        """Tell these from now on. source: what is open, by its name."""
        what = (preferences.command, preferences.webhook, source)
        if what != self._what:
            self._what = what
            self._submit(lambda: self._change(*what))

    def send(self, event: Event) -> None:
        """Tell of an event, where anybody is to be told."""
        if (alerts := self._alerts) is not None:
            alerts.send(event)

    def test(self, preferences: FallPreferences, told: Tell) -> None:
        """Tell of a fall that did not happen, and say how that went."""
        self._submit(lambda: self._test(preferences, told))

    def close(self) -> None:
        """Tell nobody any more; what is under way has a moment to end."""
        self.use(FallPreferences(), "")
        self._submit(self._finish)

    # -- in the thread --

    def _change(self, command: str, webhook: str, source: str) -> None:
        before, self._alerts = self._alerts, None
        try:
            if command or webhook:
                self._alerts = _open(command, webhook, source, self._tell)
        except PoseDeskError as error:
            self._tell(f"Nobody is told of falls. {error}")
        finally:
            if before is not None:
                self._leave(before)

    def _test(self, preferences: FallPreferences, told: Tell) -> None:
        if not preferences.command and not preferences.webhook:
            told("There is no command and no webhook to try. Give one.")
            return
        failed: list[str] = []
        try:
            alerts = _open(preferences.command, preferences.webhook, "test", failed.append)
        except PoseDeskError as error:
            told(str(error))
            return
        alerts.send(Event(FALL, 1, 0.0, None, 1.0))
        worked = f"Told {alerts.target} of a fall that did not happen: it worked."
        self._leave(alerts, lambda: told(" ".join(failed) or worked))

    def _leave(self, alerts: Alerts, then: Callable[[], object] = lambda: None) -> None:
        """Let alerts end in a thread of their own, as a command may take long and the next are not to wait for it."""

        def work() -> None:
            alerts.close(LONGEST)
            then()

        thread = threading.Thread(target=work, name="posedesk-alerts-end", daemon=True)
        self._leaving = [*(each for each in self._leaving if each[1].is_alive()), (alerts, thread)]
        thread.start()

    def _finish(self) -> None:
        until = monotonic() + FAREWELL
        for alerts, thread in self._leaving:
            thread.join(max(until - monotonic(), 0))
            alerts.stop()
            thread.join(1.0)


def _open(command: str, webhook: str, source: str, tell: Tell) -> Alerts:
    def failed(error: PoseDeskError) -> None:
        tell(str(error))

    return Alerts(command or None, webhook or None, source, failed)
