"""One window for all that went wrong: what happened, and what to copy into a report."""

from __future__ import annotations

from PyQt6.QtCore import QObject, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QDialogButtonBox, QLabel, QPlainTextEdit, QWidget

from app.faults import Fault
from app.screens import FittingDialog

MOST = 20  # different faults that one dialog shows; the log has all


class FaultDialog(FittingDialog):
    """Stays beside the window, which goes on. What comes meanwhile is added, what comes again is counted."""

    def __init__(self, log_file: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, QSize(640, 360))
        self.setWindowTitle("Something went wrong")
        self._faults: list[Fault] = []
        self._times = 0
        self.what = QLabel()
        self.what.setWordWrap(True)
        self.what.setTextFormat(Qt.TextFormat.PlainText)
        self.more = QLabel()
        self.more.setObjectName("quiet")
        self.more.setWordWrap(True)
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._log_file = log_file
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton("Copy", QDialogButtonBox.ButtonRole.ActionRole)
        assert copy is not None
        self.copy = copy
        copy.setToolTip("Copy everything below, for a report.")
        copy.clicked.connect(self._copy)
        buttons.rejected.connect(self.close)
        layout = self.lay_out(buttons)
        for part in (self.what, self.more, self.details):
            layout.addWidget(part)

    def add(self, fault: Fault) -> None:
        """Show a fault, or count one that is on show."""
        self._times += 1
        if fault.where not in [one.where for one in self._faults] and len(self._faults) < MOST:
            self._faults.append(fault)
            self.details.setPlainText("\n\n".join(f"{one.what}\n{one.details}" for one in self._faults))
        self.what.setText(f"{self._faults[0].what}\n\nPoseDesk goes on. If something stands still, open it again.")
        count = f"{self._times} times so far. " if self._times > 1 else ""
        self.more.setText(f"{count}The log has it too: {self._log_file}")

    def _copy(self) -> None:
        if (clipboard := QGuiApplication.clipboard()) is not None:
            clipboard.setText(self.details.toPlainText())
        self.copy.setText("Copied")


class FaultTeller(QObject):
    """Brings faults of all threads into the GUI's and shows each once: one that comes again after the dialog was closed
    is in the log alone, or the user would do nothing but close dialogs.
    """

    _came = pyqtSignal(object)

    def __init__(self, window: QWidget, log_file: str) -> None:
        super().__init__(window)
        self._window = window
        self._log_file = log_file
        self._known: set[str] = set()
        self.dialog: FaultDialog | None = None
        # Queued: never while a widget is painted.
        self._came.connect(self._show, type=Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]

    def tell(self, fault: Fault) -> None:
        """Any thread may call it."""
        self._came.emit(fault)

    def _show(self, fault: Fault) -> None:
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.add(fault)
        elif fault.where not in self._known and self._window.isVisible():
            if self.dialog is not None:
                self.dialog.deleteLater()
            self.dialog = FaultDialog(self._log_file, self._window)
            self.dialog.add(fault)
            self.dialog.show()
        self._known.add(fault.where)
