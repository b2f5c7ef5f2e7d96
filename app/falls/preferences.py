"""What is remembered of how falls are watched for."""

from pydantic import Field

from core.settings import Section


class FallPreferences(Section):
    """Whether falls are watched for, and what happens then."""

    watch: bool = Field(False, description="Tell who falls, live and in films.")
    sound: bool = Field(True, description="Play a sound when somebody falls, live or in a film that plays.")
    command: str = Field(
        "", description="A program to run for every alarm, with its arguments; it gets the event as JSON. Empty: none."
    )
    webhook: str = Field("", description="A web address to send every alarm to, as JSON. Empty: none.")
