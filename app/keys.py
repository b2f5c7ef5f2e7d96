"""Which keys a command has: those of the table, or those that the user has chosen."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtGui import QAction, QKeySequence

from app.commands import COMMANDS, Command

Chosen = Mapping[str, tuple[str, ...]]  # by the name of a command, in Qt's portable words


def keys_of(command: Command, chosen: Chosen) -> tuple[str, ...]:
    return chosen.get(command.name, command.keys)


def shown(keys: tuple[str, ...]) -> str:
    """Keys as this system writes them."""
    return " or ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys)


def taken(chosen: Chosen) -> dict[str, list[Command]]:
    """The commands of each key."""
    table: dict[str, list[Command]] = {}
    for command in COMMANDS:
        for key in keys_of(command, chosen):
            table.setdefault(QKeySequence(key).toString(), []).append(command)
    return table


def settled(chosen: Chosen) -> dict[str, tuple[str, ...]]:
    """What was chosen with an earlier table holds against this one: a key that the user has given to a command is no
    other's by the table."""
    given = {QKeySequence(key).toString() for keys in chosen.values() for key in keys}
    result = dict(chosen)
    for command in COMMANDS:
        if command.name not in chosen:
            kept = tuple(key for key in command.keys if QKeySequence(key).toString() not in given)
            if kept != command.keys:
                result[command.name] = kept
    return result


def give(actions: Mapping[str, QAction], chosen: Chosen) -> None:
    """Let the actions have these keys, and name them in their tooltips."""
    for command in COMMANDS:
        action, keys = actions[command.name], keys_of(command, chosen)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setToolTip(command.tip + (f"  ({shown(keys[:1])})" if keys else ""))
