from app.commands.command import Command, literal, plain
from app.commands.table import COMMANDS, fill_menus, fill_toolbar, make_actions, refresh

__all__ = ["COMMANDS", "Command", "fill_menus", "fill_toolbar", "literal", "make_actions", "plain", "refresh"]
