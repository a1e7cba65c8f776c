"""A study's structural model, written for sessions within personas."""

from __future__ import annotations

from collections.abc import Iterator

from vaar.sem.model.syntax import Modifier, Term, parse
from vaar.study.structural_model import read_structure

LOADING = "loading"
"""Begins the labels that make loadings equal within and between personas."""


def not_written(model: str) -> str:
    """Why a model cannot be written for two levels; empty where it can."""
    syntax = parse(model)
    if syntax.defined or syntax.equalities or syntax.inequalities:
        return "its structural model has lines of :=, ==, > or <"
    if any(term.modifier != Modifier() for term in syntax.terms):
        return "its structural model has labels or fixed values"
    if any(term.op not in ("=~", "~", "~~") or term.rhs == "1" for term in syntax.terms):
        return "its structural model has intercepts or thresholds"
    factors = read_structure(model).indicators
    if any(name in factors for names in factors.values() for name in names):
        return "its structural model has factors of a higher order"
    return ""


def two_level_model(model: str) -> str:
    """The model within and between personas.

    A latent variable is one variable at both levels: its loadings are equal, and between personas
    its indicators have no residuals of their own. So what differs between personas is the level
    of the latent variable, which few personas can carry; free residuals end in negative variances
    (see ``docs/designs.md``).
    """
    return "\n".join(
        ["level: 1", *_lines(model, within=True), "level: 2", *_lines(model, within=False)]
    )


def _lines(model: str, within: bool) -> Iterator[str]:
    structure = read_structure(model)
    indicated = {name for names in structure.indicators.values() for name in names}
    for factor, names in structure.indicators.items():
        first, *others = names
        loadings = [first, *(f"{_label(factor, name)}*{name}" for name in others)]
        yield f"  {factor} =~ {' + '.join(loadings)}"
    for outcome, predictor in structure.regressions:
        yield f"  {outcome} ~ {predictor}"
    if within:
        yield from (f"  {term.lhs} ~~ {term.rhs}" for term in _covariances(model))
    else:
        yield from (f"  {name} ~~ 0*{name}" for name in sorted(indicated))
        yield from (
            f"  {term.lhs} ~~ {term.rhs}"
            for term in _covariances(model)
            if not {term.lhs, term.rhs} & indicated
        )


def _covariances(model: str) -> list[Term]:
    return [term for term in parse(model).terms if term.op == "~~"]


def _label(factor: str, indicator: str) -> str:
    return f"{LOADING}.{factor}.{indicator}"
