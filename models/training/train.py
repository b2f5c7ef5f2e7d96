"""Trains the embedded net on packs, for a given time, and keeps the average of its weights.

python -m models.training.train --packs build/training --out build/net.pt --minutes 70 --teacher teacher.toml
python -m models.training.train ... --start models/embedded/embedded.caffemodel     (another round)
"""

from __future__ import annotations

import argparse
import time
from collections import deque
from collections.abc import Iterator
from functools import partial
from itertools import accumulate, chain
from pathlib import Path
from statistics import fmean

import torch
from torch import Tensor

from models import registry
from models.training.batches import SHARES, Batch, CropSize
from models.training.framing import Augmentation
from models.training.module import Net
from models.training.net import MEAN, SCALE, Shape, layers
from models.training.teacher import Features
from models.training.trainer import EMPHASIS, Trainer
from models.training.weights import start_from

# Crops grow: small ones teach more a second, large ones show what is around. Pixels, and the share of the time.
SIZES = ("160:0.4", "192:0.35", "256:0.17", "352:0.08")
HINT_LAYER = "concat1"  # of the teacher: the features that all its heads see
REPORT = 20.0  # seconds


def timed(
    stream: Iterator[Batch], size: CropSize, minutes: float, sizes: list[tuple[int, float]]
) -> Iterator[tuple[float, Batch]]:
    """The batches of so many minutes, each with the share of the time that is over.

    sizes: of crops in pixels, one after the other, each with its share of the time
    """
    ends = list(accumulate(share for _, share in sizes))
    started = time.monotonic()
    while (progress := (time.monotonic() - started) / (60 * minutes)) < 1:
        size.pixels = next(
            (pixels for (pixels, _), end in zip(sizes, ends, strict=True) if progress < end), sizes[-1][0]
        )
        yield progress, next(stream)


def size_and_share(text: str) -> tuple[int, float]:
    size, _, share = text.partition(":")
    return int(size), float(share)


def stream_of(chosen: argparse.Namespace, size: CropSize) -> Iterator[Batch]:
    """The batches, made on the GPU where there is one. What either way needs is not asked for by the other."""
    how = Augmentation(size=size.pixels)
    if torch.cuda.is_available() and not chosen.teacher:
        from models.training.gpu.feed import gpu_batches

        return gpu_batches(chosen.packs, SHARES, how, size, chosen.seed, chosen.workers, torch.device("cuda"))
    from models.training.feed import Feed, batches

    teacher = partial(Features, registry.find(chosen.teacher), HINT_LAYER) if chosen.teacher else None
    return batches(Feed(chosen.packs, SHARES, how, size, chosen.seed, teacher), chosen.workers)


def first_images(stream: Iterator[Batch]) -> tuple[Tensor, Iterator[Batch]]:
    """Normalised images of a first batch, and the stream with that batch still in it."""
    batch = next(stream)
    return (batch[0].float() - MEAN) * SCALE, chain([batch], stream)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--packs", type=Path, required=True, help="folder of what models.training.pack wrote")
    arguments.add_argument("--out", type=Path, required=True, help="the weights, written again all the time (.pt)")
    arguments.add_argument("--start", type=Path, help="weights to go on from (.pt or .caffemodel)")
    arguments.add_argument("--minutes", type=float, required=True)
    arguments.add_argument(
        "--teacher",
        help="name or manifest of a net whose features are learned too; crops are made on the processor then",
    )
    arguments.add_argument("--pixels", type=int, default=64 * 160 * 160, help="of all crops of a batch together")
    arguments.add_argument("--workers", type=int, default=2, help="processes that make crops")
    arguments.add_argument(
        "--sizes",
        nargs="+",
        type=size_and_share,
        default=[size_and_share(s) for s in SIZES],
        metavar="PIXELS:SHARE",
        help="of crops, one after the other, with the share of the time",
    )
    arguments.add_argument("--lr", type=float, default=0.02, help="largest learning rate")
    arguments.add_argument(
        "--emphasis",
        nargs=2,
        type=float,
        default=EMPHASIS,
        metavar=("FIRST", "LAST"),
        help="of cells that hold something",
    )
    arguments.add_argument("--seed", type=int, default=0)
    chosen = arguments.parse_args()
    torch.manual_seed(chosen.seed)
    size = CropSize(chosen.sizes[0][0], chosen.pixels)
    images, stream = first_images(stream_of(chosen, size))
    net = Net(layers(Shape()))
    if chosen.start:
        start_from(net, chosen.start, images.cpu())
    trainer = Trainer(net, chosen.lr, tuple(chosen.emphasis))
    recent: deque[dict[str, Tensor]] = deque(maxlen=50)
    seen = steps = 0
    started = told = time.monotonic()
    for progress, batch in timed(stream, size, chosen.minutes, chosen.sizes):
        recent.append(trainer.learn(batch, progress))
        seen += len(batch[0])
        steps += 1  # noqa: SIM113  counts beside the time
        if (now := time.monotonic()) - told > REPORT:
            told = now
            means = " ".join(f"{name} {fmean(float(one[name]) for one in recent):.3f}" for name in recent[0])
            speed = seen / (now - started)
            print(
                f"{progress:6.1%} steps {steps} crops {seen} of {batch[0].shape[-1]}: {means}, "
                f"{trainer.broken} broken, {speed:.1f} a second",
                flush=True,
            )
            torch.save(trainer.average.net.state_dict(), chosen.out)
    torch.save(trainer.average.net.state_dict(), chosen.out)


if __name__ == "__main__":
    main()
