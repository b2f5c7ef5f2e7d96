"""What happened: the table of events."""

from app.commands.command import CURVES, PANELS, Command, has_picture

COMMANDS = (
    Command("choose-actions", "Analyse", "&Recognise actions ...", ("Ctrl+Shift+A",),
            "Choose the model by which it is recognised what people do.",
            lambda w: w.events_view.choose_model(), lambda w: w.recognising.model is not None, has_picture, apart=True),
    Command("no-actions", "Analyse", "Recognise n&o actions", (), "Use no model of actions any more.",
            lambda w: w.recognising.use(None), when=lambda w: w.recognising.model is not None),
    Command("events", "View", "E&vents panel", ("Shift+E",), "What was recognised: when, who, what.",
            lambda w: w.docks.toggle(w.events_view.dock), lambda w: w.docks.is_shown(w.events_view.dock), has_picture,
            under=PANELS),
    Command("shade-actions", "View", "S&hade actions", ("Ctrl+T",),
            "Lay what was recognised of somebody behind the traces of that person; below, where marks are shaded too.",
            lambda w: w.shading.toggle_actions(), lambda w: w.shading.actions, has_picture, under=CURVES),
    Command("shade-marks", "View", "Shade mar&ks", ("Ctrl+Shift+T",),
            "Lay what you marked of somebody behind the traces of that person; above, where actions are shaded too.",
            lambda w: w.shading.toggle_marks(), lambda w: w.shading.marks, has_picture, under=CURVES),
    Command("next-event", "Analyse", "To the ne&xt event", ("Shift+PgDown",),
            "To where the next event of the table begins.",
            lambda w: w.events_view.step(1), when=lambda w: w.events_view.has_events),
    Command("previous-event", "Analyse", "To the previo&us event", ("Shift+PgUp",),
            "To where the event of the table before this frame begins.",
            lambda w: w.events_view.step(-1), when=lambda w: w.events_view.has_events),
    Command("export-events", "Analyse", "Save e&vents (CSV)", ("Ctrl+Shift+E",),
            "Write the events of the table: event, person, start, end, score.",
            lambda w: w.events_view.export(), when=lambda w: w.events_view.has_events),
    Command("copy-events", "Analyse", "&Copy events", ("Ctrl+Shift+C",),
            "Copy the events that are selected in the table, or else all of it.",
            lambda w: w.events_view.copy(), when=lambda w: w.events_view.has_events),
)  # fmt: skip
