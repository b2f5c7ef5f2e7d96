"""Poses live to other programs from the window: the switch, the server, its page of the settings."""
