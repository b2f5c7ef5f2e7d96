"""`posedesk`, `posedesk FILE` and `posedesk open FILE`: the window."""

import difflib
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from app import places
from app.cli.options import HEIGHT, MODEL, BackendOption, HeightOption, ModelOption, make_settings
from app.screen import check_screen
from app.store import Store
from core.errors import InputError

COMMAND = "open"


class WindowFirst(TyperGroup):
    """The commands; words that begin with none are for the window.

    A command comes before a file of its name: that is opened by `posedesk open run` or `posedesk ./run`.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        own = {name for parameter in self.get_params(ctx) for name in parameter.opts}
        if not args or (args[0] not in self.commands and args[0] not in own and not ctx.resilient_parsing):
            args = [COMMAND, *args]
        return super().parse_args(ctx, args)


def open_window(
    context: typer.Context,
    source: Annotated[
        str | None,
        typer.Argument(
            help="A video, a picture, a folder, camera:0, an address, or a drawn scene such as demo:walk. "
            "Nothing: a start page.",
            metavar="[SOURCE]",
            show_default=False,
        ),
    ] = None,
    model: ModelOption = MODEL,
    backend: BackendOption = "auto",
    input_height: HeightOption = HEIGHT,
) -> None:
    """Open the window. The word open may be left out: posedesk FILE."""
    wanted = make_settings(model=model, backend=backend, input_height=input_height).network
    given = {name: getattr(wanted, name) for name in ("model", "backend", "input_height") if _is_given(context, name)}
    if source is not None:
        _check_word(context, source)
    check_screen()
    from app import desktop  # Qt takes a moment to load, and is not needed by the other commands

    store = Store(places.settings_file())
    engine = store.preferences.engine
    settings = engine.model_copy(update={"network": engine.network.changed(**given)})
    raise typer.Exit(desktop.show(settings, source, store))


def _is_given(context: typer.Context, name: str) -> bool:
    """Whether an option was typed: what was not is as it is remembered."""
    source = context.get_parameter_source(name)
    return source is not None and source.name != "DEFAULT"


def _check_word(context: typer.Context, word: str) -> None:
    """A plain word that is no file was meant for a command. Raises InputError."""
    if not word.isalpha() or Path(word).exists():
        return
    commands = context.parent.command.commands if context.parent is not None else {}  # type: ignore[attr-defined]
    near = difflib.get_close_matches(word, commands, n=1)
    hint = f"Did you mean posedesk {near[0]}?" if near else "See posedesk --help."
    raise InputError(f"There is no file and no command {word}. {hint}")
