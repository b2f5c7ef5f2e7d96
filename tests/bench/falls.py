"""Falls found, false alarms and delays, clip by clip.

    python -m tests.bench.fall_clips                       # first: the poses
    python -m tests.bench.falls                            # then: the alerts
    python -m tests.bench.falls --model NET.toml --table   # of another net, as a table for docs/falls.md
    python -m tests.bench.falls --held-out                 # limits chosen on some clips, measured on the others
    python -m tests.bench.falls --held-out --slow 4        # the same for the limit on slow ways down
    python -m tests.bench.falls --thin                     # with frames left out, as on a machine that is too slow

An alarm belongs to a fall when it comes after the first sign of it, and is the first one that does; every other alarm
is a false one. Delays are from the label's first sign of the fall, and from the frame in which the label says that the
person lies (of gmdcsa, whose labels do not say that, a second after the first sign).
"""

import argparse
import itertools
import time as clock
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from core.motion.falls import FallWatch, Limits, least_height
from core.settings import NetworkSettings
from core.types import Tracks
from tests.bench.fall_clips import CACHE, Clip, Poses, clips, poses_of

EARLY = 0.5  # seconds by which an alarm may be before the label
LYING = 1.0  # seconds from the first sign of a fall to lying, where the label does not say


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a clip. delays: of each fall, from its first sign; None where it was not found. false: seconds."""

    clip: Clip
    delays: list[float | None]
    false: list[float]

    @property
    def late(self) -> list[float | None]:
        """Delays from lying on."""
        spans = [max(end - start, 0.0) or LYING for start, end in self.clip.falls]
        return [None if delay is None else delay - span for delay, span in zip(self.delays, spans, strict=True)]


def alarms(poses: Poses, limits: Limits) -> list[float]:
    """Seconds at which somebody was said to have fallen."""
    watch, (width, height) = FallWatch(limits), poses.size
    least = least_height(height, NetworkSettings().input_height)
    return [
        time
        for time, people, ids in zip(poses.times, poses.people, poses.ids, strict=True)
        for fall in watch.update(Tracks(people, ids), time, width, least)
        if fall.ended is None
    ]


def outcome(clip: Clip, poses: Poses, limits: Limits) -> Outcome:
    rest = alarms(poses, limits)
    delays: list[float | None] = []
    for i, (start, _) in enumerate(clip.falls):
        until = clip.falls[i + 1][0] if i + 1 < len(clip.falls) else float("inf")
        hits = [time for time in rest if start - EARLY <= time < until - EARLY]
        delays.append(hits[0] - start if hits else None)
        if hits:
            rest.remove(hits[0])
    return Outcome(clip, delays, rest)


@dataclass(frozen=True, slots=True)
class Total:
    """Of several clips. fast: falls found within two seconds of lying; false: alarms that were none."""

    falls: int
    found: int
    fast: int
    false: int
    worst: float

    @classmethod
    def of(cls, outcomes: list[Outcome]) -> "Total":
        late = [one for each in outcomes for one in each.late]
        found = [one for one in late if one is not None]
        return cls(
            len(late), len(found), sum(one <= 2 for one in found), sum(len(each.false) for each in outcomes),
            max(found, default=0.0),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.found} of {self.falls} falls, {self.fast} within 2 s, {self.false} false alarms"


def there(model: str, fps: float, only: str) -> Iterator[tuple[Clip, Poses]]:
    """The clips whose poses are in the cache."""
    for clip in clips():
        name = f"{clip.group}-{clip.name}"
        if only in name and (CACHE / f"{Path(model).stem}-{fps:g}" / f"{name}.npz").exists():
            yield clip, poses_of(clip, model, fps)


def slowed(poses: Poses, times: float) -> Poses:
    """The same, so many times slower."""
    return replace(poses, times=[time * times for time in poses.times])


def thinned(poses: Poses, step: int, first: int) -> Poses:
    """Every so many-th frame of them, from one of the first on."""
    kept = slice(first, None, step)
    return replace(poses, times=poses.times[kept], people=poses.people[kept], ids=poses.ids[kept])


def thin(material: list[tuple[Clip, Poses]], fps: float) -> None:
    """Leave frames out evenly, beginning with each of the first in turn. The IDs are those of all frames."""
    for step in (1, 2, 3, 4, 5, 7, 10):
        outcomes = [
            outcome(clip, thinned(poses, step, first), Limits()) for first in range(step) for clip, poses in material
        ]
        print(f"{fps / step:.1f} frames a second: {Total.of(outcomes)}")


# -- held out --

Choices = dict[str, tuple[float, ...]]
CHOICES: Choices = {"speed": (0.3, 0.4, 0.5), "pull": (0.6, 0.65, 0.7), "least_drop": (0.35, 0.4, 0.45)}
OF_SLOW_WAYS: Choices = {"middle": (0.55, 0.65, 0.75, 0.85, 0.95, float("inf"))}


def best(material: list[tuple[Clip, Poses]], choices: Choices) -> Limits:
    """The limits that do best: a missed fall and a false alarm weigh the same; of equals those nearest the default."""
    names = list(choices)
    default = Limits()

    def badness(values: tuple[float, ...]) -> tuple[float, float]:
        limits = replace(default, **dict(zip(names, values, strict=True)))
        total = Total.of([outcome(clip, poses, limits) for clip, poses in material])
        away = sum(getattr(default, name) != value for name, value in zip(names, values, strict=True))
        return total.falls - total.fast + total.false, away

    values = min(itertools.product(*choices.values()), key=badness)
    return replace(default, **dict(zip(names, values, strict=True)))


def held_out(material: list[tuple[Clip, Poses]], choices: Choices) -> None:
    """Choose on one part, measure on the other, both ways."""
    splits = {
        "urfd or the rest": lambda clip: clip.group == "urfd",
        "every second clip": lambda clip: [one.name for one, _ in material].index(clip.name) % 2 == 0,
    }
    for name, first in splits.items():
        for side in (True, False):
            chosen = best([one for one in material if first(one[0]) is side], choices)
            rest = [outcome(*one, chosen) for one in material if first(one[0]) is not side]
            print(f"{name}, part {int(side)} chose {[getattr(chosen, one) for one in choices]}: {Total.of(rest)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="embedded")
    parser.add_argument("--fps", type=float, default=10.0)
    parser.add_argument("--only", default="")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--slow", type=float, default=1.0, help="play so many times slower: no fall, but lying down")
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--thin", action="store_true")
    arguments = parser.parse_args()
    played = list(there(arguments.model, arguments.fps, arguments.only))
    material = [
        (clip if arguments.slow == 1 else replace(clip, falls=()), slowed(poses, arguments.slow))
        for clip, poses in played
    ]
    if arguments.held_out:
        held_out(*((material, CHOICES) if arguments.slow == 1 else (played + material, OF_SLOW_WAYS)))
        return
    if arguments.thin:
        thin(material, arguments.fps)
        return
    started = clock.process_time()
    outcomes = [outcome(*one, Limits()) for one in material]
    spent = clock.process_time() - started
    if arguments.table:
        print("| clip | falls | delay from the first sign | from lying | false alarms |\n|---|---|---|---|---|")
    for each in outcomes:
        cells = (
            f"{each.clip.group} {each.clip.name}",
            f"{sum(one is not None for one in each.delays)} of {len(each.delays)}" if each.delays else "none",
            ", ".join("missed" if one is None else f"{one:.1f} s" for one in each.delays) or "-",
            ", ".join("missed" if one is None else f"{one:.1f} s" for one in each.late) or "-",
            ", ".join(f"at {time:.1f} s" for time in each.false) or "0",
        )
        print("| " + " | ".join(cells) + " |" if arguments.table else "".join(f"{cell:34}" for cell in cells))
    for group in dict.fromkeys(each.clip.group for each in outcomes):
        print(f"{group}: {Total.of([each for each in outcomes if each.clip.group == group])}")
    people = sum(len(ids) for _, poses in material for ids in poses.ids)
    print(f"{1e3 * spent / max(people, 1):.3f} ms a person a frame (process time, {people} poses)")


if __name__ == "__main__":
    main()
