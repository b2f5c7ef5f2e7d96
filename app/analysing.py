"""What the window has to do with the analysis of the film that is open."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from app.behind import Behind
from app.film_analysis import FilmAnalysis, Owner
from app.pipeline import Pipeline
from app.saved import SavedFilm, SavedTraces
from app.timeline import NOTHING, Content
from app.timeline.content import UNKNOWN
from app.worker import Worker
from core.previews import remove_previews
from core.settings import Settings

PATIENCE = 30.0  # seconds that all may take to end when the window is closed: an analysis 15, small pictures 10
SETTLED = 0.4  # seconds without a change after which people are found anew with other thresholds
AGAIN = 1.0  # seconds after which it is tried again whether another window has left the film
PAUSE = 1.0  # seconds that a film stands still before its analysis goes there: by then it is known how fast that is
APART = 5.0  # seconds at least between two wishes to analyse elsewhere: each costs the begin of a new piece


class Analysing(QObject):
    """To be used from the GUI thread; nothing here waits. All work is done in threads of its own.

    wanted: films are analysed in the background; else only what is known already is shown
    previewed: small pictures of films are kept, so that each frame is seen at once
    content: what is known of the film; saved: its poses, None until they are open
    before_close: called in the worker before an analysis is closed, for whoever has something to write yet
    """

    changed = pyqtSignal()  # `content` is another
    leaving = pyqtSignal()  # another net was chosen: the last moment to write to what is open
    opened = pyqtSignal(object)  # SavedFilm | None: another film's
    told = pyqtSignal(str)
    failed = pyqtSignal(str)
    refused = pyqtSignal(str, str)  # why the analysis that was opened cannot be shown; its film, "" where gone
    _read = pyqtSignal(object, object)  # of the worker: FilmAnalysis, Content
    _ready = pyqtSignal(object)  # of the worker: FilmAnalysis
    _bad = pyqtSignal(object, str, str)  # of the worker: FilmAnalysis, why its own file cannot be used, its film

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.wanted = True
        self.previewed = True
        self.content: Content = NOTHING
        self.saved: SavedFilm | None = None
        self.before_close: Callable[[], object] = lambda: None
        self._settings = settings
        self._open: FilmAnalysis | None = None  # what is to be open, and may be soon
        self._behind: Behind | None = None  # of the same
        self._asked = 0.0
        self._tried = 0.0  # when the analysis that another window has was tried last
        self._played = 0.0  # when the film was last seen to play
        self._jumped = False  # somebody went elsewhere in a film, and what is there was not asked for yet
        self._who = 0
        self._worker = Worker(self.failed.emit, "posedesk-analysing")
        self._owner = Owner(
            self._ready.emit, self._read.emit, self.told.emit, self.failed.emit, self._bad.emit, self._worker.submit,
            lambda: self.wanted, lambda: self.previewed, lambda: self.before_close(),
        )  # fmt: skip
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
        self._open = opening = FilmAnalysis(text, pipeline, self._owner)
        self._behind = Behind(opening, self._settings)
        self._begin(opening, self._behind)

    def _begin(self, opening: FilmAnalysis, behind: Behind) -> None:
        self._worker.submit(lambda: behind.see_to(self._settings, opening.begin))  # the settings of then

    def _leave(self) -> FilmAnalysis | None:
        """What was open, if anything; it is to be closed."""
        opening, self._open = self._open, None
        behind, self._behind = self._behind, None
        if behind is not None:
            behind.leave()
        if opening is not None:
            opening.leave()
        return opening

    def end(self) -> None:
        """Nothing is open any more."""
        if (opening := self._leave()) is None:
            return
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
    def is_elsewhere(self) -> bool:
        """Another window has the analysis of the film that is open; it is taken over when that is closed."""
        return self._open is not None and self._open.elsewhere

    @property
    def how_to_know(self) -> str:
        """What to do for more of the film to be known, in a sentence."""
        if self.wanted:
            return "It is being analysed; try again in a moment."
        return "Switch on Analyse in the background, in the menu Analyse."

    @property
    def is_behind(self) -> Callable[[], bool]:
        """See `Behind.is_behind`, of the film that is open now, whatever is when it is asked."""
        return self._behind.is_behind if self._behind is not None else lambda: False

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

    def toggle_previews(self) -> None:
        """Keep small pictures, or no more: then those of all films are removed."""
        self.previewed = wanted = not self.previewed
        if (opening := self._open) is not None:
            self._worker.submit(opening.keep_small)
        if not wanted:
            self._worker.submit(remove_previews)

    def moved(self) -> None:
        """Somebody moves about in the film: the background waits a moment."""
        self._jumped = True
        if self._open is not None:
            self._open.pipeline.courtesy.hold()

    def look(self, index: int, playing: bool) -> None:
        """To be called now and then, with the frame where the film is: where it stands still, or somebody went to while
        it plays, is looked at first.

        Where it merely plays on, or stands still where the analysis comes by in a moment, that stays where it is: many
        pieces here and there would each begin with new IDs.
        """
        if playing:
            self._played = monotonic()
        opening, behind, saved = self._open, self._behind, self.saved
        if opening is not None and behind is not None and opening.elsewhere and monotonic() - self._tried > AGAIN:
            self._tried = monotonic()
            self._begin(opening, behind)
        if opening is None or saved is None:
            return
        opening.read_news()
        if self.knows(index):
            self._jumped = False
        elif (
            self.wanted
            and (self._jumped or (monotonic() - self._played > PAUSE and not opening.comes(index)))
            and monotonic() - self._asked > APART
        ):
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
        opening, behind = self._open, self._behind
        if opening is None or behind is None or settings == before:
            return
        if opening.differs(settings):
            self.leaving.emit()
            mine = opening.fed_otherwise(settings) if self.has_edits else ""
            self.start(opening.text, opening.pipeline)
            if mine:
                self.told.emit(f"Marks and edits belong to what {mine} found; choose that again to see them.")
        elif settings.decoding != before.decoding:
            behind.want(settings)
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
        if (opening := self._leave()) is not None:
            self._worker.submit(opening.close)
        return self._worker.close(PATIENCE)

    # -- back in the GUI thread --

    def _use_thresholds(self) -> None:
        if (opening := self._open) is not None and (behind := self._behind) is not None:
            settings = self._settings
            self._worker.submit(lambda: behind.see_to(settings, opening.use_thresholds))

    def _show(self, opening: FilmAnalysis) -> None:
        if opening is self._open and opening.saved is not None:
            self.saved = opening.saved
            opening.pipeline.use_saved(opening.saved)
            self.opened.emit(opening.saved)

    def _refuse(self, opening: FilmAnalysis, reason: str, film: str) -> None:
        if opening is self._open:
            self.refused.emit(reason, film)

    def _take(self, opening: FilmAnalysis, content: Content) -> None:
        if opening is self._open:
            self.content = content
            self.changed.emit()
            if opening.was_decoded_again:
                opening.pipeline.look_again()
