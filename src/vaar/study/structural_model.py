"""A study's structural model, read by the engine that will fit it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from vaar.errors import ModelSyntaxError
from vaar.sem.model.parameters import specify
from vaar.sem.model.syntax import parse

_PLACE = re.compile(r"line (\d+), column \d+: ")
MOST_NAMED = 6


@dataclass(frozen=True)
class Structure:
    """The names a structural model uses.

    Attributes
    ----------
    indicators : dict
        Latent variable → its indicators, in order.
    regressions : tuple of (outcome, predictor)
        Every pair related by ``~``.
    lines : dict
        Every variable with the line of the model, counted from 0, on which it first stands.
    """

    indicators: dict[str, tuple[str, ...]]
    regressions: tuple[tuple[str, str], ...]
    lines: dict[str, int]


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a model, and on which of its lines, counted from 0."""

    message: str
    line: int = 0


def read_structure(model: str) -> Structure:
    """Read the variables and regressions of a model in lavaan syntax; an empty text has none.

    Raises
    ------
    ModelSyntaxError
        It cannot be read.
    """
    indicators: dict[str, tuple[str, ...]] = {}
    regressions: list[tuple[str, str]] = []
    lines: dict[str, int] = {}
    if not model.strip():
        return Structure({}, (), {})
    for term in parse(model).terms:
        names = (term.lhs, term.rhs) if term.op in ("=~", "~", "~~") else (term.lhs,)
        for name in names:
            lines.setdefault(name, term.line - 1)
        if term.op == "=~":
            indicators[term.lhs] = (*indicators.get(term.lhs, ()), term.rhs)
        elif term.op == "~":
            regressions.append((term.lhs, term.rhs))
    return Structure(indicators, tuple(regressions), lines)


def unreadable(model: str) -> Flaw | None:
    """What keeps the engine from reading a model; None where it can."""
    try:
        specify(model, fixed_x=False)
    except ModelSyntaxError as error:
        told = str(error).split("\n", 1)[0]
        place = _PLACE.match(told)
        line = int(place[1]) - 1 if place else 0
        return Flaw(told[place.end() :] if place else told, line)
    return None


def unfit(model: str) -> Iterator[Flaw]:
    """What keeps a model that can be read from being fitted to any data whatever, again and again.

    Yields
    ------
    Flaw
        An indicator that stands twice on a factor, a feedback loop, bounds, and where there is none
        of them, parameters that no data can tell apart.
    """
    structure = read_structure(model)
    flaws = [*_repeated(model), *_loops(structure, _places(model)), *_bounded(model)]
    yield from flaws or _not_identified(model)


def _repeated(model: str) -> Iterator[Flaw]:
    for term in parse(model).repeated:
        if term.op == "=~":
            said = f'"{term.rhs}" stands twice on the factor "{term.lhs}"; name it once'
        else:
            said = f'"{term.lhs} {term.op} {term.rhs}" stands here again; write it once'
        yield Flaw(said, term.line - 1)


def _bounded(model: str) -> Iterator[Flaw]:
    syntax = parse(model)
    lines = [term.line for term in syntax.terms if term.modifier.lower or term.modifier.upper]
    lines += [inequality.line for inequality in syntax.inequalities]
    if lines:
        yield Flaw(
            "bounds (lower(…), upper(…)) and inequalities (> and <) are not for a study: which of "
            "them hold would change from one sample of its sessions to the next, and the errors "
            "and intervals of its paths rest on such samples; take them out",
            min(lines) - 1,
        )


def _places(model: str) -> dict[str, int]:
    """Every term, as ``left op right``, with its line, counted from 0."""
    return {f"{t.lhs} {t.op} {t.rhs}": t.line - 1 for t in parse(model).terms}


def _loops(structure: Structure, places: dict[str, int]) -> Iterator[Flaw]:
    causes: dict[str, set[str]] = {}
    for outcome, predictor in structure.regressions:
        causes.setdefault(outcome, set()).add(predictor)
    try:
        TopologicalSorter(causes).prepare()
    except CycleError as error:
        circle = list(error.args[1])
        line = max(places[f"{effect} ~ {cause}"] for cause, effect in pairwise(circle))
        yield Flaw(
            f"the regressions lead in a circle ({' → '.join(circle)}), so that a variable would "
            "depend on itself; take one of them out: more sessions do not help",
            line,
        )


def _not_identified(model: str) -> Iterator[Flaw]:
    from vaar.sem.model.identification import not_identified

    if not (names := not_identified(specify(model, fixed_x=False))):
        return
    variable = re.split(r" (?:=~|~~|~) ", names[0])[0]
    first = read_structure(model).lines.get(variable, 0)  # for what the model leaves unwritten
    further = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    yield Flaw(
        f"the model is not identified: no data can tell {', '.join(names[:MOST_NAMED])}{further} "
        "apart; give a factor a third indicator, fix a parameter (0*x) or leave one out: more "
        "sessions do not help",
        _places(model).get(names[0], first),
    )
