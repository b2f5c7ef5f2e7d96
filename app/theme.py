"""How the desktop looks: colours, dark or light, a style sheet, icons in the colours of the moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Template

from PyQt6.QtCore import QByteArray, QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PyQt6.QtSvg import QSvgRenderer
from PyQt6.QtWidgets import QApplication, QDialog, QWidget

from app.store import Theme

_ICONS = files("resources") / "icons"
MARGIN = QColor(22, 24, 28)  # beside the picture
_SEEN = 3.0  # contrast that a thin line needs, as WCAG counts it
_DRAWN_IN = "#dfe4ea"  # the colour of lines in the files of icons: it stands for the text's of the moment


@dataclass(frozen=True, slots=True)
class Colors:
    """Every colour by its use; the style sheet has these names."""

    background: str
    panel: str
    field: str
    button: str
    line: str
    border: str
    edge: str
    text: str
    quiet: str  # for text that explains
    faint: str  # for what cannot be used
    accent: str
    warm: str  # the other colour of a plot
    link: str
    on: str
    chosen: str
    chosen_text: str
    trouble: str
    warning: str
    good: str


DARK = Colors(
    background="#16181c", panel="#1d2026", field="#22262c", button="#2a2f37", line="#343a43", border="#3b424c",
    edge="#0e1013", text="#dfe4ea", quiet="#9aa4b0", faint="#78818d", accent="#3ea6ff", warm="#ffb13d", link="#9fd0ff",
    on="#24384c", chosen="#2b5f8f", chosen_text="#ffffff", trouble="#4a2326", warning="#ff6b6b", good="#6fcf7c",
)  # fmt: skip
LIGHT = Colors(
    background="#f4f5f7", panel="#e9ebef", field="#ffffff", button="#ffffff", line="#cdd2d9", border="#b4bac3",
    edge="#c4c9d1", text="#1b1f24", quiet="#515a65", faint="#767e89", accent="#0b6fc4", warm="#b45f00", link="#0a5ea8",
    on="#cfe4f7", chosen="#1f6fb5", chosen_text="#ffffff", trouble="#fbdcdc", warning="#b3261e", good="#1f7a34",
)  # fmt: skip


# Where in Qt's palette each colour is kept, as style sheets name the place. Those in the last two lines are for what a
# palette knows nothing of: the places are ones that nothing here is painted with.
_PLACES = {
    "background": "window", "panel": "alternate-base", "field": "base", "button": "button", "line": "mid",
    "border": "light", "edge": "dark", "text": "text", "quiet": "placeholder-text", "accent": "accent", "link": "link",
    "chosen": "highlight", "chosen_text": "highlighted-text",
    "faint": "link-visited", "warm": "tooltip-base", "warning": "tooltip-text", "good": "bright-text",
    "on": "midlight", "trouble": "shadow",
}  # fmt: skip
PAPER = replace(LIGHT, background="#ffffff", text="#000000")  # of pictures that are printed


class Look(QObject):
    """What is chosen, and what that means now. One for the application; follows the system where that is chosen."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self.choice: Theme = "dark"
        self.colors = DARK
        if (hints := QGuiApplication.styleHints()) is not None:
            hints.colorSchemeChanged.connect(self._system_changed)

    def choose(self, choice: Theme) -> None:
        self.choice = choice
        self.colors = LIGHT if choice == "light" or (choice == "system" and _system_is_light()) else DARK
        self._application.setPalette(_palette(self.colors))
        for window in self._application.topLevelWidgets():
            if window.parent() is None:
                self._dress(window)

    def _dress(self, widget: QWidget) -> None:
        """Have a widget, and all that lies in it, follow the sheet with the palette of now. Qt does so by itself only
        for another sheet, and then to each widget as often as there are others around it, which stops a film. A dialog
        that is hidden waits until it is shown: a change takes no longer the more of them were used."""
        if isinstance(widget, QDialog) and not widget.isVisible():
            widget.installEventFilter(self)
            return
        if (style := widget.style()) is not None:
            style.polish(widget)
        for child in widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            self._dress(child)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # of dialogs that wait
        if event is not None and event.type() == QEvent.Type.Show and isinstance(watched, QDialog):
            watched.removeEventFilter(self)
            self._dress(watched)
        return False

    def _system_changed(self) -> None:
        if self.choice == "system":
            self.choose("system")


_look: Look | None = None


def apply(application: QApplication, choice: Theme = "dark") -> None:
    """Dress all windows, now and later. May be called again with another choice."""
    global _look
    if _look is None:
        application.setStyle("Fusion")
        application.setStyleSheet(_sheet())
        _look = Look(application)
    _look.choose(choice)
    application.setWindowIcon(icon("posedesk"))


def now() -> Colors:
    """The colours that hold; a widget that paints by itself asks again at a change of its palette."""
    return _look.colors if _look is not None else DARK


def contrast(one: QColor, other: QColor) -> float:
    """How well two colours are told apart, as WCAG counts it: 1 for the same, 21 for black and white."""
    dark, bright = sorted((_luminance(one), _luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def line_color(color: str, ground: str = "") -> str:
    """The colour, #rrggbb, of a thin line: the same hue, darker or lighter where the background would swallow it.
    ground: the background; empty: that of now"""
    background, line = QColor(ground or now().background), QColor(color)
    hue, saturation, lightness, _ = line.getHslF()
    step = -0.02 if _luminance(background) > 0.2 else 0.02
    while contrast(line, background) < _SEEN and 0 < lightness < 1:
        lightness = min(max(lightness + step, 0.0), 1.0)
        line.setHslF(hue, saturation, lightness)
    return line.name()


def icon(name: str, checked: str = "") -> QIcon:
    """An icon of `resources/icons`, sharp on every screen; `checked`: another while its switch is on."""
    return QIcon(_Engine(name, checked))


class _Engine(QIconEngine):
    """Draws an icon when it is wanted, so that it has the colours of that moment."""

    def __init__(self, name: str, checked: str) -> None:
        super().__init__()
        self._names = name, checked or name

    def clone(self) -> QIconEngine:
        return _Engine(*self._names)

    def paint(self, painter: QPainter | None, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        colors = now()
        color = colors.faint if mode == QIcon.Mode.Disabled else colors.text
        name = self._names[state == QIcon.State.On]
        side = min(rect.width(), rect.height())
        square = QRect(QPoint(), QSize(side, side))
        square.moveCenter(rect.center())
        _renderer(name, color).render(painter, QRectF(square))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(), size), mode, state)
        painter.end()
        return pixmap


@cache
def _renderer(name: str, color: str) -> QSvgRenderer:
    text = (_ICONS / f"{name}.svg").read_text(encoding="utf-8").replace(_DRAWN_IN, color)
    return QSvgRenderer(QByteArray(text.encode()))


def _luminance(color: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


def _system_is_light() -> bool:
    hints = QGuiApplication.styleHints()
    return hints is not None and hints.colorScheme() == Qt.ColorScheme.Light


def _sheet() -> str:
    """It has no colours of its own, but names places of the palette, and so is the same in all themes."""
    return Template((files("resources") / "style.qss").read_text(encoding="utf-8")).substitute(
        {name: f"palette({place})" for name, place in _PLACES.items()}, icons=Path(str(_ICONS)).as_posix()
    )


def _palette(colors: Colors) -> QPalette:
    roles = {role.name.lower(): role for role in QPalette.ColorRole}
    palette = QPalette()
    for name, place in _PLACES.items():
        palette.setColor(roles[place.replace("-", "")], QColor(getattr(colors, name)))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        palette.setColor(role, QColor(colors.text))
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colors.faint))
    return palette
