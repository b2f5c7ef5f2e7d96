"""What is drawn over the picture: settings, and their short form on the command line."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError

from core import skeleton
from core.errors import InputError
from core.settings import Section

_MAP_NAMES = (*skeleton.POINT_NAMES, "background")


def point_index(value: Any) -> Any:
    """The index of a body point given by name or number, such as `right wrist`, `right-wrist` or `4`; what is no text
    as it is. Raises ValueError for what there is not, with what there is.
    """
    return _look_up(value, skeleton.POINT_NAMES)


def map_index(value: Any) -> Any:
    """The same of a confidence map: of a point, or of the background."""
    return _look_up(value, _MAP_NAMES)


def link_index(value: Any) -> Any:
    """The same of a link, such as `neck - right hip`."""
    return _look_up(value, tuple(skeleton.link_name(kind) for kind in range(len(skeleton.LINKS))))


def _look_up(value: Any, names: tuple[str, ...]) -> Any:
    if not isinstance(value, str):
        return value
    key = _plain(value)
    if value.strip().isdecimal() and int(value) < len(names):
        return int(value)
    for index, name in enumerate(names):
        if _plain(name) == key:
            return index
    raise ValueError(f"there is no {value!r}; known are {', '.join(names)}, or 0 to {len(names) - 1}")


def _plain(name: str) -> str:
    """A name without what people type differently: case, blanks, dashes, underscores."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


PointIndex = Annotated[int, BeforeValidator(point_index), Field(ge=0, lt=skeleton.POINTS)]
MapIndex = Annotated[int, BeforeValidator(map_index), Field(ge=0, le=skeleton.BACKGROUND_CHANNEL)]
LinkIndex = Annotated[int, BeforeValidator(link_index), Field(ge=0, lt=len(skeleton.LINKS))]


class Overlay(Section):
    """What is drawn over the picture."""

    skeleton: bool = Field(True, description="Links between the points; the body's right is orange, its left blue.")
    points: bool = Field(True, description="The points.")
    ids: bool = Field(True, description="The ID of each tracked person.")
    scores: bool = Field(False, description="The score of each person, and of each point where names are shown.")
    boxes: bool = Field(False, description="A box around each person.")
    actions: bool = Field(True, description="What each person does, where it is recognised.")
    names: bool = Field(False, description="The name of each point, of people who are large enough for it.")
    bridged: bool = Field(
        True,
        description="What is lost for up to a quarter of a second, faintly where it was last. In pictures alone: "
        "nothing that is written as numbers has it.",
    )
    map_of: MapIndex | None = Field(None, description="Confidence map of this point, by name or number.")
    field_of: LinkIndex | None = Field(None, description="Part affinity field of this link, by name or number.")
    trail_of: PointIndex | None = Field(None, description="Where this point of each person was a moment ago.")
    trail_seconds: float = Field(2.0, ge=0.1, le=60.0, description="Seconds that a trail goes back.")
    background: Literal["picture", "dimmed", "black"] = Field("picture", description="What lies below the drawing.")
    blur: bool = Field(
        False,
        description="Make faces unrecognisable, of everyone who is found, also in annotated recordings and snapshots.",
    )
    only: tuple[PointIndex, ...] = Field(
        (), description="Draw only these points and the links between them; none given: all."
    )

    @property
    def needs_maps(self) -> bool:
        """True when drawing takes the maps of the net."""
        return self.map_of is not None or self.field_of is not None


_SWITCHES = ("skeleton", "points", "ids", "scores", "boxes", "actions", "names", "bridged")
_FURTHER = ("map=POINT", "field=LINK", "trail=POINT", "only=POINT", "dimmed", "black", "blur (faces)")
OVERLAY_WORDS = f"{', '.join((*_SWITCHES, *_FURTHER, 'none'))}; -ids takes ids away, and so on"


def parse_overlay(text: str) -> Overlay:
    """The overlay written as a list with commas, such as `skeleton,ids,map=right wrist,field=neck - right hip,dimmed`.

    Switches: skeleton, points, ids, scores, boxes, actions, names, bridged; those not named are off, unless none is
    named at all: then they keep their defaults.  A switch after a minus is taken out of the defaults: `-ids`.  Further:
    map=POINT, field=LINK, trail=POINT, only=POINT (once for each point), dimmed, black, blur (of faces).  `none` draws
    nothing.  Raises InputError for anything else.
    """
    words = [word.strip() for word in text.split(",") if word.strip()]
    if words == ["none"]:
        return Overlay.model_validate(dict.fromkeys(_SWITCHES, False))
    values: dict[str, Any] = dict.fromkeys(_SWITCHES, False) if any(word in _SWITCHES for word in words) else {}
    only: list[str] = []
    for word in words:
        key, equals, value = (part.strip() for part in word.partition("="))
        if word in _SWITCHES:
            values[word] = True
        elif word.startswith("-") and word[1:] in _SWITCHES:
            values[word[1:]] = False
        elif word in ("dimmed", "black"):
            values["background"] = word
        elif word == "blur":
            values["blur"] = True
        elif equals and key in ("map", "field", "trail"):
            values[f"{key}_of"] = value
        elif equals and key == "only":
            only.append(value)
        else:
            raise InputError(f"--overlay does not know {word!r}. Use a list with commas of: {OVERLAY_WORDS}.")
    try:
        return Overlay.model_validate({**values, "only": tuple(only)})
    except ValidationError as error:
        problem = error.errors()[0]
        message = str(problem["msg"]).removeprefix("Value error, ")
        typed = str(problem["loc"][0]).removesuffix("_of")
        raise InputError(f"--overlay {typed}={problem['input']}: {message}.") from error
