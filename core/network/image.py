"""What a net can be fed with: pictures made elsewhere may be grey, or fractions, or not there at all."""

import numpy as np

from core.errors import InputError

_MADE_BY = {
    1: "cv2.cvtColor(image, cv2.COLOR_GRAY2BGR) makes one of a grey picture",
    4: "cv2.cvtColor(image, cv2.COLOR_BGRA2BGR) makes one without the alpha channel",
}
_OF_NUMBERS = {
    "f": "(255 * image).astype(np.uint8) makes one of fractions",
    "u": "(image // 256).astype(np.uint8) makes one of 16 bits",
}


def check_image(image: object) -> None:
    """Raise InputError for anything but a (height, width, 3) uint8 picture."""
    if image is None:
        raise InputError("There is no picture, but None: a camera or a file had no more. Leave out what is None.")
    if not isinstance(image, np.ndarray):
        raise InputError(
            f"A picture is a numpy array, and this is a {type(image).__name__}. Give Frame.image an array."
        )
    if image.dtype != np.uint8:
        hint = _OF_NUMBERS.get(image.dtype.kind, "its values are whole numbers from 0 to 255")
    elif image.ndim != 3 or image.shape[2] != 3:
        hint = _MADE_BY.get(image.shape[2] if image.ndim == 3 else 1, "its channels are blue, green and red")
    elif not image.size:
        hint = "one without pixels cannot be looked at"
    else:
        return
    raise InputError(f"A picture is (height, width, 3) uint8, BGR, and this is {image.shape} {image.dtype}: {hint}.")
