"""Other programs that are told of a fall: a command, a web address, as the settings say."""

from __future__ import annotations

from collections.abc import Callable

from app.falls.preferences import FallPreferences
from core.errors import PoseDeskError
from core.motion.falls import FALL
from core.outputs.alerts import Alerts
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
        self._submit(lambda: _test(preferences, told))

    def close(self) -> None:
        """Tell nobody any more."""
        self.use(FallPreferences(), "")

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
                before.close()


def _open(command: str, webhook: str, source: str, tell: Tell) -> Alerts:
    def failed(error: PoseDeskError) -> None:
        tell(str(error))

    return Alerts(command or None, webhook or None, source, failed)


def _test(preferences: FallPreferences, told: Tell) -> None:
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
    alerts.close()
    told(" ".join(failed) or f"Told {alerts.target} of a fall that did not happen: it worked.")
