"""`vaar import`: what others' files become. Without a command it imports logs of Inspect AI."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from vaar.cli.imports.logs import import_logs
from vaar.cli.imports.people import import_people

LOGS = "logs"


class LogsUnlessNamed(TyperGroup):
    """A group whose first word need not be a command: then it is of the command for logs."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words that stand behind ``vaar import``."""
        return super().parse_args(ctx, self.named(args, ctx.help_option_names))

    def named(self, args: list[str], help_names: Sequence[str] = ("--help",)) -> list[str]:
        """Put the command's name in front where it was left out."""
        if args and args[0] not in self.commands and args[0] not in help_names:
            return [LOGS, *args]
        return args


app = typer.Typer(
    name="import",
    cls=LogsUnlessNamed,
    help="Take in what others have written: logs of Inspect AI (`vaar import LOG…`), or people's "
    "answers (`vaar import people FILE`).",
    no_args_is_help=True,
)
app.command(LOGS)(import_logs)
app.command("people")(import_people)
