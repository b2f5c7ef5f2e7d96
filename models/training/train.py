"""Trains the embedded net on packs, for a given time, and keeps the average of its weights.

python -m models.training.train --packs build/training --out build/net.pt --minutes 70 --teacher teacher.toml
python -m models.training.train ... --start models/embedded/embedded.caffemodel     (another round)
"""

from __future__ import annotations

import argparse
import copy
import math
import time
from collections import deque
from collections.abc import Iterator
from functools import partial
from itertools import accumulate, chain
from pathlib import Path
from statistics import fmean, median

import torch
from torch import Tensor, nn

from models import registry
from models.training.augment import Augmentation
from models.training.feed import Batch, Feed, batches
from models.training.loss import HintLoss, maps_loss
from models.training.module import Net
from models.training.muon import Muon
from models.training.net import MEAN, SCALE, Shape, layers
from models.training.teacher import Features
from models.training.weights import start_from

SHARES = {"coco": 0.5, "leeds": 0.33, "drawn": 0.11, "scenes": 0.06}  # how often each pack is drawn from
# Crops grow: small ones teach more a second, large ones show what is around. Pixels, and the share of the time.
SIZES = ("160:0.4", "192:0.35", "256:0.17", "352:0.08")
EMPHASIS = (8.0, 2.0)  # at the start and at the end, see `maps_loss`; a short round goes on with the last
HINT_LAYER = "concat1"  # of the teacher: the features that all its heads see
HINT_FROM = "neck"  # of the net: what is to hold the same
HINT_WEIGHT = 2.0  # at the start; at the end only the maps count
DECAY = 0.998  # of the average of the weights, a step
BROKEN = 6.0  # a gradient so many times the usual one is not followed
REPORT = 20.0  # seconds


class Average:
    """A running average of a net's weights and statistics: steadier than any single step."""

    def __init__(self, net: Net) -> None:
        self.net = copy.deepcopy(net).eval()
        self._steps = 0

    @torch.no_grad()
    def update(self, net: Net) -> None:
        self._steps += 1
        share = 1 - min(DECAY, self._steps / (self._steps + 10))
        for mine, theirs in zip(self.net.state_dict().values(), net.state_dict().values(), strict=True):
            if mine.is_floating_point():
                mine.lerp_(theirs, share)
            else:
                mine.copy_(theirs)


class Trainer:
    """A net that learns, one batch after the other."""

    def __init__(self, net: Net, lr: float, emphasis: tuple[float, float] = EMPHASIS) -> None:
        """lr: the largest learning rate of kernels; that of everything else is a tenth. emphasis: at the start and at
        the end, see `maps_loss`."""
        self._emphasis = emphasis
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.net = net.to(self.device, memory_format=torch.channels_last)
        self.average = Average(self.net)
        self.broken = 0
        self._hint: HintLoss | None = None
        named = list(self.net.named_parameters())
        kernels = [weight for name, weight in named if weight.ndim > 1 and name not in self.net.last]
        others = [weight for name, weight in named if weight.ndim == 1 or name in self.net.last]
        self._lr = lr
        self._optimizers: list[tuple[torch.optim.Optimizer, float]] = []
        self._add(Muon(kernels), 1.0)
        self._add(torch.optim.AdamW(others, weight_decay=0.0), 0.1)
        self._usual: deque[float] = deque(maxlen=50)
        self._half: bool | None = None  # whether it learns in bf16; settled on the first batch

    def _add(self, optimizer: torch.optim.Optimizer, share: float) -> None:
        self._optimizers.append((optimizer, share))

    def learn(self, batch: Batch, progress: float) -> dict[str, float]:
        """One step. progress: 0..1, how much of the time is over. Returns the losses and the size of the gradient."""
        images, target, features = (part.to(self.device, non_blocking=True) for part in batch)
        images = ((images.float() - MEAN) * SCALE).contiguous(memory_format=torch.channels_last)
        if features.numel() and self._hint is None:
            self._hint = HintLoss(Shape().neck, features).to(self.device)
            self._add(torch.optim.AdamW(self._hint.parameters(), weight_decay=0.0), 0.1)
        if self._half is None:
            self._half = images.is_cuda or half_is_faster(self.net, images)
            print("learning in " + ("bf16" if self._half else "float32"), flush=True)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self._half):
            outputs = self.net(images)
            missed = self._hint(outputs[HINT_FROM], features) if self._hint else images.new_zeros(())
        first, last = self._emphasis
        loss = maps_loss(outputs["maps"].float(), target.float(), first + progress * (last - first))
        for optimizer, _ in self._optimizers:
            optimizer.zero_grad()
        (loss + (1 - progress) * HINT_WEIGHT * missed).backward()
        norm = float(nn.utils.get_total_norm([w.grad for w in self.net.parameters() if w.grad is not None]))
        self._step(norm, rate(progress))
        return {"loss": loss.item(), "missed": missed.item(), "norm": norm}

    def _step(self, norm: float, share: float) -> None:
        """Follow the gradient, unless it is broken, as half precision makes it now and then on some processors."""
        usual = median(self._usual) if len(self._usual) == self._usual.maxlen else math.inf
        self._usual.append(norm)
        if not math.isfinite(norm) or norm > BROKEN * usual:
            self.broken += 1
            return
        for optimizer, part in self._optimizers:
            for group in optimizer.param_groups:
                group["lr"] = self._lr * part * share
            optimizer.step()
        self.average.update(self.net)


def half_is_faster(net: Net, images: Tensor) -> bool:
    """Whether a processor is faster in bf16 than in float32: some are nearly twice as fast in it, some slower."""
    times = {True: math.inf, False: math.inf}
    for _ in range(4):  # by turns, and the best of each: other programs may run beside
        for half in times:
            started = time.monotonic()
            with torch.autocast("cpu", torch.bfloat16, enabled=half):
                maps = net(images)["maps"]
            maps.float().square().mean().backward()
            times[half] = min(times[half], time.monotonic() - started)
    net.zero_grad()
    return times[True] < times[False]


def rate(progress: float) -> float:
    """The learning rate as a share of the largest: a short rise, then down to nothing."""
    return min(progress / 0.02, 1.0, 1.0 - progress)


def timed(
    stream: Iterator[Batch], feed: Feed, minutes: float, sizes: list[tuple[int, float]]
) -> Iterator[tuple[float, Batch]]:
    """The batches of so many minutes, each with the share of the time that is over.

    sizes: of crops in pixels, one after the other, each with its share of the time
    """
    ends = list(accumulate(share for _, share in sizes))
    started = time.monotonic()
    while (progress := (time.monotonic() - started) / (60 * minutes)) < 1:
        feed.size = next((size for (size, _), end in zip(sizes, ends, strict=True) if progress < end), sizes[-1][0])
        yield progress, next(stream)


def size_and_share(text: str) -> tuple[int, float]:
    size, _, share = text.partition(":")
    return int(size), float(share)


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
    arguments.add_argument("--teacher", help="name or manifest of a net whose features are learned too")
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
    teacher = partial(Features, registry.find(chosen.teacher), HINT_LAYER) if chosen.teacher else None
    feed = Feed(chosen.packs, SHARES, Augmentation(size=chosen.sizes[0][0]), chosen.pixels, chosen.seed, teacher)
    stream = batches(feed, chosen.workers)
    net = Net(layers(Shape()))
    if chosen.start:
        images, stream = first_images(stream)
        start_from(net, chosen.start, images)
    trainer = Trainer(net, chosen.lr, tuple(chosen.emphasis))
    recent: deque[dict[str, float]] = deque(maxlen=50)
    seen = steps = 0
    started = told = time.monotonic()
    for progress, batch in timed(stream, feed, chosen.minutes, chosen.sizes):
        recent.append(trainer.learn(batch, progress))
        seen += len(batch[0])
        steps += 1  # noqa: SIM113  counts beside the time
        if (now := time.monotonic()) - told > REPORT:
            told = now
            means = " ".join(f"{name} {fmean(one[name] for one in recent):.3f}" for name in recent[0])
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
