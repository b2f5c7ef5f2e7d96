"""Playing a film and moving through it, or through single pictures, which have names of their own for some of that."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.commands.command import Command, Do, has_film

if TYPE_CHECKING:
    from app.window import Window


def _step(frames: int) -> Do:
    return lambda window: window.playing.step(frames)


def _or(film: str, pictures: str) -> Callable[[Window], str]:
    """The text for a film, and the one for pictures; empty: these do without."""
    return lambda window: pictures if window.pictures.are_open else film


COMMANDS = (
    Command("play", "Playback", "&Play or pause", ("Space", "K"), "Play, or stand still.",
            lambda w: w.playing.toggle_play(), lambda w: w.playing.is_playing, has_film, "play", "pause",
            says=_or("&Play or pause", "&Play one after the other, or pause")),
    Command("back", "Playback", "Frame &back", ("Left", ","), "One frame or picture back.", _step(-1), when=has_film,
            icon="back", says=_or("Frame &back", "Picture &back")),
    Command("forward", "Playback", "Frame &forward", ("Right", "."), "One frame or picture on.",
            _step(1), when=has_film, icon="forward", says=_or("Frame &forward", "Picture &forward")),
    Command("back-10", "Playback", "10 frames back", ("Shift+Left",), "Ten frames or pictures back.", _step(-10),
            when=has_film, apart=True, says=_or("10 frames back", "10 pictures back")),
    Command("forward-10", "Playback", "10 frames on", ("Shift+Right",), "Ten frames or pictures on.", _step(10),
            when=has_film, says=_or("10 frames on", "10 pictures on")),
    Command("back-second", "Playback", "A second back", ("Ctrl+Left",), "One second back.",
            lambda w: w.playing.step_seconds(-1), when=has_film, says=_or("A second back", "")),
    Command("forward-second", "Playback", "A second on", ("Ctrl+Right",), "One second on.",
            lambda w: w.playing.step_seconds(1), when=has_film, says=_or("A second on", "")),
    Command("back-tenth", "Playback", "A tenth back", ("PgUp",), "A tenth of the film back.",
            lambda w: w.playing.step_share(-0.1), when=has_film),
    Command("forward-tenth", "Playback", "A tenth on", ("PgDown",), "A tenth of the film on.",
            lambda w: w.playing.step_share(0.1), when=has_film),
    Command("first", "Playback", "To the &start", ("Home",), "To the first frame or picture.",
            lambda w: w.playing.seek(0), when=has_film, icon="first"),
    Command("last", "Playback", "To the &end", ("End",), "To the last frame or picture.",
            lambda w: w.playing.seek(w.playing.length - 1), when=has_film, icon="last"),
    Command("go-to", "Playback", "&Go to ...", ("Ctrl+G",),
            "To a frame, a time or a share of a film, or to a picture by its number.",
            lambda w: w.film_view.ask_place(), when=has_film),
    Command("slower", "Playback", "Slo&wer", ("[",), "Play at the next lower speed, down to a tenth.",
            lambda w: w.playing.slower(), when=has_film, apart=True),
    Command("faster", "Playback", "Fas&ter", ("]",), "Play at the next higher speed, up to four times.",
            lambda w: w.playing.faster(), when=has_film),
    Command("loop", "Playback", "&Loop", ("L",), "At the end, begin again.",
            lambda w: w.playing.toggle_loop(), lambda w: w.playing.is_looping, has_film, "loop"),
    Command("span-begin", "Playback", "Loop from &in point", ("I",),
            "Play over and over from this frame on.", lambda w: w.playing.begin_span(), when=has_film),
    Command("span-end", "Playback", "Loop to &out point", ("O",),
            "Play over and over up to this frame.", lambda w: w.playing.end_span(), when=has_film),
    Command("span-clear", "Playback", "Loop &no stretch", ("Shift+I",),
            "Forget the in point and the out point.", lambda w: w.playing.clear_span(),
            when=lambda w: w.playing.has_span),
)  # fmt: skip
