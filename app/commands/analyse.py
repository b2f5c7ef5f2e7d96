"""What is looked for in a film while nobody waits for it."""

from app.commands.command import Command

COMMANDS = (
    Command("analyse", "Analyse", "Analyse in the &background", ("Ctrl+B",),
            "Find everyone in the whole film while it is open; what was found is kept.",
            lambda w: w.film_view.analysing.toggle(), lambda w: w.film_view.analysing.wanted),
    Command("analyse-again", "Analyse", "Analyse &again", (),
            "Forget what was found in this film, and find everyone anew as the settings are now.",
            lambda w: w.film_view.analyse_again(), when=lambda w: w.film_view.analysing.can_be_made_again),
    Command("previews", "Analyse", "Keep s&mall pictures", (),
            "Go through films whose frames take long to be found, and keep them small, so that each is seen at once. "
            "Switched off, what was kept is removed.",
            lambda w: w.film_view.toggle_previews(), lambda w: w.film_view.analysing.previewed),
    Command("falls", "Analyse", "&Watch for falls", ("Shift+F",),
            "Tell who falls, live and in films: a red band over the picture, and a sound.",
            lambda w: w.falls.toggle(), lambda w: w.falls.preferences.watch, apart=True),
    Command("falls-sound", "Analyse", "Sound at a &fall", (), "Play a sound when somebody falls.",
            lambda w: w.falls.toggle_sound(), lambda w: w.falls.preferences.sound,
            when=lambda w: w.falls.preferences.watch),
    Command("dismiss-falls", "Analyse", "&Dismiss the alarm", ("Shift+D",), "Show who fell no more.",
            lambda w: w.falls.dismiss(), when=lambda w: w.falls.has_alarm),
    Command("train", "Analyse", "&Train a model of actions ...", ("Ctrl+Shift+L",),
            "Learn actions from films in which they are marked, and say how good that is.",
            lambda w: w.learning.show(), apart=True),
)  # fmt: skip
