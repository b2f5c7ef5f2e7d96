"""OpenCV's errors in words for the user."""

import cv2
import numpy as np
import pytest

from models.opencv import out_of_memory, reason

HEAD = "OpenCV(4.12.0) /io/opencv/modules/x/y.cpp:108: error: "


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{HEAD}(-201:Incorrect size of input array) Bad shape for Layer in function 'f'\n", "Bad shape for Layer"),
        (f"{HEAD}(-215:Assertion failed) a == b && c(d) in function 'f'\n", "a == b && c(d)"),
        (f"{HEAD}(-2:Unspecified error) in function 'void f(int)'\n> (expected: 'a == 1'), where\n>  'a' is 2\n",
         "> (expected: 'a == 1'), where > 'a' is 2"),
        (f"{HEAD}(-4:Insufficient memory) in function 'f'\n", "Insufficient memory"),
        ("the device fell off\nmore lines", "the device fell off"),
    ],
)  # fmt: skip
def test_reason(text: str, words: str) -> None:
    assert reason(cv2.error(text)) == words


def test_a_real_error_and_one_that_is_older() -> None:
    older = cv2.error(f"{HEAD}(-4:Insufficient memory) Failed to allocate 9 bytes in function 'OutOfMemoryError'\n")
    with pytest.raises(cv2.error) as caught:
        cv2.resize(np.zeros((0, 0, 3), np.uint8), (4, 4))
    assert "empty" in reason(caught.value)
    assert reason(older) == "Failed to allocate 9 bytes"
    assert out_of_memory(older)
    assert not out_of_memory(caught.value)
    assert out_of_memory(cv2.error("CUDA: out of memory"))
