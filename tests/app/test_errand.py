"""Waiting can be stopped; what comes later is thrown away."""

import threading

import pytest

from app.errand import Errand, StoppedWaiting
from core.errors import InputError

SOON = 60.0  # seconds, far more than anything here takes


def test_it_gives_what_the_work_gives() -> None:
    errand = Errand()
    assert errand.wait_for(lambda: 7, lambda late: None) == 7
    with pytest.raises(InputError, match="no camera"):
        errand.wait_for(lambda: (_ for _ in ()).throw(InputError("no camera")), lambda late: None)
    assert errand.join(SOON)


def test_cancelled_it_waits_no_more_and_throws_away_what_comes() -> None:
    errand, may_end, begun = Errand(), threading.Event(), threading.Event()
    thrown_away: list[str] = []

    def slow() -> str:
        begun.set()
        may_end.wait(SOON)
        return "a camera"

    def cancel() -> None:
        begun.wait(SOON)
        errand.cancel()

    canceller = threading.Thread(target=cancel)
    canceller.start()
    try:
        with pytest.raises(StoppedWaiting):
            errand.wait_for(slow, thrown_away.append)
        assert not errand.join(0), "the work itself cannot be stopped"
        assert thrown_away == []
    finally:
        may_end.set()
    assert errand.join(SOON)
    assert thrown_away == ["a camera"]
    canceller.join()
    with pytest.raises(StoppedWaiting):
        errand.wait_for(slow, thrown_away.append)


def test_a_late_failure_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    errand, may_end = Errand(), threading.Event()

    def slow() -> None:
        errand.cancel()
        may_end.wait(SOON)
        raise RuntimeError("late")

    with pytest.raises(StoppedWaiting):
        errand.wait_for(slow, lambda late: None)
    may_end.set()
    assert errand.join(SOON)
    assert "nobody waited" in caplog.text
