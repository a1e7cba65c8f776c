"""``vaar models``: which providers there are, what servers offer, and what a model takes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from vaar.cli import choices
from vaar.cli.console import err, out
from vaar.tables.text import printable

if TYPE_CHECKING:
    from vaar.pipeline.check_models import CheckedModel

UNUSABLE = 1

app = typer.Typer(
    name="models",
    help="See which providers there are, what servers offer, and what a model takes.",
    no_args_is_help=True,
)

Models = Annotated[
    list[str] | None,
    typer.Argument(help="Models as for `vaar run --model`, or models files.", metavar="[MODEL]…"),
]
BaseUrl = Annotated[
    str | None, typer.Option(help="Address of `openai/` models and of servers of your own.")
]


@app.command("list")
def list_models(
    models: Models = None, base_url: BaseUrl = None, allow_host: choices.AllowHost = None
) -> None:
    """List the providers; with models, what the server of each offers. Calls no model."""
    if not models:
        out.print(_providers())
        return
    from vaar.pipeline.check_models import offered

    for name, (ids, hosts) in offered(models, base_url, allow_host or ()).items():
        _say(f"{name}: {', '.join(ids) or 'its server lists no models'}")
        if hosts:
            _say(f"    may be answered by: {', '.join(hosts)}")


@app.command()
def check(
    models: Models,
    study: Annotated[
        str, typer.Option(help="The study whose first question is asked.")
    ] = "privacy_prosocial",
    base_url: BaseUrl = None,
    allow_host: choices.AllowHost = None,
) -> None:
    """Ask every model one question: what it takes, what it ignores, whether it answers.

    Exit codes: 0 all models may be asked, 1 some may not.
    """
    from vaar.pipeline.check_models import check_models

    checked = check_models(models or [], study, base_url, allow_host or ())
    for found in checked:
        _show(found)
    if not all(found.usable for found in checked):
        err.print("Not every model can be asked as it is.", style="bold yellow")
        raise typer.Exit(UNUSABLE)


def _show(found: CheckedModel) -> None:
    mark = "✓" if found.usable else "✗"
    _say(f"{mark} {found.name}: {found.said}")
    for finding in found.findings:
        _say(f"    {finding}")
    if found.sent:
        fields = (f"{name}={value!r}" for name, value in found.sent.items() if name != "model")
        _say(f"    sent: {', '.join(fields)}")


def _providers() -> Group:
    """Names, addresses and keys side by side, what else there is to know beneath each."""
    from vaar.respondents.http.registry import HTTP_PROVIDERS

    lines: list[RenderableType] = []
    for provider in HTTP_PROVIDERS.values():
        address = provider.base_url or "an address of your own"
        key = provider.key_env if provider.needs_key else "no key needed"
        state = " (set)" if os.environ.get(provider.key_env) else ""
        lines.append(Text.assemble((f"{provider.name + '/':<18}", "bold"), address))
        notes = [f"{key}{state}", *filter(None, [provider.note])]
        lines.append(Padding(Text("; ".join(notes), style="dim"), (0, 0, 0, 18)))
    return Group(*lines)


def _say(line: str) -> None:
    out.print(Text(printable(line)), soft_wrap=True)
