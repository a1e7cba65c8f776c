"""`vaar merge`: the shards of a run become one run directory."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vaar.cli.console import notes, out


def merge(
    directories: Annotated[
        list[Path], typer.Argument(help="Run directories of the shards, in any order.")
    ],
    out_dir: Annotated[
        Path, typer.Option("--out", help="The merged run directory: new, or of the same run.")
    ],
) -> None:
    """Bring the shards of a run together, or runs of one study with other seeds or models.

    Asks no model, and leaves the directories as they are.
    """
    from vaar.pipeline.merge import merge as merge_shards

    merged = merge_shards(directories, out_dir)
    counts = merged.sessions
    out.print(
        f"{merged.directory}: {counts.total():,} sessions, {counts['complete']:,} complete, "
        f"{counts['failed']:,} failed, {counts['pending']:,} pending",
        markup=False,
        soft_wrap=True,
    )
    if merged.twice:
        notes.print(
            f"{merged.twice:,} sessions are in several of these directories, with the same replies;"
            " each counts once.",
            markup=False,
            soft_wrap=True,
        )
    if merged.missing:
        notes.print(
            f"Not given: {', '.join(map(str, merged.missing))}. Their sessions are pending: merge "
            "again when they are there.",
            style="yellow",
            soft_wrap=True,
        )
    if counts["pending"]:
        notes.print(
            "To ask what is pending here, give the command of the shards without --shard and with "
            f"--out {merged.directory}.",
            markup=False,
            soft_wrap=True,
        )
    analyse = f"To analyse what is there: vaar analyze {merged.directory}"
    notes.print(analyse, markup=False, soft_wrap=True)
