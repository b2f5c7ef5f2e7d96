"""Annotated images, one file each, in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import cv2

from core.errors import PoseDeskError
from core.outputs.base import FrameNames, Sink, claim_folder, write_whole
from core.types import Image, Result

# What is written in its own form; other pictures, such as those without colours, become JPEG and say so by their name.
_KEPT = frozenset((".bmp", ".dib", ".jpe", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"))


class ImageFolder(Sink):
    """Files with the names of the images they came from, and in their form: a.png is `a.png`, and b.pgm `b.pgm.jpg`.
    For frames of a video `<stem>_<12 digits>`. Each comes whole.
    """

    takes_picture = True

    def __init__(self, folder: Path, stem: str = "", suffix: Literal[".jpg", ".png"] = ".jpg") -> None:
        """Make the folder. Raises InputError.

        stem: the source's name without suffix; suffix: of a video's frames, .png is lossless and slow
        """
        self.target = folder
        self._names = FrameNames(stem, endings=True)
        self._suffix = suffix
        claim_folder(folder)

    def write(self, result: Result, picture: Image | None) -> None:
        """Write the annotated picture, or the frame as it is where there is none."""
        image = result.frame.image if picture is None else picture
        name = self._names(result)
        if not result.frame.name or Path(name).suffix.lower() not in _KEPT:
            name += self._suffix
        target = self.target / name
        ending = target.suffix.lower()
        options = [cv2.IMWRITE_JPEG_QUALITY, 93] if ending.startswith(".jp") else []
        done, content = cv2.imencode(ending, image, options)
        if not done:
            raise PoseDeskError(
                f"Cannot write {target}: {image.shape[1]} x {image.shape[0]} pixels are too many. Leave it out."
            )
        write_whole(target, content.tobytes())

    def close(self) -> None:
        """Nothing is left to do: every file was finished when it was written."""
