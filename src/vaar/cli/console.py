"""The terminal: one console for what is said, one for what went wrong."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

out = Console(highlight=False)
INCOMPLETE = 3
"""Exit code of what was done, but not all that was wanted."""

err = Console(stderr=True, highlight=False)


def fail(message: str, code: int = 1) -> int:
    """Show an error message as plain text (never as markup) and return the exit code."""
    err.print(Text("error: ", style="bold red") + Text(message), soft_wrap=True)
    return code
