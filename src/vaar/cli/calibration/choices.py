"""Options that ``vaar calibrate`` and ``vaar power`` share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Subject = Annotated[
    str,
    typer.Argument(
        metavar="[STUDY|DIR]",
        help="A bundled study, a study file, a directory with study.yaml, or a run directory.",
    ),
]
Sessions = Annotated[
    int | None,
    typer.Option(
        min=2,
        help="Sessions of each condition. [default: as the run has, else as the study says, "
        "else 200]",
    ),
]
DataSets = Annotated[int, typer.Option(min=2, help="Data sets of every population.")]
Loading = Annotated[float, typer.Option(help="Standardised loading of an item on its trait.")]
PersonaShare = Annotated[
    float, typer.Option(help="Share of a trait's variance that lies between personas.")
]
Seed = Annotated[int, typer.Option(min=0, help="Equal seeds give equal results.")]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Processes side by side. [default: one a processor]")
]
Place = Path | None
OUT_HELP = (
    "Run directory that the study will have; results are kept beside it. [default: runs/STUDY; "
    "those of a run are kept in it]"
)
