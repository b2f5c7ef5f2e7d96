"""What is remembered of serving poses."""

from pydantic import Field

from core.settings import Section


class ServingPreferences(Section):
    """Whether poses are served, and where."""

    serve: bool = Field(False, description="Give everyone's points to other programs, a line of JSON a frame.")
    address: str = Field(
        "tcp://127.0.0.1:9000",
        description="tcp://HOST:PORT, where readers connect, or udp://HOST:PORT, where lines are sent. Without a host, "
        "or with 127.0.0.1, it is this machine only.",
    )
