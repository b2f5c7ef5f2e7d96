"""Poses of a saved analysis into the forms of other programs: all of them, or those of a stretch of frames."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from PyQt6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QWidget

from app.asking import ask_for_file, ask_for_folder
from app.exporting import ExportingDialog, Tell, Work
from core.analysis import Analysis, Found, LeastSeen, worked_on
from core.analysis.exchange import TABLES, Choice, MarkedFrames, shown_frames, smooth_frames, write_shown
from core.errors import InputError
from core.motion import Smoothing

FORMS = (("CSV", ".csv"), ("Parquet", ".parquet"), ("COCO results", ".json"), ("OpenPose's JSON, a file a frame", ""))
EVERYTHING = Choice()
NOBODY: Mapping[int, str] = MappingProxyType({})


def export(
    source: Path, target: Path, start: int, stop: int, stem: str, tell: Tell, motion: bool = False,
    choice: Choice = EVERYTHING, least_seen: float = 0.0, note: Callable[[str], object] = lambda text: None,
    smooth: bool = False,
) -> int | None:  # fmt: skip
    """Write the frames from `start` up to before `stop` of the analysis `source`; returns how many, None where `tell`
    ended it: it is called with how many were gone through. A file is there when it is whole; what lay there before
    stays until then. motion: see `write_poses`; choice: what is written of the frames; least_seen: seconds that
    somebody has to be seen for in all, see `LeastSeen`; note: told in sentences what the user has to know of the file;
    smooth: without the jitter of the net.
    Raises PoseDeskError.
    """
    folder = target.is_dir() or not target.suffix
    if folder:
        target.mkdir(parents=True, exist_ok=True)
    part = target if folder else target.with_name(f".{target.stem}.part{target.suffix}")
    ended = False

    def told(done: int) -> bool:
        nonlocal ended
        ended = not tell(done)
        return not ended

    try:
        with Analysis.open(source, write=False) as analysis:
            if choice.people is not None:  # chosen when the dialog was opened: stretches of the film may have met since
                choice = replace(choice, people=frozenset(map(analysis.called_now, choice.people)))
            marks, people = MarkedFrames(analysis), 0

            def counted(frames: Iterator[Found]) -> Iterator[Found]:
                nonlocal people
                for found in frames:
                    people += len(found.ids)
                    yield found

            shown = _told(shown_frames(analysis, start, stop), start, told)
            if smooth:  # before any is left out: what is missing for long begins anew
                shown = smooth_frames(shown, Smoothing(analysis.by_hand()))
            frames = choice.of(shown, marks)
            persons = analysis.persons()
            stay = worked_on(analysis.marks.all(), analysis.corrected()).union(choice.people or ())
            least = LeastSeen(persons, least_seen, stay)
            done = write_shown(
                least.of(counted(frames)), analysis, part, stem, motion=motion, marks=marks, smoothed=smooth, note=note
            )
        if ended:
            return None
        if not done:
            raise InputError(
                "Nothing was written: none of these frames was analysed, or has marks of those who are chosen where "
                "only those are wanted."
            )
        if choice.people is not None and not people:
            hidden = choice.people <= {person.id for person in persons if person.hidden}
            why = "hidden. Show them first" if hidden else "in none of these frames. Choose others"
            raise InputError(f"Nothing was written: who is chosen is {why}.")
        if not folder:
            part.replace(target)
        if least.said:
            note(least.said)
        return done
    finally:
        if not folder:
            part.unlink(missing_ok=True)


def _told(frames: Iterator[Found], start: int, tell: Tell) -> Iterator[Found]:
    """The same, up to where `tell` ends it."""
    for found in frames:
        yield found
        if not tell(found.frame + 1 - start):
            return


class ExportDialog(ExportingDialog):
    """Poses into files."""

    def __init__(
        self, analysis: Path, name: str, length: int, folder: Path, parent: QWidget | None = None, *,
        people: Mapping[int, str] = NOBODY, marked: bool = True, note: str = "",
    ) -> None:  # fmt: skip
        """analysis: the file; name, length: of the film; folder: where to put it, at first; people: IDs of those who
        are chosen and what they are called; marked: there are marks; note: what will not be in the file"""
        super().__init__("Export poses", length, note, parent)
        self._analysis, self._name, self._folder = analysis, name, folder
        self.form = QComboBox()
        for text, suffix in FORMS:
            self.form.addItem(text, suffix)
        self.motion = QCheckBox("Angles, speeds and places on the body too")
        self.motion.setToolTip(
            "Columns more: degrees of joints, body heights a second, torso lengths from the hips; with a scale (Tools, "
            "Measure) centimetres, too."
        )
        self.form.currentIndexChanged.connect(lambda row: self.motion.setEnabled(FORMS[row][1] in TABLES))
        self.smooth = QCheckBox("Smoothed: less jitter, and a little late")
        self.smooth.setToolTip(
            "Points of people with an ID, by a One-Euro filter; what is missing stays missing, and what was put by "
            "hand stays where it is. Tables have a column smoothed then. The film itself keeps what was found."
        )
        self.people = QComboBox()
        self.people.addItem("Everyone", None)
        if people:
            self.people.addItem(" and ".join(people.values()), frozenset(people))
            self.people.setCurrentIndex(1)
        else:
            self.people.setToolTip("Click somebody in the picture before, and they can be chosen here.")
        self.marked = QCheckBox("Only what is marked")
        self.marked.setToolTip(
            "Frames without a mark are left out, and in others those of whom nothing is marked. Tables have a column "
            "label where there are marks, with this or without it."
            if marked
            else "Nothing is marked in this film so far."
        )
        self.marked.setEnabled(marked)
        self.least_seen = QDoubleSpinBox()
        self.least_seen.setRange(0, 3600)
        self.least_seen.setSingleStep(0.5)
        self.least_seen.setDecimals(1)
        self.least_seen.setSuffix(" s")
        self.least_seen.setSpecialValueText("Any time")
        self.least_seen.setToolTip(
            "Who was seen for less in the whole film is left out, and what has no ID: often a chair, a ball or a limb. "
            "Who has a name, a mark or a corrected point, or is chosen, stays. Who was left out is said in the end."
        )
        self.rows.addRow("Form", self.form)
        self.rows.addRow("", self.motion)
        self.rows.addRow("", self.smooth)
        self.rows.addRow("People", self.people)
        self.rows.addRow("Seen for at least", self.least_seen)
        self.add_stretch()
        self.rows.addRow("", self.marked)

    def ask(self) -> Path | None:
        title, suffix = self.windowTitle(), self.form.currentData()
        if suffix:
            kinds = f"{self.form.currentText()} (*{suffix})"
            return ask_for_file(self, title, self._folder / f"{self._name}{suffix}", kinds, needs_suffix=True)
        return ask_for_folder(self, f"{title} into a folder", self._folder, "*_keypoints.json")

    def work(self, target: Path, start: int, stop: int) -> Work:
        motion = self.motion.isEnabled() and self.motion.isChecked()
        choice = Choice(self.people.currentData(), self.marked.isChecked())

        least_seen, smooth = self.least_seen.value(), self.smooth.isChecked()

        def write(tell: Tell) -> str | None:
            notes = list[str]()
            done = export(
                self._analysis, target, start, stop, self._name, tell, motion, choice, least_seen, notes.append, smooth
            )
            return None if done is None else " ".join((f"Wrote {done} frames to {target}.", *notes))

        return write
