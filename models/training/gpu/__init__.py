"""Training with the packs in the memory of a GPU: crops and targets are made there, by Triton kernels."""
