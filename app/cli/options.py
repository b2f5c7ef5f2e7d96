"""Options that several commands share, and the settings they lead to. Bounds, defaults and help come from
`core.settings`.
"""

import difflib
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import typer
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from app import action_models
from app.cli.console import warn
from core.actions import Recogniser
from core.errors import InputError
from core.estimator import Estimator
from core.network import Network
from core.settings import DECODE_PRESETS, Backend, NetworkSettings, Section, Settings, TrackingSettings
from core.sources import ANGLES, Turning
from core.tracking import make_tracker
from models import registry


def _field(section: type[Section], name: str) -> FieldInfo:
    return section.model_fields[name]


def _option(name: str, section: type[Section], field: str, **more: Any) -> Any:
    return typer.Option(name, help=_field(section, field).description, **more)


def parse_backend(name: str) -> Backend:
    """A backend by its name. Raises InputError for another."""
    for backend in BACKENDS:
        if name.lower() == backend:
            return backend
    hint = " For an NVIDIA GPU it is cuda." if name.lower() in ("gpu", "nvidia") else ""
    there = f"{', '.join(BACKENDS[:-1])} and {BACKENDS[-1]}"
    raise InputError(f"--backend {name}: there is {there}.{hint} posedesk doctor says what works here.")


BACKENDS: tuple[Backend, ...] = get_args(Backend)
ModelOption = Annotated[str, _option("--model", NetworkSettings, "model", metavar="MODEL")]
BackendOption = Annotated[
    Backend, _option("--backend", NetworkSettings, "backend", parser=parse_backend, metavar="|".join(BACKENDS))
]
HeightOption = Annotated[int, _option("--input-height", NetworkSettings, "input_height", min=128, max=736)]
DecodeOption = Annotated[
    str, typer.Option("--decode", help="Rules of the decoder: openpose, or those of the lecture.", metavar="PRESET")
]
ScalingOption = Annotated[
    str | None,
    typer.Option("--scaling", help="Another way to feed the net, if it has any: see models info.", metavar="NAME"),
]
FlipOption = Annotated[bool, _option("--flip", NetworkSettings, "flip")]
ScalesOption = Annotated[str, _option("--scales", NetworkSettings, "scales", metavar="LIST")]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help="Any other setting, such as decoding.peak_threshold=0.1. May be repeated.", metavar="NAME=VALUE"
    ),
]
TurnOption = Annotated[
    Literal["0", "90", "180", "270"],
    typer.Option(
        "--turn", help="Turn the picture by so many degrees clockwise.", metavar="90|180|270", show_default=False
    ),
]
MirrorOption = Annotated[bool, typer.Option("--mirror", help="Exchange left and right of the picture, after a turn.")]
SmoothOption = Annotated[
    bool,
    typer.Option(
        "--smooth",
        help="Smooth the points of people who have an ID, in all that is written: less jitter, and a little late. What "
        "is missing stays missing.",
    ),
]

MODEL: str = NetworkSettings().model
HEIGHT: int = NetworkSettings().input_height


def make_settings(
    *,
    model: str = MODEL,
    backend: Backend = "auto",
    input_height: int = HEIGHT,
    decode: str = "openpose",
    flip: bool = False,
    scales: str = "1",
    track: bool = True,
    changes: list[str] | None = None,
) -> Settings:
    """The settings that the options of a command say. Raises InputError for values that cannot be."""
    if decode not in DECODE_PRESETS:
        raise InputError(f"--decode {decode}: there is {' and '.join(DECODE_PRESETS)}.")
    sizes = _numbers(scales)
    method = "none" if not track else "lecture" if decode == "lecture" else TrackingSettings().method
    values: dict[str, dict[str, Any]] = {
        "network": {"model": model, "backend": backend, "input_height": input_height, "flip": flip, "scales": sizes},
        "decoding": DECODE_PRESETS[decode].model_dump(),
        "tracking": {"method": method},
    }
    for change in changes or []:
        name, _, value = change.partition("=")
        section, _, field = _known_setting(name.strip(), change).partition(".")
        if not value:
            raise InputError(f"--set {change}: give SECTION.NAME=VALUE, such as decoding.peak_threshold=0.1.")
        values[section][field] = _numbers(value) if field == "scales" else value
    try:
        return Settings.model_validate(values)
    except ValidationError as e:
        raise InputError(what_does_not_fit(e)) from e


def make_turning(turn: str, mirror: bool) -> Turning:
    """What `TurnOption` and `MirrorOption` say."""
    return Turning(next(angle for angle in ANGLES if str(angle) == turn), mirror)


# What a value has to be, by pydantic's name of what is wrong; in braces what its context holds.
_WANTED = {
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "finite_number": "a number with an end",
    "bool_parsing": "true or false",
    "greater_than": "more than {gt}",
    "greater_than_equal": "{ge} or more",
    "less_than": "less than {lt}",
    "less_than_equal": "{le} or less",
    "literal_error": "{expected}",
}


def what_does_not_fit(error: ValidationError) -> str:
    """A sentence on the first setting whose value cannot be."""
    first = error.errors()[0]
    name = ".".join(part for part in first["loc"] if isinstance(part, str))
    if (wanted := _WANTED.get(first["type"])) is None:
        return f"{name}: {first['msg']}, but it is {first['input']!r}."
    return f"{name} has to be {wanted.format(**first.get('ctx', {}))}, but it is {first['input']}."


def _known_setting(name: str, change: str) -> str:
    """`name`, where there is such a setting. Raises InputError, with what may be meant."""
    sections = Settings().model_dump()
    if name in (names := [f"{section}.{field}" for section, fields in sections.items() for field in fields]):
        return name
    by_field = {known.partition(".")[2]: known for known in names}  # no field is in two sections
    section, _, field = name.rpartition(".")
    if near := difflib.get_close_matches(field, by_field, n=2, cutoff=0.75):
        meant = " or ".join(by_field[one] for one in near)
        raise InputError(f"--set {change}: there is no {name}; did you mean {meant}?")
    if section in sections:
        raise InputError(f"--set {change}: there is no {name}; {section} has {', '.join(sections[section])}.")
    raise InputError(f"--set {change}: give SECTION.NAME=VALUE, with a section of {', '.join(sections)}.")


def _numbers(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError as e:
        raise InputError(f"--scales {text}: give numbers with commas, such as 0.5,1,1.5.") from e


def parse_size(text: str, option: str) -> tuple[int, int]:
    """Width and height written as 1280x720, each 16 to 16384. Raises InputError."""
    try:
        width, height = (int(part) for part in text.lower().split("x"))
    except ValueError as e:
        raise InputError(f"{option} {text}: give width and height, such as 1280x720.") from e
    if not (16 <= width <= 16384 and 16 <= height <= 16384):
        raise InputError(f"{option} {text}: width and height have to lie between 16 and 16384.")
    return width, height


def open_network(settings: Settings, scaling: str | None = None) -> Network:
    """The net that the settings name. Raises ModelError or PoseDeskError."""
    model = registry.find(settings.network.model)
    if scaling is not None:
        model = model.with_scaling(scaling)
    return Network.open(model, settings.network, warn)


def make_recogniser(file: Path | None, settings: Settings) -> Recogniser | None:
    """What says what people do, by the model in `file` or of that name; None without one. Raises InputError."""
    return None if file is None else Recogniser(action_models.load(file), settings.actions)


def make_estimator(
    settings: Settings,
    scaling: str | None = None,
    max_people: int | None = None,
    recogniser: Recogniser | None = None,
) -> Estimator:
    """Net, decoder and tracker as the settings say. Errors as `open_network`."""
    network = open_network(settings, scaling)
    return Estimator(network, settings.decoding, make_tracker(settings.tracking), max_people, recogniser)
