"""What is asked of a camera, as text: `camera:0?size=1280x720&fps=30&format=MJPG`."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from core.errors import InputError
from core.sources.camera import CameraOptions

_OPTIONS = "size, fps and format, as in camera:0?size=1280x720&fps=30&format=MJPG"


def camera_address(index: int, options: CameraOptions) -> str:
    """The text that `parse_camera` takes."""
    words = []
    if options.width is not None and options.height is not None:
        words.append(f"size={options.width}x{options.height}")
    if options.fps is not None:
        words.append(f"fps={options.fps:g}")
    if options.fourcc is not None:
        words.append(f"format={options.fourcc}")
    return f"camera:{index}" + ("?" + "&".join(words) if words else "")


def parse_camera(text: str) -> CameraOptions:
    """What stands behind the question mark of a camera's address. Raises InputError."""
    query = text.partition("?")[2]
    options = CameraOptions()
    values: dict[str, int | float | str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name == "size" and (size := re.fullmatch(r"(\d{1,5})x(\d{1,5})", value)):
            values |= {"width": int(size[1]), "height": int(size[2])}
        elif name == "fps" and re.fullmatch(r"\d{1,4}(\.\d{1,3})?", value):
            values["fps"] = float(value)
        elif name == "format":
            values["fourcc"] = value
        else:
            raise InputError(f"A camera cannot be asked for {name}={value}. There are {_OPTIONS}.")
    return CameraOptions(**values) if values else options  # type: ignore[arg-type]  # checked above
