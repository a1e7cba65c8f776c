"""The options of analyses on the command line, made from the dataclasses that hold them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.grouping_options import GROUPS_SECTION, GroupOptions
from vaar.analyses.options import NONE, OptionInfo, described
from vaar.errors import OptionError

FLAGGED = {GROUPS_SECTION: GroupOptions, "alignment": AlignmentOptions}
"""Classes of options of which some have a flag of their own."""

Ray = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Ray cluster that does the work: `HOST:PORT`, `auto` for the one this machine belongs "
        "to, or `local` to start one here.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print what came of it as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")]
AllowHost = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host",
        metavar="HOST",
        help="Send keys to this host over plain http, or because a models file says so. Repeat it.",
    ),
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME.OPTION=VALUE",
        help="Any option of any analysis, as `alignment.subsamples=100`. Repeat it.",
    ),
]
File = Annotated[
    Path | None,
    typer.Option("--options", metavar="FILE", help="YAML file of options: analysis, then option."),
]


class ListsOptions(TyperCommand):
    """A command whose help ends with all options of all analyses."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Make the list when help is asked for: it needs every analysis."""
        self.epilog = "\n\n".join(_option_list())
        super().format_help(ctx, formatter)


def _option_list() -> Iterator[str]:
    from vaar.analyses.registry import known
    from vaar.analyses.settings import option_classes

    yield "All options, as `--set` and `--options` take them, and what the package has:"
    for section, cls in option_classes(known()).items():
        for info in described(cls):
            value = ",".join(info.default) or NONE if info.many else info.default
            one_of = f" One of {', '.join(info.choices)}." if info.choices else ""
            yield f"- `{section}.{info.name}={value}`: {info.help}{one_of}"


def takes_options(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command take options of analyses; it gets them as one argument ``given``, by analysis.

    They are a flag for each option that has one, ``--set`` and ``--options``; what is nearer to
    the analysis's own name wins: a file, then a flag, then ``--set``.
    """
    flags = {f"{section}_{info.name}": (section, info) for section, info in _flagged()}

    @wraps(command)
    def wrapper(**arguments: Any) -> None:
        given: dict[str, dict[str, Any]] = {}
        file, sets = arguments.pop("options_file"), arguments.pop("option_sets")
        for section, values in _read(file).items() if file else ():
            given.setdefault(section, {}).update(values)
        for parameter, (section, info) in flags.items():
            value = arguments.pop(parameter)
            if value is not None:
                given.setdefault(section, {})[info.name] = () if value == [NONE] else value
        for text in sets or ():
            section, name, value = _parsed(text)
            given.setdefault(section, {})[name] = value
        command(**arguments, given=given)

    own = list(inspect.signature(command, eval_str=True).parameters.values())
    added = [_parameter(name, info) for name, (_, info) in flags.items()]
    added.append(_keyword("option_sets", Set))
    added.append(_keyword("options_file", File))
    parameters = [p for p in own if p.name != "given"] + added
    wrapper.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapper.__annotations__ = {p.name: p.annotation for p in parameters}
    return wrapper


def _flagged() -> Iterator[tuple[str, OptionInfo]]:
    for section, cls in FLAGGED.items():
        yield from ((section, info) for info in described(cls) if info.flag)


def _parameter(name: str, info: OptionInfo) -> inspect.Parameter:
    help = f"{info.help} Repeat it; `{NONE}` takes it back." if info.many else info.help
    kind = list[str] if info.many else info.type
    option = typer.Option(info.flag, help=help, metavar="NAME" if info.many else None)
    return _keyword(name, Annotated[kind | None, option])


def _keyword(name: str, annotation: Any) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation
    )


def _parsed(text: str) -> tuple[str, str, str]:
    place, equals, value = text.partition("=")
    section, dot, name = place.strip().partition(".")
    if not (equals and dot and section and name):
        raise OptionError(
            f"--set {text}: is not of the form NAME.OPTION=VALUE, as alignment.replicates=200"
        )
    return section, name, value.strip()


def _read(path: Path) -> dict[str, dict[str, Any]]:
    from vaar.study.source.files import read_document

    content = read_document(path).data
    if not isinstance(content, dict) or not all(isinstance(v, dict) for v in content.values()):
        raise OptionError(
            f"{path}: must hold, for the name of each analysis, lines of the form "
            '"option: value"; for example\nalignment:\n  replicates: 200'
        )
    return content
