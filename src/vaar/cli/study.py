"""``vaar study``: look at studies, check them, copy one for editing."""

from __future__ import annotations

import shlex
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vaar.analyses.settings import Settings
from vaar.cli import choices
from vaar.cli.console import out, print_json, say
from vaar.errors import DataError, StudyError
from vaar.study.bundle import bundled_studies, copy_bundle
from vaar.study.model import Study

DEFAULT_STUDY = "privacy_prosocial"

app = typer.Typer(
    name="study",
    help="Look at studies, check them, copy one for editing.",
    no_args_is_help=True,
)


class FileKind(StrEnum):
    """The files that have a JSON schema."""

    study = "study"
    instrument = "instrument"


@app.command()
def show(
    study: Annotated[
        str, typer.Argument(help="A bundled study's name, a study file, or its directory.")
    ] = DEFAULT_STUDY,
) -> None:
    """Show what a study asks, how, and what it expects."""
    from vaar.cli.views.study import study_view
    from vaar.study.load import load_study

    out.print(study_view(load_study(study)))


@app.command()
def prompt(
    study: Annotated[
        str, typer.Argument(help="A bundled study's name, a study file, or its directory.")
    ] = DEFAULT_STUDY,
    condition: Annotated[
        str | None, typer.Option(help="Name of a condition. [default: the study's first]")
    ] = None,
    session: Annotated[int, typer.Option(min=1, help="Which session of its group.")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the sessions, as of `vaar run`.")] = 1,
    as_json: choices.Json = False,
) -> None:
    """Print exactly what one session would send, if every item is answered when first asked.

    As text, each message where it is first sent; with --json, every request with the whole
    conversation before it, the replies in it left empty.
    """
    from vaar.cli.views.transcripts import request_json, session_prompts
    from vaar.sessions.plan import plan_sessions
    from vaar.sessions.transcript import requests
    from vaar.study.load import load_study

    loaded = load_study(study)
    name = condition or loaded.conditions[0].name
    if name not in loaded.condition:
        raise StudyError(f"no condition {name!r}; the study has {', '.join(loaded.condition)}")
    planned = plan_sessions(loaded, ["respondent"], session, seed)
    wanted = next(s for s in planned if (s.condition, s.replicate) == (name, session))
    sent = requests(loaded, wanted)
    if as_json:
        print_json([request_json(request, loaded.temperature) for request in sent])
    else:
        out.print(session_prompts(sent), soft_wrap=True)


@app.command()
def check(
    file: Annotated[str, typer.Argument(help="A study file, or the directory that holds one.")],
) -> None:
    """Check a study and its instrument files, and say what is wrong where."""
    from vaar.study.dump import study_hash
    from vaar.study.load import load_study

    study = load_study(file)
    if study.analyses:
        from vaar.analyses.registry import known
        from vaar.analyses.settings import in_force

        in_force(known(), {}, study.analyses)
    say(
        f"OK {file}\n"
        f"  study        {study.name}\n"
        f"  instruments  {', '.join(study.instrument)} ({study.n_items} items)\n"
        f"  conditions   {', '.join(study.condition)}\n"
        f"  hypotheses   {', '.join(_signed_paths(study))}\n"
        f"  hash         {study_hash(study)[:16]}"
    )


def _signed_paths(study: Study) -> list[str]:
    return [f"{h.path} ({'+' if h.sign > 0 else '−'})" for h in study.hypotheses]


def _bundled(name: str) -> str:
    if name not in bundled_studies():
        raise typer.BadParameter(f"{name!r} is none of {', '.join(bundled_studies())}")
    return name


@app.command()
@choices.takes_options
def freeze(
    file: Annotated[Path, typer.Argument(help="The file to write, such as preregistration.json.")],
    study: Annotated[
        str, typer.Option(help="A bundled study's name, a study file, or its directory.")
    ] = DEFAULT_STUDY,
    model: Annotated[
        list[str] | None,
        typer.Option("--model", help="As of `vaar run`. Repeat it. [default: simulated]"),
    ] = None,
    base_url: Annotated[str | None, typer.Option(help="As of `vaar run`.")] = None,
    sessions: Annotated[
        int, typer.Option(min=1, help="Sessions per model and condition, fixed beforehand.")
    ] = 200,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="As of `vaar run`.")] = 1,
    human: Annotated[
        Path | None, typer.Option(help="CSV of people's answers: the human reference.")
    ] = None,
    *,
    given: Settings,
) -> None:
    """Preregister: write down what will be asked and how it will be analysed, before asking.

    Deposit the file where it is dated, then give it to `vaar run --preregistration FILE`. The
    report lists whatever was done otherwise.
    """
    from vaar.files.write import write_bytes
    from vaar.pipeline.plan import plan
    from vaar.pipeline.preregistration.registration import register

    if file.exists():
        raise DataError(
            f"{file}: is there already; a preregistration is not replaced. Name another"
        )
    registered = register(
        plan(study, model or ["simulated"], sessions, seed, base_url), given, human
    )
    try:
        write_bytes(file, registered.to_json().encode())
    except OSError as error:
        raise DataError(f"{file}: cannot be written ({error.strerror})") from error
    signs = [f"  {h.path} ({h.sign})" for h in registered.hypotheses]
    say(
        "\n".join(
            [
                f"Wrote {file}",
                f"  study {registered.study}, {sessions:,} sessions per model and condition",
                *signs,
                f"  digest {registered.digest}",
                "Deposit it, then start the run with it:",
                f"  vaar run … --preregistration {shlex.quote(str(file))}",
            ]
        )
    )


@app.command()
def init(
    directory: Annotated[Path, typer.Argument(help="A new or empty directory.")],
    study: Annotated[
        str, typer.Argument(help="The bundled study to copy.", callback=_bundled)
    ] = DEFAULT_STUDY,
) -> None:
    """Copy a bundled study to a directory, to be edited there."""
    written = copy_bundle(study, directory)
    files = "\n".join(f"  {path.name}" for path in written)
    shown = shlex.quote(str(directory))
    say(
        f"Wrote to {directory}\n{files}\n\n"
        "The schemas let an editor complete and check the keys. Edit the study, then:\n"
        f"  vaar study check {shown}\n  vaar run {shown}"
    )


@app.command("list")
def list_studies() -> None:
    """List the bundled studies."""
    from vaar.study.load import load_study

    for name in bundled_studies():
        study = load_study(name)
        say(f"{name}  {study.title} ({study.n_items} items)")


@app.command()
def schema(
    kind: Annotated[FileKind, typer.Argument(help="Which file's schema.")] = FileKind.study,
) -> None:
    """Print the JSON schema of study files or of instrument files."""
    from vaar.study.schema.entry import json_schema
    from vaar.study.schema.instrument_file import InstrumentFile
    from vaar.study.schema.study_file import StudyFile

    model = StudyFile if kind is FileKind.study else InstrumentFile
    print_json(json_schema(model))
