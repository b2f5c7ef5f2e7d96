"""Whatever goes wrong is logged and shown once, and the program goes on."""

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QTimer, qCritical, qWarning
from PyQt6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.fault_dialog import FaultTeller
from app.faults import Fault, Watch, fault_of, log_to
from app.window import Window
from core.settings import Settings

SOON = 20_000  # milliseconds


@pytest.fixture
def faults() -> Iterator[list[Fault]]:
    """What was caught."""
    caught: list[Fault] = []
    with Watch(caught.append):
        yield caught


def fail(text: str) -> None:
    raise ValueError(text)


@pytest.mark.no_qt_log
def test_a_slot_that_fails(faults: list[Fault], qtbot: QtBot) -> None:
    QTimer.singleShot(0, lambda: fail("slot"))
    qtbot.waitUntil(lambda: bool(faults), timeout=SOON)
    assert faults[0].what == "An action failed: slot"
    assert "raise ValueError(text)" in faults[0].details
    assert "test_fault_dialog.py" in faults[0].where


def test_a_thread_that_fails(faults: list[Fault]) -> None:
    thread = threading.Thread(target=fail, args=("thread",), name="weaver")
    thread.start()
    thread.join()
    assert [fault.what for fault in faults] == ["The thread weaver failed: thread"]


def test_what_is_caught_and_logged_by_others(faults: list[Fault]) -> None:
    try:
        fail("job")
    except ValueError:
        logging.getLogger("app.worker").exception("A job failed")
    logging.getLogger("core").error("told already, in a sentence")
    assert [fault.what for fault in faults] == ["A job failed: job"]


@pytest.mark.no_qt_log
def test_what_qt_complains_of(faults: list[Fault], caplog: pytest.LogCaptureFixture) -> None:
    qWarning("a trifle")
    qCritical("no surface")
    assert [fault.what for fault in faults] == ["no surface"]
    assert "a trifle" in caplog.text


def test_afterwards_everything_is_as_before() -> None:
    before = threading.excepthook, list(logging.getLogger().handlers)
    with Watch(lambda fault: None):
        assert threading.excepthook is not before[0]
    assert (threading.excepthook, logging.getLogger().handlers) == before


def test_the_log_has_the_details_and_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.faults._SIZE", 2000)
    handler = log_to(tmp_path / "logs" / "posedesk.log")
    try:
        for number in range(30):
            try:
                fail(f"number {number}")
            except ValueError:
                logging.getLogger("app").exception("It failed")
        text = (tmp_path / "logs" / "posedesk.log").read_text()
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()
    assert "ValueError: number 29" in text
    files = list((tmp_path / "logs").iterdir())
    assert len(files) == 5
    assert all(file.stat().st_size < 3000 for file in files)


def fault(text: str, where: str) -> Fault:
    return Fault(text, where, f"details of {text}")


def test_one_dialog_for_all_and_none_for_what_comes_again(
    make_window: Callable[[Settings], Window], tiny_settings: Settings, qtbot: QtBot
) -> None:
    window = make_window(tiny_settings)
    teller = FaultTeller(window, "the.log")
    threads = [threading.Thread(target=teller.tell, args=(fault("one", "here"),)) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    qtbot.waitUntil(lambda: teller.dialog is not None and "50 times" in teller.dialog.more.text(), timeout=SOON)
    dialog = teller.dialog
    assert dialog is not None
    teller.tell(fault("two", "there"))
    qtbot.waitUntil(lambda: "details of two" in dialog.details.toPlainText(), timeout=SOON)
    assert dialog.details.toPlainText().count("details of one") == 1
    assert teller.dialog is dialog
    dialog.copy.click()
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text() == dialog.details.toPlainText()
    dialog.close()
    teller.tell(fault("one", "here"))
    qtbot.wait(50)
    assert not dialog.isVisible(), "it was seen and closed"
    teller.tell(fault("three", "elsewhere"))
    qtbot.waitUntil(lambda: teller.dialog is not dialog and teller.dialog is not None, timeout=SOON)
    assert teller.dialog is not None
    assert teller.dialog.isVisible()


def test_a_fault_is_known_by_its_place() -> None:
    def caught(text: str) -> Fault:
        try:
            fail(text)
        except ValueError as error:
            return fault_of(error, "Work")
        raise AssertionError

    assert caught("a").where == caught("b").where
    assert caught("a").what != caught("b").what
