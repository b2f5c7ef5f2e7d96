"""How threads hand things to each other: `Latest` where only the newest matters, `Bounded` where nothing may be lost,
or where what is lost is counted.

Closing a hand-off wakes every waiter: `get` then empties what is left and answers None, `put` answers False.
"""

import threading
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class _Handoff(Generic[T]):
    def __init__(self, room: int) -> None:
        self._items: deque[T] = deque()
        self._room = room
        self._closed = False
        self._changed = threading.Condition()
        self.passed = 0  # how many were taken out
        self.skipped = 0  # how many were never taken out, because something newer came or the reader gave up

    def get(self, timeout: float | None = None) -> T | None:
        """The next item; None when closed and empty, or when `timeout` seconds have passed."""
        with self._changed:
            self._changed.wait_for(lambda: self._items or self._closed, timeout)
            if not self._items:
                return None
            item = self._items.popleft()
            self.passed += 1
            self._changed.notify_all()
            return item

    def close(self) -> None:
        """Nothing more comes. What is waiting can still be taken out."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def abandon(self) -> None:
        """Nobody reads any more: what waits is dropped and counted, and who puts is told."""
        with self._changed:
            self.skipped += len(self._items)
            self._items.clear()
            self._closed = True
            self._changed.notify_all()

    @property
    def closed(self) -> bool:
        """Whether nothing can be put in any more."""
        with self._changed:
            return self._closed


class Latest(_Handoff[T]):
    """A slot for one item: a newer one takes the place of one that was not taken out."""

    def __init__(self) -> None:
        super().__init__(1)

    def put(self, item: T) -> bool:
        """Never waits. False when closed."""
        with self._changed:
            if self._closed:
                return False
            self.skipped += len(self._items)
            self._items.clear()
            self._items.append(item)
            self._changed.notify_all()
            return True


class Bounded(_Handoff[T]):
    """A queue of limited length: whoever puts waits until there is room, whoever offers goes on without."""

    def put(self, item: T) -> bool:
        """Waits for room. False when closed, also while waiting."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._items) < self._room or self._closed)
            if self._closed:
                return False
            self._items.append(item)
            self._changed.notify_all()
            return True

    def offer(self, item: T) -> bool:
        """Never waits. False when there is no room, which counts as skipped, or when closed."""
        with self._changed:
            if self._closed:
                return False
            if len(self._items) >= self._room:
                self.skipped += 1
                return False
            self._items.append(item)
            self._changed.notify_all()
            return True
