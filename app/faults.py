"""What goes wrong that should not: caught wherever it happens, written to a log, and told to the window.

Slots of Qt, threads and what Qt itself complains of all end in `logging`; a record that has an exception is a fault.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PyQt6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

log = logging.getLogger("app.faults")

_SIZE, _KEPT = 1_000_000, 4  # bytes of a log file, and how many older ones are kept
_LINE = "%(asctime)s %(levelname)s %(name)s [%(threadName)s] %(message)s"
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """what: a line; where: the place in the code, by which a fault that comes again is known; details: all of it."""

    what: str
    where: str
    details: str


class Watch(logging.Handler):
    """Hands on every record with an exception, and every complaint of Qt that is an error.

    on_fault: called in the thread in which it happened
    """

    def __init__(self, on_fault: Callable[[Fault], None]) -> None:
        super().__init__(logging.ERROR)
        self._on_fault = on_fault
        self._before = sys.excepthook, threading.excepthook

    def __enter__(self) -> Watch:
        logging.getLogger().addHandler(self)
        sys.excepthook = _slot_failed  # without it Qt ends the program
        threading.excepthook = _thread_failed
        qInstallMessageHandler(_qt_said)
        return self

    def __exit__(self, *_: object) -> None:
        qInstallMessageHandler(None)
        sys.excepthook, threading.excepthook = self._before
        logging.getLogger().removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            self._on_fault(fault_of(error, record.getMessage()))
        elif record.name == "qt":
            self._on_fault(Fault(record.getMessage(), record.getMessage(), record.getMessage()))


def fault_of(error: BaseException, during: str) -> Fault:
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{type(error).__name__} in {frames[-1].filename}:{frames[-1].lineno}" if frames else type(error).__name__
    details = "".join(traceback.format_exception(error))
    return Fault(f"{during}: {error or type(error).__name__}", where, details)


def log_to(file: Path) -> logging.Handler:
    """Write warnings and errors to a file too, which is replaced when it has become large. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(file, maxBytes=_SIZE, backupCount=_KEPT, encoding="utf-8")
    handler.setFormatter(logging.Formatter(_LINE))
    logging.getLogger().addHandler(handler)
    return handler


def _slot_failed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if isinstance(error, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    log.error("An action failed", exc_info=error.with_traceback(trace))


def _thread_failed(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
        name = args.thread.name if args.thread is not None else "?"
        log.error("The thread %s failed", name, exc_info=args.exc_value)


def _qt_said(kind: QtMsgType, context: QMessageLogContext, text: str | None) -> None:
    logging.getLogger("qt").log(_LEVELS[kind], "%s", text)
