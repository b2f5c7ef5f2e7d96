"""Pose nets: a picture goes in, maps come out."""

from core.network.engine import Engine, EngineReport
from core.network.network import Network

__all__ = ["Engine", "EngineReport", "Network"]
