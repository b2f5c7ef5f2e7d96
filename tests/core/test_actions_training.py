"""Training learns what is there to learn, and its figures are honest."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from core.actions import Interval, MarkedTrack
from core.actions.scores import Decision, Score, decide, judge
from core.actions.training import TrainSettings, cross_validate, train
from core.errors import InputError
from tests.core.actions_scene import track

QUICK = TrainSettings(rounds=12, copies=1)


def decision(truth: str, found: str, score: float = 0.5) -> Decision:
    return Decision("r", 1, "n", 0.0, 0.5, truth, found, score)


def test_f1_is_counted_as_by_hand() -> None:
    pairs = [("a", "a")] * 6 + [("a", "b")] * 2 + [("b", "b")] * 3 + [("b", "a")] + [("c", "a")]
    score = Score.of(("a", "b", "c", "d"), [decision(*pair) for pair in pairs])
    assert score.confusion.tolist() == [[6, 2, 0, 0], [1, 3, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]]
    assert score.f1 == pytest.approx({"a": 12 / 16, "b": 6 / 9, "c": 0.0})  # d is not in the truth
    assert score.macro_f1 == pytest.approx((12 / 16 + 6 / 9) / 3)


def test_what_went_wrong_is_listed_the_surest_first() -> None:
    score = Score.of(("a", "b"), [decision("a", "a"), decision("a", "b", 0.6), decision("b", "a", 0.9)])
    assert [each.score for each in score.wrong] == [0.9, 0.6]


def test_a_label_that_the_model_does_not_know_counts_as_missed() -> None:
    score = Score.of(("a", "b"), [decision("a", "a"), decision("z", "b")])
    assert score.labels == ("a", "b", "z")
    assert score.f1["z"] == 0.0


def test_actions_are_learnt_and_found_in_another_recording() -> None:
    model = train([track("a"), track("b", seed=1)], QUICK)
    assert model.labels == ("idle", "punch", "wave")
    assert model.header.idle == "idle"
    other = track("c", seed=2, rate=17.0, scale=0.4, move=(50.0, -20.0))
    assert judge(model, [other]).macro_f1 > 0.85


def mirror_of(one: MarkedTrack) -> MarkedTrack:
    from core.actions.features import mirrored

    return replace(one, keypoints=mirrored(one.keypoints))


def test_left_handed_people_are_known_only_where_mirror_images_were_learnt() -> None:
    tracks, left = [track("a"), track("b", seed=1)], mirror_of(track("c", seed=2))
    assert judge(train(tracks, QUICK), [left]).macro_f1 > 0.85
    assert judge(train(tracks, QUICK.changed(mirror=False)), [left]).macro_f1 < 0.7


def test_the_same_seed_gives_the_same_model() -> None:
    tracks = [track("a"), track("b", seed=1)]
    assert train(tracks, QUICK).to_bytes() == train(tracks, QUICK).to_bytes()


def told_by_recording(recording: str, seed: int) -> MarkedTrack:
    """A person who does nothing, and whose shape, not movement, goes with a label that is random."""
    random = np.random.default_rng(seed)
    one = track(recording)
    keypoints = np.repeat(one.keypoints[:1], len(one.times), axis=0)
    keypoints += random.normal(0, 12, (1, 18, 2)).astype(np.float32)
    label = ("a", "b")[int(random.integers(2))]
    return MarkedTrack(recording, 1, one.times, keypoints, (Interval(label, 0.0, 10.0),), name=recording)


def test_windows_of_one_recording_never_stand_on_both_sides() -> None:
    # Whoever has seen another window of the recording knows its label by the shape; who has not can only guess.
    tracks = [told_by_recording(f"r{i}", seed=i) for i in range(12)]
    settings = QUICK.changed(copies=0, mirror=False)
    known = judge(train(tracks, settings.changed(idle="a")), tracks).macro_f1
    honest = cross_validate(tracks, settings.changed(idle="a"), folds=12).macro_f1
    assert known > 0.95
    assert honest < 0.75


def test_people_of_one_recording_can_be_held_back_in_turn() -> None:
    tracks = [track("a", person=person, seed=person) for person in (1, 2, 3)]
    with pytest.raises(InputError, match="more than one recording"):
        cross_validate(tracks, QUICK)
    score = cross_validate(tracks, QUICK, split="person", folds=3)
    assert score.macro_f1 > 0.85
    assert len(score.decisions) == 3 * 95


def test_progress_goes_from_nothing_to_all() -> None:
    told: list[float] = []
    cross_validate([track("a"), track("b", seed=1)], QUICK, folds=2, progress=told.append)
    assert told == sorted(told)
    assert told[0] > 0
    assert told[-1] == pytest.approx(1.0)


def whole(label: str, name: str, seed: int) -> MarkedTrack:
    one = track("a", seed=seed)
    chosen = (one.times >= {"wave": 2.5, "punch": 6.5}.get(label, 0)) & (one.times < 9)
    times = one.times[chosen][:30] - one.times[chosen][0]
    return MarkedTrack(name, 1, times, one.keypoints[chosen][:30], (Interval(label, 0.0, 1.0),), True, name)


def test_a_whole_example_is_judged_once() -> None:
    examples = [whole(label, f"r{seed}", seed) for seed in range(4) for label in ("neutral", "wave", "punch")]
    model = train(examples, QUICK)
    assert model.header.idle == "neutral"
    held = [whole("wave", "x", 9), whole("neutral", "x", 10)]
    assert [(each.truth, each.found) for each in decide(model, held)] == [("wave",) * 2, ("neutral",) * 2]


@pytest.mark.parametrize(("learnt", "tried"), [("idle", "neutral"), ("neutral", "idle"), ("rest", "neutral")])
def test_idle_and_neutral_are_one_class_under_two_names(learnt: str, tried: str) -> None:
    model = train(
        [whole(label, f"r{seed}", seed) for seed in range(4) for label in (learnt, "wave")], QUICK.changed(idle=learnt)
    )
    score = judge(model, [whole("wave", "x", 9), whole(tried, "x", 10)])
    assert score.labels == tuple(sorted((learnt, "wave")))
    assert score.macro_f1 == 1.0


def test_idle_and_neutral_are_two_where_a_model_has_learnt_both() -> None:
    model = train([whole(label, f"r{seed}", seed) for seed in range(4) for label in ("idle", "neutral", "wave")], QUICK)
    assert {each.truth for each in decide(model, [whole("neutral", "x", 10)])} == {"neutral"}
    assert model.called("idle") == "idle"


def test_who_is_not_seen_does_nothing_that_is_known() -> None:
    model = train([track("a"), track("b", seed=1)], QUICK)
    hidden = track("c")
    hidden.keypoints[:] = np.nan
    assert {each.found for each in decide(model, [hidden])} == {"idle"}


def test_what_cannot_teach_is_told() -> None:
    one = track("a")
    with pytest.raises(InputError, match=r"^Too little of \w+ is marked .*: it takes 0\.\d s more at the very"):
        train([MarkedTrack("a", 1, one.times, one.keypoints, (Interval("wave", 2.0, 2.2),))], QUICK)
    with pytest.raises(InputError, match=r"two classes at least"):
        train([whole("wave", "x", 1)], QUICK)
    with pytest.raises(InputError, match=r"No example is labelled rest"):
        train([whole("wave", "x", 1), whole("punch", "x", 1)], QUICK.changed(idle="rest"))
    with pytest.raises(InputError, match=r"no features 'smell'"):
        train([one], QUICK.changed(features=("smell",)))
    many = tuple(Interval(f"action {number}", 0.01 * number, 0.01 * number + 0.5) for number in range(200))
    with pytest.raises(InputError, match=r"^There are 201 labels, and 200 are the most"):
        train([replace(one, intervals=many)], QUICK)
    hidden = track("a")
    hidden.keypoints[:] = np.nan
    with pytest.raises(InputError, match=r"\d+ more show too little of the body"):
        train([hidden], QUICK)


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("serve" * 20, "serveserve.* has 100 characters, and 60 are the most"),
        ("ser\nve", "ser ve has a line break"),
        ("ser\tve", "ser ve has .* a tab"),
    ],
)
@pytest.mark.parametrize("work", [train, cross_validate])
def test_a_label_that_no_model_can_have_is_told_before_the_work(
    work: Callable[..., object], label: str, said: str
) -> None:
    shares: list[float] = []
    bad = (Interval(label, 2.0, 4.0),)
    with pytest.raises(InputError, match=rf"^The label {said}.* Rename it") as told:
        work([track("a"), track("b"), replace(track("c"), intervals=bad)], QUICK, progress=shares.append)
    assert shares == []
    assert len(str(told.value).splitlines()) == 1
