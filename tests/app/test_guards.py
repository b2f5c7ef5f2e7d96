"""The guard of Qt: what a test leaves behind is seen."""

import gc
from collections.abc import Callable

import pytest
from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtWidgets import QApplication, QWidget

from tests.app.conftest import look_for_qt


def timer() -> Callable[[], object]:
    left = QTimer()
    left.start(60_000)
    return left.stop


def timer_of_an_object() -> Callable[[], object]:
    left = QObject()
    number = left.startTimer(60_000)
    return lambda: left.killTimer(number)


def shown() -> Callable[[], object]:
    left = QWidget()
    left.show()
    return left.deleteLater


def hidden() -> Callable[[], object]:
    return QWidget().deleteLater


@pytest.mark.parametrize("leave", [timer, timer_of_an_object, shown, hidden])
def test_what_is_left_behind_is_seen(qapp: QApplication, leave: Callable[[], Callable[[], object]]) -> None:
    remove = leave()
    with pytest.raises(AssertionError, match="left behind"):
        look_for_qt()
    remove()
    del remove
    gc.collect()
    look_for_qt()


def test_each_test_with_qt_is_guarded(qapp: QApplication, request: pytest.FixtureRequest) -> None:
    assert "no_qt_left" in request.fixturenames
