"""How people are found, to look at: a map with its regions and peaks, or a field with every pair that may be a link."""

from __future__ import annotations

from PyQt6.QtCore import QSignalBlocker, QSize, pyqtSignal
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.lecture import Page, Question, answer
from app.lecture_picture import Eye, LecturePicture
from app.newest_job import NewestJob
from app.screens import FittingDialog
from app.tones import Toned, tone
from core import skeleton
from core.settings import DecodeSettings
from core.types import Result

_POINTS = [(f"Point: {name}", ("point", number)) for number, name in enumerate(skeleton.POINT_NAMES)]
_LINKS = [(f"Link: {skeleton.link_name(kind)}", ("link", kind)) for kind in range(len(skeleton.LINKS))]
_ALL = [("All points", ("points", 0)), ("All links", ("links", 0)), ("People", ("people", 0))]


class LectureView(FittingDialog):
    """Stays open beside the window and follows what it shows. The pages are made in a thread of its own, which
    `close_down` ends.
    """

    failed = pyqtSignal(object)  # the error of a page that could not be made
    _made = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, QSize(1080, 640))
        self.setWindowTitle("How people are found")
        self.what = QComboBox()
        self.what.setAccessibleName("What is shown")
        self.what.setToolTip("The point whose map, or the link whose field is shown; or what all of them come to.")
        for text, value in (*_POINTS, *_LINKS, *_ALL):
            self.what.addItem(text, value)
        self.what.setCurrentIndex(skeleton.R_WRIST)
        self.what.setMaxVisibleItems(20)
        self.said = QLabel("Nothing was analysed yet.")
        self.said.setWordWrap(True)
        self.explained = QLabel()
        self.explained.setObjectName("quiet")
        self.explained.setWordWrap(True)
        eye = Eye()
        self.pictures = [LecturePicture(eye), LecturePicture(eye)]
        self.captions = [QLabel(), QLabel()]
        self.table = table = QTableWidget(0, 5)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setItemDelegate(Toned(table))
        table.setMinimumHeight(160)
        if (rows := table.verticalHeader()) is not None:
            rows.hide()
        if (columns := table.horizontalHeader()) is not None:
            columns.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head = QHBoxLayout()
        head.addWidget(self.what)
        head.addWidget(self.said, 1)
        side = QHBoxLayout()
        self._places = [QWidget(), QWidget()]
        for place, caption, picture in zip(self._places, self.captions, self.pictures, strict=True):
            caption.setObjectName("heading")
            column = QVBoxLayout(place)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(caption)
            column.addWidget(picture, 1)
            side.addWidget(place, 1)
        layout = self.lay_out()
        layout.addLayout(head)
        layout.addWidget(self.explained)
        layout.addLayout(side, 3)
        layout.addWidget(table, 1)
        self._question: Question | None = None
        self._page: Page | None = None
        self._job: NewestJob[Question] = NewestJob("lecture", self._answer, self.failed.emit)
        self._made.connect(self._show)
        self.what.currentIndexChanged.connect(lambda: self._ask_again(-1))
        table.itemSelectionChanged.connect(self._marked)

    def follow(self, result: Result | None, settings: DecodeSettings, blur: bool) -> None:
        """Show this result, as soon as its page is made. A row that is chosen stays so while the frame is the same.
        settings: that its peaks and links were found with."""
        if result is None or not self.isVisible():
            return
        about, number = self.what.currentData()
        old = self._question
        if old is not None and old.result is result and (old.settings, old.blur) == (settings, blur):
            return
        again = old is not None and old.result.frame.index == result.frame.index
        self._ask(Question(result, about, number, settings, blur, old.marked if old is not None and again else -1))

    def start(self) -> None:
        """Another source is open, or none: its frames have the same numbers, and none of its rows is chosen."""
        self._question = None

    def close_down(self) -> None:
        """End the thread that makes the pages."""
        self._job.close()
        self.close()

    def _ask(self, question: Question) -> None:
        self._question = question
        self._job.submit(question)

    def _ask_again(self, marked: int) -> None:
        if (old := self._question) is not None:
            about, number = self.what.currentData()
            self._ask(Question(old.result, about, number, old.settings, old.blur, marked))

    def _marked(self) -> None:
        rows = self.table.selectionModel().selectedRows() if self.table.selectionModel() is not None else []  # type: ignore[union-attr]
        self._ask_again(rows[0].row() if rows else -1)

    def _answer(self, question: Question) -> None:
        self._page = answer(question)
        self._made.emit()

    def _show(self) -> None:
        page = self._page
        if page is None:
            return
        self.said.setText(page.said)
        self.explained.setText(page.explained)
        for i, (caption, picture) in enumerate(zip(self.captions, self.pictures, strict=True)):
            self._places[i].setVisible(i < len(page.pictures))
            if i < len(page.pictures):
                caption.setText(page.pictures[i][0])
                picture.show_image(page.pictures[i][1], page.labels if i == len(page.pictures) - 1 else ())
        with QSignalBlocker(self.table):
            self.table.setColumnCount(len(page.head))
            for column, (text, tip) in enumerate(zip(page.head, page.tips, strict=True)):
                title = QTableWidgetItem(text)
                title.setToolTip(tip)
                self.table.setHorizontalHeaderItem(column, title)
            self.table.setRowCount(len(page.rows))
            for row, texts in enumerate(page.rows):
                for column, text in enumerate(texts):
                    item = QTableWidgetItem(text)
                    tone(item, "text" if row in page.won else "quiet")
                    self.table.setItem(row, column, item)
            if page.question.marked >= 0:
                self.table.selectRow(page.question.marked)
            else:
                self.table.clearSelection()
