"""What whoever helps has to know: versions, the machine, the screen, the model, the settings. Nothing personal."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import cv2
from PyQt6.QtCore import PYQT_VERSION_STR, qVersion
from PyQt6.QtGui import QGuiApplication

from core.network.fallback import DEVICES
from core.settings import Settings

LIBRARIES = ("posedesk", "numpy", "numba", "openvino", "av", "scipy", "pydantic", "pyqtgraph")
_BUILD = ("Version control", "CPU/HW features", "Parallel framework", "FFMPEG", "GStreamer", "v4l/v4l2", "OpenCL",
          "NVIDIA CUDA", "cuDNN")  # fmt: skip  # lines of OpenCV's build that explain most


def screens() -> str:
    """To be asked in the GUI thread."""
    described = [
        f"{screen.size().width()} x {screen.size().height()} at {screen.devicePixelRatio():g}, "
        f"{screen.refreshRate():.0f} Hz"
        for screen in QGuiApplication.screens()
    ]
    return f"{QGuiApplication.platformName()}: {'; '.join(described) or 'none'}"


def report(settings: Settings, device: str, screen: str) -> str:
    """The report as text. Asks the system, so not in the GUI thread. device: what the net runs on, in words."""
    devices = [f"{name} {'found' if device.available() else 'not found'}" for name, device in DEVICES.items()]
    rows = {
        "PoseDesk": _version("posedesk"),
        "System": f"{platform.platform()}, {platform.machine()}, {os.cpu_count()} cores",
        "Python": platform.python_version(),
        "Qt": f"{qVersion()}, PyQt {PYQT_VERSION_STR}",
        "OpenCV": cv2.__version__,
        "Libraries": ", ".join(f"{name} {_version(name)}" for name in LIBRARIES[1:]),
        "Backends": ", ".join(devices),
        "Screen": screen,
        "Net runs on": device or "no net is open",
        **_build(),
        "Settings": settings.model_dump_json(),
    }
    return without_paths("\n".join(f"{name}: {text}" for name, text in rows.items()) + "\n")


def without_paths(text: str) -> str:
    """The text without the folder and the name of the user, and with the names of files alone."""
    for personal in filter(lambda part: len(part) > 2, (str(Path.home()), os.environ.get("USER", ""))):
        text = text.replace(personal, "~")
    return re.sub(r"(?:(?<=[\s\"'(=])|^)(?:[A-Za-z]:[\\/]|~?/)(?:[^\s\"'\\/]+[\\/]+)+", ".../", text, flags=re.M)


def _build() -> dict[str, str]:
    lines = [line.strip() for line in cv2.getBuildInformation().splitlines()]
    return {
        f"OpenCV, {name}": " ".join(line.partition(":")[2].split())
        for name in _BUILD
        for line in lines
        if line.startswith(f"{name}:")
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"
