"""`vaar import people`: a table of people's answers becomes the file that a run takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vaar.cli.console import notes, out
from vaar.tables.text import printable


def import_people(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV in any usual encoding and form, an export of Qualtrics or LimeSurvey, or an "
            "SPSS table (.sav)."
        ),
    ],
    study: Annotated[
        str, typer.Option(help="The study whose items they answered.")
    ] = "privacy_prosocial",
    map_file: Annotated[
        Path | None,
        typer.Option(
            "--map",
            help="How to read it. Without, a map is proposed, written beside the answers, and used "
            "where it leaves nothing in doubt.",
        ),
    ] = None,
    out_file: Annotated[
        Path, typer.Option("--out", help="Where the answers are written, as CSV.")
    ] = Path("people.csv"),
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace files that are there.")
    ] = False,
) -> None:
    """Make a file of people's answers from a table: the human reference of `vaar run --human`.

    Tells what became of every row, and refuses what it cannot read for certain.
    """
    from vaar.pipeline.people.take import import_people as take
    from vaar.study.load import load_study

    written = take(file, load_study(study), out_file, map_file, overwrite=overwrite)
    for line in written.found.account():
        out.print(printable(line), markup=False, soft_wrap=True)
    for line in written.found.warnings():
        out.print(printable(f"LOOK: {line}"), style="bold yellow", markup=False, soft_wrap=True)
    out.print(
        printable(f"{written.people}: {written.found.people:,} people; read by {written.map}"),
        markup=False,
        soft_wrap=True,
    )
    notes.print(
        printable(
            f"To use them: vaar run --human {written.people} …, or "
            f"vaar analyze DIR --human {written.people}"
        ),
        markup=False,
        soft_wrap=True,
    )
