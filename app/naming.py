"""What a source is called."""

from pathlib import Path

from core.sources.stream import without_password


def short_name(text: str) -> str:
    """How a source is called in a title."""
    if "://" in text or text.startswith(("demo:", "camera:")):
        return without_password(text).partition("?")[0]
    return Path(text).name
