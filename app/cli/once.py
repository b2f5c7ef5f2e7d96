"""Options that take one value are given once: of two, the first would be dropped without a word."""

from collections import Counter
from typing import Any

from typer.core import TyperCommand, TyperOption

from core.errors import InputError


class Once(TyperCommand):
    """A command that refuses an option with a value that comes twice, unless it is made to be repeated."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not ctx.resilient_parsing:  # a shell completes what is not finished
            _, _, given = self.make_parser(ctx).parse_args(args=list(args))
            values = [one for one in given if isinstance(one, TyperOption) and not (one.is_flag or one.multiple)]
            for option, times in Counter(values).items():
                if times > 1:
                    raise InputError(f"{option.opts[0]} is there more than once, and takes one value. Leave one.")
        return super().parse_args(ctx, args)
