"""Where pictures come from: image files, video files, cameras, network streams, drawn scenes.

`open_source` takes what the user typed and gives a `Source`; one that has an end is a `Seekable`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from core.errors import InputError
from core.sources.base import Event, EventKind, OnEvent, Seekable, Source, ignore
from core.sources.camera import Camera, CameraInfo, CameraOptions, list_cameras
from core.sources.camera_address import camera_address, parse_camera
from core.sources.fake import ArraySource, FakeSource
from core.sources.images import SUFFIXES, is_pattern, open_folder, open_image, open_pattern
from core.sources.modes import CameraMode, camera_modes, with_format
from core.sources.persistent import Persistent
from core.sources.playback import Playback
from core.sources.stream import open_network, without_password
from core.sources.trouble import unusable
from core.sources.turned import ANGLES, Angle, Turned, TurnedFilm, Turning, turned
from core.sources.video import VideoFile

__all__ = [
    "ANGLES",
    "Angle",
    "ArraySource",
    "Camera",
    "CameraInfo",
    "CameraMode",
    "CameraOptions",
    "Event",
    "EventKind",
    "FakeSource",
    "OnEvent",
    "Persistent",
    "Playback",
    "Seekable",
    "Source",
    "Turned",
    "TurnedFilm",
    "Turning",
    "camera_address",
    "camera_modes",
    "ignore",
    "list_cameras",
    "open_source",
    "same_device",
    "turned",
]

# Behind a number alone a question mark may also stand for any letter, as in `0?.png`.
_CAMERA = re.compile(r"(?:camera:|/dev/video)(\d+)(?:\?.*)?|(\d+)(?:\?\w+=.*)?", re.IGNORECASE)
_POSES = frozenset((".csv", ".json", ".parquet"))  # endings of what we write, and may be asked to open
_NETWORK = re.compile(r"(?:rtsps?|https?)://([^/?#]+).*", re.IGNORECASE)
_DEMO = re.compile(r"demo:.*", re.IGNORECASE)
_OTHER_ADDRESS = re.compile(r"(?:camera:|[a-z][a-z0-9+.-]+://).*", re.IGNORECASE)


def open_source(text: str, *, camera: CameraOptions | None = None, on_event: OnEvent = ignore) -> Source:
    """Open what `text` names. Raises InputError with a sentence for the user.

    text:     an image file; a folder of images, or a pattern such as `night/*.png`; a video file; `camera:0`, `0` or
              `/dev/video0`, with what is asked of it: `camera:0?size=1280x720&fps=30&format=MJPG`;
              an address with rtsp, http or https; a drawn scene such as `demo:walk?seconds=5`
    camera:   what to ask of a camera; comes before what `text` asks
    on_event: told of rare events, in the thread that reads
    """
    # The first line that fits decides: a file that is there is taken before what its name may mean otherwise.
    table: list[tuple[bool, Callable[[], Source]]] = [
        (bool(_NETWORK.fullmatch(text)), lambda: open_network(text, on_event=on_event)),
        (text.startswith("/dev/video"), lambda: _camera(text, camera, on_event)),
        (bool(_DEMO.fullmatch(text)), lambda: _demo(text, on_event)),
        (_is_folder(text), lambda: open_folder(text, on_event=on_event)),
        (_is_there(text) and Path(text).suffix.lower() in SUFFIXES, lambda: open_image(text, on_event=on_event)),
        (_is_there(text), lambda: _video(text, on_event)),
        (bool(_CAMERA.fullmatch(text)), lambda: _camera(text, camera, on_event)),
        (bool(_OTHER_ADDRESS.fullmatch(text)), lambda: _unknown(text)),
        (is_pattern(text), lambda: open_pattern(text, on_event=on_event)),
    ]
    for fits, opening in table:
        if fits:
            return opening()
    raise _missing(text)


def same_device(one: str, other: str) -> bool:
    """Whether two names are of one machine in the network, or both of cameras here, which share their way in."""
    device = _device(one)
    return bool(device) and device == _device(other)


def _device(text: str) -> str:
    """What can often be opened once at a time; empty for anything else."""
    if network := _NETWORK.fullmatch(without_password(text)):
        return network[1].lower()
    return "camera" if _CAMERA.fullmatch(text) else ""


def _video(text: str, on_event: OnEvent) -> Source:
    try:
        return VideoFile(text, on_event=on_event)
    except InputError as e:
        suffix = Path(text).suffix.lower()
        if suffix == ".posedesk":
            raise InputError(f"{text} is an analysis, and no film. Give the film, or open it in the window.") from e
        if suffix not in _POSES:
            raise
        raise InputError(
            f"{text} is no film. If it holds poses, open the film that they are of, and then File, Open poses of "
            "this film; or make an analysis of them: posedesk convert IN OUT.posedesk --source FILM."
        ) from e


def _camera(text: str, options: CameraOptions | None, on_event: OnEvent) -> Source:
    number = _CAMERA.fullmatch(text)
    if number is None:
        return _unknown(text)
    asked = parse_camera(text)
    if options is not None:
        asked = replace(asked, **{name: value for name, value in asdict(options).items() if value is not None})
    index = int(number[1] or number[2])
    return Camera(index, options=with_format(index, asked), on_event=on_event)


def _demo(text: str, on_event: OnEvent) -> Source:
    from core.sources.synthetic import open_demo  # its kernels take a moment to load, which others need not wait for

    return open_demo(text, on_event=on_event)


def _unknown(text: str) -> Source:
    raise InputError(
        f"{text} is no source that is known. Give a file, camera:0, demo:walk, or an address with rtsp, http or https."
    )


def _missing(text: str) -> InputError:
    try:
        Path(text).stat()
    except OSError as e:
        return unusable(text or "A source without a name", e)
    except ValueError:  # a NUL in the name
        pass
    return InputError(f"{text!r} cannot be opened. Give a file, a folder, camera:0, demo:walk, or an address.")


def _is_folder(text: str) -> bool:
    try:
        return bool(text) and Path(text).is_dir()
    except (OSError, ValueError):
        return False


def _is_there(text: str) -> bool:
    try:
        return bool(text) and Path(text).exists()
    except (OSError, ValueError):
        return False
