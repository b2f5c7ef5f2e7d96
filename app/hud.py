"""Figures of what is running, in the status bar."""

from __future__ import annotations

from math import isfinite

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QStatusBar

from app.pipeline import Pipeline, Rates
from app.recording import Progress
from app.showing import STALE

_TIPS = {
    "frames": "Frames a second that come from the source.",
    "poses": "Frames a second in which people are looked for.",
    "screen": "Pictures a second that come on screen.",
    "net": "How long the net takes for a frame.",
    "decode": "How long it takes from what the net says to people with IDs.",
    "age": "How old a pose is when it comes on screen: from the capture of its frame on, the longest of late.",
    "old": "The net takes so long that poses lag behind the picture. A smaller input height or model, both in the "
    "toolbar, is faster. View, Only frames with their own pose shows pictures when their people are known.",
    "skipped": "Frames that came while the net was busy, and were shown without being analysed.",
    "analysed": "How much of the film was analysed in the background.",
    "device": "What the net runs on.",
    "recording": "Length and size of the recording, pictures that were too many to be written, room on the disk. "
    "Annotated recordings have the pictures that are shown.",
}

_SPARE = ("decode", "device", "net", "screen", "skipped", "analysed")  # what is left out first in a narrow window
_BETWEEN = 6  # pixels that the bar keeps between two labels


class Hud:
    """A label for each figure; empty where there is nothing to tell."""

    def __init__(self, bar: QStatusBar) -> None:
        self.labels = {name: QLabel() for name in _TIPS}
        self.labels["old"].setObjectName("warned")
        self._bar = bar
        for name, label in self.labels.items():
            label.setMinimumWidth(1)  # or what is told would keep the window wide
            label.setToolTip(_TIPS[name])
            label.setContentsMargins(8, 0, 8, 0)
            (bar.addPermanentWidget if name == "recording" else bar.addWidget)(label)

    def show_pipeline(self, pipeline: Pipeline | None, device: str, analysed: str = "", why: str = "") -> None:
        """analysed: how much of the film was, in words; why: it is not, in a sentence"""
        self.labels["analysed"].setToolTip(why or _TIPS["analysed"])
        texts = dict.fromkeys(self.labels, "")
        if pipeline is not None:
            texts.update(_figures(pipeline, pipeline.rates()), device=device or "no net", analysed=analysed)
            if (recording := pipeline.recording) is not None:
                still = pipeline.playback is not None and not pipeline.playback.playing
                waits = "  the film stands still" if still else ""
                texts["recording"] = f"Recording  {_in_words(recording.progress)}{waits}"
        for name, text in texts.items():
            self.labels[name].setText(text)
        for name in _SPARE:
            if self._fits:
                break
            self.labels[name].setText("")

    @property
    def _fits(self) -> bool:
        """All that is told has room."""
        there = self._bar.findChildren(QLabel, options=Qt.FindChildOption.FindDirectChildrenOnly)
        told = [each.sizeHint().width() + _BETWEEN for each in there if not each.isHidden() and each.text()]
        return sum(told) <= self._bar.width()


def _figures(pipeline: Pipeline, rates: Rates) -> dict[str, str]:
    if pipeline.source.tries:
        return {"frames": f"lost, try {pipeline.source.tries}"}
    if pipeline.has_pictures:  # they stand still
        return {}
    if pipeline.playback is not None and not pipeline.playback.playing:
        return {"frames": "paused"}  # frames come when they are asked for: rates would only fall
    return {
        "frames": f"{rates.captured:.0f} fps",
        "poses": f"pose {rates.analysed:.1f} fps",
        "screen": f"screen {rates.shown:.0f} fps",
        "net": f"net {rates.net:.0f} ms",
        "decode": f"decode {rates.decode:.1f} ms",
        "age": f"age {round(1000 * rates.age, -1):.0f} ms" if isfinite(rates.age) else "",
        "old": f"poses {rates.age:.1f} s old" if isfinite(rates.age) and rates.age > STALE else "",
        "skipped": f"skipped {rates.skipped}",
    }


def _in_words(progress: Progress) -> str:
    minutes, seconds = divmod(int(progress.seconds), 60)
    free = f"  free {progress.free / 1e9:.1f} GB" if progress.free is not None else ""
    return f"{minutes}:{seconds:02}  {progress.size / 1e6:.1f} MB  dropped {progress.dropped}{free}"
