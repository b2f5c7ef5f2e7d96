"""Finding people in frames that come in any order, with what is known of a film already. No Qt here."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from time import perf_counter

import numpy as np

from app.courtesy import Courtesy
from app.saved import SavedFilm
from core.actions import ActionModel, Recogniser
from core.analysis.follower import Follower
from core.decode import find_peaks, score_links
from core.estimator import Estimator
from core.settings import ActionSettings, Settings, TrackingSettings
from core.skeleton import AFFINITY_CHANNEL, LINKS, POINTS
from core.tracking import make_tracker
from core.types import Frame, Image, Links, Maps, Peaks, Result, Tracks, Transform

Net = Callable[[Image], Maps]
SAVED = "saved"  # of `Result.timings`: the people are those of the saved analysis

NO_MAPS = Maps(
    np.zeros((AFFINITY_CHANNEL, 1, 1), np.float32), np.zeros((2 * len(LINKS), 1, 1), np.float32),
    Transform((1.0, 1.0), (0.0, 0.0)),
)  # fmt: skip
NO_PEAKS = Peaks(np.empty((0, 2), np.float32), np.empty(0, np.float32), np.zeros(POINTS + 1, np.int32))
NO_LINKS = Links(np.empty((0, 2), np.int32), np.empty(0, np.float32), np.zeros(len(LINKS) + 1, np.int32))


def no_net(image: Image) -> Maps:
    """Stands in where no net can be opened: pictures are shown, nobody is found."""
    return replace(NO_MAPS, transform=Transform.of_resize((image.shape[1], image.shape[0]), (8, 8), 8))


class SteeredEstimator(Estimator):
    """An estimator of frames that may jump back in time; after such a jump everyone is new, from ID 1 on, or
    where a saved analysis has people, with IDs that nobody has in it.

    saved: what is known of the film already: its people are shown without the net; maps_wanted: the net is run for
    those frames too, as its maps are to be seen; lead: see `Lead`; forget: told of IDs that others
    have from now on; courtesy: who else uses the processor for a net
    """

    def __init__(self, network: Net, settings: Settings) -> None:
        super().__init__(network, settings.decoding, make_tracker(settings.tracking))
        self.saved: SavedFilm | None = None
        self.maps_wanted = False
        self.forget: Callable[[Collection[int]], None] = lambda people: None
        self.lead: Callable[[int], bool] = lambda index: False
        self.courtesy = Courtesy()
        self._highest = 0  # ID that anybody had in frames that were not analysed
        self._looked_at: int | None = None  # the only one of these; None: there was none; -1: there were several
        self._tracking = settings.tracking
        self._recognition: tuple[ActionModel, ActionSettings] | None = None
        self._time = 0.0
        self._last: tuple[Frame, Tracks] | None = None  # the last frame whose people were known
        self._beside: SavedFilm | None = None  # the tracker gives no ID that somebody has there

    def track_by(self, tracking: TrackingSettings) -> None:
        """Track in another way from the next frame on. By another method everyone is new."""
        before, self._tracking = self._tracking, tracking
        if tracking.method == before.method:
            self.tracker.use(tracking)
        else:
            self._track_anew(self._beside)
            self._recognise_anew()

    def recognise_by(self, model: ActionModel | None, settings: ActionSettings) -> bool:
        """Recognise actions by another model, or none, or as other settings say, from the next frame on. Returns
        whether the model is the same."""
        before = self._recognition
        same = model is (before[0] if before is not None else None)
        self._recognition = (model, settings) if model is not None else None
        if same and self.recogniser is not None:
            self.recogniser.settings = settings  # what is under way goes on
        else:
            self._recognise_anew()
        return same

    def _recognise_anew(self) -> None:
        """Nobody has done anything so far."""
        self.recogniser = Recogniser(*self._recognition) if self._recognition is not None else None

    def process(self, frame: Frame) -> Result:
        saved, decoding = self.saved, self.decoding
        known = self.look_up(frame, saved)
        if known is None and not self.maps_wanted and self.lead(frame.index):
            known = self.look_up(frame, saved)
        if known is None:
            return self._find(frame, saved)
        self._last = frame, Tracks(known.people, known.ids)
        if not self.maps_wanted:
            return known
        with self.courtesy.first():
            maps = self.network(frame.image)
        peaks = find_peaks(maps.confidence, decoding)
        return replace(known, maps=maps, peaks=peaks, links=score_links(peaks, maps.affinity, decoding))

    def look_up(self, frame: Frame, saved: SavedFilm | None) -> Result | None:
        """What is known of a frame already, without maps; None where that takes the net. Any thread may ask."""
        begun = perf_counter()
        known = saved.people(frame.index, self.decoding) if saved is not None else None
        if known is None:
            return None
        laps = {SAVED: 1e3 * (perf_counter() - begun)}
        return Result(frame, NO_MAPS, NO_PEAKS, NO_LINKS, known.people, known.ids, laps)

    def _find(self, frame: Frame, saved: SavedFilm | None) -> Result:
        last, self._last = self._last, None
        passed, self._time = frame.time - self._time, frame.time
        if saved is not None and (last is not None or self._may_mistake(saved, passed)):
            self._track_anew(saved)
            if last is not None and 0 <= frame.time - last[0].time <= self._recent:
                # The film has run out of what is known: who was there last keeps the ID.
                assert isinstance(self.tracker, Follower)
                self.tracker.recall(last[1], last[0])
        elif passed < 0:
            self._track_anew(None)
        with self.courtesy.first():
            result = super().process(frame)
        self._highest = max(self._highest, int(result.ids.max(initial=0)))
        self._looked_at = frame.index if self._looked_at in (None, frame.index) else -1
        return result

    def shown_elsewhere(self, index: int) -> int:
        """The highest ID that anybody had in frames that were not analysed; 0: nobody had, but for this frame."""
        return 0 if self._looked_at == index else self._highest

    def _may_mistake(self, saved: SavedFilm, passed: float) -> bool:
        """Whether somebody in the next frame may get an ID that somebody else has in the analysis.

        passed: seconds since the frame before. While a film that nothing was known of plays on from where its analysis
        begins, both count the same people, and nobody is given another ID in the middle of it.
        """
        jumped = passed < 0
        if saved is not self._beside:
            jumped |= passed > self._recent or saved.had_people or self._beside is not None
        return jumped and saved.analysis.last_id > 0

    def _track_anew(self, saved: SavedFilm | None) -> None:
        """Everyone is new, with an ID that nobody has in the analysis; None: from 1 on."""
        if saved is not None:
            saved.analysis.reserve(self._highest)
            self.forget(saved.lent)
        tracker = make_tracker(self._tracking)
        self.tracker = Follower(tracker, saved.strangers().__next__) if saved is not None else tracker
        self._beside = saved

    @property
    def _recent(self) -> float:
        return max(self._tracking.lifetime, 0.1)
