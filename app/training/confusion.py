"""The confusion matrix as a heat map: a row what is true, a column what was said, beside it the F1 of each class."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app import theme
from core.actions.scores import Score

LOW, HIGH, WIDE = 20, 34, 88  # pixels: least and most height of a cell, most width
NAME, F1, HEAD = 112, 92, 16  # pixels: names of rows, the column of F1, the line above the names of columns
_LINE, _TALLEST = 15, 112  # height of a line of names of columns, and at most where they have to stand upright
_GAP = 8


class Confusion(QWidget):
    """Paints a `Score`. picked: two labels, what is true and what was said, of the cell that was clicked."""

    picked = pyqtSignal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Confusion matrix")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._score: Score | None = None
        self._chosen: tuple[str, str] | None = None

    def show_score(self, score: Score | None) -> None:
        self._score, self._chosen = score, None
        self.updateGeometry()
        self.update()

    def choose(self, cell: tuple[str, str] | None) -> None:
        """Mark a cell, by what is true and what was said."""
        self._chosen = cell
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, round(self._top + self._count * HIGH + 4))

    def minimumSizeHint(self) -> QSize:
        return QSize(360, round(self._top + self._count * LOW + 4))

    # -- where things lie --

    @property
    def _count(self) -> int:
        return len(self._score.labels) if self._score is not None else 0

    @property
    def _cell(self) -> tuple[float, float]:
        """Width and height of a cell."""
        count = max(self._count, 1)
        wide = min((self.width() - NAME - F1 - 2 * _GAP) / count, WIDE)
        high = min((self.height() - self._top - 4) / count, HIGH)
        return max(wide, 8.0), max(high, 8.0)

    @property
    def _upright(self) -> bool:
        """The names of columns have to stand upright, as a word of them is wider than a cell."""
        return any(self._metrics.horizontalAdvance(word) > self._room for name in self._labels for word in name.split())

    @property
    def _heads(self) -> float:
        """Height of the names of columns."""
        wide = [self._metrics.horizontalAdvance(name) for name in self._labels]
        if self._upright:
            return min(max(wide), _TALLEST) + 8
        return _LINE * (2 if any(each > self._room for each in wide) else 1) + 4

    @property
    def _labels(self) -> tuple[str, ...]:
        return self._score.labels if self._score is not None else ()

    @property
    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(_font(self.font(), 11))

    @property
    def _room(self) -> float:
        """Pixels for a word over a column."""
        return min((self.width() - NAME - F1 - 2 * _GAP) / max(self._count, 1), WIDE) - 6

    @property
    def _top(self) -> float:
        return HEAD + self._heads

    def _rect(self, row: int, column: int) -> QRectF:
        wide, high = self._cell
        return QRectF(NAME + _GAP + column * wide, self._top + row * high, wide - 2, high - 2)

    def cell_at(self, place: QPointF) -> tuple[int, int] | None:
        """Row and column under a point of the widget."""
        for row in range(self._count):
            for column in range(self._count):
                if self._rect(row, column).contains(place):
                    return row, column
        return None

    # -- painting --

    def paintEvent(self, event: QPaintEvent | None) -> None:
        score = self._score
        if score is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._names(painter, score)
        colors = theme.now()
        for row, label in enumerate(score.labels):
            total = max(int(score.confusion[row].sum()), 1)
            for column, other in enumerate(score.labels):
                count = int(score.confusion[row, column])
                self._paint_cell(painter, self._rect(row, column), count, count / total, row == column)
                if (label, other) == self._chosen:
                    painter.setPen(QPen(QColor(colors.text), 2))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawRoundedRect(self._rect(row, column), 3, 3)
            if label in score.f1:
                self._paint_f1(painter, row, score.f1[label])
        painter.end()

    def _names(self, painter: QPainter, score: Score) -> None:
        colors, small = theme.now(), _font(self.font(), 11)
        metrics = QFontMetrics(small)
        painter.setFont(small)
        painter.setPen(QColor(colors.quiet))
        wide, high = self._cell
        span = QRectF(NAME + _GAP, 0, wide * self._count, HEAD)
        middle = Qt.AlignmentFlag.AlignCenter
        painter.drawText(span.adjusted(-40, 0, 40, 0), middle, "said")
        painter.drawText(QRectF(0, self._top - 18, NAME, 16), Qt.AlignmentFlag.AlignRight, "true")
        painter.drawText(QRectF(self._f1_left, self._top - 18, F1, 16), Qt.AlignmentFlag.AlignLeft, "F1")
        painter.setPen(QColor(colors.text))
        for place, label in enumerate(score.labels):
            row = QRectF(0, self._top + place * high, NAME, high - 2)
            text = metrics.elidedText(label, Qt.TextElideMode.ElideRight, NAME)
            painter.drawText(row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            left = NAME + _GAP + place * wide
            if self._upright:
                painter.save()
                painter.translate(left + wide / 2 - 1, self._top - 4)
                painter.rotate(-90)
                text = metrics.elidedText(label, Qt.TextElideMode.ElideRight, _TALLEST)
                painter.drawText(QPointF(0, metrics.ascent() / 2 - 1), text)
                painter.restore()
            else:
                head = QRectF(left, HEAD, wide - 2, self._heads - 2)
                low = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
                painter.drawText(head, int(low | Qt.TextFlag.TextWordWrap), label)

    def _paint_cell(self, painter: QPainter, cell: QRectF, count: int, share: float, right: bool) -> None:
        """share: of the row."""
        colors = theme.now()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.field))
        painter.drawRoundedRect(cell, 3, 3)
        if count:
            color = QColor(colors.accent if right else colors.warm)
            color.setAlphaF(0.15 + 0.75 * share)
            painter.setBrush(color)
            painter.drawRoundedRect(cell, 3, 3)
        painter.setFont(_font(self.font(), 12 if cell.height() >= 18 else 11, bold=right and count > 0))
        dark = QColor(colors.background)
        # On a strong colour the text is that of the other theme, so that it can be read on both.
        painter.setPen(QColor(colors.faint) if not count else _readable(colors.text, dark, share))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, str(count) if count else "0")

    def _paint_f1(self, painter: QPainter, row: int, value: float) -> None:
        colors = theme.now()
        _, high = self._cell
        top, bar = self._top + row * high, F1 - 40
        ground = QRectF(self._f1_left, top + (high - 2) / 2 - 3, bar, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.line))
        painter.drawRoundedRect(ground, 3, 3)
        painter.setBrush(QColor(colors.accent))
        painter.drawRoundedRect(QRectF(ground.left(), ground.top(), max(bar * value, 1.0), 6), 3, 3)
        painter.setPen(QColor(colors.text))
        painter.setFont(_font(self.font(), 12))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(ground.right() + 6, top, 40, high - 2), left, f"{value:.2f}")

    @property
    def _f1_left(self) -> float:
        return NAME + 2 * _GAP + self._cell[0] * self._count

    # -- what the user does --

    def event(self, event: QEvent | None) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self.cell_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self.told(*place) if place is not None else "", self)
            return True
        return super().event(event)

    def told(self, row: int, column: int) -> str:
        """What a cell says, in a sentence."""
        if (score := self._score) is None:
            return ""
        count, total = int(score.confusion[row, column]), int(score.confusion[row].sum())
        truth, found = score.labels[row], score.labels[column]
        how = "were recognised" if row == column else f"were taken for {found}"
        return f"{count} of {total} of {truth} {how}." + ("" if row == column else " A click lists them.")

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        score = self._score
        if event is None or score is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if (place := self.cell_at(event.position())) is not None:
            self.picked.emit(score.labels[place[0]], score.labels[place[1]])


def _readable(text: str, ground: QColor, share: float) -> QColor:
    return ground if share > 0.55 and QColor(text).lightness() > 128 else QColor(text)


def _font(font: QFont, pixels: int, bold: bool = False) -> QFont:
    made = QFont(font)
    made.setPixelSize(pixels)
    made.setBold(bold)
    return made
