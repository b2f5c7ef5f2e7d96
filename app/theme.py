"""How the desktop looks: a style sheet, icons."""

from importlib.resources import as_file, files

from PyQt6.QtGui import QColor, QIcon, QPalette, QPixmap
from PyQt6.QtWidgets import QApplication

BACKGROUND, TEXT, QUIET, ACCENT, WARM = "#16181c", "#dfe4ea", "#9aa4b0", "#3ea6ff", "#ffb13d"


def apply(application: QApplication) -> None:
    """Dark, for all windows."""
    application.setStyle("Fusion")
    roles = QPalette.ColorRole
    colors = {
        roles.Window: BACKGROUND, roles.Base: BACKGROUND, roles.Button: "#2a2f37", roles.WindowText: TEXT,
        roles.Text: TEXT, roles.ButtonText: TEXT, roles.Highlight: "#2b5f8f", roles.PlaceholderText: QUIET,
    }  # fmt: skip
    palette = QPalette()
    for role, color in colors.items():
        palette.setColor(role, QColor(color))
    application.setPalette(palette)
    application.setStyleSheet((files("resources") / "dark.qss").read_text(encoding="utf-8"))
    application.setWindowIcon(icon("posedesk"))


def icon(name: str) -> QIcon:
    """An icon of `resources/icons`, sharp on every screen."""
    pixmap = QPixmap()
    with as_file(files("resources") / "icons" / f"{name}.svg") as path:
        result = QIcon(str(path))
        for size in (16, 20, 24, 48):  # drawn now, as the file may be gone later where it came out of an archive
            pixmap = result.pixmap(size, size)
            if not pixmap.isNull():
                result.addPixmap(pixmap)
    return result
