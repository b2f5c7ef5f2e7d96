"""The chain on one screen: a frame goes in, people with IDs come out."""

from collections.abc import Callable
from time import perf_counter

from core.actions import Recogniser
from core.decode import assemble_people, find_peaks, score_links
from core.kernel import warm_up
from core.settings import DecodeSettings
from core.tracking import Tracker
from core.types import Frame, Image, Maps, Result


class Estimator:
    """Finds everyone in a frame and says who is who."""

    def __init__(
        self,
        network: Callable[[Image], Maps],
        decoding: DecodeSettings,
        tracker: Tracker,
        max_people: int | None = None,
        recogniser: Recogniser | None = None,
    ) -> None:
        """`max_people`: keep only so many, the surest; `recogniser`: says what people do.

        Takes a minute where the kernels have to be compiled first.
        """
        warm_up()
        self.network = network
        self.decoding = decoding
        self.tracker = tracker
        self.max_people = max_people
        self.recogniser = recogniser

    def process(self, frame: Frame) -> Result:
        """Frames of one source, in the order of time. Raises PoseDeskError when no device can run the net any more."""
        watch = _Watch()
        # Another thread may put new ones in their place at any moment.
        decoding, recogniser = self.decoding, self.recogniser
        maps = self.network(frame.image)  # where each point may be, and which way each link runs
        watch.lap("network")
        peaks = find_peaks(maps.confidence, decoding)
        links = score_links(peaks, maps.affinity, decoding)
        people = assemble_people(peaks, links, maps.transform, decoding)[: self.max_people]
        watch.lap("decode")
        tracks = self.tracker.update(people, frame)
        watch.lap("tracking")
        actions = None
        if recogniser is not None:
            actions = recogniser.update(tracks.people, tracks.ids, frame.time)
            watch.lap("actions")
        events = actions.events if actions is not None else ()
        return Result(frame, maps, peaks, links, tracks.people, tracks.ids, watch.laps, actions, events)


class _Watch:
    """Milliseconds from lap to lap, by name."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = perf_counter()

    def lap(self, name: str) -> None:
        now = perf_counter()
        self.laps[name] = 1e3 * (now - self._last)
        self._last = now
