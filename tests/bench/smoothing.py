"""What One-Euro smoothing does to a place that is known: jitter that is left at rest, and lag when it moves.

python -m tests.bench.smoothing
"""

import numpy as np
from numpy.typing import NDArray

from core.motion import smoothed
from core.types import Floats

REST = 4.0  # seconds
BODY = 200.0  # pixels
JITTER = 2.0  # pixels, standard deviation


def noisy(fps: float, jitter: float) -> tuple[NDArray[np.float64], Floats, Floats]:
    """Times, the true and the measured place: at rest, then four seconds to and fro by a fifth of a body at 1 hertz."""
    times = np.arange(int((REST + 4) * fps)) / fps
    moved = 0.2 * BODY * np.sin(2 * np.pi * np.maximum(times - REST, 0))
    true = moved[:, None].astype(np.float32)
    return times, true, (true + np.random.default_rng(0).normal(0, jitter, true.shape)).astype(np.float32)


def lag(times: NDArray[np.float64], true: Floats, values: Floats) -> float:
    """Seconds by which the values are late: the shift that fits best."""
    moving = times > REST + 0.5
    shifts = np.arange(0, 0.3, 0.005)
    errors = [np.abs(np.interp(times - s, times, true[:, 0]) - values[:, 0])[moving].mean() for s in shifts]
    return float(shifts[int(np.argmin(errors))])


def main() -> None:
    print("fps  jitter left at rest  lag")
    for fps in (10, 15, 30, 60):
        times, true, measured = noisy(fps, JITTER)
        smooth = smoothed(times, measured, unit=BODY)
        rest = (times > 0.5) & (times < REST)
        left = smooth[rest].std() / measured[rest].std()
        print(f"{fps:3} {100 * left:18.0f} % {1e3 * lag(times, true, smooth):5.0f} ms")


if __name__ == "__main__":
    main()
