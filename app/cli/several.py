"""Several films in one command: each by itself, and one that fails holds none of the others up."""

import glob
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import typer
from rich.markup import escape

from app.cli.console import err, out
from core.errors import InputError, PoseDeskError
from core.sources.images import SUFFIXES, is_pattern, natural
from core.words import counted

_NO_NAME = re.compile(r'[<>:"/\\|?*]+')  # what some system takes in no name of a file


def films_of(sources: Sequence[str]) -> list[str]:
    """What the user named, a pattern of films as the files that it fits: not every shell does that."""
    return [film for source in sources for film in (_fitting(source) or [source])]


def _fitting(source: str) -> list[str]:
    if os.path.exists(source) or not is_pattern(source) or "://" in source or source.lower().startswith("demo:"):
        return []
    try:
        found = [Path(entry) for entry in glob.glob(source, recursive=True)]
    except ValueError:  # a NUL in it
        return []
    films = [path for path in found if path.suffix.lower() not in SUFFIXES and path.is_file()]
    return [] if len(films) < len(found) else [str(path) for path in sorted(films, key=natural)]


def stem_of(film: str) -> str:
    """How files that are made of a film are called, without their ending."""
    path = Path(os.path.abspath(film)) if os.path.exists(film) else Path(film)
    return _NO_NAME.sub("-", path.stem) or "film"


def check_names(films: Sequence[str]) -> None:
    """Raise InputError where what is made of two films would have one name."""
    known: dict[str, str] = {}
    for film in films:
        name = stem_of(film).casefold()  # some disks make no difference between A and a
        if name in known:
            raise InputError(
                f"{known[name]} and {film} would both be written as {stem_of(film)}. Rename one, or give them apart."
            )
        known[name] = film


def one_by_one(films: Sequence[str], work: Callable[[str], bool]) -> None:
    """Do the work on each film. One that fails is told, and the next comes.

    work: says whether to go on. Raises what the work raises where there is one film only, else typer.Exit(1) where one
    or more failed; ModelError always, as no other film would fare better
    """
    if len(films) == 1:
        work(films[0])
        return
    failed: list[str] = []
    for number, film in enumerate(films):
        out.print(f"[bold]{number + 1} of {len(films)}: {escape(film)}[/bold]")
        try:
            if not work(film):
                out.print(f"Ended; {counted(len(films) - number, 'film')} of {len(films)} not done.")
                break
        except typer.Exit:  # it has told why
            failed.append(film)
        except PoseDeskError as error:
            err.print(f"[red]{escape(str(error) if film in str(error) else f'{film}: {error}')}[/red]")
            failed.append(film)
    if failed:
        err.print(f"[red]{len(failed)} of {len(films)} failed: {escape(', '.join(failed))}[/red]")
        raise typer.Exit(1)
