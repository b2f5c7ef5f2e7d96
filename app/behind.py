"""Whether the people of a film are those of the thresholds of now, for whoever is about to write them."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.film_analysis import FilmAnalysis
from core.analysis import Analysis, what_to_run_again
from core.errors import PoseDeskError
from core.settings import Settings

WAIT = 0.25  # seconds between two looks whether something is so still
FINDING = "Finding people with the thresholds of now"
CLOSED = "The film was closed before its people were found with the thresholds that were set: nothing was written."


def wait_while(asked: Callable[[], bool], cancelled: threading.Event, tell: Callable[[], object]) -> None:
    """Until that is not so any more, or it was cancelled. tell: called time and again meanwhile"""
    while asked() and not cancelled.is_set():
        tell()
        cancelled.wait(WAIT)


class Behind:
    """Of one film, so that who waits for its people never waits for those of another."""

    def __init__(self, opening: FilmAnalysis, settings: Settings) -> None:
        self._opening = opening
        self._wanted = settings.decoding
        # A file that the user has opened has thresholds of its own, until others are asked for.
        self._seen_to = settings.decoding if opening.own else None
        self._dropped = False

    def want(self, settings: Settings) -> None:
        """In the GUI thread: these thresholds are to be used, also where they were before."""
        self._wanted, self._seen_to = settings.decoding, None

    def see_to(self, settings: Settings, job: Callable[[Settings], object]) -> None:
        """In the worker: do what uses these thresholds. Where that fails, nothing more is waited for."""
        try:
            job(settings)
        finally:
            if self._opening.saved is not None:  # else another window has the film, and it is tried again
                self._seen_to = settings.decoding

    def leave(self) -> None:
        """In the GUI thread: the film is about to be closed."""
        saved = self._opening.saved
        self._dropped = saved is not None and (self._is_due(saved.analysis) or self._opening.finds_anew)

    def is_behind(self) -> bool:
        """What is known of the film was found with other thresholds than those of now, and is about to be found anew
        with these. To be asked in any thread but that of the GUI, which it would hold. Raises PoseDeskError where that
        does not happen any more, as the film was closed."""
        if self._dropped:
            raise PoseDeskError(CLOSED)
        if (saved := self._opening.saved) is None:
            return False
        # In this order: what is due is begun before it is due no more.
        return (self._is_due(saved.analysis) and self._can_be_had(saved.analysis)) or self._opening.finds_anew

    def _is_due(self, analysis: Analysis) -> bool:
        return self._seen_to != self._wanted != analysis.settings.decoding

    def _can_be_had(self, analysis: Analysis) -> bool:
        return not what_to_run_again(analysis, analysis.settings.model_copy(update={"decoding": self._wanted}))
