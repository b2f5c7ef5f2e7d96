"""The files that were opened last, newest first."""

from __future__ import annotations

from pathlib import Path

import platformdirs

from app.store import Preferences, Store

MOST = 8


class Recent:
    """The list in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def paths(self) -> list[str]:
        """Those that are still there."""
        return [name for name in self._store.preferences.recent if Path(name).exists()][:MOST]

    def folder(self) -> str:
        """Where what was opened last lies; where films are kept, if nothing was."""
        paths = self.paths()
        return str(Path(paths[0]).parent if paths else platformdirs.user_videos_path())

    def remove(self, path: str) -> None:
        """Leave one out, as it is listed."""
        self._store.edit(
            lambda preferences: preferences.changed(recent=tuple(each for each in preferences.recent if each != path))
        )

    def add(self, path: str) -> None:
        """Put a file first. Cameras, addresses and demos are not files and are left out."""
        if not Path(path).exists():
            return
        name = str(Path(path).resolve())

        def put_first(preferences: Preferences) -> Preferences:
            others = [each for each in preferences.recent if each != name]
            return preferences.changed(recent=(name, *others)[:MOST])

        self._store.edit(put_first)
