"""Errors of models, told to the user in one sentence: what happened, where, and what to do."""


class ModelError(Exception):
    """A model cannot be had or used. `exit_code`: 1 when the work failed, 2 when what the user gave cannot be used."""

    def __init__(self, message: str, *, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class AbsentError(ModelError):
    """The files of a model are not here, and can be fetched. fact: that, without what is to be typed; called: as
    `Model.called`"""

    def __init__(self, fact: str, called: str) -> None:
        super().__init__(f"{fact.rstrip('.')}; type: posedesk models fetch {called}", exit_code=2)
        self.fact, self.called = fact, called


class CancelledError(ModelError):
    """The user stopped it."""
