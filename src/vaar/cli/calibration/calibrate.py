"""`vaar calibrate`: how often a design finds what is not there."""

from __future__ import annotations

from typing import Annotated

import typer

from vaar.analyses.settings import Settings
from vaar.cli import choices
from vaar.cli.calibration import choices as own
from vaar.cli.console import print_json, speak


@choices.takes_options
def calibrate(
    study: own.Subject = "privacy_prosocial",
    sessions: own.Sessions = None,
    data_sets: own.DataSets = 500,
    population: Annotated[
        list[str] | None,
        typer.Option(
            help="Who answers: null, yes-saying, carry-over, first-option, straight-lining, copies "
            "or ceiling. Repeat it. [default: the first five]"
        ),
    ] = None,
    loading: own.Loading = 0.7,
    persona_share: own.PersonaShare = 0.5,
    seed: own.Seed = 1,
    workers: own.Workers = None,
    out_dir: Annotated[own.Place, typer.Option("--out", help=own.OUT_HELP)] = None,
    as_json: choices.Json = False,
    quiet: choices.Quiet = False,
    *,
    given: Settings,
) -> None:
    """Find out how often this design would say so without cause, before it costs anything.

    Simulated respondents without any effect are asked as the study asks, and judged as models are.
    """
    from vaar.calibration.options import COUNTERFEITING
    from vaar.cli.views.calibration import as_plain, show_simulated, simulating
    from vaar.pipeline.calibration.calibrate import calibrate as replay
    from vaar.processes.available import processors

    speak(quiet=quiet, as_json=as_json)
    with simulating() as on_progress:
        found = replay(
            study,
            sessions=sessions,
            data_sets=data_sets,
            populations=population or COUNTERFEITING,
            loading=loading,
            persona_share=persona_share,
            seed=seed,
            options=given,
            workers=workers or processors(),
            keep=True,
            out=out_dir,
            on_progress=on_progress,
        )
    show_simulated(found)
    if as_json:
        print_json(as_plain(found))
