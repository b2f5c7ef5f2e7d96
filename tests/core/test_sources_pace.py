"""Which packets of a live stream are decoded, with a clock of the test's own."""

from itertools import pairwise

from core.sources.pace import BACKLOG, BEHIND, KEYLESS, NEAR, Pace

STEP = 0.05  # seconds between two pictures
GOP = 20  # pictures from one that stands alone to the next


def play(work: float, count: int = 2000, gop: int = GOP) -> tuple[list[int], list[float]]:
    """Decoding takes so long. The pictures that were decoded, and how old each was when it was."""
    pace, now, taken, ages = Pace(), 0.0, [], []
    for n in range(count):
        now = max(now, n * STEP)  # a packet is read when it is there, and when there is time
        if pace.takes(n * STEP, now, n % gop == 0):
            now += work
            taken.append(n)
            ages.append(now - n * STEP)
    return taken, ages


def test_who_keeps_up_gets_everything() -> None:
    assert play(0.9 * STEP)[0] == list(range(2000))


def test_who_is_too_slow_stays_in_the_present() -> None:
    taken, ages = play(1.6 * STEP)
    assert max(ages) < BEHIND + 2 * STEP * 1.6
    assert len(taken) > 0.4 * 2000
    for before, after in pairwise(taken):
        assert after == before + 1 or after % GOP == 0, "a picture that needs those before it has them"


def test_a_burst_after_a_stall_is_passed_over() -> None:
    pace = Pace()
    for n in range(100):
        assert pace.takes(n * STEP, n * STEP, n % GOP == 0)
    burst = [pace.takes(n * STEP, 8.0, n % GOP == 0) for n in range(100, 160)]  # all at once, three seconds late
    assert not any(burst[:39])
    rest = [pace.takes(n * STEP, n * STEP, n % GOP == 0) for n in range(160, 200)]
    assert all(rest)


def test_a_clock_that_was_set_is_believed_in_the_end() -> None:
    pace = Pace()
    assert pace.takes(10.0, 0.0, True)
    late = [pace.takes(6.0 + n * STEP, n * STEP, True) for n in range(1, 200)]
    assert not any(late[: int(BACKLOG / STEP)])
    assert all(late[int(BACKLOG / STEP) + 2 :])


def test_a_stream_without_pictures_that_stand_alone_goes_on() -> None:
    taken, _ = play(1.6 * STEP, gop=10_000)
    gaps = [(after - before) * STEP for before, after in pairwise(taken) if after > before + 1]
    assert gaps
    assert max(gaps) < KEYLESS + BEHIND + NEAR
