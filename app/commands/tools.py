"""Settings, models, measuring, and what else is at hand."""

from app.commands.command import COLOURS, Command, has_picture
from app.store import Theme


def _theme(choice: Theme, text: str, tip: str) -> Command:
    return Command(
        f"theme-{choice}", "View", text, (), tip, lambda window: window.around.choose_theme(choice),
        lambda window: window.around.theme == choice, under=COLOURS,
    )  # fmt: skip


COMMANDS = (
    Command("settings", "Tools", "&Settings ...", ("Ctrl+,",), "Everything that can be set.",
            lambda w: w.around.show_settings()),
    Command("models", "Tools", "&Models ...", ("Ctrl+M",), "Get, check and add nets.",
            lambda w: w.around.show_models()),
    Command("measure", "Tools", "Meas&ure in the picture", ("U",),
            "Drag a line for its length, in pixels and by the body of who is chosen; click once more for an angle. Say "
            "how long the line is, and all is in centimetres, too, in its plane. Esc ends.",
            lambda w: w.measuring.toggle(), lambda w: w.measuring.is_on, has_picture, apart=True),
    Command("serve", "Tools", "Ser&ve poses", (),
            "Give everyone's points to other programs on this machine, a line of JSON a frame.",
            lambda w: w.serving.toggle(), lambda w: w.serving.wanted, apart=True),
    _theme("dark", "&Dark", "Light text on dark, which suits videos best."),
    _theme("light", "&Light", "Dark text on light."),
    _theme("system", "&As the system", "Dark or light, as the system is."),
)  # fmt: skip
