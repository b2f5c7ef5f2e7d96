"""Trains the embedded net on packs, for a given time, and keeps the average of its weights.

python -m models.training.train --packs build/training --out build/net.pt --minutes 100
python -m models.training.train ... --start models/embedded/posedesk.caffemodel     (another round)
"""

from __future__ import annotations

import argparse
import copy
import math
import time
from collections import deque
from functools import partial
from pathlib import Path
from statistics import median

import torch
from torch import Tensor, nn

from core.skeleton import AFFINITY_CHANNEL
from models import registry
from models.training.augment import Augmentation
from models.training.feed import Feed, batches
from models.training.module import Net
from models.training.muon import Muon
from models.training.net import MEAN, SCALE, Shape, layers
from models.training.teacher import Features
from models.training.weights import start_from

SHARES = {"coco": 0.5, "leeds": 0.35, "drawn": 0.15}
HINT_LAYER = "concat1"  # of the teacher: the features that all its heads see
HINT_FROM = "neck"  # of the net: what is to hold the same
HINT_WEIGHT = 2.0  # at the start; at the end only the maps count
# Crops grow with the share of the time that is over: small ones teach more a second, large ones show what is around.
SIZES = ((0.0, 160), (0.4, 192), (0.75, 256), (0.92, 352))
BROKEN = 6.0  # a gradient so many times the usual one is not followed


def loss_of(maps: Tensor, target: Tensor, emphasis: float) -> Tensor:
    """Weighted squared error, summed over channels, averaged over cells.

    Cells that hold something count up to 1 + emphasis times: without, the answer "nothing anywhere" is never left.
    """
    confidence, field = target[:, :AFFINITY_CHANNEL], target[:, AFFINITY_CHANNEL:]
    length = field.unflatten(1, (-1, 2)).square().sum(2).sqrt().repeat_interleave(2, 1)
    point = torch.cat([confidence[:, :-1], 1 - confidence[:, -1:]], 1)
    weight = 1 + emphasis * torch.cat([point, length], 1)
    return (weight * (maps - target).square()).mean((0, 2, 3)).sum()


class Hint(nn.Module):
    """Compares features of the net with a teacher's, after a linear map of its own that is thrown away later."""

    def __init__(self, channels: int, theirs: Tensor) -> None:
        """theirs: (n, c, h, w) features of a first batch, for their mean and spread."""
        super().__init__()
        self.linear = nn.Conv2d(channels, theirs.shape[1], 1)
        spread, mean = torch.std_mean(theirs.float(), (0, 2, 3), keepdim=True)
        self.register_buffer("mean", mean)
        self.register_buffer("spread", spread + 1e-3)

    def forward(self, ours: Tensor, theirs: Tensor) -> Tensor:
        """The share of the teacher's variance that the net does not tell."""
        return ((theirs.float() - self.mean) / self.spread - self.linear(ours).float()).square().mean()


class Average:
    """A running average of a net's weights and statistics: steadier than any single step."""

    def __init__(self, net: Net, decay: float) -> None:
        self.net = copy.deepcopy(net).eval()
        self._decay = decay
        self._steps = 0

    @torch.no_grad()
    def update(self, net: Net) -> None:
        self._steps += 1
        share = 1 - min(self._decay, self._steps / (self._steps + 10))
        for mine, theirs in zip(self.net.state_dict().values(), net.state_dict().values(), strict=True):
            if mine.is_floating_point():
                mine.lerp_(theirs, share)
            else:
                mine.copy_(theirs)


def rate(progress: float) -> float:
    """The learning rate, as a share of the largest: a short rise, then down to nothing."""
    return min(progress / 0.02, 1.0) * (1 - progress) if progress < 1 else 0.0


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--packs", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True, help="the weights, written again every few minutes")
    arguments.add_argument("--start", type=Path, help="weights to go on from (.pt)")
    arguments.add_argument("--minutes", type=float, required=True)
    arguments.add_argument("--pixels", type=int, default=32 * 192 * 192, help="of all crops of a batch together")
    arguments.add_argument("--workers", type=int, default=2)
    arguments.add_argument("--lr", type=float, default=0.02)
    arguments.add_argument("--emphasis", type=float, nargs=2, default=(8.0, 2.0), help="at the start and the end")
    arguments.add_argument("--hints", help="name or manifest of a teacher whose features are learned too")
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--optimizer", default="muon")
    arguments.add_argument("--f32", action="store_true")
    arguments.add_argument("--max-samples", type=int, default=1 << 60)
    chosen = arguments.parse_args()

    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(chosen.seed)
    net = Net(layers(Shape())).to(device, memory_format=torch.channels_last)
    if chosen.start:
        start_from(net, chosen.start, torch.empty(0))
    kernels = [w for name, w in net.named_parameters() if w.ndim > 1 and name not in net.last]
    others = [w for name, w in net.named_parameters() if w.ndim == 1 or name in net.last]
    if chosen.optimizer == "muon":
        optimizers = [Muon(kernels, lr=chosen.lr), torch.optim.AdamW(others, lr=chosen.lr / 10, weight_decay=0.0)]
    else:
        optimizers = [
            torch.optim.AdamW(kernels, lr=chosen.lr, weight_decay=0.01),
            torch.optim.AdamW(others, lr=chosen.lr, weight_decay=0.0),
        ]
    largest = [group["lr"] for optimizer in optimizers for group in optimizer.param_groups]
    average = Average(net, 0.998)
    teacher = partial(Features, registry.find(chosen.hints), HINT_LAYER) if chosen.hints else None
    feed = Feed(chosen.packs, SHARES, Augmentation(), chosen.pixels, chosen.seed, teacher)
    hint: Hint | None = None
    usual: deque[float] = deque(maxlen=50)
    losses: deque[float] = deque(maxlen=100)
    misses: deque[float] = deque(maxlen=100)
    seen = steps = broken = 0
    started = told = time.monotonic()
    for images, target, features in batches(feed, chosen.workers):
        progress = (time.monotonic() - started) / (60 * chosen.minutes)
        if progress >= 1 or seen >= chosen.max_samples:
            break
        feed.size = next(size for begin, size in reversed(SIZES) if progress >= begin)
        for group, lr in zip((g for o in optimizers for g in o.param_groups), largest, strict=True):
            group["lr"] = lr * rate(progress)
        images = images.to(device, non_blocking=True).float().sub_(MEAN).mul_(SCALE)
        images = images.contiguous(memory_format=torch.channels_last)
        target = target.to(device, non_blocking=True).float()
        emphasis = chosen.emphasis[0] + progress * (chosen.emphasis[1] - chosen.emphasis[0])
        if features.numel() and hint is None:
            hint = Hint(Shape().neck, features).to(device)
            optimizers.append(torch.optim.AdamW(hint.parameters(), lr=0.0, weight_decay=0.0))
            largest.append(chosen.lr / 10)
        with torch.autocast(device.type, torch.bfloat16, enabled=not chosen.f32):
            outputs = net(images)
            missed = hint(outputs[HINT_FROM], features.to(device)) if hint else torch.zeros((), device=device)
        loss = loss_of(outputs["maps"].float(), target, emphasis)
        for optimizer in optimizers:
            optimizer.zero_grad()
        (loss + HINT_WEIGHT * (1 - progress) * missed).backward()
        norm = float(torch.nn.utils.get_total_norm([w.grad for w in net.parameters() if w.grad is not None]))
        if not math.isfinite(norm) or (len(usual) == usual.maxlen and norm > BROKEN * median(usual)):
            broken += 1
        else:
            for optimizer in optimizers:
                optimizer.step()
            average.update(net)
        usual.append(norm)
        losses.append(loss.item())
        misses.append(missed.item())
        seen += len(images)
        steps += 1
        if time.monotonic() - told > 20:
            told = time.monotonic()
            speed = seen / (told - started)
            print(
                f"{progress:6.1%} step {steps} seen {seen} size {images.shape[-1]} loss {sum(losses) / len(losses):.3f}"
                f" missed {sum(misses) / len(misses):.3f}"
                f" norm {norm:.2f} broken {broken} {speed:.1f}/s",
                flush=True,
            )
            torch.save(average.net.state_dict(), chosen.out)
    torch.save(average.net.state_dict(), chosen.out)


if __name__ == "__main__":
    main()
