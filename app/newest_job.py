"""One thread for one kind of work of which only the newest counts."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from core.handoff import Latest

log = logging.getLogger(__name__)
PATIENCE = 5.0  # seconds that a job may take to end
Job = TypeVar("Job")


class NewestJob(Generic[Job]):
    """Whoever makes it closes it. A job that is handed over while another is done waits; a newer one replaces it."""

    def __init__(self, name: str, work: Callable[[Job], None], on_fault: Callable[[BaseException], None]) -> None:
        """work, on_fault: called in the thread; a job that fails is told, and the next one is done."""
        self._work = work
        self._on_fault = on_fault
        self._jobs: Latest[Job] = Latest()
        self._thread = threading.Thread(target=self._run, name=f"posedesk-{name}", daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> None:
        self._jobs.put(job)

    def close(self) -> None:
        """What waits is dropped; what is being done is finished."""
        self._jobs.abandon()
        self._thread.join(PATIENCE)
        if self._thread.is_alive():
            log.error("This thread does not stop: %s", self._thread.name)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                self._work(job)
            except Exception as error:
                log.exception("%s failed", self._thread.name)
                self._on_fault(error)
