"""Poses of pictures, put to the pictures that they are of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from core.analysis.records import Found
from core.errors import InputError
from core.outputs.base import FrameNames, name_as_text


def of_pictures(frames: Iterable[Found], pictures: Sequence[str], name: str, source: str) -> Iterator[Found]:
    """The frames with number, time and name of the picture that their own name says, whole or as OpenPose's files have
    it: where they stand among each other says nothing, as a picture that cannot be read has no poses.  Those without a
    name stay as they are.

    pictures: names of all of them, in order; name, source: what poses and pictures come from, for what is wrong.
    Raises InputError.
    """
    short = FrameNames()
    places = {name_as_text(short.of_image(picture)): place for place, picture in enumerate(pictures)}
    places |= {name_as_text(picture): place for place, picture in enumerate(pictures)}
    seen = set[int]()
    for found in frames:
        if not found.name:
            yield found
            continue
        place = places.get(name_as_text(found.name))
        if place is None:
            raise InputError(
                f"{name} has poses of a picture {found.name}, which {source} does not have. Give the pictures that "
                "they are of."
            )
        if place in seen:
            raise InputError(f"{name} has poses of the picture {pictures[place]} twice. Take one of them out.")
        seen.add(place)
        yield replace(found, frame=place, time=float(place), name=pictures[place])
