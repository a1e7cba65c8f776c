"""``vaar study``: look at studies, check them, copy one for editing."""

from __future__ import annotations

import json
import shlex
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vaar.cli.console import out
from vaar.errors import ModelSyntaxError
from vaar.study.bundle import bundled_studies, copy_bundle
from vaar.study.model import Study

DEFAULT_STUDY = "privacy_prosocial"

app = typer.Typer(
    name="study",
    help="Look at studies, check them, copy one for editing.",
    no_args_is_help=True,
)


class FileKind(StrEnum):
    """The files that have a JSON schema."""

    study = "study"
    instrument = "instrument"


@app.command()
def show(
    study: Annotated[
        str, typer.Argument(help="A bundled study's name, a study file, or its directory.")
    ] = DEFAULT_STUDY,
) -> None:
    """Show what a study asks, how, and what it expects."""
    from vaar.cli.views.study import study_view
    from vaar.study.load import load_study

    out.print(study_view(load_study(study)))


@app.command()
def check(
    file: Annotated[str, typer.Argument(help="A study file, or the directory that holds one.")],
) -> None:
    """Check a study and its instrument files, and say what is wrong where."""
    from vaar.study.dump import study_hash
    from vaar.study.load import load_study

    study = load_study(file)
    _check_model(study, file)
    typer.echo(
        f"OK {file}\n"
        f"  study        {study.name}\n"
        f"  instruments  {', '.join(study.instrument)} ({study.n_items} items)\n"
        f"  conditions   {', '.join(study.condition)}\n"
        f"  hypotheses   {', '.join(_signed_paths(study))}\n"
        f"  hash         {study_hash(study)[:16]}"
    )


def _check_model(study: Study, file: str) -> None:
    from vaar.sem.model.syntax import parse

    try:
        parse(study.structural_model)
    except ModelSyntaxError as error:
        raise ModelSyntaxError(f'{file}: in the text under "model", {error}') from None


def _signed_paths(study: Study) -> list[str]:
    return [f"{h.path} ({'+' if h.sign > 0 else '−'})" for h in study.hypotheses]


@app.command()
def init(
    directory: Annotated[Path, typer.Argument(help="A new or empty directory.")],
) -> None:
    """Copy the bundled study to a directory, to be edited there."""
    written = copy_bundle(DEFAULT_STUDY, directory)
    files = "\n".join(f"  {path.name}" for path in written)
    shown = shlex.quote(str(directory))
    typer.echo(
        f"Wrote to {directory}\n{files}\n\n"
        "The schemas let an editor complete and check the keys. Edit the study, then:\n"
        f"  vaar study check {shown}\n  vaar run {shown}"
    )


@app.command("list")
def list_studies() -> None:
    """List the bundled studies."""
    from vaar.study.load import load_study

    for name in bundled_studies():
        study = load_study(name)
        typer.echo(f"{name}  {study.title} ({study.n_items} items)")


@app.command()
def schema(
    kind: Annotated[FileKind, typer.Argument(help="Which file's schema.")] = FileKind.study,
) -> None:
    """Print the JSON schema of study files or of instrument files."""
    from vaar.study.schema import InstrumentFile, StudyFile, json_schema

    model = StudyFile if kind is FileKind.study else InstrumentFile
    typer.echo(json.dumps(json_schema(model), indent=2, ensure_ascii=False))
