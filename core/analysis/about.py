"""What an analysis is of, and what made it: kept as JSON in the file."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from core.errors import InputError
from core.settings import NetworkSettings
from core.sources import Angle, Seekable, Source, TurnedFilm, Turning
from core.sources.images import ImageFiles, is_pattern, whole_pattern
from core.sources.trouble import unusable
from models.registry import Model

MOST_FRAMES = 20_000_000  # a week at 30 a second: a file that claims more is damaged
_PIECES, _PIECE = 64, 1 << 16  # of a large file that are looked at, and their bytes


class _About(BaseModel):
    """A newer PoseDesk may say more: that is left out."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class SourceInfo(_About):
    """The film, pictures or scene that was analysed. seconds and pixels; None where it is not known."""

    location: str = Field("", description="What was opened: a path from the root, an address, or a drawn scene.")
    name: str = ""
    bytes: int | None = Field(None, ge=0, description="Size of the file, of all files for pictures.")
    fingerprint: str = Field("", description="SHA-256 over the size and pieces of the content; see `fingerprint`.")
    width: int | None = Field(None, ge=1)
    height: int | None = Field(None, ge=1)
    fps: float | None = Field(None, gt=0, allow_inf_nan=False)
    length: int | None = Field(None, ge=0, le=MOST_FRAMES, description="Frames.")
    duration: float | None = Field(None, ge=0, allow_inf_nan=False)
    pictures: bool = Field(False, description="Pictures that do not follow each other: nobody is tracked through them.")
    angle: Angle = Field(0, description="Degrees clockwise that the pictures of the film were turned by.")
    mirror: bool = Field(False, description="Left and right of them were exchanged, after the turn.")

    @property
    def turning(self) -> Turning:
        """How poses are seen, compared with the film as it says itself."""
        return Turning(self.angle, self.mirror)

    @classmethod
    def of(cls, source: Source, location: str) -> SourceInfo:
        """location: what the user typed. May go through the whole file. Raises InputError."""
        finite = isinstance(source, Seekable)
        files = source.files
        turning = source.turning if isinstance(source, TurnedFilm) else Turning()
        if len(files) == 1 and Path(location).exists():
            location = str(files[0].resolve())
        elif Path(location).exists():
            location = str(Path(location).resolve())
        elif files and is_pattern(location):
            location = whole_pattern(location)
        return cls(
            location=_plain(location),
            name=_plain(source.name),
            bytes=_bytes(files) if files else None,
            fingerprint=fingerprint(files, location),
            width=source.size[0] if source.size else None,
            height=source.size[1] if source.size else None,
            fps=source.fps,
            length=source.length if finite else None,
            duration=source.duration if finite else None,
            pictures=isinstance(source, ImageFiles),
            angle=turning.angle,
            mirror=turning.mirror,
        )


class ModelInfo(_About):
    """The net. checksum: SHA-256 over its files and the way it is fed."""

    name: str = ""
    title: str = ""
    checksum: str = ""

    @classmethod
    def of(cls, model: Model) -> ModelInfo:
        """Raises ModelError where a file is missing, InputError where one cannot be read."""
        digest = hashlib.sha256()
        manifest = model.manifest
        feeding = (manifest.stride, manifest.size_multiple, manifest.color, manifest.scale, manifest.mean)
        digest.update(repr(feeding).encode())
        for kind, path in sorted(model.ready().items()):
            known = manifest.sha256.get(kind)
            digest.update(f"{kind} {known or _sha256(path)}".encode())
        return cls(name=model.name, title=manifest.title, checksum=digest.hexdigest())


class Maker(_About):
    """What made the file. date: of its beginning, UTC, as ISO 8601 writes it."""

    program: str = "PoseDesk"
    version: str = ""
    date: str = ""

    @classmethod
    def now(cls) -> Maker:
        try:
            number = version("posedesk")
        except PackageNotFoundError:
            number = ""
        return cls(version=number, date=datetime.now(UTC).isoformat(timespec="seconds"))


def frame_times(source: Seekable) -> NDArray[np.float64]:
    """(length,) seconds of each frame."""
    return np.array([source.time_of(index) for index in range(source.length)], np.float64)


def fingerprint(files: tuple[Path, ...], location: str) -> str:
    """SHA-256 that tells one source from another, quickly.

    Of one file: its size, its first and last 64 kB and 62 pieces between, which a film that was cut or encoded again
    does not share.  Of several: their names, sizes and dates.  Without files: the address.
    """
    digest = hashlib.sha256()
    try:
        if len(files) == 1:
            size = files[0].stat().st_size
            digest.update(str(size).encode())
            with files[0].open("rb") as file:
                for place in np.linspace(0, max(size - _PIECE, 0), _PIECES).astype(np.int64).tolist():
                    file.seek(place)
                    digest.update(file.read(_PIECE))
        else:
            for path in files:
                status = path.stat()
                digest.update(f"{path.name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode(errors="replace"))
            if not files:
                digest.update(location.encode(errors="replace"))
    except OSError as e:
        raise unusable(str(files[0]), e) from e
    return digest.hexdigest()


def cache_key(source: SourceInfo, model: ModelInfo, network: NetworkSettings) -> str:
    """Names everything that what the net says depends on; 32 hexadecimal digits."""
    feeding = network.model_dump_json(include={"input_height", "scales", "flip"})
    turned = (f"turned by {source.angle}, mirror {source.mirror}",) if source.turning != Turning() else ()
    text = "\n".join((source.fingerprint, str(source.length), model.checksum, feeding, *turned))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _bytes(files: tuple[Path, ...]) -> int:
    try:
        return sum(path.stat().st_size for path in files)
    except OSError as e:
        raise InputError(f"{files[0].parent} cannot be read: {e.strerror}.") from e


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as e:
        raise unusable(str(path), e) from e


def _plain(text: str) -> str:
    """Names of files may be no text at all, which no JSON can hold."""
    return text.encode(errors="surrogateescape").decode(errors="replace")
