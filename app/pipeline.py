"""What runs behind the window: a source, the estimator and a recording, in the threads of a session. No Qt here.

The window pulls: `newest` gives what there is to show at this moment.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from math import nan
from pathlib import Path
from time import monotonic

import numpy as np

from app.cast import Cast
from app.event_book import EventBook
from app.falls.keeper import FallKeeper
from app.label_colors import LabelColors
from app.on_screen import OnScreen
from app.recording import Failed, Recording, What
from app.saved import SavedFilm
from app.serving.server import PoseServer
from app.showing import to_show
from app.steered_estimator import SAVED, Net, SteeredEstimator
from app.trace_log import TraceLog
from core.actions import ActionModel
from core.motion import Fall
from core.outputs import Bridge, Bridges, Context, Overlay, annotate, draw
from core.outputs.paint import Letters, stroke_letters
from core.session import Session
from core.settings import ActionSettings, Settings
from core.sources import (
    Playback,
    Source,
    Turned,
    TurnedFilm,
    Turning,
)
from core.sources.images import ImageFiles
from core.types import Event, Frame, Image, Ints, People, Result

NET_STEP = "network"  # of `Result.timings`
ACTIONS = "actions"  # the origin of events that a model of actions recognises, see `EventBook`
RATE_SECONDS = 2.0  # over which frames a second are averaged: shorter and the figures flicker


@dataclass(frozen=True, slots=True)
class Newest:
    """What there is to show. frame: the newest picture; result: the newest that people were looked for in; late:
    seconds of the source that went by before it was there; small: the picture is less sharp than the film's, which is
    on its way"""

    frame: Frame | None
    result: Result | None
    late: float = 0.0
    small: bool = False


@dataclass(frozen=True, slots=True)
class Rates:
    """Figures for the eye, over some seconds.

    captured, analysed, shown: frames a second; skipped: frames so far
    age: seconds from the capture of a frame to its pose on screen, the longest there were; where none came of late, of
    the last one; NaN before the first
    net, decode: milliseconds a frame that the net takes, and what comes after it up to people with IDs
    """

    captured: float
    analysed: float
    shown: float
    skipped: int
    age: float
    net: float
    decode: float


class Pipeline:
    """From a source to the newest result. Made and closed outside the GUI thread; the rest may be called from it."""

    def __init__(
        self, source: Source, network: Net, settings: Settings, overlay: Overlay, letters: Letters = stroke_letters
    ) -> None:
        """letters: what is written over people is written in"""
        self.source = source
        self.settings = tracked(settings, source)
        self.over = False
        self.traces = TraceLog()
        self.cast = Cast(self.traces)
        self.events = EventBook()
        self.falls = FallKeeper(self.events, not isinstance(source, Playback), self.settings.network.input_height)
        self.colors = LabelColors()
        self.reader: PoseServer | None = None  # takes all results
        self._letters = letters
        self._estimator = SteeredEstimator(network, self.settings)
        self._estimator.forget = self.traces.leave_out
        self.courtesy = self._estimator.courtesy
        self._maps_wanted = False
        self.overlay = overlay
        self.own_pose = False  # only pictures whose people are known are shown, and recorded
        self._changing = threading.Lock()  # of `_small`, by the threads that read and that write
        self._small: tuple[Frame, Result | None] | None = None  # to be seen until the frame that was sought is there
        self._frame: Frame | None = None
        self._result: Result | None = None
        self._late = 0.0
        self._bridges = Bridges()
        self._recording: Recording | None = None
        self._on_screen: OnScreen | None = None  # what is recorded of it
        self._marks: deque[tuple[float, int, int, int]] = deque()
        self._ages: deque[tuple[float, float]] = deque()  # moment, and age of the pose that came on screen then
        self._shown = 0
        self._shown_result: Result | None = None
        self._session = Session(source, self._estimator, self._take, seen=self._see)
        self._session.start()

    @property
    def playback(self) -> Playback | None:
        """What a film is steered by; None for what is live."""
        return self.source if isinstance(self.source, Playback) else None

    @property
    def has_pictures(self) -> bool:
        """Of single pictures, which do not follow each other in time."""
        return _is_pictures(self.source)

    @property
    def overlay(self) -> Overlay:
        """Of what is recorded."""
        return self._overlay

    @overlay.setter
    def overlay(self, overlay: Overlay) -> None:
        self._overlay = overlay
        self._want_maps()

    @property
    def maps_wanted(self) -> bool:
        """Maps are to be seen: the net is run for every frame, known people or not."""
        return self._maps_wanted

    @maps_wanted.setter
    def maps_wanted(self, wanted: bool) -> None:
        self._maps_wanted = wanted
        self._want_maps()

    def _want_maps(self) -> None:
        before = self._estimator.maps_wanted
        self._estimator.maps_wanted = self._maps_wanted or self._overlay.needs_maps
        if self._estimator.maps_wanted and not before:
            self.look_again()

    @property
    def newest(self) -> Newest:
        if (small := self._small) is not None:
            return Newest(*small, self._late, small=True)
        return self._newest

    @property
    def _newest(self) -> Newest:
        """The same of frames themselves."""
        result, frame = self._result, self._frame  # in this order: a result is never newer than the frame
        return Newest(frame, result, self._late)

    def use(self, network: Net | None = None, settings: Settings | None = None) -> None:
        """Go on with another net, other thresholds or another tracker, from the next frame on; a film that is paused is
        looked at again."""
        if network is not None:
            self._estimator.network = network
        if settings is not None:
            self.settings = tracked(settings, self.source)
            self.falls.input_height = settings.network.input_height
            self._estimator.decoding = settings.decoding
            self._estimator.track_by(self.settings.tracking)
        self.look_again()

    def recognise_by(self, model: ActionModel | None, settings: ActionSettings) -> None:
        """Recognise actions by this model; None: none. What another has recognised holds no more."""
        same = self._estimator.recognise_by(model, settings)
        if not same:
            self.events.forget(ACTIONS)

    def doing(self, result: Result) -> dict[int, str]:
        """What everyone in a frame does, by the IDs that the user sees. What is known by now of that time comes before
        what was recognised as the frame was looked at."""
        time, found = result.frame.time, dict[int, str]()
        if result.actions is not None:
            done = zip(result.actions.labels, result.ids.tolist(), result.actions.scores.tolist(), strict=True)
            live = [Event(label, person, time, None, score) for label, person, score in done if label]
            found = {event.person: event.event for event in self.cast.told(live)}
        return found | {event.person: event.event for event in self.cast.told(self.events.at(time))}

    def context(self, result: Result, overlay: Overlay, ids: Ints, selected: frozenset[int] = frozenset()) -> Context:
        """What drawing has to know of the people of a result. ids: those that the user sees; selected: the same"""
        context = self.cast.context(overlay, ids, result.frame.time, selected)
        actions = self.doing(result) if overlay.actions else {}
        known = SAVED in result.timings or self.has_pictures
        passing = {} if known else self.cast.passing(ids.tolist())
        return replace(
            context, names={**context.names, **passing}, actions=actions,
            colors=self.colors.drawn(actions.values()), letters=self._letters, lost=self._lost(result.frame.time, ids),
            bridges=self._bridged(result, ids) if overlay.bridged else {},
        )  # fmt: skip

    def _lost(self, time: float, ids: Ints) -> tuple[Fall, ...]:
        """Who lies after a fall, is not hidden, and is not among those that are found."""
        lying = [(fall, self.cast.told([fall.event()])) for fall in self.falls.lying(time)]
        return tuple(fall for fall, now in lying if now and now[0].person not in ids)

    def _bridged(self, result: Result, ids: Ints) -> dict[int, Bridge]:
        return self._bridges.at(result.frame.time, result.people, ids, self.cast.ids_of)

    def use_saved(self, saved: SavedFilm | None) -> None:
        """Show the people of an analysis from the next frame on, where it has them; None: find them all anew."""
        self._estimator.saved = saved
        if saved is None and self._recording is None:  # what is recorded has no frame twice
            self.look_again()

    def preview_by(self, find: Callable[[int], Image | None]) -> None:
        """Show what `find` has of a frame of the film until the frame itself is there, where that takes long."""
        if self.playback is not None:
            self.playback.preview_by(find, self._preview)

    def shown_elsewhere(self, index: int) -> int:
        """See `SteeredEstimator.shown_elsewhere`."""
        return self._estimator.shown_elsewhere(index)

    def lead_by(self, lead: Callable[[int], bool]) -> None:
        """Take people from the analysis where it is about to have them, see `Lead`."""
        self._estimator.lead = lead

    def look_again(self) -> None:
        """Where a film stands still, look for people in its frame once more."""
        if (playback := self.playback) is not None and not playback.playing:
            playback.seek(playback.index)

    def rates(self) -> Rates:
        """To be called now and then; the figures are those since about RATE_SECONDS ago."""
        now, figures = monotonic(), self._session.figures
        self._marks.append((now, figures.captured, figures.analysed, self._shown))
        while len(self._marks) > 2 and self._marks[1][0] <= now - RATE_SECONDS:
            self._marks.popleft()
        while len(self._ages) > 1 and self._ages[0][0] <= now - RATE_SECONDS:
            self._ages.popleft()
        then, captured, analysed, shown = self._marks[0]
        seconds = max(now - then, 1e-3)
        timings = self._result.timings if self._result is not None else {}
        return Rates(
            captured=(figures.captured - captured) / seconds,
            analysed=(figures.analysed - analysed) / seconds,
            shown=(self._shown - shown) / seconds,
            skipped=figures.skipped,
            age=max((age for _, age in self._ages), default=nan),
            net=timings.get(NET_STEP, 0.0),
            decode=sum(milliseconds for step, milliseconds in timings.items() if step != NET_STEP),
        )

    def note_shown(self, result: Result | None) -> None:
        """A picture came on screen, with the people of `result`. To be told by whoever shows it."""
        self._shown += 1
        if result is not None and result is not self._shown_result:
            self._shown_result = result
            now = monotonic()
            self._ages.append((now, now - result.frame.captured))

    # -- a picture that is upside down --

    @property
    def turning(self) -> Turning | None:
        """How the picture is turned; None for what cannot be."""
        source = self.source.film if isinstance(self.source, Playback) else self.source
        if isinstance(source, Turned | TurnedFilm):
            return source.turning
        return None if isinstance(source, ImageFiles) else Turning()

    def turn(self, turning: Turning) -> None:
        """Turn the picture of what is live from the next frame on. A film has to be opened anew: what is known of it
        holds for the pictures as they are."""
        if isinstance(self.source, Turned) and turning != self.source.turning:
            self.source.turning = turning
            self.falls.turn()

    def look_for_end(self) -> None:
        """Notice that nothing more comes: `over` is true then. Never waits. Raises what ended it, once."""
        try:
            self.over = self._session.wait(0)
        except BaseException:
            self.over = True
            raise

    # -- recording --

    @property
    def recording(self) -> Recording | None:
        """What is recorded now; None also when all of it has failed."""
        recording = self._recording
        return recording if recording is not None and recording.running else None

    def record(self, target: Path, what: What, on_failure: Failed) -> None:
        """Record what is seen from now on, see `Recording`. Raises InputError."""
        recording = Recording(target, what, on_failure)
        self.stop_recording()
        self._recording = recording
        self._on_screen = OnScreen(partial(self._record, recording), self._over)

    def stop_recording(self) -> list[Path]:
        """Finish the files; waits for that. Returns those that can be played."""
        recording, self._recording = self._recording, None
        on_screen, self._on_screen = self._on_screen, None
        if on_screen is not None:
            on_screen.close()
        return recording.close() if recording is not None else []

    def close(self) -> None:
        """End everything; raises PoseDeskError for a thread that does not end."""
        try:
            self._session.stop()
        finally:
            self.source.close()
            self.stop_recording()

    # -- in the threads of the session --

    def _preview(self, frame: Frame) -> None:
        """With its people where they are known. Nothing else hears of it: traces, recordings and alarms take the frame
        itself."""
        small = frame, self._estimator.look_up(frame, self._estimator.saved)
        with self._changing:
            self._small = small

    def _see(self, frame: Frame) -> None:
        self._frame = frame
        with self._changing:
            # That frame itself takes its place with its people, so that they do not blink; where these take the net,
            # and for any other frame, at once.
            if (small := self._small) is not None and (
                small[1] is None or small[0].index != frame.index or self._estimator.maps_wanted
            ):
                self._small = None
        if (recording := self._recording) is not None:
            recording.see(frame)
        if (on_screen := self._on_screen) is not None:
            on_screen.see(frame, self._needs_own_pose)

    def _take(self, result: Result) -> None:
        """It comes on screen last: who stops a recording at what is seen has that in it too."""
        speed = self.playback.speed if self.playback is not None else 1.0
        self._late = speed * (monotonic() - result.frame.captured)
        self._bridges.see(result)
        self.traces.add(result)
        self.events.add(ACTIONS, result.events)
        falls = self.falls.see(result, moves=self.playback is None or self.playback.playing)
        self._serve(result, falls)
        if (on_screen := self._on_screen) is not None:
            on_screen.take(result, self._needs_own_pose)
        self._result = result
        with self._changing:
            if (small := self._small) is not None and result.frame.captured >= small[0].captured:
                self._small = None

    @property
    def _needs_own_pose(self) -> bool:
        return self.own_pose or self.overlay.blur

    def _over(self, frame: Frame) -> Result | None:
        """Whose people are over a frame on screen, as long as its own are not known."""
        playing = self.playback is None or self.playback.playing
        return to_show(replace(self._newest, frame=frame), playing, own_pose=False)[1]

    def _record(self, recording: Recording, frame: Frame, result: Result | None) -> None:
        """As it is now, whenever it is drawn."""
        overlay = self.overlay
        if overlay.blur and (result is None or result.frame is not frame):
            return  # nobody has looked for faces in it
        if result is None:
            nobody, nothing = People.empty(), np.zeros(0, np.int32)
            recording.take(frame, lambda: draw(frame.image, nobody, nothing, None, overlay))
            return
        people, ids = self.cast.seen(result)
        context = self.context(result, overlay, ids)
        seen = replace(result, frame=frame, people=people, ids=ids, actions=None)  # which the context knows
        recording.take(frame, lambda: annotate(seen, overlay, context))

    def _serve(self, result: Result, falls: list[Event]) -> None:
        """With the IDs that the user sees, and without those who are hidden."""
        if (reader := self.reader) is not None and reader.is_on:
            people, ids = self.cast.shown(result)
            events = tuple(self.cast.told([*result.events, *falls]))
            reader.take(replace(result, people=people, ids=ids, actions=None, events=events))


def tracked(settings: Settings, source: Source) -> Settings:
    """Pictures of a folder do not follow each other: nobody is tracked through them."""
    if not _is_pictures(source):
        return settings
    return settings.changed(tracking=settings.tracking.changed(method="none").model_dump())


def _is_pictures(source: Source) -> bool:
    return isinstance(source.film if isinstance(source, Playback) else source, ImageFiles)
