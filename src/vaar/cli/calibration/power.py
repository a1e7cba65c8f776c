"""`vaar power`: which effects a design would find, and with how many sessions."""

from __future__ import annotations

from typing import Annotated

import typer

from vaar.analyses.settings import Settings
from vaar.cli import choices
from vaar.cli.calibration import choices as own
from vaar.cli.console import print_json, speak
from vaar.errors import OptionError


@choices.takes_options
def power(
    study: own.Subject = "privacy_prosocial",
    effect: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH=SIZE",
            help='Standardised size of a path, as "aods ~ privacy=.2", or of all of them, as .2; '
            "positive in the expected direction. Repeat it. [default: as published, else as in "
            "simulated people]",
        ),
    ] = None,
    chance: Annotated[
        float, typer.Option(help="Of the right verdict, for which sessions are sought.")
    ] = 0.8,
    most: Annotated[int, typer.Option(min=60, help="No more sessions are tried.")] = 5000,
    sessions: own.Sessions = None,
    data_sets: own.DataSets = 500,
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
    """Find out how often expected effects would be found, and how many sessions that takes."""
    from vaar.cli.views.calibration import as_plain, show_simulated, simulating
    from vaar.pipeline.calibration.calibrate import power as replay
    from vaar.processes.available import processors

    speak(quiet=quiet, as_json=as_json)
    with simulating() as on_progress:
        found = replay(
            study,
            effects=_sizes(effect or []),
            chance=chance,
            most=most,
            sessions=sessions,
            data_sets=data_sets,
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


def _sizes(given: list[str]) -> float | dict[str, float]:
    """Sizes by path, or one of all paths."""
    sizes: dict[str, float] = {}
    for text in given:
        path, _, size = text.rpartition("=")
        try:
            number = float(size)
        except ValueError:
            raise OptionError(
                f'--effect {text}: is not of the form PATH=SIZE, as "aods ~ privacy=.2", and no '
                "number"
            ) from None
        if not path and len(given) == 1:
            return number
        if not path:
            raise OptionError(f"--effect {text}: is of all paths, and so stands alone")
        sizes[" ~ ".join(part.strip() for part in path.split("~"))] = number
    return sizes
