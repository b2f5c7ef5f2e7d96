"""What is done behind the window says what came of it."""

import os
import sys
import threading

import pytest

from app.courtesy import behind
from core.errors import InputError


def test_it_gives_what_was_made_and_raises_what_went_wrong() -> None:
    assert behind(lambda: 7) == 7

    def fail() -> None:
        raise InputError("There is no such film.")

    with pytest.raises(InputError, match="no such film"):
        behind(fail)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets single threads stand back")
def test_threads_that_begin_there_stand_back_and_others_do_not() -> None:
    found = list[int]()

    def look() -> None:
        found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    def start() -> None:
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    look()
    behind(start)
    look()
    assert found[1] > found[0] == found[2]
