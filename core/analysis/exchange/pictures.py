"""Poses of pictures, put to the pictures that they are of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from core.analysis.records import Found
from core.errors import InputError
from core.outputs.base import FrameNames, name_as_text
from core.sources.images import picture_stem


def of_pictures(frames: Iterable[Found], pictures: Sequence[str], name: str, source: str) -> Iterator[Found]:
    """The frames with number, time and name of the picture that their own name says, whole or as OpenPose's files have
    it: where they stand among each other says nothing, as a picture that cannot be read has no poses.  Those without a
    name stay as they are.

    pictures: names of all of them, in order; name, source: what poses and pictures come from, for what is wrong.
    Raises InputError.
    """
    short = FrameNames()
    places = {name_as_text(short.of_image(picture)): place for place, picture in enumerate(pictures)}
    whole = {name_as_text(picture): place for place, picture in enumerate(pictures)}
    places |= whole
    seen, shortened = set[int](), list[tuple[int, str]]()
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
        if name_as_text(found.name) not in whole:
            shortened.append((place, found.name))
        yield replace(found, frame=place, time=float(place), name=pictures[place])
    # Which of a.jpg and a.png is `a` shows where all of them have poses: where one could not be read, or OpenPose has
    # written over the first, it may be either.
    alike: dict[str, list[int]] = {}
    for place, picture in enumerate(pictures):
        alike.setdefault(picture_stem(picture).casefold(), []).append(place)
    for place, short_name in shortened:
        which = alike[picture_stem(pictures[place]).casefold()]
        if not seen.issuperset(which):
            raise InputError(
                f"{name} has poses of {short_name}, which may be {' or '.join(pictures[each] for each in which)}. Give "
                "the file of the poses the whole name of its picture."
            )
