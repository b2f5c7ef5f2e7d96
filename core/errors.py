"""Errors that are told to the user in one sentence, each with the exit code it leads to."""


class PoseDeskError(Exception):
    """Something failed while working: the message says what happened, where, and what to do. Exit code 1."""

    exit_code = 1


class InputError(PoseDeskError):
    """What the user gave cannot be used (a file, an address, a value). Exit code 2."""

    exit_code = 2
