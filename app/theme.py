"""How the desktop looks: colours, dark or light, a style sheet, icons in the colours of the moment."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Template

from PyQt6.QtCore import QByteArray, QObject, QPoint, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PyQt6.QtSvg import QSvgRenderer
from PyQt6.QtWidgets import QApplication

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
    alarm: str = "#c62828"  # behind white text, on dark and light
    alarm_edge: str = "#ff8a80"


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
        self._application.setStyleSheet(_sheet(self.colors))

    def _system_changed(self) -> None:
        if self.choice == "system":
            self.choose("system")


_look: Look | None = None


def apply(application: QApplication, choice: Theme = "dark") -> None:
    """Dress all windows, now and later. May be called again with another choice."""
    global _look
    if _look is None:
        application.setStyle("Fusion")
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


def _sheet(colors: Colors) -> str:
    return Template((files("resources") / "style.qss").read_text(encoding="utf-8")).substitute(
        asdict(colors), icons=Path(str(_ICONS)).as_posix()
    )


def _palette(colors: Colors) -> QPalette:
    roles = QPalette.ColorRole
    table = {
        roles.Window: colors.background, roles.Base: colors.field, roles.Button: colors.button,
        roles.WindowText: colors.text, roles.AlternateBase: colors.panel, roles.ToolTipBase: colors.field,
        roles.ToolTipText: colors.text, roles.Light: colors.border, roles.Mid: colors.line, roles.Dark: colors.edge,
        roles.HighlightedText: colors.chosen_text, roles.BrightText: colors.chosen_text, roles.Link: colors.link,
        roles.Accent: colors.accent, roles.Text: colors.text, roles.ButtonText: colors.text,
        roles.Highlight: colors.chosen, roles.PlaceholderText: colors.quiet,
    }  # fmt: skip
    palette = QPalette()
    for role, color in table.items():
        palette.setColor(role, QColor(color))
    for role in (roles.Text, roles.WindowText, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colors.faint))
    return palette
