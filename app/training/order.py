"""What the window asks of the process that trains, and what comes back: lines of JSON. No Qt here."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from core.actions.model import model_of_bytes
from core.actions.scores import Decision, Score
from core.actions.training import Split, TrainSettings
from core.actions.trial import Trained


@dataclass(frozen=True, slots=True)
class Order:
    """sources: as `core.marked_sources.read_source` takes them; split: what is held back to try models on; others_idle:
    see `core.marked_sources.read_taught`"""

    sources: tuple[str, ...]
    settings: TrainSettings
    split: Split = "recording"
    others_idle: bool = False

    def to_line(self) -> str:
        settings = self.settings.model_dump(mode="json")
        said = {"sources": self.sources, "settings": settings, "split": self.split, "others_idle": self.others_idle}
        return json.dumps(said) + "\n"

    @classmethod
    def of_line(cls, line: str) -> Order:
        said = json.loads(line)
        settings = TrainSettings.model_validate(said["settings"])
        return cls(tuple(said["sources"]), settings, said["split"], said["others_idle"])


def trained_to_json(trained: Trained) -> dict[str, Any]:
    score = trained.score
    return {
        "model": trained.model.to_bytes().decode(),
        "labels": None if score is None else score.labels,
        "decisions": [] if score is None else [asdict(each) for each in score.decisions],
        "note": trained.note,
        "split": trained.split,
        "groups": trained.groups,
    }


def trained_of_json(said: dict[str, Any]) -> Trained:
    labels = said["labels"]
    score = None if labels is None else Score.of(labels, [Decision(**each) for each in said["decisions"]])
    return Trained(model_of_bytes(said["model"].encode()), score, said["note"], said["split"], said["groups"])
