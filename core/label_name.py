"""What a label can be called, so that a model can be taught it."""

from __future__ import annotations

MOST = 60  # characters


def why_no_label(name: str) -> str:
    """Why nothing can be called that, as the end of a sentence that begins with the name; empty where it can."""
    if not name.strip():
        return "is empty"
    if len(name) > MOST:
        return f"has {len(name)} characters, and {MOST} are the most"
    if any(ord(character) < 0x20 or ord(character) == 0x7F for character in name):
        return "has a line break, a tab or another character that is none of writing"
    return ""


def brief(name: str, most: int = MOST) -> str:
    """A name as it is said in a sentence: in one line, and no longer than `most` characters."""
    line = " ".join(name.split())
    return line if len(line) <= most else line[: most - 4] + " ..."
