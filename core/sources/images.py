"""Pictures from image files: one, all of a folder, or those that a pattern fits.

A folder is not a video: its pictures may have any size, and their time is their index, as if one were shown each
second.
"""

from __future__ import annotations

import glob
import math
import os
import re
import time
from collections.abc import Sequence
from pathlib import Path, PurePath

import cv2
import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.sources.base import Event, OnEvent, Seekable, check_index, ignore
from core.sources.quiet import quiet
from core.sources.trouble import unusable
from core.types import Frame, Image

# What cv2 reads. GIF is left to the video reader, which knows the times of its pictures.
SUFFIXES = frozenset(
    (".avif", ".bmp", ".dib", ".jp2", ".jpe", ".jpeg", ".jpg", ".pgm", ".png", ".pnm", ".ppm", ".tif", ".tiff", ".webp")
)
# What films are mostly called: others are opened as well.
FILMS = frozenset((".avi", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts", ".ts", ".webm", ".wmv"))
PATTERN = frozenset("*?[")
JPEG_START, JPEG_END = b"\xff\xd8", b"\xff\xd9"


def load_image(path: Path) -> Image:
    """(height, width, 3) uint8 BGR, turned upright as its EXIF data says; of a JPEG that is cut off what there is.

    Raises InputError.
    """
    return _load(path)[0]


def _load(path: Path) -> tuple[Image, bool]:
    """As `load_image`, and whether the file is whole."""
    try:
        data = np.fromfile(path, np.uint8)  # cv2.imread cannot open names outside the code page on Windows
    except OSError as e:
        raise unusable(str(path), e) from e
    image, whole = _decoded(data), True
    if image is None and bytes(data[:2]) == JPEG_START:
        # OpenCV refuses a JPEG without its end, even where only these two bytes are missing; with them it shows the
        # part that came before, and grey for the rest.
        with quiet():  # libjpeg prints a line about it
            image, whole = _decoded(np.append(data, np.frombuffer(JPEG_END, np.uint8))), False
    if image is None:
        raise InputError(f"{path} is not a picture that can be read. Give a JPEG, PNG or other common image file.")
    return image, whole


def _decoded(data: NDArray[np.uint8]) -> Image | None:
    try:
        image = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None
    except cv2.error:  # a header that promises more than 2^30 pixels
        return None
    return None if image is None else np.asarray(image, np.uint8)


class ImageFiles(Seekable):
    """Image files in the given order. `Frame.name` is the file's own name, `Frame.time` the index.

    Of files in several folders `Frame.name` is the path from the deepest folder that has them all, with slashes.

    A file that is not a picture is reported and left out; its index stays unused, so that the others keep theirs.
    """

    def __init__(self, paths: Sequence[Path], name: str, *, on_event: OnEvent = ignore) -> None:
        """Raises InputError where there is one file only and it cannot be read."""
        super().__init__(name, on_event=on_event)
        self._paths = list(paths)
        self._names = _names_of(self._paths)
        self._next = 0
        self._single: tuple[Image, bool] | None = None
        if len(self._paths) == 1:
            self._single = _load(self._paths[0])
            self._size = self._single[0].shape[1], self._single[0].shape[0]

    @property
    def length(self) -> int:
        return len(self._paths)

    @property
    def duration(self) -> float:
        return float(len(self._paths))

    @property
    def files(self) -> tuple[Path, ...]:
        return tuple(self._paths)

    @property
    def picture_names(self) -> tuple[str, ...]:
        return tuple(self._names)

    def seek(self, index: int) -> None:
        self._next = check_index(index, self.length)

    def time_of(self, index: int) -> float:
        return float(check_index(index, self.length))

    def index_at(self, seconds: float) -> int:
        return min(max(0, math.floor(seconds)), self.length - 1)

    def _read(self) -> Frame | None:
        while self._next < len(self._paths) and not self._closed.is_set():
            index, self._next = self._next, self._next + 1
            path = self._paths[index]
            try:
                image, whole = _load(path) if self._single is None else self._single
            except InputError as e:
                self._on_event(Event("skipped", f"{e} It was left out."))
                continue
            if not whole:
                self._on_event(Event("truncated", f"{path} is cut off; what there is of it was read."))
            frame = Frame(image, index, float(index), time.monotonic(), self._names[index])
            self._size = frame.size
            return frame
        return None

    def _free(self) -> None:
        self._single = None


def open_image(text: str, *, on_event: OnEvent = ignore) -> ImageFiles:
    """One image file. Raises InputError."""
    path = Path(text)
    return ImageFiles([path], path.name, on_event=on_event)


def open_folder(text: str, *, on_event: OnEvent = ignore) -> ImageFiles:
    """The pictures that lie in a folder, not in those below it. Raises InputError."""
    path = Path(text)
    try:
        entries = sorted(path.iterdir(), key=_order)
        found = [entry for entry in entries if entry.suffix.lower() in SUFFIXES and entry.is_file()]
    except OSError as e:
        raise unusable(text, e) from e
    if not found:
        films = [entry for entry in entries if entry.suffix.lower() in FILMS]
        if films:
            raise InputError(
                f"The folder {text} has films in it and no pictures. Open a film of it, such as {films[0]}; a command "
                f'takes all of them as "{path / ("*" + films[0].suffix)}".'
            )
        raise InputError(f"The folder {text} has no pictures in it. Name a folder with JPEG, PNG or other image files.")
    return ImageFiles(found, path.resolve().name, on_event=on_event)


def open_pattern(text: str, *, on_event: OnEvent = ignore) -> ImageFiles:
    """The pictures that a pattern such as `night/*.png` fits; ** stands for any folders. Raises InputError."""
    found = pictures_of(text)
    if not found:
        raise InputError(f"No picture fits the pattern {text}. Check it, and put it in quotes.")
    return ImageFiles(found, text, on_event=on_event)


def _order(path: Path) -> tuple[list[tuple[int, int, str]], str, str]:
    """Of files; the last tells A.jpg from a.jpg, so that every system gives the same order."""
    return (*by_name(str(path)), str(path))


def _names_of(paths: Sequence[Path]) -> list[str]:
    whole = [Path(os.path.abspath(path)) for path in paths]
    if len({path.parent for path in whole}) <= 1:
        return [path.name for path in whole]
    try:
        above = os.path.commonpath([path.parent for path in whole])
    except ValueError:  # on several disks of Windows
        return [path.as_posix() for path in whole]
    return [path.relative_to(above).as_posix() for path in whole]


def is_pattern(text: str) -> bool:
    """Whether it may stand for several files."""
    return bool(PATTERN & set(text))


def pictures_of(pattern: str) -> list[Path]:
    """The pictures that it fits, in order; none where it cannot be a name here."""
    try:
        found = [Path(entry) for entry in glob.glob(pattern, recursive=True)]
    except ValueError:  # a NUL in it
        return []
    return sorted((path for path in found if path.suffix.lower() in SUFFIXES), key=_order)


def whole_pattern(pattern: str) -> str:
    """`pattern` from the root, so that it fits the same files wherever it is used."""
    return os.path.join(glob.escape(os.getcwd()), pattern)


def picture_stem(name: str) -> str:
    """The name of a picture without folders and ending. Other dots belong to it: `v1.2` stays as it is."""
    file = PurePath(name)
    return file.stem if file.suffix.lower() in SUFFIXES else file.name


def by_name(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """Sorts names of pictures as people do; a.jpg and a.png stand together, before `a b.jpg`."""
    suffix = PurePath(name).suffix
    ending = suffix.lower() if suffix.lower() in SUFFIXES else ""
    return natural(Path(name.removesuffix(suffix) if ending else name)), ending


def natural(path: Path) -> list[tuple[int, int, str]]:
    """Sorts as people do: 2.png before 10.png, whatever the case of the letters."""
    parts = re.split(r"([0-9]+)", str(path).casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]
