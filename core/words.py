"""Numbers in sentences."""


def counted(number: int, one: str, many: str = "") -> str:
    """A number and what it counts: `1 frame`, `2 frames`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
