"""Annotated images, one file each, in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import cv2

from core.errors import PoseDeskError
from core.outputs.base import FrameNames, Sink, claim_folder, write_whole
from core.types import Image, Result


class ImageFolder(Sink):
    """Files named after the images they came from, or `<stem>_<12 digits>` for frames of a video; each comes whole."""

    takes_picture = True

    def __init__(self, folder: Path, stem: str = "", suffix: Literal[".jpg", ".png"] = ".jpg") -> None:
        """Make the folder. `stem`: the source's name without suffix; .png is lossless and slow. Raises InputError."""
        self.target = folder
        self._names = FrameNames(stem)
        self._suffix = suffix
        claim_folder(folder)

    def write(self, result: Result, picture: Image | None) -> None:
        """Write the annotated picture, or the frame as it is where there is none."""
        image = result.frame.image if picture is None else picture
        target = self.target / (self._names(result) + self._suffix)
        options = [cv2.IMWRITE_JPEG_QUALITY, 93] if self._suffix == ".jpg" else []
        done, content = cv2.imencode(self._suffix, image, options)
        if not done:
            raise PoseDeskError(
                f"Cannot write {target}: {image.shape[1]} x {image.shape[0]} pixels are too many. Leave it out."
            )
        write_whole(target, content.tobytes())

    def close(self) -> None:
        """Nothing is left to do: every file was finished when it was written."""
