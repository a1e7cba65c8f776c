"""The terminal: results on standard output; remarks, progress and errors on standard error."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from vaar.tables.text import visible

INCOMPLETE = 3
"""Exit code of what was done, but not all that was wanted."""

USAGE = 2
"""Exit code of a command that was given wrongly."""

_UNSEEN = re.compile(
    "[\\x7f-\\x9f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ud800-\\udfff]"
)


class _SafeConsole(Console):
    """A terminal that no text can command: what cannot be seen in it is shown, whoever wrote it."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            if segment.control or segment.text.isprintable():
                yield segment
            else:
                yield Segment(visible(segment.text), segment.style)


out = _SafeConsole(highlight=False)
notes = _SafeConsole(stderr=True, highlight=False)
err = _SafeConsole(stderr=True, highlight=False)


def show_whatever_comes() -> None:
    """Show by its code point what the terminal's encoding cannot hold."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def leave_output() -> None:
    """Let go of an output that cannot be written, so that nothing tries again at the end."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def speak(*, quiet: bool = False, as_json: bool = False) -> None:
    """Settle for this command what is said: nothing but errors; or results as JSON only."""
    out.quiet = quiet or as_json
    notes.quiet = quiet


def say(text: str) -> None:
    """Print plain text on standard output, lines as they are."""
    typer.echo(visible(text))


def print_json(content: Any) -> None:
    """Print a value as JSON on standard output."""
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    typer.echo(_UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def fail(message: str, code: int = 1) -> int:
    """Show an error message as plain text (never as markup, and without keys); the exit code."""
    from vaar.respondents.key_safety import without_known_keys

    told = Text(without_known_keys(message))
    err.print(Text("error: ", style="bold red") + told, soft_wrap=True)
    return code
