"""What the window remembers from one start to the next, in one file of the data folder.

Whatever is wrong with the file, the program starts. Two windows may run at once: each writes only what was changed in
it, over what is in the file by then.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from time import sleep
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from app.falls.preferences import FallPreferences
from app.serving.preferences import ServingPreferences
from app.trace_preferences import TracePreferences
from core.errors import InputError, PoseDeskError
from core.outputs import Overlay
from core.outputs.base import sentence
from core.settings import Section, Settings
from models.files import write_whole
from models.lock import exclusive

log = logging.getLogger(__name__)

Theme = Literal["dark", "light", "system"]
THEMES: tuple[Theme, ...] = ("dark", "light", "system")
_TRIES, _PAUSE = 20, 0.05  # for the lock: another window holds it for as long as a small file takes to be written


class Layout(Section):
    """How the window lies. geometry, state: Qt's own words, in base 64; hidden: names of panels not wanted;
    height: see `PanelSizes`."""

    geometry: str = ""
    state: str = ""
    hidden: tuple[str, ...] = ()
    height: Annotated[int, Field(ge=0)] = 0


class Preferences(Section):
    """All that is remembered. keys: those of commands that have others than the table says; recent: newest first;
    traces: what they plot; action_model: its name or path, empty for none; folder: where all is saved, empty: where it
    goes at first; shade_actions, shade_marks: they lie behind the traces; previews: small pictures of films are kept;
    labels: of marks in the last film, name and #rrggbb of each
    """

    engine: Settings = Settings()
    overlay: Overlay = Overlay()
    theme: Theme = "dark"
    keys: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    recent: tuple[str, ...] = ()
    layout: Layout = Layout()
    labels: tuple[tuple[str, str], ...] = ()
    falls: FallPreferences = FallPreferences()
    serving: ServingPreferences = ServingPreferences()
    traces: TracePreferences = TracePreferences()
    action_model: str = ""
    folder: str = ""
    shade_actions: bool = True
    shade_marks: bool = True
    previews: bool = True


Edit = Callable[[Preferences], Preferences]


class Store:
    """The file of preferences. `edit` may be called anywhere and is quick; `save` waits for the disk.

    problem: what was wrong with the file, in a sentence; empty where nothing was
    edited: called after each `edit`, so that somebody sees to a `save`
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._pending: list[Edit] = []
        self._failed = False
        self.edited: Callable[[], object] = lambda: None
        content, problem = _read(file)
        self.preferences, wrong = _parse(content)
        self.problem = ""
        if problem or wrong:
            what = problem or f"what it says of {' and '.join(wrong)} cannot be used"
            kept = "the rest of it holds" if content and wrong else "everything is as at the first start"
            self.problem = f"The settings in {file} are broken: {what}. {_set_aside(file)}; {kept}."
            log.warning("%s", self.problem)
            if content:
                self._pending.append(lambda current: self.preferences)  # what could be read is written anew

    def edit(self, edit: Edit) -> None:
        """Change what is remembered; a later `save` writes it."""
        with self._lock:
            self.preferences = edit(self.preferences)
            self._pending.append(edit)
        self.edited()

    def save(self) -> None:
        """Write what was changed. Raises PoseDeskError the first time that this fails."""
        with self._lock:
            pending, self._pending = self._pending, []
        if not pending:
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            for _ in range(_TRIES):
                with exclusive(self._file.with_name(self._file.name + ".lock")) as held:
                    if held:
                        self._write(pending)
                        return
                sleep(_PAUSE)
            self._write(pending)  # whoever holds the lock for so long is stuck
        except OSError as error:
            with self._lock:
                self._pending = pending + self._pending
            self._tell(error)

    def check(self) -> None:
        """Raises PoseDeskError where nothing could be written. That is said once, by this or by `save`."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with exclusive(self._file.with_name(self._file.name + ".lock")):
                pass
        except OSError as error:
            self._tell(error)

    def _tell(self, error: OSError) -> None:
        if not self._failed:
            self._failed = True
            raise PoseDeskError(
                f"Settings cannot be kept: {sentence(self._file, error)} They hold until the window is closed. The "
                "variable POSEDESK_HOME can name another folder for all that is kept."
            ) from error

    def _write(self, edits: list[Edit]) -> None:
        content, _ = _read(self._file)
        current, _ = _parse(content)
        for edit in edits:
            current = edit(current)
        unknown = {name: value for name, value in content.items() if name not in Preferences.model_fields}
        known = current.model_dump(mode="json", exclude_defaults=True)
        # What a newer version has written is kept, although it is not known here.
        write_whole(self._file, json.dumps({**unknown, **known}, indent=1, ensure_ascii=False) + "\n")


def export_settings(settings: Settings, target: Path) -> None:
    """Write the settings of the engine as JSON. Raises PoseDeskError."""
    try:
        write_whole(target, settings.model_dump_json(indent=1) + "\n")
    except OSError as error:
        raise PoseDeskError(sentence(target, error)) from error


def import_settings(source: Path) -> Settings:
    """The settings that `export_settings` wrote. Raises InputError."""
    try:
        return Settings.model_validate_json(source.read_bytes())
    except OSError as error:
        raise InputError(f"{source} cannot be read ({error.strerror}).") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the whole file"
        raise InputError(f"{source} holds no settings of PoseDesk ({where}: {first['msg']}).") from error


def _read(file: Path) -> tuple[dict[str, Any], str]:
    """What the file says, and what is wrong with it, as a part of a sentence. A file that is not there says nothing."""
    try:
        content = json.loads(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return {}, ""
    except OSError as error:
        return {}, f"it cannot be read ({error.strerror})"
    except ValueError:
        return {}, "it is no JSON"
    return (content, "") if isinstance(content, dict) else ({}, "it is no table of settings")


def _parse(content: dict[str, Any]) -> tuple[Preferences, list[str]]:
    """Preferences from what could be read, and the names of what could not be used."""
    good, wrong = Preferences(), []
    for name in Preferences.model_fields:
        if name not in content:
            continue
        try:
            one = Preferences.model_validate({name: content[name]})
        except ValidationError:
            wrong.append(name)
        else:
            good = good.model_copy(update={name: getattr(one, name)})
    return good, wrong


def _set_aside(file: Path) -> str:
    number, aside = 1, file.with_name(f"{file.stem}.broken{file.suffix}")
    while aside.exists():
        number += 1
        aside = file.with_name(f"{file.stem}.broken-{number}{file.suffix}")
    try:
        file.rename(aside)
    except OSError:
        return "It is left where it is"
    return f"It is now {aside.name}"
