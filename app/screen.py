"""Whether a window can be opened here. Qt itself ends the program with a page of its own words where it cannot."""

import ctypes
import os
import sys
from importlib.util import find_spec
from pathlib import Path

from core.errors import PoseDeskError

_LIBRARIES = "libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxkbcommon-x11-0 libxcb-shape0"
_ELSE = "Everything but the window works without it, see posedesk run --help."


def check_screen() -> None:
    """Raises PoseDeskError where Qt cannot start."""
    try:
        import PyQt6.QtWidgets  # noqa: F401
    except ImportError as error:
        raise PoseDeskError(
            f"The window cannot be opened: {error}. On Debian and Ubuntu install libegl1 libgl1 libxkbcommon0 "
            f"libfontconfig1 libdbus-1-3. {_ELSE}"
        ) from error
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM") or os.environ.get("WAYLAND_DISPLAY"):
        return
    if not os.environ.get("DISPLAY"):
        raise PoseDeskError(f"The window cannot be opened: there is no screen here (DISPLAY is not set). {_ELSE}")
    _check_plugin()
    _check_display(os.environ["DISPLAY"])


def _check_plugin() -> None:
    """Load what Qt will load: the system names the library that is missing."""
    spec = find_spec("PyQt6")
    places = spec.submodule_search_locations if spec is not None else None
    plugin = Path(next(iter(places or ()), "")) / "Qt6/plugins/platforms/libqxcb.so"
    if not plugin.exists():  # a PyQt6 of the system
        return
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        missing = str(error).partition(":")[0]
        raise PoseDeskError(
            f"The window cannot be opened: the system has no {missing}. On Debian and Ubuntu install {_LIBRARIES}. "
            f"{_ELSE}"
        ) from error


def _check_display(display: str) -> None:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return
    xcb.xcb_connect.restype = ctypes.c_void_p
    for function in (xcb.xcb_connection_has_error, xcb.xcb_disconnect):
        function.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    refused = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    if refused:
        raise PoseDeskError(
            f"The window cannot be opened: the screen {display} does not answer. Check DISPLAY, or log in with a "
            f"screen. {_ELSE}"
        )
