"""Figures of what is running, in the status bar."""

from __future__ import annotations

from time import monotonic

from PyQt6.QtWidgets import QLabel, QStatusBar

from app.pipeline import Pipeline, Rates, Recording

_TIPS = {
    "frames": "Frames a second that come from the source.",
    "poses": "Frames a second in which people are looked for.",
    "age": "How old the newest pose is.",
    "skipped": "Frames that came while the net was busy, and were shown without being analysed.",
    "analysed": "How much of the film was analysed in the background.",
    "device": "What the net runs on.",
    "recording": "Length and size of the recording.",
}


class Hud:
    """A label for each figure; empty where there is nothing to tell."""

    def __init__(self, bar: QStatusBar) -> None:
        self.labels = {name: QLabel() for name in _TIPS}
        for name, label in self.labels.items():
            label.setToolTip(_TIPS[name])
            label.setContentsMargins(8, 0, 8, 0)
            (bar.addPermanentWidget if name == "recording" else bar.addWidget)(label)

    def show_pipeline(self, pipeline: Pipeline | None, device: str, analysed: str = "") -> None:
        texts = dict.fromkeys(self.labels, "")
        if pipeline is not None:
            texts.update(_figures(pipeline, pipeline.rates()), device=device or "no net", analysed=analysed)
            if (recording := pipeline.recording) is not None:
                texts["recording"] = f"Recording  {_length_and_size(recording)}"
        for name, text in texts.items():
            self.labels[name].setText(text)


def _figures(pipeline: Pipeline, rates: Rates) -> dict[str, str]:
    if pipeline.playback is not None and not pipeline.playback.playing:
        return {"frames": "paused"}  # frames come when they are asked for: rates would only fall
    return {
        "frames": f"{rates.captured:.0f} fps",
        "poses": f"pose {rates.analysed:.1f} fps",
        "age": f"age {round(1000 * rates.age, -1):.0f} ms",
        "skipped": f"skipped {rates.skipped}",
    }


def _length_and_size(recording: Recording) -> str:
    minutes, seconds = divmod(int(monotonic() - recording.started), 60)
    try:
        size = recording.target.stat().st_size
    except OSError:
        size = 0
    return f"{minutes}:{seconds:02}  {size / 1e6:.1f} MB"
