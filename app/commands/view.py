"""What is drawn, and how the window lies."""

from app.commands.command import (
    CURVES,
    DRAWING,
    PANELS,
    TIMELINE,
    ZOOMING,
    Command,
    has_film,
    has_picture,
    has_traces,
    plain,
)


def _overlay(name: str, text: str, key: str, tip: str, icon: str = "") -> Command:
    return Command(
        f"show-{name}", "View", text, (key,), tip,
        lambda window: window.overlays.toggle(name), lambda window: bool(getattr(window.overlays.overlay, name)),
        has_picture, icon, bar=plain(text) if icon else "", under=DRAWING,
    )  # fmt: skip


def _choice(name: str, text: str, key: str, tip: str) -> Command:
    return Command(
        f"show-{name.removesuffix('_of')}", "View", text, (key,), tip,
        lambda window: window.overlays.toggle_choice(name),
        lambda window: getattr(window.overlays.overlay, name) is not None, has_picture, under=DRAWING,
    )  # fmt: skip


COMMANDS = (
    _overlay("skeleton", "&Skeleton", "Alt+1", "Draw the links of each body.", "skeleton"),
    _overlay("points", "&Points", "Alt+2", "Draw the points of each body."),
    _overlay("ids", "&IDs", "Alt+3", "Number everyone.", "ids"),
    _overlay("actions", "Actio&ns", "A", "Write over everyone what is recognised."),
    _overlay("boxes", "&Boxes", "Alt+4", "Draw a box around everyone."),
    Command("show-dimmed", "View", "&Dim the picture", ("Alt+5",), "Darken what lies below the drawing.",
            lambda w: w.overlays.toggle_background("dimmed"), lambda w: w.overlays.overlay.background == "dimmed",
            has_picture, "dim", bar="Dim", under=DRAWING),
    Command("show-black", "View", "Black in place of the picture", ("Ctrl+5",), "Show the drawing alone.",
            lambda w: w.overlays.toggle_background("black"), lambda w: w.overlays.overlay.background == "black",
            has_picture, under=DRAWING),
    _overlay("names", "Point names", "Alt+6", "Write the name of each point."),
    _overlay("scores", "Scores", "Alt+7", "Write how sure each person is."),
    _choice("map_of", "Confidence &map", "Alt+8", "Show where the net sees a point; the overlay panel has the others."),
    _choice("field_of", "Affinity fie&ld", "Alt+9", "Show which way a link runs; the overlay panel has the others."),
    _choice("trail_of", "&Trails", "Alt+0", "Show where a point was; the overlay panel has the others."),
    Command("show-blur", "View", "Bl&ur faces", ("B",),
            "Make the faces of everyone who is found unrecognisable, also in snapshots and annotated recordings; raw "
            "ones stay as they come. Pictures are then shown when their people are known. Whoever is not found is not "
            "blurred.",
            lambda w: w.overlays.toggle("blur"), lambda w: w.overlays.overlay.blur, has_picture, "blur", bar="Blur"),
    Command("own-pose", "View", "Only frames with their &own pose", ("P",),
            "Show a picture when its people are known, instead of every picture with the newest pose; annotated "
            "recordings have only those too.",
            lambda w: w.overlays.toggle_own_pose(), lambda w: w.overlays.own_pose, has_picture, apart=True),
    Command("zoom-in", "View", "&Zoom in", ("+", "="), "Larger.", lambda w: w.view.zoom(1.25), when=has_picture,
            under=ZOOMING),
    Command("zoom-out", "View", "Zoom out", ("-",), "Smaller.", lambda w: w.view.zoom(0.8), when=has_picture,
            under=ZOOMING),
    Command("actual-size", "View", "&Actual size", ("Ctrl+1",), "One pixel of the picture for one of the screen.",
            lambda w: w.view.actual_size(), when=has_picture, under=ZOOMING),
    Command("fit", "View", "&Fit", ("F",), "The whole picture.", lambda w: w.view.fit(), when=has_picture,
            under=ZOOMING),
    Command("detection", "View", "Detection pan&el", ("D",), "Model, size and thresholds.",
            lambda w: w.docks.toggle(w.detection_dock), lambda w: w.docks.is_shown(w.detection_dock), has_picture,
            under=PANELS),
    Command("overlays", "View", "Overla&y panel", ("V",), "What is drawn over the picture, and of which point.",
            lambda w: w.docks.toggle(w.overlay_dock), lambda w: w.docks.is_shown(w.overlay_dock), has_picture,
            under=PANELS),
    Command("traces", "View", "Tra&ces", ("T",), "How a point moves over time.",
            lambda w: w.docks.toggle(w.traces_dock), lambda w: w.docks.is_shown(w.traces_dock), has_traces,
            under=PANELS),
    Command("timeline", "View", "Timeline", ("Shift+T",), "Who is where in the film, and what was analysed.",
            lambda w: w.docks.toggle(w.film_view.dock), lambda w: w.docks.is_shown(w.film_view.dock), has_picture,
            under=PANELS),
    Command("legend", "View", "&Legend", ("Shift+K",), "Say which curve is whose, and its value.",
            lambda w: w.traces.toggle_legend(), lambda w: w.traces.legend.wanted, has_traces, under=CURVES),
    Command("smooth-traces", "View", "&Smoothed", (),
            "Curves without the jitter of the net, a little late. What is missing stays missing.",
            lambda w: w.traces.toggle_smooth(), lambda w: w.traces.choice.smooth, has_traces, under=CURVES),
    Command("timeline-in", "View", "&Closer", ("Ctrl++", "Ctrl+="), "Show less of the film, larger.",
            lambda w: w.film_view.zoom(1.5), when=has_film, under=TIMELINE),
    Command("timeline-out", "View", "&Farther", ("Ctrl+-",), "Show more of the film.",
            lambda w: w.film_view.zoom(1 / 1.5), when=has_film, under=TIMELINE),
    Command("timeline-all", "View", "&All", ("Ctrl+0",), "Show the whole film on the timeline.",
            lambda w: w.film_view.axis.show_all(), when=has_film, under=TIMELINE),
    Command("picture-only", "View", "Picture only", ("H",), "Hide everything but the picture, and back.",
            lambda w: w.docks.toggle_bare(), lambda w: w.docks.is_bare, has_picture, apart=True),
    Command("reset-panels", "View", "Panels as at first", (),
            "Put every panel where it was at the first start, in the size it had.",
            lambda w: w.docks.reset(), when=has_picture, under=PANELS),
    Command("full-screen", "View", "Full sc&reen", ("F11",), "Fill the screen, and back.",
            lambda w: w.docks.toggle_full_screen(), lambda w: w.isFullScreen()),
    Command("leave", "View", "Back to the &window", ("Esc",),
            "Stop what is being opened or loaded; end measuring or correcting; leave full screen, show everything.",
            lambda w: w.waiting.leave(),
            when=lambda w: w.docks.is_bare or w.isFullScreen() or w.waiting.is_waiting or w.measuring.is_on
            or w.point_editing.is_on),
)  # fmt: skip
