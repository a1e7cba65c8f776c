"""`vaar salvage`: keep what is sound of a damaged journal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vaar.cli.console import out


def salvage(directory: Annotated[Path, typer.Argument(help="A run directory.")]) -> None:
    """Write a new journal from every sound reply of a damaged one, which is kept beside it."""
    from vaar.pipeline.reading.status import status
    from vaar.pipeline.salvage import salvage as save

    done = save(directory)
    lines = [
        f"{done.kept:,} replies saved; {done.dropped:,} left out behind a lost one",
        f"{done.complete:,} sessions complete, {done.failed:,} failed, {done.pending:,} pending",
        f"{done.cut:,} of the pending had lost replies, and will be asked again from there",
    ]
    if done.restored:
        lines.append(f"{done.restored:,} sessions were entered anew from the plan")
    lines.append(f"the damaged journal is kept as {done.damaged}")
    found = status(directory)
    if found.journal.groups and done.pending:
        lines.append(f"To ask what is pending: {found.command}")
    lines.append(f"To analyse what is there: vaar analyze {directory}")
    out.print("\n".join(lines), markup=False, soft_wrap=True)
