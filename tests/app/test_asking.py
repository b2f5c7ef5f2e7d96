"""What is asked before something is lost."""

import pytest
from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from app.asking import may_lose


@pytest.mark.parametrize(("key", "answer"), [(Qt.Key.Key_Return, False), (Qt.Key.Key_Escape, False), (None, True)])
def test_whoever_presses_return_loses_nothing(key: Qt.Key | None, answer: bool, qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        yes = box.button(QMessageBox.StandardButton.Yes)
        assert yes is not None
        if key is None:
            yes.click()
        else:
            QTest.keyClick(box, key)

    QTimer.singleShot(0, press)
    assert may_lose(parent, "Close", "It will be lost. Close all the same?") == answer
