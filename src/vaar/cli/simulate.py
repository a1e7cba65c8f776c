"""``vaar simulate``: the simulated respondents, served over HTTP or listed."""

from __future__ import annotations

import asyncio
import errno
import math
import shlex
import signal
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from vaar.cli.console import out
from vaar.errors import VaarError
from vaar.respondents.simulated.choosers import CHOOSERS
from vaar.respondents.simulated.populations import POPULATIONS, Population

if TYPE_CHECKING:
    from vaar.study.model import Study

BUNDLED = "privacy_prosocial"

app = typer.Typer(help="Simulated respondents: rehearse a run without a key.", no_args_is_help=True)


StudyArgument = Annotated[
    str, typer.Argument(metavar="[STUDY]", help="A bundled study, a study file or its directory.")
]


@app.command()
def serve(
    study: StudyArgument = BUNDLED,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0 picks a free one.")
    ] = 8000,
) -> None:
    """Put the simulated respondents behind an OpenAI-compatible server, until Ctrl-C."""
    asyncio.run(_serve(study, host, port, _wait_for_signal))


@app.command()
def populations(study: StudyArgument = BUNDLED) -> None:
    """List the simulated populations and the true paths of their answers."""
    from vaar.study.load import load_study

    out.print(populations_table(load_study(study)))


async def _serve(name: str, host: str, port: int, wait: Callable[[], Awaitable[object]]) -> None:
    from vaar.respondents.simulated.server import start
    from vaar.study.load import load_study

    study = load_study(name)
    try:
        runner, base_url = await start(study, host, port)
    except OSError as error:
        raise VaarError(_cannot_listen(host, port, error)) from None
    try:
        out.print(_announcement(name, base_url), markup=False, soft_wrap=True)
        await wait()
    finally:
        await runner.cleanup()


async def _wait_for_signal() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


def _announcement(study: str, base_url: str) -> str:
    from vaar.respondents.http.endpoint import is_loopback

    chosen = "" if study == BUNDLED else f" {shlex.quote(study)}"
    models = " ".join(f"--model openai/{name}" for name in POPULATIONS)
    lines = [
        "Simulated respondents answer, not models.",
        f"Base URL  {base_url}",
        f"Models    {', '.join(POPULATIONS)}",
        "",
        "In another terminal:",
        f"  vaar run{chosen} {models} --base-url {base_url}",
        "",
        "Ctrl-C stops the server.",
    ]
    if not is_loopback(base_url):
        lines.insert(1, "Other machines can reach this server; it asks nobody for a key.")
    return "\n".join(lines)


def _cannot_listen(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} of {host} is in use; stop the program that has it, choose another with "
            "--port, or let --port 0 pick a free one"
        )
    reason = error.strerror or str(error)
    return (
        f"cannot listen on {host} port {port} ({reason}); --host takes an address of this machine "
        "(127.0.0.1 is always one), --port a number above 1023"
    )


def populations_table(study: Study) -> Table:
    """A table of the populations with the true standardised paths of their answers."""
    title = "Simulated populations (no model is asked)"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("Name", no_wrap=True)
    table.add_column("What it does")
    for hypothesis in study.hypotheses:
        table.add_column(escape(f"True {hypothesis.path}"), justify="right")
    for population in POPULATIONS.values():
        cells = _cells(population, study)
        table.add_row(f"simulated/{population.name}", population.summary, *cells)
    for chooser in CHOOSERS.values():
        cells = ["none"] * len(study.hypotheses)
        table.add_row(f"simulated/{chooser.name}", chooser.summary, *cells)
    return table


def _cells(population: Population, study: Study) -> list[str]:
    from vaar.respondents.simulated.population_paths import true_paths

    truths = true_paths(population, study).values()
    return ["not estimable" if math.isnan(path) else f"{path:+z.2f}" for path in truths]
