"""A film that is open and its saved analysis: opened or begun, filled by an analyser behind the window, and read for
what is shown of it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from app.courtesy import behind
from app.leading import Lead
from app.pipeline import Pipeline, tracked
from app.previewing import FilmPreviews
from app.saved import SavedFilm
from app.timeline import Content
from app.timeline.content import read
from core.analysis import (
    Analyser,
    Analysis,
    InUseError,
    ModelInfo,
    SourceInfo,
    check_film,
    film_of,
    is_analysis,
    open_cached,
    open_film,
    what_to_run_again,
)
from core.errors import PoseDeskError
from core.network import Network
from core.settings import Settings
from core.sources import Playback, Seekable, Turning
from core.types import Image, Maps
from models import registry
from models.errors import ModelError

log = logging.getLogger(__name__)

SOON = 3.0  # seconds that one waits for the analysis of a frame, rather than have it begin there
SPARING = 4.0  # times as long as it took to read what is shown passes before it is read again


@dataclass(frozen=True, slots=True)
class Owner:
    """Whoever has a film analysed; all of this may be called in any thread.

    ready: the poses are open; read: this is known by now; told, failed: sentences for the user; refused: why the file
    that the user has opened cannot be used, and its film, empty where that is gone; submit: have something done in the
    worker; wanted: the film is to be analysed, and not only what is known of it shown; previewed: small pictures of it
    are to be kept; before_close: called in the worker before the analysis is closed
    """

    ready: Callable[[FilmAnalysis], object]
    read: Callable[[FilmAnalysis, Content], object]
    told: Callable[[str], object]
    failed: Callable[[str], object]
    refused: Callable[[FilmAnalysis, str, str], object]
    submit: Callable[[Callable[[], None]], object]
    wanted: Callable[[], bool]
    previewed: Callable[[], bool]
    before_close: Callable[[], object]


class FilmAnalysis:
    """Made in the GUI thread; what works and waits is called in the worker.

    own: the user has opened the file of an analysis, which stays as it is but for what is done by hand, and for frames
    that it lacks; else the analysis is the window's
    """

    def __init__(self, text: str, pipeline: Pipeline, owner: Owner) -> None:
        """text: what the film was opened by"""
        self.text = text
        self.own = is_analysis(text)
        self.pipeline = pipeline
        self.saved: SavedFilm | None = None
        self.trouble = ""  # why nothing is kept, in a sentence; empty where it is, or may be soon
        self.elsewhere = False  # for as long as another window has the analysis: `begin` may be called again
        self._owner = owner
        self._settings: Settings | None = None  # the analysis is for
        self._about: SourceInfo | None = None
        self._lead: Lead | None = None
        self._previews = FilmPreviews(text, pipeline, lambda: self._lead is not None and self._lead.is_on)
        self._source: Seekable | None = None
        self._net: Network | None = None
        self._analyser: Analyser | None = None
        self._decoding: object = None  # the thresholds of what was read last
        self._left = threading.Event()
        self._news = False  # something is new since the last reading
        self._waits = False  # a reading is on its way
        self._last = (0.0, 0.0)  # when it was read last, and how long that took

    # -- called in the GUI thread --

    def leave(self) -> None:
        """Nobody looks at it any more."""
        self._left.set()
        self.pipeline.lead_by(lambda index: False)
        self.pipeline.courtesy.end()
        if self.saved is not None:
            self.saved.over = True

    def differs(self, settings: Settings) -> bool:
        """Whether the net, or what it is fed with, is another."""
        mine = self._settings.network if self._settings is not None else None
        return not self.own and mine is not None and _fed(mine.model_dump()) != _fed(settings.network.model_dump())

    def fed_otherwise(self, settings: Settings) -> str:
        """In words what the analysis is made with, as far as `settings` has something else."""
        mine = _fed(self._settings.network.model_dump()) if self._settings is not None else {}
        other = settings.network.model_dump()
        return " and ".join(_said(name, value) for name, value in mine.items() if value != other[name])

    @property
    def was_decoded_again(self) -> bool:
        """Since this was asked last. Who is found with other thresholds is seen at once, but newcomers get IDs now."""
        before = self._decoding
        self._decoding = self.saved.analysis.settings.decoding if self.saved is not None else None
        return before is not None and before != self._decoding

    # -- called in the worker --

    def begin(self, settings: Settings) -> None:
        """Open the analysis and go on with it, if no other window has it."""
        playback = self.pipeline.playback
        if self._left.is_set() or playback is None or self.saved is not None:
            return
        self.pipeline.courtesy.start()  # an analysis of this film may have been ended just before
        try:
            self._begin(playback, settings)
        finally:
            self.keep_small()

    def _begin(self, playback: Playback, settings: Settings) -> None:
        settings = tracked(settings, self.pipeline.source)
        self._settings = settings
        analysis = self._open_own(playback, settings) if self.own else self._open_kept(playback, settings)
        if analysis is None:
            return
        self.saved = SavedFilm(analysis, fixed=self.own)
        self._owner.ready(self)
        self.read()
        unfinished = bool((analysis.counts(edited=False) < 0).any())
        if unfinished and not self._left.is_set() and (not self.own or self._has_its_net(analysis)):
            self._analyse()
        if not self.own:
            self.use_thresholds(settings)

    def _open_own(self, playback: Playback, settings: Settings) -> Analysis | None:
        """The file that was named; says why not."""
        path, film = Path(self.text), ""
        try:
            film = film_of(path)
            analysis = Analysis.open(path)
            try:
                self._about = SourceInfo.of(playback.film, film)
                check_film(analysis.source, self._about, path)
            except BaseException:
                analysis.close()
                raise
        except PoseDeskError as error:
            self.trouble = str(error)
            self._owner.refused(self, self.trouble, film)
            return None
        network = analysis.settings.network.model_copy(update={"backend": settings.network.backend})
        self._settings = analysis.settings.model_copy(update={"network": network})
        return analysis

    def _has_its_net(self, analysis: Analysis) -> bool:
        """The net that found what is there is here, so that what is missing can be found as well."""
        try:
            return ModelInfo.of(registry.find(analysis.settings.network.model)).checksum == analysis.model.checksum
        except (ModelError, PoseDeskError):
            return False

    def _open_kept(self, playback: Playback, settings: Settings) -> Analysis | None:
        """The analysis of this film that the window keeps; says why not."""
        try:
            about = ModelInfo.of(registry.find(settings.network.model))
        except (ModelError, PoseDeskError):
            # That there is no net was said when the film was opened.
            self.elsewhere = False
            self.trouble = "Nothing of this film is kept, as there is no net. Choose one in Tools, Models."
            return None
        try:
            # The film that is watched has been gone through already, which takes seconds of a long one.
            if self._about is None:
                self._about = SourceInfo.of(playback.film, self.text)
            found = open_cached(self._about, playback.times.copy(), about, settings, warn=self._owner.failed)
        except PoseDeskError as error:
            again, self.elsewhere = self.elsewhere, isinstance(error, InUseError)
            self.trouble = f"Poses of this film are not kept this time. {error}"
            if self.elsewhere:
                self.trouble = "Another window of PoseDesk has this film, and keeps its poses. Close the film there."
            if not self._left.is_set() and not (again and self.elsewhere):
                self._owner.told(self.trouble)
            return None
        if self.elsewhere:
            self._owner.told("The other window has closed this film: its poses are kept here now.")
        self.trouble, self.elsewhere = "", False
        return found

    def _analyse(self, anew: Settings | None = None) -> None:
        """anew: find everyone anew with these thresholds first."""
        assert self.saved is not None
        if self._source is None:
            source = behind(lambda: open_film(self.text, self.pipeline.turning or Turning()))
            assert isinstance(source, Seekable)
            self._source = source
        if self._owner.wanted():
            self._open_net()  # before anybody waits for what it finds
        if self._left.is_set():
            return
        polite = self.pipeline.courtesy.second(self._network)
        self._analyser = Analyser(self.saved.analysis, self._source, polite, on_change=self._progressed)
        if not self._owner.wanted():
            self._analyser.pause()
        if anew is not None:
            self._analyser.redecode(anew)
        if (playback := self.pipeline.playback) is not None:
            self._lead = Lead(playback, self._analyser, self._lead_from)
            self.pipeline.lead_by(self._lead)
        behind(self._analyser.start)

    def _network(self, image: Image) -> Maps:
        """The net of the analyser's own."""
        return self._open_net()(image)

    def _open_net(self) -> Network:
        """Where there is something to analyse."""
        if self._net is None:
            assert self._settings is not None
            self._net = Network.open(registry.find(self._settings.network.model), self._settings.network)
        return self._net

    def keep_small(self) -> None:
        """Have small pictures of the film made and shown, or no more, as is wished for."""
        if self._owner.previewed() and not self._left.is_set():
            self._previews.begin(self._about)
        else:
            self._previews.close()

    def go_on(self, wanted: bool) -> None:
        if self._analyser is not None:
            (self._analyser.resume if wanted else self._analyser.pause)()

    def begin_at(self, index: int) -> None:
        """Its people get IDs that nobody was shown by as the film played: nobody knows yet who is who. The first of all
        get the first IDs all the same, and what played before has them no more."""
        if self._analyser is not None and self.saved is not None:
            analysis, shown = self.saved.analysis, self.pipeline.shown_elsewhere(index)
            if analysis.last_id:
                analysis.reserve(shown)
            else:
                self.pipeline.traces.leave_out(range(1, shown + 1))
            self._analyser.begin_at(index)

    def _lead_from(self, index: int) -> None:
        analyser = self._analyser
        if self._owner.wanted() and analyser is not None and analyser.is_analysing:
            self.begin_at(index)

    def comes(self, index: int) -> bool:
        """Whether a frame is analysed in a moment without anybody asking for it."""
        return self._analyser is not None and self._analyser.seconds_to(index) < SOON

    @property
    def finds_anew(self) -> bool:
        """People are being found anew with other thresholds, or are about to be. To be asked in any thread."""
        analyser, saved = self._analyser, self.saved
        return analyser is not None and saved is not None and analyser.settings != saved.analysis.settings

    def use_thresholds(self, settings: Settings) -> None:
        """Find everyone anew with other thresholds, or say what has to be run again."""
        saved = self.saved
        if saved is None or self._left.is_set():
            return
        settings = tracked(settings, self.pipeline.source)
        made = saved.analysis.settings
        coming = self._analyser.settings if self._analyser is not None else made
        if settings.decoding == coming.decoding:
            return
        settings = settings.model_copy(update={"tracking": made.tracking})
        if self.own:
            settings = settings.model_copy(update={"network": made.network})
        if reason := what_to_run_again(saved.analysis, settings):
            self._owner.told(
                f"{reason} Analyse, Analyse again does that; until then the timeline shows what was found before."
            )
            return
        if self._analyser is not None:
            self._analyser.redecode(settings)
        if self._analyser is None or self._analyser.wait(0):  # it has ended, and may not have heard of it
            self._analyse(settings)

    def _progressed(self) -> None:
        """In the thread of the analyser: there is something new to show."""
        self._news = True
        ended = self._analyser is not None and self._analyser.progress.state in ("finished", "stopped", "failed")
        self.read_news(at_once=ended)

    def read_news(self, at_once: bool = False) -> None:
        """From any thread: have read what is new, unless that is too soon after the last time."""
        then, took = self._last
        if self._news and not self._waits and (at_once or monotonic() - then > SPARING * took):
            self._waits = True
            self._owner.submit(self.read)

    def read(self) -> None:
        """Read what is shown of the analysis."""
        self._waits = self._news = False
        if self.saved is None or self._left.is_set() or self.pipeline.playback is None:
            return
        begun = monotonic()
        content = read(self.saved.analysis, self.pipeline.playback.duration)
        self.saved.analysis.prepare_undo()
        self._last = monotonic(), monotonic() - begun
        self._owner.read(self, content)
        if self._analyser is not None and self._analyser.progress.state == "failed":
            self._analyser.wait()  # raises what the worker tells

    def close(self) -> None:
        """End the analyser, then close all."""
        try:
            if self._analyser is not None:
                self._analyser.stop()
        except PoseDeskError as error:
            log.error("%s", error)  # it was told when it happened
        finally:
            self.pipeline.lead_by(lambda index: False)
            self._previews.close()
            if self._source is not None:
                self._source.close()
            if self.saved is not None:
                self._owner.before_close()
                self.saved.analysis.close()


def _fed(network: dict[str, object]) -> dict[str, object]:
    """What the maps depend on: not what the net runs on."""
    return {name: value for name, value in network.items() if name != "backend"}


def _said(name: str, value: object) -> str:
    if name == "model":
        return f"the model {value}"
    if isinstance(value, bool):
        return f"{name} {'on' if value else 'off'}"
    words = ", ".join(f"{each:g}" for each in value) if isinstance(value, tuple) else value
    return f"{name.replace('_', ' ')} {words}"
