"""From pictures to events: a perfect net, the tracker, the recogniser, the outputs."""

from pathlib import Path

import cv2
import numpy as np

from core.actions import Recogniser, load_model, recognise
from core.actions.demo import read_demo
from core.actions.features import columns
from core.actions.model import shipped_models
from core.actions.scores import judge
from core.estimator import Estimator
from core.network.ideal import ideal_maps
from core.outputs import EventsFile, Overlay, annotate
from core.settings import OPENPOSE, TrackingSettings
from core.tracking import make_tracker
from core.types import Event, Floats, Frame, Image, Maps, Transform

SCENE = "demo:tennis?seconds=9&seed=501&fps=20&size=640x360"
BLANK = np.full((360, 640, 3), 90, np.uint8)


class PerfectNet:
    """Says what a net without fault would say of the points that it is told."""

    def __init__(self) -> None:
        self.points: Floats = np.empty((0, 18, 2), np.float32)

    def __call__(self, image: Image) -> Maps:
        transform = Transform.of_resize((640, 360), (656, 368), 8)
        return ideal_maps(self.points, transform, (46, 82))


def test_strokes_are_recognised_from_pictures_to_events(tmp_path: Path) -> None:
    player = read_demo(SCENE)[0]
    recogniser = Recogniser(load_model(Path("tennis-demo")))
    net = PerfectNet()
    estimator = Estimator(net, OPENPOSE, make_tracker(TrackingSettings(method="centroid")), recogniser=recogniser)
    late: list[Event] = []
    shown: dict[str, int] = {}
    with EventsFile(tmp_path / "events.csv", lambda: late) as sink:
        for index, (time, points) in enumerate(zip(player.times.tolist(), player.keypoints, strict=True)):
            net.points = points[None]
            result = estimator.process(Frame(BLANK, index, time))
            sink.write(result)
            assert result.actions is not None
            for label in filter(None, result.actions.labels):
                shown[label] = shown.get(label, 0) + 1
                if shown[label] == 1:
                    labelled = annotate(result, Overlay())
                    plain = annotate(result, Overlay(actions=False))
                    assert cv2.absdiff(labelled, plain).any()
        late += recogniser.finish()
    lines = sink.target.read_text().splitlines()
    assert lines[0] == "event,person,start,end,score"
    found = [line.split(",") for line in lines[1:]]
    assert [line[0] for line in found] == [interval.label for interval in player.intervals]
    assert len(found) >= 3
    for line, interval in zip(found, player.intervals, strict=True):
        assert abs(float(line[2]) - interval.start) < 0.35
        assert abs(float(line[3]) - interval.end) < 0.35
    assert set(shown) == {interval.label for interval in player.intervals}


def test_the_shipped_model_knows_players_that_it_has_not_seen() -> None:
    assert shipped_models() == ["tennis-demo"]
    model = load_model(Path("tennis-demo"))
    assert model.labels == ("backhand", "backhand slice", "forehand", "forehand slice", "idle")
    assert model.forest.columns == columns(model.window.samples, model.header.features)
    tracks = read_demo("demo:tennis?seconds=15&seed=777&fps=24")
    assert judge(model, tracks).macro_f1 > 0.85
    assert [event.event for event in recognise(model, tracks[0])] == [each.label for each in tracks[0].intervals]
