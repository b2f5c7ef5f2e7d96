"""Muon: momentum whose matrix is made orthogonal before each step.

Source: Jordan et al., "Muon: an optimizer for hidden layers in neural networks" (2024).  Every kernel of a convolution
is taken as a matrix of outputs by inputs times places.  It learns more from each sample than Adam does, which counts
where samples are short (figures in docs/training.md).
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

# Coefficients of the quintic Newton-Schulz iteration, from the source: steepest at zero, everything ends near one.
_A, _B, _C = 3.4445, -4.7750, 2.0315


class Muon(torch.optim.Optimizer):
    """For kernels of convolutions, of two dimensions or more. Biases, norms and last layers belong to AdamW."""

    def __init__(
        self, parameters: Iterable[Tensor], lr: float = 0.02, momentum: float = 0.95, weight_decay: float = 0.01
    ) -> None:
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                gradient = weight.grad.flatten(1)
                moment = self.state[weight].setdefault("moment", torch.zeros_like(gradient))
                moment.lerp_(gradient, 1 - group["momentum"])
                update = orthogonal(gradient.lerp(moment, group["momentum"]))
                size = max(1.0, update.shape[0] / update.shape[1]) ** 0.5
                weight.mul_(1 - group["lr"] * group["weight_decay"])
                weight.add_(update.reshape(weight.shape), alpha=-group["lr"] * size)


def orthogonal(matrix: Tensor, steps: int = 5) -> Tensor:
    """The nearest orthogonal matrix, roughly: all singular values are brought near one.

    All steps are taken on the small square matrix of products, since kernels are several times wider than high.
    """
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix
    x = x / (x.norm() + 1e-7)
    square = x @ x.T
    whole = identity = torch.eye(len(square), device=x.device, dtype=x.dtype)
    for _ in range(steps):
        step = _A * identity + _B * square + _C * square @ square
        whole = step @ whole
        square = step @ square @ step
    x = whole @ x
    return x.T if tall else x
