"""How the desktop looks: a style sheet, icons."""

from importlib.resources import files

from PyQt6.QtGui import QColor, QIcon, QPalette
from PyQt6.QtWidgets import QApplication

_ICONS = files("resources") / "icons"
BACKGROUND, TEXT, QUIET, ACCENT, WARM = "#16181c", "#dfe4ea", "#9aa4b0", "#3ea6ff", "#ffb13d"
MARGIN = QColor(22, 24, 28)  # beside the picture


def apply(application: QApplication) -> None:
    """Dark, for all windows."""
    application.setStyle("Fusion")
    roles = QPalette.ColorRole
    colors = {
        roles.Window: BACKGROUND, roles.Base: "#22262c", roles.Button: "#2a2f37", roles.WindowText: TEXT,
        roles.AlternateBase: "#1d2026", roles.ToolTipBase: "#22262c", roles.ToolTipText: TEXT, roles.Light: "#4a525d",
        roles.HighlightedText: "#ffffff", roles.BrightText: "#ffffff", roles.Link: ACCENT, roles.Accent: ACCENT,
        roles.Text: TEXT, roles.ButtonText: TEXT, roles.Highlight: "#2b5f8f", roles.PlaceholderText: QUIET,
    }  # fmt: skip
    palette = QPalette()
    for role, color in colors.items():
        palette.setColor(role, QColor(color))
    for role in (roles.Text, roles.WindowText, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor("#78818d"))
    application.setPalette(palette)
    application.setStyleSheet((files("resources") / "dark.qss").read_text(encoding="utf-8"))
    application.setWindowIcon(icon("posedesk"))


def icon(name: str, checked: str = "") -> QIcon:
    """An icon of `resources/icons`, sharp on every screen; `checked`: another while its switch is on."""
    result = QIcon(str(_ICONS / f"{name}.svg"))
    if checked:
        result.addFile(str(_ICONS / f"{checked}.svg"), state=QIcon.State.On)
    return result
