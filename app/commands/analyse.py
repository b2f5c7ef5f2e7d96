"""What is looked for in a film while nobody waits for it."""

from app.commands.command import Command

COMMANDS = (
    Command("analyse", "Analyse", "Analyse in the &background", ("Ctrl+B",),
            "Find everyone in the whole film while it is open; what was found is kept.",
            lambda w: w.film_view.analysing.toggle(), lambda w: w.film_view.analysing.wanted),
)  # fmt: skip
