"""Points and people whom the net loses for a moment, for pictures alone: without them they would flicker. What is
written as numbers never has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from core import skeleton
from core.tracking.cuts import Cuts
from core.types import Floats, Ints, People, Result

Told = Callable[[int, Ints], Ints]
BRIDGE = 0.25  # seconds after which what is lost is drawn no more
_STEP = 4  # of so many pixels each way one is looked at for cuts, in a fraction of the time that all would take


@dataclass(frozen=True, slots=True)
class Bridge:
    """Where the points of somebody are, or were a moment ago.

    xy:   (18, 2) float32, image pixels; NaN where a point was not found of late either
    ages: (18,) float32, 0 of points that are found now, up to 1 of those that are about to be given up
    """

    xy: Floats
    ages: Floats


@dataclass(frozen=True, slots=True)
class _Seen:
    """A frame of late. index, time: of the frame"""

    index: int
    time: float
    people: People
    ids: Ints


class Bridges:
    """Remembers the last moment, frame after frame. One thread adds, others look. A cut begins anew: nobody is drawn
    over a scene that they were not in."""

    def __init__(self) -> None:
        self._cuts = Cuts()
        self._seen: tuple[_Seen, ...] = ()

    def see(self, result: Result) -> None:
        """Take in what was found next."""
        frame = result.frame
        height, width = (max(side // _STEP, 1) for side in frame.image.shape[:2])
        coarse: Any = cv2.resize(frame.image, (width, height), interpolation=cv2.INTER_NEAREST)
        kept = () if self._cuts.update(coarse) else self._seen
        kept = tuple(each for each in kept if 0 < frame.time - each.time <= BRIDGE)
        self._seen = (*kept, _Seen(frame.index, frame.time, result.people, result.ids))

    def at(self, time: float, people: People, ids: Ints, told: Told = lambda index, ids: ids) -> dict[int, Bridge]:
        """Of those of whom something is missing and was there a moment before, by ID. time, people, ids: of a frame and
        who is in it; told: gives the IDs that the user sees now of those that were found in a frame, by its number"""
        before = [each for each in self._seen if 0 < time - each.time <= BRIDGE]
        bridges = {
            person: Bridge(people.keypoints[place].copy(), np.zeros(skeleton.POINTS, np.float32))
            for place, person in enumerate(ids.tolist())
            if person > 0
        }
        there = set(bridges)
        for each in reversed(before):  # the newest first
            age = (time - each.time) / BRIDGE
            for place, person in enumerate(told(each.index, each.ids).tolist()):
                if person <= 0:
                    continue
                bridge = bridges.get(person)
                if bridge is None:
                    nowhere = np.full((skeleton.POINTS, 2), np.nan, np.float32)
                    bridge = bridges[person] = Bridge(nowhere, np.zeros(skeleton.POINTS, np.float32))
                _fill(bridge, each.people.keypoints[place], age, person in there)
        return {person: bridge for person, bridge in bridges.items() if bridge.ages.any()}


def _fill(bridge: Bridge, then: Floats, age: float, moves: bool) -> None:
    """Fill in what was there then. moves: points of now say how far the body has gone since"""
    missing = np.isnan(bridge.xy[:, 0]) & ~np.isnan(then[:, 0])
    if not missing.any():
        return
    common = (bridge.ages == 0) & ~np.isnan(bridge.xy[:, 0]) & ~np.isnan(then[:, 0])
    shift = (bridge.xy[common] - then[common]).mean(axis=0) if moves and common.any() else np.float32(0.0)
    bridge.xy[missing] = then[missing] + shift
    bridge.ages[missing] = age
