"""`vaar analyze`: redo the analysis of a stored run."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vaar.cli import choices
from vaar.cli.console import INCOMPLETE, out

if TYPE_CHECKING:
    from vaar.analyses.alignment.options import AnalysisOptions

NONE = "none"


def analyze(
    directory: Annotated[Path, typer.Argument(help="A run directory.")],
    estimator: choices.Estimator = None,
    missing: choices.Missing = None,
    level: choices.Level = None,
    confidence: choices.Confidence = None,
    smallest_effect: choices.SmallestEffect = None,
    replicates: choices.Replicates = None,
    by: choices.By = None,
    covariate: choices.Covariate = None,
    ray: choices.Ray = None,
) -> None:
    """Code, score, fit and weigh a stored run again, and rewrite its report. Asks no model."""
    from vaar.cli.views.summary import show_analysis
    from vaar.pipeline.analyze import analyze as analyze_run
    from vaar.pipeline.analyze import last_options
    from vaar.pipeline.machines import mapper
    from vaar.pipeline.write_report import write_report

    options = resolve(
        last_options(directory),
        estimator=estimator,
        missing=missing,
        level=level,
        confidence=confidence,
        smallest_effect=smallest_effect,
        replicates=replicates,
        by=by,
        covariates=covariate,
    )
    with out.status("") as status, mapper(ray) as map_chunks:
        analysis = analyze_run(
            directory, options, lambda stage: status.update(f"{stage} …"), map_chunks
        )
        status.update("writing the report …")
        page = write_report(directory)
    show_analysis(analysis, page)
    if not analysis.estimated:
        raise typer.Exit(INCOMPLETE)


def resolve(base: AnalysisOptions, **chosen: Any) -> AnalysisOptions:
    """The base options, replaced by those that were given; a list of ``none`` is an empty one."""
    from dataclasses import replace

    known = {field.name for field in fields(base)}
    given = {k: [] if v == [NONE] else v for k, v in chosen.items() if v is not None}
    return replace(base, **{k: v for k, v in given.items() if k in known})
