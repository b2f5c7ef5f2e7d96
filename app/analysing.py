"""The analysis of the film that is open: opened or begun, filled in the background, and what is shown of it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from app.courtesy import start_behind
from app.pipeline import Pipeline, tracked
from app.saved import SavedFilm, SavedTraces
from app.timeline import NOTHING, Content
from app.timeline.content import UNKNOWN, read
from app.worker import Worker
from core.analysis import (
    Analyser,
    Analysis,
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

PATIENCE = 20.0  # seconds that all may take to end when the window is closed
SETTLED = 0.4  # seconds without a change after which people are found anew with other thresholds
SPARING = 4.0  # times as long as it took to read what is shown passes before it is read again
APART = 5.0  # seconds at least between two wishes to analyse elsewhere: each costs the begin of a new piece


class Analysing(QObject):
    """To be used from the GUI thread; nothing here waits. All work is done in threads of its own.

    wanted: films are analysed in the background; else only what is known already is shown
    content: what is known of the film; saved: its poses, None until they are open
    before_close: called in the worker before an analysis is closed, for whoever has something to write yet
    """

    changed = pyqtSignal()  # `content` is another
    opened = pyqtSignal(object)  # SavedFilm | None: another film's
    told = pyqtSignal(str)
    failed = pyqtSignal(str)
    refused = pyqtSignal(str, str)  # why the analysis that was opened cannot be shown, and its film
    _read = pyqtSignal(object, object)  # of the worker: _Open, Content
    _ready = pyqtSignal(object)  # of the worker: _Open
    _bad = pyqtSignal(object, str)  # of the worker: _Open, why its own file cannot be used

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.wanted = True
        self.content: Content = NOTHING
        self.saved: SavedFilm | None = None
        self.before_close: Callable[[], object] = lambda: None
        self._settings = settings
        self._open: _Open | None = None  # what is to be open, and may be soon
        self._asked = 0.0
        self._jumped = False  # somebody went elsewhere in a film, and what is there was not asked for yet
        self._who = 0
        self._worker = Worker(self.failed.emit, "posedesk-analysing")
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.timeout.connect(self._use_thresholds)
        self._ready.connect(self._show)
        self._read.connect(self._take)
        self._bad.connect(self._refuse)

    # -- what the window asks for --

    def start(self, text: str, pipeline: Pipeline) -> None:
        """Another source is open. `text`: what it was opened by."""
        self.end()
        film = pipeline.playback
        if film is None or film.length < 2 or "://" in text:  # a stream is not fetched twice
            return
        self._open = opening = _Open(text, pipeline, self)
        self._worker.submit(lambda: opening.begin(self._settings))

    def end(self) -> None:
        """Nothing is open any more."""
        opening, self._open = self._open, None
        if opening is None:
            return
        opening.leave()
        opening.pipeline.use_saved(None)
        self._worker.submit(opening.close)
        self.content, self.saved, self._who = NOTHING, None, 0
        self.opened.emit(None)
        self.changed.emit()

    @property
    def trouble(self) -> str:
        """Why nothing is kept of the film that is open, in a sentence; empty where it is, or may be soon."""
        return self._open.trouble if self._open is not None else ""

    @property
    def how_to_know(self) -> str:
        """What to do for more of the film to be known, in a sentence."""
        if self.wanted:
            return "It is being analysed; try again in a moment."
        return "Switch on Analyse in the background, in the menu Analyse."

    @property
    def has_edits(self) -> bool:
        """Somebody has edited or marked what is open."""
        return self.saved is not None and bool(self.saved.analysis.editor.next_undo)

    @property
    def can_be_made_again(self) -> bool:
        """What is open is kept for the window alone, and nothing but edits and marks is lost with it."""
        return self.saved is not None and self._open is not None and not self._open.own

    def again(self) -> None:
        """Forget what was found in this film, edits and marks too, and find everyone anew as the settings are now."""
        if (opening := self._open) is not None and self.saved is not None and not opening.own:
            path = self.saved.analysis.path
            self.end()
            self._worker.submit(lambda: path.unlink(missing_ok=True))
            self.wanted = True
            self.start(opening.text, opening.pipeline)

    def toggle(self) -> None:
        """Analyse in the background, or no more."""
        self.wanted = not self.wanted
        if (opening := self._open) is not None:
            self._worker.submit(lambda: opening.go_on(self.wanted))

    def moved(self) -> None:
        """Somebody moves about in the film: the background waits a moment."""
        self._jumped = True
        if self._open is not None:
            self._open.pipeline.courtesy.hold()

    def look(self, index: int, playing: bool) -> None:
        """To be called now and then, with the frame where the film is: where it stands still, or somebody went to while
        it plays, is looked at first.

        Where it merely plays on, the analysis does not run after it: many pieces here and there would each begin with
        new IDs.
        """
        opening, saved = self._open, self.saved
        if opening is None or saved is None:
            return
        opening.read_news()
        if self.knows(index):
            self._jumped = False
        elif self.wanted and (self._jumped or not playing) and monotonic() - self._asked > APART:
            self._asked, self._jumped = monotonic(), False
            self._worker.submit(lambda: opening.begin_at(index))
        if saved.analysis.who_version != self._who:
            self._who = saved.analysis.who_version
            self._worker.submit(opening.read)
            opening.pipeline.look_again()

    def remember_loop(self, span: tuple[int, int] | None) -> None:
        """The stretch of the film that plays over and over is this, also when it is opened again."""
        if (saved := self.saved) is not None:
            self._worker.submit(lambda: saved.analysis.remember_loop(span))

    def knows(self, index: int) -> bool:
        """Whether a frame was analysed, as far as is read."""
        return 0 <= index < len(self.content.counts) and bool(self.content.counts[index] != UNKNOWN)

    def change_settings(self, settings: Settings) -> None:
        """Other thresholds, or another net, hold from now on."""
        before, self._settings = self._settings, settings
        opening = self._open
        if opening is None or settings == before:
            return
        if opening.differs(settings):
            mine = opening.fed_otherwise(settings) if self.has_edits else ""
            self.start(opening.text, opening.pipeline)
            if mine:
                self.told.emit(f"Marks and edits belong to what {mine} found; choose that again to see them.")
        elif settings.decoding != before.decoding:
            self._settling.start(round(1000 * SETTLED))

    def traces(self) -> SavedTraces | None:
        """Where points are over the whole film; None where there is no analysis."""
        opening, saved = self._open, self.saved
        if opening is None or saved is None:
            return None
        return SavedTraces(
            saved.analysis,
            opening.pipeline.traces,
            lambda: [lane.person for lane in self.content.lanes],
            self._worker.submit,
        )

    def shutdown(self) -> bool:
        """End everything; waits for it. False where it does not end."""
        self._settling.stop()
        opening, self._open = self._open, None
        if opening is not None:
            opening.leave()
            self._worker.submit(opening.close)
        return self._worker.close(PATIENCE)

    # -- back in the GUI thread --

    def _use_thresholds(self) -> None:
        if (opening := self._open) is not None:
            settings = self._settings
            self._worker.submit(lambda: opening.use_thresholds(settings))

    def _show(self, opening: _Open) -> None:
        if opening is self._open and opening.saved is not None:
            self.saved = opening.saved
            opening.pipeline.use_saved(opening.saved)
            self.opened.emit(opening.saved)

    def _refuse(self, opening: _Open, reason: str) -> None:
        if opening is self._open:
            self.refused.emit(reason, film_of(Path(opening.text)))

    def _take(self, opening: _Open, content: Content) -> None:
        if opening is self._open:
            self.content = content
            self.changed.emit()
            if opening.was_decoded_again:
                opening.pipeline.look_again()


class _Open:
    """One film and its analysis. Made in the GUI thread; what works and waits is called in the worker.

    own: the user has opened the file of an analysis, which stays as it is but for what is done by hand, and for frames
    that it lacks; else the analysis is the window's
    """

    def __init__(self, text: str, pipeline: Pipeline, owner: Analysing) -> None:
        self.text = text
        self.own = is_analysis(text)
        self.pipeline = pipeline
        self.saved: SavedFilm | None = None
        self.trouble = ""  # see `Analysing.trouble`
        self._owner = owner
        self._settings: Settings | None = None  # the analysis is for
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
        """Since this was asked last. Of the window's own analysis other thresholds are seen at once anyway."""
        before = self._decoding
        self._decoding = self.saved.analysis.settings.decoding if self.saved is not None else None
        return self.own and before is not None and before != self._decoding

    # -- called in the worker --

    def begin(self, settings: Settings) -> None:
        """Open the analysis and go on with it."""
        playback = self.pipeline.playback
        if self._left.is_set() or playback is None:
            return
        settings = tracked(settings, self.pipeline.source)
        self._settings = settings
        analysis = self._open_own(playback, settings) if self.own else self._open_kept(playback, settings)
        if analysis is None:
            return
        self.saved = SavedFilm(analysis, fixed=self.own)
        self._owner._ready.emit(self)
        self.read()
        unfinished = bool((analysis.counts(edited=False) < 0).any())
        if unfinished and not self._left.is_set() and (not self.own or self._has_its_net(analysis)):
            self._analyse()
        if not self.own:
            self.use_thresholds(settings)

    def _open_own(self, playback: Playback, settings: Settings) -> Analysis | None:
        """The file that was named; says why not."""
        path = Path(self.text)
        try:
            analysis = Analysis.open(path)
            try:
                check_film(analysis.source, SourceInfo.of(playback.film, film_of(path)), path)
            except BaseException:
                analysis.close()
                raise
        except PoseDeskError as error:
            self.trouble = str(error)
            self._owner._bad.emit(self, self.trouble)
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
            self.trouble = "Nothing of this film is kept, as there is no net. Choose one in Tools, Models."
            return None
        try:
            # The film that is watched has been gone through already, which takes seconds of a long one.
            source, times = SourceInfo.of(playback.film, self.text), playback.times.copy()
            return open_cached(source, times, about, settings, warn=self._owner.failed.emit)
        except PoseDeskError as error:
            self.trouble = f"Poses of this film are not kept this time. {error}"
            if not self._left.is_set():
                self._owner.told.emit(self.trouble)
            return None

    def _analyse(self, anew: Settings | None = None) -> None:
        """anew: find everyone anew with these thresholds first."""
        assert self.saved is not None
        if self._source is None:
            source = open_film(self.text, self.pipeline.turning or Turning())
            assert isinstance(source, Seekable)
            self._source = source
        self.pipeline.courtesy.start()
        polite = self.pipeline.courtesy.second(self._network)
        self._analyser = Analyser(self.saved.analysis, self._source, polite, on_change=self._progressed)
        if not self._owner.wanted:
            self._analyser.pause()
        if anew is not None:
            self._analyser.redecode(anew)
        start_behind(self._analyser.start)

    def _network(self, image: Image) -> Maps:
        """The net of the analyser's own: opened where there is something to analyse."""
        if self._net is None:
            assert self._settings is not None
            self._net = Network.open(registry.find(self._settings.network.model), self._settings.network)
        return self._net(image)

    def go_on(self, wanted: bool) -> None:
        if self._analyser is not None:
            (self._analyser.resume if wanted else self._analyser.pause)()

    def begin_at(self, index: int) -> None:
        if self._analyser is not None:
            self._analyser.begin_at(index)

    def use_thresholds(self, settings: Settings) -> None:
        """Find everyone anew with other thresholds, or say what has to be run again."""
        saved = self.saved
        if saved is None or self._left.is_set():
            return
        settings = tracked(settings, self.pipeline.source)
        if settings.decoding == saved.analysis.settings.decoding:
            return
        made = saved.analysis.settings
        settings = settings.model_copy(update={"tracking": made.tracking})
        if self.own:
            settings = settings.model_copy(update={"network": made.network})
        if reason := what_to_run_again(saved.analysis, settings):
            self._owner.told.emit(
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
            self._owner._worker.submit(self.read)

    def read(self) -> None:
        """Read what is shown of the analysis."""
        self._waits = self._news = False
        if self.saved is None or self._left.is_set() or self.pipeline.playback is None:
            return
        begun = monotonic()
        content = read(self.saved.analysis, self.pipeline.playback.duration)
        self._last = monotonic(), monotonic() - begun
        self._owner._read.emit(self, content)
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
