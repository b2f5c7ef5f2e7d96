"""Falls in a window: the switch, the alarm, and falls over the saved analysis of the film that is open."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QLabel

from app import places
from app.falls.alerting import Alerting
from app.falls.banner import FallBanner, Lying
from app.falls.film import FilmFalls
from app.falls.keeper import is_same
from app.falls.page import FallsPage
from app.falls.preferences import FallPreferences
from app.falls.sound import AlarmSound
from app.newest_job import NewestJob
from app.pipeline import Pipeline
from app.saved import SavedFilm
from app.store import Store
from app.worker import Worker
from core.errors import PoseDeskError
from core.motion import Fall
from core.outputs.fall_labels import short_clock

if TYPE_CHECKING:
    from app.window import Window

PATIENCE = 15.0  # seconds that alerts under way may take to end when the window is closed
LEAST_RATE = 3.0  # frames a second that are looked at: with fewer most falls are over in too few, see docs/falls.md
SLOW = 5.0  # seconds of fewer after which that is said


@dataclass(frozen=True, slots=True)
class _Search:
    """Falls are to be found in what is known of a film by now."""

    pipeline: Pipeline
    saved: SavedFilm
    film: FilmFalls


class Falls(QObject):
    """What the commands of falls do in a window. Nothing here waits but `shutdown`."""

    _fell = pyqtSignal(object, object)  # of the thread of the results: Pipeline, Fall
    _got_up = pyqtSignal(object, object)  # the same
    _found = pyqtSignal()  # of the thread that looks at films
    _failed = pyqtSignal(object)
    _trouble = pyqtSignal(str)

    def __init__(self, window: Window, store: Store) -> None:
        super().__init__(window)
        self._window = window
        self._store = store
        self._film: FilmFalls | None = None
        self._dismissed: list[Fall] = []
        self._page: FallsPage | None = None
        self._closing = False
        self._worker = Worker(self._trouble.emit, "posedesk-falls")
        self._job: NewestJob[_Search] = NewestJob("fall-finder", self._find, self._failed.emit)
        self._alerting = Alerting(self._worker.submit, self._trouble.emit)
        self._player = Worker(self._trouble.emit, "posedesk-alarm")  # a slow command holds up no sound
        self.sound = AlarmSound(places.alarm_sound(), self._player.submit, self)
        self.banner = FallBanner(window.view)
        self.banner.chosen.connect(self._go)
        self.banner.dismissed.connect(self._dismiss)
        key = window.actions_by_name["dismiss-falls"].shortcut().toString()
        self.banner.dismiss.setToolTip(f"I have seen it.  ({key})" if key else "I have seen it.")
        self.sign = QLabel()
        self._fast_at = monotonic()  # when enough frames were looked at
        self._show_rate(LEAST_RATE)
        if (bar := window.statusBar()) is not None:
            bar.addPermanentWidget(self.sign)
        self._fell.connect(self._alarm)
        self._got_up.connect(self._tell_of_rise)
        self._found.connect(self._show_anew)
        self._failed.connect(window.tell_of_fault)
        self._trouble.connect(window.banner.warn)
        window.source_changed.connect(self._begin)
        window.shown.connect(self.show)
        window.film_view.analysing.opened.connect(self._open)
        window.film_view.analysing.changed.connect(self._search)
        self._hold()

    # -- what the commands do --

    @property
    def preferences(self) -> FallPreferences:
        return self._store.preferences.falls

    def change(self, **values: object) -> None:
        """Watch in another way from now on; what is set is remembered."""
        changed = self.preferences.changed(**values)
        self._store.edit(lambda now: now.model_copy(update={"falls": now.falls.changed(**values)}))
        if "watch" in values:
            self._dismissed.clear()
        if self._page is not None:
            self._page.show_values(changed)
        self._hold()
        self._window.refresh()

    def toggle(self) -> None:
        self.change(watch=not self.preferences.watch)

    def toggle_sound(self) -> None:
        self.change(sound=not self.preferences.sound)

    @property
    def has_alarm(self) -> bool:
        return not self.banner.isHidden()

    def dismiss(self) -> None:
        self._dismiss(self.banner.falls)

    def page(self) -> FallsPage:
        """A page for the settings."""
        self._page = FallsPage(
            self.preferences, self.change, self.sound.play, lambda told: self._alerting.test(self.preferences, told)
        )
        return self._page

    def shutdown(self) -> None:
        """End the threads; waits for them."""
        self._closing = True  # ends a search, which may take long in a long film
        self._job.close()
        self._alerting.close()
        self._worker.close(PATIENCE)
        self._player.drop()  # nobody waits for sounds
        self._player.close(PATIENCE)

    # -- what is open --

    def _begin(self, pipeline: Pipeline | None) -> None:
        self._dismissed.clear()
        self._show_rate(LEAST_RATE)
        self.banner.show_lying((), can_go=False)
        if pipeline is not None:
            pipeline.falls.alarm = lambda fall: self._fell.emit(pipeline, fall)
            pipeline.falls.up = lambda fall: self._got_up.emit(pipeline, fall)
        self._hold()

    def _hold(self) -> None:
        """What is set holds for what is open."""
        preferences, pipeline = self.preferences, self._window.pipeline
        watch = preferences.watch and pipeline is not None and not pipeline.has_pictures  # nobody falls in a picture
        self.sign.setVisible(watch)
        self._alerting.use(preferences if preferences.watch else FallPreferences(), self._window.source_name)
        if preferences.watch and preferences.sound:
            self.sound.prepare()
        if pipeline is not None and pipeline.falls.watching != watch:
            pipeline.falls.watching = watch
            if watch:
                self._search()
            else:
                pipeline.falls.forget()
                self._film = FilmFalls(self._film.analysis) if self._film is not None else None
        self.show()

    def _open(self, saved: SavedFilm | None) -> None:
        self._film = FilmFalls(saved.analysis) if saved is not None else None
        if saved is None and (pipeline := self._window.pipeline) is not None:
            pipeline.falls.forget()  # the film may be analysed anew

    def _search(self) -> None:
        pipeline, saved, film = self._window.pipeline, self._window.film_view.analysing.saved, self._film
        if pipeline is not None and pipeline.falls.watching and saved is not None and film is not None:
            self._job.submit(_Search(pipeline, saved, film))

    def _find(self, search: _Search) -> None:
        """In the thread."""
        keeper, saved = search.pipeline.falls, search.saved
        try:
            found = search.film.find(lambda: keeper.watching and not saved.over and not self._closing)
        except PoseDeskError:
            if saved.over:  # the film was closed meanwhile
                return
            raise
        if found is not None:
            keeper.settle(*found)
            self._found.emit()

    # -- what happens --

    def _alarm(self, pipeline: Pipeline, fall: Fall) -> None:
        if pipeline is not self._window.pipeline:
            return
        self._alerting.send(fall.event())
        if self.preferences.sound:
            self.sound.play()
        self.show()

    def _tell_of_rise(self, pipeline: Pipeline, fall: Fall) -> None:
        if pipeline is self._window.pipeline:
            self._window.banner.tell(f"{self._name(fall)}, who fell at {short_clock(fall.time)}, is up again.")
            self.show()

    def _show_anew(self) -> None:
        """More is known of the film."""
        self.show()
        self._window.display.redraw()

    def tick(self) -> None:
        """To be called a few times a second: who lies does so as well while a camera is lost and no picture comes, and
        of a machine that is too slow to see falls that is said."""
        pipeline = self._window.pipeline
        if pipeline is None or not self.preferences.watch:
            return
        lost = bool(pipeline.source.tries)
        if lost and self.has_alarm:
            self.show()
        film = pipeline.playback
        if film is None and (lost or pipeline.over):
            self._show_loss(pipeline.over)
            return
        moves = film is None or (film.playing and not pipeline.over)
        speed = 1.0 if film is None else film.speed  # falls are as fast as the film is
        self._show_rate(pipeline.rates().analysed / speed if moves else LEAST_RATE)

    def _show_loss(self, over: bool) -> None:
        """No picture comes. over: for good"""
        self._fast_at = monotonic()  # when pictures come again, that they come slowly is seen anew
        self.sign.setText("no picture: nobody watches for falls")
        self.sign.setToolTip(
            "The camera or stream has ended. Open it again, and falls are watched for again."
            if over
            else "The camera or stream is lost and is looked for. Nobody watches for falls until it is back."
        )

    def _show_rate(self, rate: float) -> None:
        """rate: frames that are looked at of a second of the camera or film"""
        now = monotonic()
        if rate >= LEAST_RATE:
            self._fast_at = now
        slow = now - self._fast_at > SLOW
        self.sign.setText("too slow to see falls" if slow else "watching for falls")
        self.sign.setToolTip(
            f"Fewer than {LEAST_RATE:g} frames a second are looked at, in which most falls are missed. "
            "A smaller input of the net is faster."
            if slow
            else "Who falls is told. Analyse, Watch for falls turns it off."
        )

    def show(self) -> None:
        """Bring the alarm up to date with the frame on screen."""
        pipeline, frame = self._window.pipeline, self._window.view.frame
        if pipeline is None or frame is None:
            return
        now = frame.time + (max(monotonic() - frame.captured, 0.0) if pipeline.source.tries else 0.0)
        lying = [
            Lying(fall, self._name(fall), now - fall.time)
            for fall in pipeline.falls.lying(frame.time)
            if not any(is_same(fall, seen) for seen in self._dismissed)
        ]
        before = self.has_alarm
        self.banner.show_lying(lying, can_go=pipeline.playback is not None)
        if self.has_alarm != before:
            self._window.refresh()

    def _name(self, fall: Fall) -> str:
        """As the user calls the person now."""
        cast = self._window.casting.cast
        if cast is None:
            return f"#{fall.person}"
        now = cast.told([fall.event()])  # nobody, where the person is hidden
        return cast.name(now[0].person if now else fall.person)

    def _dismiss(self, falls: list[Fall]) -> None:
        self._dismissed += falls
        self.show()

    def _go(self, fall: Fall) -> None:
        self._window.playing.seek_seconds(fall.time)
