"""One thread for what takes too long for the GUI: jobs are done one after the other."""

import contextlib
import logging
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

from core.errors import PoseDeskError
from models.errors import ModelError

log = logging.getLogger(__name__)


class Worker:
    """Whoever makes it closes it.

    on_error: told, in the thread of the worker, one sentence for each job that failed
    """

    def __init__(self, on_error: Callable[[str], None], name: str = "posedesk-worker") -> None:
        self._on_error = on_error
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[], None]) -> None:
        self._jobs.put(job)

    def drop(self) -> None:
        """Leave out the jobs that wait."""
        with contextlib.suppress(Empty):
            while True:
                self._jobs.get_nowait()

    def close(self, timeout: float) -> bool:
        """Finish the jobs that were submitted. False where that takes longer than `timeout` seconds."""
        self._jobs.put(None)
        self._thread.join(timeout)
        if self._thread.is_alive():
            log.error("This thread does not stop: %s", self._thread.name)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except (PoseDeskError, ModelError) as error:
                self._on_error(str(error))
            except Exception as error:
                log.exception("A job failed")
                self._on_error(f"Something went wrong ({error or type(error).__name__}). The log has the details.")
