"""Values of 8 bits in an OpenVINO graph: marks that its compiler turns into sums of whole numbers.

What a convolution is given is rounded to 256 steps of the range that was seen in calibration, its kernel to 255 steps
for each channel that it gives (Jacob et al., "Quantization and Training of Neural Networks for Efficient
Integer-Arithmetic-Only Inference", CVPR 2018).
"""

import numpy as np

from core.network.quiet_openvino import ops, ov
from core.types import Floats

Range = tuple[float, float]  # least and largest value


def quantized_values(values: ov.Output, seen: Range) -> ov.Output:
    """Values of a range in 8 bits; what lies beyond it becomes its end. 0 stays 0."""
    low, high = min(seen[0], 0.0), seen[1]
    if low < 0:  # whole numbers from -128 to 127
        high = max(high, -low)
        low = -high * 128 / 127
    return ops.fake_quantize(values, *(np.float32(end) for end in (low, high, low, high)), 256).output(0)


def quantized_kernel(kernel: Floats, of_each: tuple[int, ...]) -> ov.Output:
    """A kernel in 8 bits. of_each: the axes that one output channel has for itself."""
    most = np.maximum(np.abs(kernel).max(axis=of_each, keepdims=True), np.float32(1e-9))
    return ops.fake_quantize(ops.constant(kernel), -most, most, -most, most, 255).output(0)
