"""`vaar analyze`: redo the analysis of a stored run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vaar.analyses.grouping_options import GROUPS_SECTION
from vaar.analyses.settings import Settings
from vaar.cli import choices
from vaar.cli.console import INCOMPLETE, print_json, speak
from vaar.errors import OptionError


@choices.takes_options
def analyze(
    directory: Annotated[Path, typer.Argument(help="A run directory.")],
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ANALYSIS",
            help="Do this analysis only, and those it needs. Repeat it, or NAME,NAME. "
            "Earlier results of the others stay as long as they rest on the same data.",
        ),
    ] = None,
    human: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A table of people's answers, as `vaar import people` takes it: the human "
            "reference of the run from now on.",
        ),
    ] = None,
    no_human: Annotated[
        bool,
        typer.Option(
            "--no-human",
            help="Leave people out; `--human FILE` or `--set groups.people=true` takes them again.",
        ),
    ] = False,
    name: Annotated[
        str,
        typer.Option(help="Name of this analysis; one beside `default` overwrites nothing of it."),
    ] = "default",
    defaults: Annotated[
        bool,
        typer.Option(
            "--defaults",
            help="Take the options of the study and the package, not those of the last analysis.",
        ),
    ] = False,
    ray: choices.Ray = None,
    as_json: choices.Json = False,
    quiet: choices.Quiet = False,
    *,
    given: Settings,
) -> None:
    """Code, score, fit and weigh a stored run again, and rewrite its report. Asks no model.

    Options that are not given stay as in the last analysis of this name, and are shown at the end.
    """
    from vaar.cli.views.analysis_json import analysis_json
    from vaar.cli.views.progress import live_stages
    from vaar.cli.views.summary import show_analysis
    from vaar.pipeline.analyze import analyze as analyze_run
    from vaar.pipeline.machines import mapper
    from vaar.pipeline.publishing.write_report import write_page
    from vaar.pipeline.results.one_at_a_time import one_at_a_time
    from vaar.pipeline.rundir import RunDirectory

    speak(quiet=quiet, as_json=as_json)
    given = _with_people(given, human, no_human)
    with live_stages() as on_stage, one_at_a_time(directory), mapper(ray) as map_chunks:
        analyzed = analyze_run(
            directory,
            given,
            on_stage,
            map_chunks,
            human=human,
            only=[one for names in only or () for one in names.split(",")],
            name=name,
            defaults=defaults,
        )
        on_stage("writing the report")
        page = write_page(RunDirectory(directory), analyzed)
    show_analysis(analyzed, page)
    if as_json:
        print_json(analysis_json(analyzed, page))
    if not analyzed.estimated:
        raise typer.Exit(INCOMPLETE)


def _with_people(given: Settings, human: Path | None, no_human: bool) -> Settings:
    """The options with what `--human` and `--no-human` say."""
    if human is not None and no_human:
        raise OptionError("--human and --no-human exclude one another: give one of them")
    if human is None and not no_human:
        return given
    groups = {**given.get(GROUPS_SECTION, {}), "people": human is not None}
    return {**given, GROUPS_SECTION: groups}
