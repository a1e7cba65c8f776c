"""The terminal: results on standard output; remarks, progress and errors on standard error."""

from __future__ import annotations

import json
from typing import Any

import typer
from rich.console import Console
from rich.text import Text

INCOMPLETE = 3
"""Exit code of what was done, but not all that was wanted."""

USAGE = 2
"""Exit code of a command that was given wrongly."""

out = Console(highlight=False)
notes = Console(stderr=True, highlight=False)
err = Console(stderr=True, highlight=False)


def speak(*, quiet: bool = False, as_json: bool = False) -> None:
    """Settle for this command what is said: nothing but errors; or results as JSON only."""
    out.quiet = quiet or as_json
    notes.quiet = quiet


def print_json(content: Any) -> None:
    """Print a value as JSON on standard output."""
    typer.echo(json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False))


def fail(message: str, code: int = 1) -> int:
    """Show an error message as plain text (never as markup) and return the exit code."""
    err.print(Text("error: ", style="bold red") + Text(message), soft_wrap=True)
    return code
