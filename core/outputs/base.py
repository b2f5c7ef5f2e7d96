"""What every output has in common: one protocol, and a fan-out in which one that fails leaves the others running."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path, PurePath
from types import TracebackType
from typing import Protocol, Self

from core.errors import InputError, PoseDeskError
from core.sources.images import picture_stem
from core.types import Image, Result

log = logging.getLogger(__name__)

_ADVICE = {
    errno.ENOSPC: "the disk is full. Free some space or write to another disk",
    errno.EDQUOT: "your disk quota is used up. Free some space or write to another disk",
    errno.EFBIG: "the file grew larger than this disk or account allows. Write to another disk, or a shorter piece",
    errno.EACCES: "you may not write there. Choose another place or change the permissions",
    errno.EPERM: "you may not write there. Choose another place or change the permissions",
    errno.EROFS: "the disk is read-only. Choose another place",
    errno.EISDIR: "it is a folder. Give the name of a file",
    errno.ENOTDIR: "a part of the path is a file, not a folder. Choose another place",
    errno.EEXIST: "there is a file of that name. Give the name of a folder",
    errno.ENOENT: "there is no such place any more. See whether a disk or folder was removed",
    errno.ENAMETOOLONG: "the name is too long. Choose a shorter one",
    errno.EIO: "the disk reports an error. Check the disk or write to another one",
}


class Sink(Protocol):
    """Takes results one after the other. Opens in its constructor, which raises InputError if the place cannot be used.

    `write` and `close` may raise anything: `Sinks` turns it into a sentence. `close` may be called after a failed
    `write`, and keeps what can be kept; a second `close` does nothing.

    target:        the file or folder that is written, or in words where else it goes, such as an address
    takes_picture: true where `write` needs the annotated picture
    """

    target: Path | str
    takes_picture: bool

    def write(self, result: Result, picture: Image | None) -> None:
        """Take a result, and the picture to show for it where `takes_picture`."""

    def close(self) -> None:
        """Finish the file."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Sinks:
    """Several outputs behind one `write`. An output that fails is closed and left out from then on; the others go on.

    on_failure: told of each failure once, from the thread that writes
    """

    def __init__(self, sinks: Sequence[Sink], on_failure: Callable[[PoseDeskError], None]) -> None:
        self._running = list(sinks)
        self._on_failure = on_failure
        self.failures: list[PoseDeskError] = []
        self.finished: list[Path] = []  # files and folders that `close` left complete

    @property
    def takes_picture(self) -> bool:
        """True while an output that needs the annotated picture is running: there is no use in drawing it otherwise."""
        return any(sink.takes_picture for sink in self._running)

    def __len__(self) -> int:
        """How many outputs are still running."""
        return len(self._running)

    def write(self, result: Result, picture: Image | None) -> None:
        """Hand a result to every output that is running."""
        for sink in tuple(self._running):
            try:
                sink.write(result, picture)
            except Exception as error:
                self._stop(sink, error)

    def close(self) -> None:
        """Finish every output. A second call does nothing."""
        while self._running:
            sink = self._running.pop(0)
            try:
                sink.close()
            except Exception as error:
                self._report(sink, error)
            else:
                if isinstance(sink.target, Path):
                    self.finished.append(sink.target)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _stop(self, sink: Sink, error: Exception) -> None:
        self._running.remove(sink)
        with contextlib.suppress(Exception):  # the first failure is the one to tell
            sink.close()
        self._report(sink, error)

    def _report(self, sink: Sink, error: Exception) -> None:
        failure = error if isinstance(error, PoseDeskError) else PoseDeskError(sentence(sink.target, error))
        if failure is not error:
            failure.__cause__ = error
        if not isinstance(error, (OSError, PoseDeskError)):
            log.error("%s failed", type(sink).__name__, exc_info=error)  # a fault of ours: the log has the details
        self.failures.append(failure)
        self._on_failure(failure)


def sentence(target: Path | str, error: Exception) -> str:
    """What happened, where, and what to do, for an error met while writing `target`."""
    if isinstance(error, OSError):
        reason = _ADVICE.get(error.errno or 0) or f"{error.strerror or error}. Try another place"
    else:
        reason = f"{error or type(error).__name__}. The log has the details"
    return f"Cannot write {target}: {reason}."


@contextlib.contextmanager
def opening(target: Path) -> Iterator[None]:
    """Turn an OSError met while opening `target` into an InputError."""
    try:
        yield
    except OSError as error:
        raise InputError(sentence(target, error)) from error


def make_folder_of(target: Path) -> None:
    """Make the folder that `target` is to lie in. Raises InputError."""
    with opening(target):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except FileExistsError as error:  # said of the folder; of the target it would mislead
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from error


def claim_file(target: Path) -> None:
    """Make sure that `target` can be written, making its folder if need be; leaves what is in the file as it is.

    For outputs that begin the file later. Raises InputError.
    """
    make_folder_of(target)
    with opening(target):
        new = not target.exists()
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT, 0o666))
        if new:
            target.unlink()


def claim_folder(target: Path) -> None:
    """Make the folder `target` if need be and make sure that files can be made in it. Raises InputError."""
    with opening(target):
        target.mkdir(parents=True, exist_ok=True)
        probe = _part(target / f"probe-{os.getpid()}")
        probe.touch()
        probe.unlink()


def forbid_overwriting(read: Iterable[Path], target: Path) -> None:
    """Raise InputError where `target` is one of the files that are read, or is a folder that one of them lies in.

    For recordings and other outputs whose names may be those of the originals.
    """
    if not target.exists():
        return
    for file in read:
        if file.exists() and (file.samefile(target) or (target.is_dir() and file.parent.samefile(target))):
            raise InputError(f"Writing to {target} would overwrite {file}, which is read. Choose another place.")


def write_whole(target: Path, content: bytes) -> None:
    """Write a file so that its name never holds a half one, not even after a kill.

    The content is not forced to the disk, which would take longer than a frame: after a power cut the file may be
    empty.
    """
    part = _part(target)
    try:
        part.write_bytes(content)
        os.replace(part, target)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def save_whole(target: Path, content: bytes) -> None:
    """Write a file of the user's, and its folder if need be. Raises PoseDeskError, in a sentence."""
    claim_file(target)
    try:
        write_whole(target, content)
    except OSError as error:
        raise PoseDeskError(sentence(target, error)) from error


def _part(target: Path) -> Path:
    """The name of a file while it is being written."""
    return target.with_name(f".{target.name}.part")


def name_as_text(name: str) -> str:
    """The name of a file for a file of UTF-8: on an old disk it may be no text at all (Latin-1, say)."""
    return name.encode(errors="surrogateescape").decode(errors="replace")


class FrameNames:
    """File names of frames: the stem of the image it came from, or the source's stem and the frame's number, as
    OpenPose does it.

    Each can be traced back: where a.jpg has taken `a`, a.png is called `a.png`, and what has the same name in another
    folder `folder_a.png`. Only what is given again and again is numbered, `a_2`.
    """

    def __init__(self, stem: str = "", *, endings: bool = False) -> None:
        """endings: images keep their whole name, so that a.jpg is `a.jpg` from the first"""
        self._prefix = f"{stem}_" if stem else ""
        self._endings = endings
        self._used: set[str] = set()

    def __call__(self, result: Result) -> str:
        """The name for a frame, new at every call; without an ending where it is not the image's own."""
        frame = result.frame
        if not frame.name:
            return f"{self._prefix}{frame.index:012d}"
        return self.of_image(frame.name)

    def of_image(self, image: str) -> str:
        """The same for a frame that came from this image."""
        # Some file systems do not tell A from a.
        name = next(name for name in self._wanted(image) if name.casefold() not in self._used)
        self._used.add(name.casefold())
        return name

    def _wanted(self, image: str) -> Iterator[str]:
        """The names that an image may have, the best first."""
        file, stem = PurePath(image), picture_stem(image)
        if not self._endings:
            yield stem
        yield file.name
        yield "_".join(part for part in file.parts if part != file.anchor)
        ending = file.name.removeprefix(stem) if self._endings else ""
        yield from (f"{stem}_{number}{ending}" for number in count(2))
