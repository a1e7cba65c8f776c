"""The command line: parses, shows, exits; everything else is below."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from vaar.cli import (
    analyze,
    compare,
    export,
    list_runs,
    merge,
    models,
    report,
    run,
    salvage,
    simulate,
    status,
    study,
    transcripts,
)
from vaar.cli.calibration import calibrate, power
from vaar.cli.choices import ListsOptions
from vaar.cli.console import USAGE, fail, leave_output, show_whatever_comes, speak
from vaar.cli.imports import group as imports
from vaar.errors import OptionError, VaarError

app = typer.Typer(
    name="vaar",
    help="Do a language model's values predict its actions, as they do in people?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
app.command("run", cls=ListsOptions)(run.run)
app.command("calibrate")(calibrate.calibrate)
app.command("power")(power.power)
app.command("status")(status.status)
app.command("list")(list_runs.list_runs)
app.command("transcripts")(transcripts.transcripts)
app.command("merge")(merge.merge)
app.command("analyze", cls=ListsOptions)(analyze.analyze)
app.command("report")(report.report)
app.command("export")(export.export)
app.command("compare")(compare.compare)
app.command("salvage")(salvage.salvage)
app.add_typer(imports.app, name="import")
app.add_typer(study.app, name="study")
app.add_typer(models.app, name="models")
app.add_typer(simulate.app, name="simulate")


_NO_MEMORY = "this process may have no more memory"
_KEPT = "Mend that, and give the same command again: every reply that was committed is kept"


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"vaar {version('vaar')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show it.")
    ] = False,
) -> None:
    """Do a language model's values predict its actions, as they do in people?"""
    speak()


def main() -> None:
    """Run the program: errors that vaar knows become one screen and exit code 1."""
    show_whatever_comes()
    try:
        app()
    except OptionError as error:
        sys.exit(fail(str(error), USAGE))
    except VaarError as error:
        sys.exit(fail(str(error)))
    except RecursionError:
        sys.exit(fail("a path or a file that was given is nested too deeply to be used"))
    except MemoryError:
        sys.exit(fail(f"{_NO_MEMORY} (ulimit -v, or the memory of this machine). {_KEPT}"))
    except ImportError as error:
        sys.exit(fail(f"a package that vaar needs cannot be loaded here ({error}). {_KEPT}"))
    except OSError as error:
        leave_output()
        what = error.filename or "what this command says"
        sys.exit(fail(f"{what}: cannot be written or read ({error.strerror or error})"))


if __name__ == "__main__":
    main()
