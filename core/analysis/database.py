"""One SQLite file that one program writes: a connection that writes, and as many that read as are needed at once.

While it is open for writing, new data stands in a log beside it (`-wal`), so that reading never waits for writing and a
kill loses nothing that was committed; the log goes into the file every megabyte, and when it is closed. A closed
file is one file, which can be copied, and read in a folder that may not be written.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from core.analysis.schema import APPLICATION_ID, CREATE, FORMAT, TABLES
from core.errors import InputError, PoseDeskError
from core.outputs.base import claim_file, make_folder_of, opening, sentence
from core.sources.trouble import unusable
from models.lock import exclusive

PAGE = 16384  # bytes: a frame's candidates fit in one
PATIENCE = 10.0  # seconds that another program may hold the file before we give up
LOG_PAGES = 64  # of the log, a megabyte, after which it is moved into the file
STEP = 256  # pages that are copied at a time: 4 MB
_LOGS = ("-wal", "-shm", "-journal")  # what SQLite puts into a file of that name when it is opened next

_UNREADABLE = ("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_ERROR", "SQLITE_MISMATCH", "SQLITE_FORMAT")
_REASONS = {
    "SQLITE_FULL": "the disk is full. What was written before is kept; free some space and try again",
    "SQLITE_READONLY": "you may not write there. Change the permissions, or copy it to another place",
    "SQLITE_CANTOPEN": "it cannot be opened. Check the name and the permissions of the file and its folder",
    "SQLITE_PERM": "you may not open it. Change the permissions",
    "SQLITE_BUSY": "another program holds it. Close that, and try again",
    "SQLITE_LOCKED": "another program holds it. Close that, and try again",
    "SQLITE_IOERR": "the disk reports an error or is full. Check the disk, or write to another one",
    "SQLITE_TOOBIG": "a piece of it is too large",
}


class IntactError(InputError):
    """Nothing is wrong with the file, but it cannot be used here and now."""


class InUseError(IntactError):
    """Another program, or another window, has the file."""


def trouble(path: Path, error: sqlite3.Error) -> PoseDeskError:
    """What happened to the file, in one sentence."""
    name = getattr(error, "sqlite_errorname", "")
    for start in _UNREADABLE:
        if name.startswith(start):
            return InputError(f"{path} is damaged or no analysis of PoseDesk ({error}). Take another copy of it.")
    for start, reason in _REASONS.items():
        if name.startswith(start):
            return PoseDeskError(f"Cannot use {path}: {reason}.")
    return PoseDeskError(f"Cannot use {path}: {error}.")


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """The name under which to write the file that takes the place of `path` in the end, or of nothing.

    What a kill has left beside the old one goes with it. Raises InputError where the old one is open for writing
    elsewhere. Where anything is raised, the old one stays as it was.
    """
    part = path.with_name(f".{path.name}.part")
    with _alone(path):
        try:
            part.unlink(missing_ok=True)
            yield part
            _remove_logs(path)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let no other program write the file meanwhile."""
    lock = path.with_name(path.name + "-lock")
    with contextlib.ExitStack() as stack:
        try:
            held = stack.enter_context(exclusive(lock))
        except OSError as e:
            raise IntactError(
                f"{path} cannot be changed: nothing can be written in its folder ({e.strerror or e}). "
                "Copy it to another place."
            ) from e
        if not held:
            raise InUseError(f"{path} is open in another PoseDesk. Close it there first.")
        stack.callback(lock.unlink, missing_ok=True)
        yield


def _remove_logs(path: Path) -> None:
    """Before another file gets this name: SQLite would replay them onto that."""
    for suffix in _LOGS:
        path.with_name(path.name + suffix).unlink(missing_ok=True)


class Database:
    """Any thread may read and write; those who write wait for each other."""

    def __init__(self, path: Path, *, write: bool = True) -> None:
        """Opens a file that is there. Raises InputError: not there, no analysis, made by a newer PoseDesk, or, where
        `write`, open for writing elsewhere."""
        self.path = path
        self.write = write
        self._pool: list[sqlite3.Connection] = []
        self._pooling = threading.Lock()
        self._writing = threading.Lock()
        self._closed = False
        with contextlib.ExitStack() as stack:
            try:
                path.open("rb").close()  # the system's own words for what is missing
            except OSError as e:
                raise unusable(str(path), e) from e
            if write:
                stack.enter_context(_alone(path))
            try:
                self._writer = self._connect()
                stack.callback(self._writer.close)
                self._check()
                if write:
                    self._writer.execute("PRAGMA journal_mode = WAL")  # where it cannot be, SQLite takes another
                    self._writer.execute("PRAGMA synchronous = NORMAL")
                    self._writer.execute("PRAGMA wal_autocheckpoint = 0")
            except sqlite3.Error as e:
                raise trouble(path, e) from e
            self._held = stack.pop_all()

    @classmethod
    def create(cls, path: Path, meta: Mapping[str, str | bytes]) -> Database:
        """A new file with nothing but `meta` in it. It appears whole or not at all. Raises InputError where there is
        one already."""
        if path.exists():
            raise InputError(f"{path} is there already. Give another name, or remove it first.")
        make_folder_of(path)
        part = path.with_name(f".{path.name}.part")
        with opening(path):
            part.unlink(missing_ok=True)
            part.touch()
        try:
            with contextlib.closing(sqlite3.connect(part, isolation_level=None)) as connection:
                connection.execute(f"PRAGMA page_size = {PAGE}")
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {FORMAT}")
                connection.execute("BEGIN")
                for sql in CREATE:
                    connection.execute(sql)
                connection.executemany("INSERT INTO meta (key, value) VALUES (?, ?)", meta.items())
                connection.execute("COMMIT")
        except sqlite3.Error as e:
            part.unlink(missing_ok=True)
            raise trouble(path, e) from e
        with opening(path):
            _remove_logs(path)
            part.replace(path)
        return cls(path)

    def _connect(self) -> sqlite3.Connection:
        mode = "rw" if self.write else "ro"
        address = self.path.resolve().as_uri()
        connection = self._open(f"{address}?mode={mode}")
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as e:
            connection.close()
            if self.write or getattr(e, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                raise
            # It was left open by a kill, and its folder may not be written: what is in the file itself is whole.
            connection = self._open(f"{address}?mode=ro&immutable=1")
        return connection

    def _open(self, address: str) -> sqlite3.Connection:
        connection = sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        return connection

    def _check(self) -> None:
        one = self._writer.execute
        application, version = one("PRAGMA application_id").fetchone()[0], one("PRAGMA user_version").fetchone()[0]
        if application != APPLICATION_ID:
            raise InputError(f"{self.path} is no analysis of PoseDesk. Give a .posedesk file.")
        if version > FORMAT:
            raise IntactError(
                f"{self.path} was made by a newer PoseDesk (format {version}; this one reads up to {FORMAT}). "
                "Update PoseDesk."
            )
        there = {(str(kind), str(name)) for kind, name in one("SELECT type, name FROM sqlite_master")}
        missing = [name for name in TABLES if ("table", name) not in there]
        # A trigger or a view in the place of a table could make reading and writing do anything: we make none.
        if missing or any(kind in ("trigger", "view") for kind, _ in there):
            raise InputError(f"{self.path} is damaged: it is not built as an analysis is. Take another copy of it.")

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection of one's own for a while. Raises PoseDeskError."""
        with self._pooling:
            if self._closed:
                raise PoseDeskError(f"{self.path} was closed.")
            connection = self._pool.pop() if self._pool else None
        try:
            if connection is None:
                connection = self._connect()
            yield connection
        except sqlite3.Error as e:
            raise trouble(self.path, e) from e
        finally:
            if connection is not None:
                with self._pooling:
                    self._put_back(connection)

    def _put_back(self, connection: sqlite3.Connection) -> None:
        if self._closed:
            connection.close()
        else:
            self._pool.append(connection)

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is written, or nothing where something is raised. Raises PoseDeskError."""
        if not self.write:
            raise PoseDeskError(f"{self.path} was opened for reading only. Close it elsewhere, or copy it first.")
        with self._writing:
            if self._closed:
                raise PoseDeskError(f"{self.path} was closed.")
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                try:
                    yield self._writer
                    self._writer.execute("COMMIT")
                except BaseException:
                    if self._writer.in_transaction:
                        self._writer.execute("ROLLBACK")
                    raise
            except sqlite3.Error as e:
                raise trouble(self.path, e) from e

    def settle(self, *, least: int = LOG_PAGES) -> None:
        """Move the log into the file, where it has at least so many pages: then a copy of the file has it all. Raises
        PoseDeskError; nothing is lost then."""
        try:
            with self._writing:
                if self.write and not self._closed and self._log_pages() >= least:
                    self._writer.execute("PRAGMA wal_checkpoint(PASSIVE)")
        except sqlite3.Error as e:
            raise trouble(self.path, e) from e

    def copy_to(self, path: Path, tell: Callable[[float], object] = lambda share: None) -> None:
        """Write a copy of everything, in place of any file of that name; others may write meanwhile. tell: called with
        the share that is done, again and again; what it raises ends the copying. Raises InputError, PoseDeskError."""
        if path.exists() and path.samefile(self.path):
            raise InputError(f"{path} is this file itself. Give another name.")
        claim_file(path)
        try:
            with (
                replacing(path) as part,
                self.reading() as connection,
                contextlib.closing(sqlite3.connect(part)) as copy,
            ):
                # As it is now: else whatever is written between two steps would make it begin again.
                connection.execute("BEGIN")
                try:
                    connection.execute("SELECT count(*) FROM meta").fetchone()
                    connection.backup(copy, pages=STEP, progress=lambda _, left, all_: tell(1 - left / max(all_, 1)))
                finally:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                copy.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.Error as e:
            raise trouble(path, e) from e
        except OSError as e:
            raise PoseDeskError(sentence(path, e)) from e

    def _log_pages(self) -> int:
        log = self.path.with_name(self.path.name + "-wal")
        try:
            return log.stat().st_size // PAGE
        except OSError:
            return 0

    def close(self) -> None:
        """Leave one file behind. May be called again. Raises PoseDeskError where the disk does not take it; what was
        written stays in the log beside the file, and is found when it is opened again."""
        with self._writing:
            with self._pooling:
                if self._closed:
                    return
                self._closed = True
                for connection in self._pool:
                    connection.close()
                self._pool.clear()
            try:
                if self.write:
                    self._writer.execute("PRAGMA busy_timeout = 0")  # nobody waits for who still reads
                    self._writer.execute("PRAGMA journal_mode = DELETE")
            except sqlite3.Error as e:
                if not getattr(e, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                    raise trouble(self.path, e) from e  # else somebody still reads it: the last one to close tidies up
            finally:
                self._held.close()
