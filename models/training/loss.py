"""What training makes small: errors of the maps, and of the features where a teacher shows its own."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from core.skeleton import AFFINITY_CHANNEL


def maps_loss(maps: Tensor, target: Tensor, emphasis: float) -> Tensor:
    """Weighted squared error, summed over the 57 channels, averaged over cells.

    maps, target: (n, 57, h, w).  Cells that hold something count up to 1 + emphasis times: without, the answer "nothing
    anywhere" is never left.
    """
    confidence, field = target[:, :AFFINITY_CHANNEL], target[:, AFFINITY_CHANNEL:]
    point = torch.cat([confidence[:, :-1], 1 - confidence[:, -1:]], 1)  # the last is the background
    # The two channels of a link lie side by side, whatever the order of the links.
    length = field.unflatten(1, (-1, 2)).square().sum(2).sqrt().repeat_interleave(2, 1)
    weight = 1 + emphasis * torch.cat([point, length], 1)
    return (weight * (maps - target).square()).mean((0, 2, 3)).sum()


class HintLoss(nn.Module):
    """Compares features of the net with a teacher's, after a linear map of its own that is thrown away later.

    Source: Romero et al., "FitNets: hints for thin deep nets", arXiv 1412.6550.
    """

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
