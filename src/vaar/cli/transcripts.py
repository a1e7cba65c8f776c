"""`vaar transcripts`: conversations of a run, with how each reply was coded."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from vaar.cli import choices
from vaar.cli.console import notes, out, print_json, speak


def transcripts(
    directory: Annotated[Path, typer.Argument(help="A run directory.")],
    group: Annotated[
        str | None, typer.Option(help="Only this group: a respondent, or `respondent [condition]`.")
    ] = None,
    item: Annotated[
        str | None, typer.Option(help="Only what was said on this item: its code.")
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option(
            help="Only replies coded as missing for this reason: `refused`, `unparseable`, "
            "`out_of_range` or `truncated`; also where a re-ask was answered."
        ),
    ] = None,
    n: Annotated[int, typer.Option("--n", min=1, help="At most so many sessions.")] = 20,
    as_json: choices.Json = False,
) -> None:
    """Print conversations: every prompt as it was sent, every reply, and what it was coded as.

    With --item or --reason only the turns looked for are printed. Prompts are rebuilt from the
    study; replies come from the journal.
    """
    from vaar.cli.views.transcripts import conversation, transcript_json
    from vaar.pipeline.reading.transcripts import find_transcripts

    speak(as_json=as_json)
    found = find_transcripts(directory, group, item, reason)
    shown = list(islice(found, n))
    if as_json:
        print_json([transcript_json(one) for one in shown])
        return
    for one in shown:
        out.print(conversation(one), soft_wrap=True)
    if next(found, None):
        notes.print("There are more; --n shows them.", markup=False)
    if not shown:
        notes.print("No session has such a reply.", markup=False)
