"""What OpenCV's errors say, in words for the user.

All is read from the text: the attributes `err` and `code` belong to the class of OpenCV's errors, not to each of them,
and hold whatever went wrong last in any thread.
"""

import re

import cv2

_FORM = re.compile(r"error: \((-?\d+):([^)]*)\)\s*(.*?)\s*(?:in function '[^']*'|$)(.*)", re.DOTALL)
_NO_MEMORY = "-4"


def reason(error: cv2.error) -> str:
    """The part of OpenCV's message that says what is wrong, without its own file names, on one line."""
    form = _FORM.search(str(error))
    text = (f"{form[3]} {form[4]}".strip() or form[2]) if form else str(error).strip().partition("\n")[0]
    return " ".join(text.split()).rstrip(".")[:200]


def out_of_memory(error: cv2.error) -> bool:
    """Whether the machine or the device had too little memory."""
    form = _FORM.search(str(error))
    return (form is not None and form[1] == _NO_MEMORY) or "out of memory" in str(error).lower()
