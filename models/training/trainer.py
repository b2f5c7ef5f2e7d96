"""The loop's inside: one step after the other, and the average of the weights."""

from __future__ import annotations

import copy
import math
import time
from collections import deque
from statistics import median

import torch
from torch import Tensor, nn

from models.training.batches import Batch
from models.training.loss import HintLoss, maps_loss
from models.training.module import Net
from models.training.muon import Muon
from models.training.net import MEAN, SCALE, Shape

EMPHASIS = (8.0, 2.0)  # at the start and at the end, see `maps_loss`; a short round goes on with the last
HINT_FROM = "neck"  # of the net: what is to hold the same as the teacher's features
HINT_WEIGHT = 2.0  # at the start; at the end only the maps count
DECAY = 0.998  # of the average of the weights, a step
BROKEN = 6.0  # a gradient so many times the usual one is not followed


class Average:
    """A running average of a net's weights and statistics: steadier than any single step."""

    def __init__(self, net: Net) -> None:
        """net: the one that learns; it must stay where it is in memory"""
        self.net = copy.deepcopy(net).eval()
        pairs = zip(self.net.state_dict().values(), net.state_dict().values(), strict=True)
        pairs_of_numbers = [pair for pair in pairs if pair[0].is_floating_point()]  # not the counters of the norms
        self._mine, self._theirs = ([pair[side] for pair in pairs_of_numbers] for side in (0, 1))
        self._steps = 0

    @torch.no_grad()
    def update(self) -> None:
        self._steps += 1
        torch._foreach_lerp_(self._mine, self._theirs, 1 - min(DECAY, self._steps / (self._steps + 10)))


class Trainer:
    """A net that learns, one batch after the other."""

    def __init__(self, net: Net, lr: float, emphasis: tuple[float, float] = EMPHASIS) -> None:
        """lr: the largest learning rate of kernels; that of everything else is a tenth. emphasis: at the start and at
        the end, see `maps_loss`."""
        self._emphasis = emphasis
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.backends.cudnn.benchmark = True  # crops have few sizes
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

    def learn(self, batch: Batch, progress: float) -> dict[str, Tensor]:
        """One step. progress: 0..1, how much of the time is over. Returns the losses and the size of the gradient, on
        the device: to look at them waits for the step.
        """
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
        norm = nn.utils.get_total_norm([w.grad for w in self.net.parameters() if w.grad is not None])
        if norm.is_cuda or self._sound(norm.item()):
            self._step(rate(progress))
        return {"loss": loss.detach(), "missed": missed.detach(), "norm": norm}

    def _sound(self, norm: float) -> bool:
        """Whether a gradient may be followed: half precision breaks it now and then on some processors."""
        usual = median(self._usual) if len(self._usual) == self._usual.maxlen else math.inf
        self._usual.append(norm)
        sound = math.isfinite(norm) and norm <= BROKEN * usual
        self.broken += not sound
        return sound

    def _step(self, share: float) -> None:
        for optimizer, part in self._optimizers:
            for group in optimizer.param_groups:
                group["lr"] = self._lr * part * share
            optimizer.step()
        self.average.update()


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
