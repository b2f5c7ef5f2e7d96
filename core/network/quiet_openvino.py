"""OpenVINO without its telemetry: the only place that imports it.

As it is imported OpenVINO tells its makers so, by way of Google Analytics, unless the user has forbidden it beforehand.
Without the package that does this it goes on in silence, so for this process there is none.
"""

import sys

sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # Python's sign that it cannot be imported

import openvino as ov  # noqa: E402
from openvino import opset13 as ops  # noqa: E402

__all__ = ["ops", "ov"]
