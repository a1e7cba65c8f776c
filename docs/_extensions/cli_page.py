"""Writes the page of commands from the program itself, before the pages are read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

PAGE = "cli.md"
HEAD = "# Commands\n\nEvery command and option, as `vaar COMMAND --help` shows them.\n"


def page() -> str:
    """The whole page, in Markdown."""
    from vaar.cli.main import app

    return "\n".join([HEAD, *_command(get_command(app), "vaar")])


def _command(command: Any, name: str) -> Iterator[str]:
    """A command and, where it is a group, what is in it."""
    context = command.context_class(command, info_name=name)
    yield f"{'#' * (1 + len(name.split()))} {name}\n\n{_paragraphs(command.help)}\n"
    yield f"```\n{command.get_usage(context).removeprefix('Usage: ')}\n```\n"
    for parameter in command.get_params(context):
        spelling, meaning = parameter.get_help_record(context) or ("--help", "")
        if not parameter.hidden and spelling != "--help":
            yield f"`{' '.join(spelling.split())}`\n: {' '.join(meaning.split())}\n"
    for member in getattr(command, "commands", {}).values():
        if not member.hidden:
            yield from _command(member, f"{name} {member.name}")


def _paragraphs(text: str | None) -> str:
    return "\n\n".join(" ".join(part.split()) for part in (text or "").split("\n\n"))


def _write(app: Any) -> None:
    Path(app.srcdir, PAGE).write_text(page(), encoding="utf-8")


def setup(app: Any) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("builder-inited", _write)
    return {"parallel_read_safe": True}
