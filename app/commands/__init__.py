from app.commands.command import Command, plain
from app.commands.table import COMMANDS, fill_menus, fill_toolbar, make_actions, refresh

__all__ = ["COMMANDS", "Command", "fill_menus", "fill_toolbar", "make_actions", "plain", "refresh"]
