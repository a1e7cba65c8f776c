"""Options that `vaar run` and `vaar analyze` share."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

Estimator = Annotated[
    Literal["MLR", "ML"] | None,
    typer.Option(help="Robust (MLR) or expected-information (ML) standard errors. [default: MLR]"),
]
Missing = Annotated[
    Literal["fiml", "listwise"] | None,
    typer.Option(help="Use incomplete sessions (fiml) or leave them out. [default: fiml]"),
]
Level = Annotated[
    Literal["auto", "configural", "metric"] | None,
    typer.Option(help="Invariance level that paths are read from. [default: auto]"),
]
Confidence = Annotated[
    Literal["normal", "bootstrap"] | None,
    typer.Option(help="Directional confidence: Φ(s·b / se), or bootstrap share. [default: normal]"),
]
SmallestEffect = Annotated[
    float | None,
    typer.Option(min=0.0, help="δ: count a path by P(s·b > δ). [default: 0]"),
]
Replicates = Annotated[
    int | None, typer.Option(min=0, help="Bootstrap replicates. [default: 1000]")
]
By = Annotated[
    list[str] | None,
    typer.Option(
        "--by",
        metavar="FACTOR",
        help="Split each respondent's group by order, items, options, wording, replicate or an "
        "attribute of personas. Repeat it; `none` takes it back.",
    ),
]
Covariate = Annotated[
    list[str] | None,
    typer.Option(
        "--covariate",
        metavar="NAME",
        help="Adjust the paths for a factor or an attribute of personas. Repeat it; `none` takes "
        "it back.",
    ),
]
Ray = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Ray cluster that does the work: `HOST:PORT`, `auto` for the one this machine belongs "
        "to, or `local` to start one here.",
    ),
]
