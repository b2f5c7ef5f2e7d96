"""The process that trains: an `Order` comes in on standard input, lines of JSON go out on standard output.

`{"share": 0..1}` as it goes on, then `{"trained": ...}` or `{"error": "a sentence"}`. It is a process because features
and trees hold Python's lock for tenths of a second at a time, in which no window could move; and one that is cancelled
can simply be ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import Any

from app.training.order import Order, trained_to_json
from core.actions.trial import try_and_train
from core.errors import PoseDeskError
from core.marked_sources import read_taught

_BEHIND = 10  # how far it stands back, of 19: what is watched goes first


def main() -> None:
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever else is printed, as by LightGBM, is none of the lines
    if hasattr(os, "nice"):
        with contextlib.suppress(OSError):
            os.nice(_BEHIND)

    def say(**said: Any) -> None:
        out.write(json.dumps(said) + "\n")
        out.flush()

    order = Order.of_line(sys.stdin.readline())
    try:
        taught = read_taught(list(order.sources), others_idle=order.others_idle)
        trained = try_and_train(
            taught.tracks, order.settings, order.split,
            left_out=taught.left_out, progress=lambda share: say(share=share),
        )  # fmt: skip
    except PoseDeskError as error:
        say(error=str(error))
    else:
        say(trained=trained_to_json(trained))


if __name__ == "__main__":
    main()
