"""Where the window puts things: recordings and pictures where people look for them, its notes beside the models."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import platformdirs

from core.analysis.cache import folder as folder_of_cached
from models.registry import home

_chosen: Path | None = None


def save_into(folder: Path | None) -> None:
    """From now on put all that is kept into this folder of the user's; None: where it goes at first."""
    global _chosen
    _chosen = folder


def recordings() -> Path:
    """The folder of recordings, of tables, and of pictures of traces."""
    return _chosen or platformdirs.user_videos_path() / "PoseDesk"


def pictures() -> Path:
    """The folder of snapshots, and of other pictures."""
    return _chosen or platformdirs.user_pictures_path() / "PoseDesk"


def is_cached(analysis: Path) -> bool:
    """It is one of those that are kept without being asked for, whose names say nothing."""
    return analysis.parent == folder_of_cached()


def settings_file() -> Path:
    """What the window remembers."""
    return home() / "settings.json"


def log_file() -> Path:
    """What went wrong, with its details; older ones beside it."""
    return home() / "logs" / "posedesk.log"


def action_models() -> Path:
    """The folder of the models of actions that the user has trained."""
    return home() / "actions"


def live_file() -> Path:
    """Addresses that were watched, and how each camera is turned."""
    return home() / "live.json"


def alarm_sound() -> Path:
    """The sound of an alarm, made where it is missing."""
    return home() / "alarm.wav"


def new_file(folder: Path, source: str, suffix: str) -> Path:
    """A name that is not taken, of what is recorded and when."""
    called = source.partition("://")[2] or Path(source).stem  # an address has dots that begin no suffix
    stem = re.sub(r"[^\w-]+", "-", called).strip("-") or "posedesk"
    name = f"{stem}_{datetime.now():%Y-%m-%d_%H-%M-%S}"
    number, path = 1, folder / f"{name}{suffix}"
    while path.exists():
        number += 1
        path = folder / f"{name}_{number}{suffix}"
    return path
