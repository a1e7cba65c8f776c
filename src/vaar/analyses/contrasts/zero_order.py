"""Correlations of the latent variables beside the paths between them."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

import vaar.sem as sem
from vaar.analyses.alignment.measurement import Measurement
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.rate.verdicts import path_interval
from vaar.analyses.contrasts.table_specs import ZERO_ORDER
from vaar.errors import VaarError
from vaar.sem.model.expressions import Expression
from vaar.sem.model.parameters import specify
from vaar.sem.model.syntax import Term, parse
from vaar.study.model import Hypothesis
from vaar.tables.table import Record
from vaar.vocabulary import Z_95

_MEASUREMENT = ("=~", "|", "~*~")


def zero_order_table(
    scores: pd.DataFrame,
    model: str,
    hypotheses: Sequence[Hypothesis],
    paths: pd.DataFrame,
    measurement: Measurement,
    options: AlignmentOptions,
) -> tuple[pd.DataFrame, str]:
    """The table :data:`ZERO_ORDER`, and why it has no correlations, empty where it has.

    The correlations are those of the same measurement model with all variables of the hypotheses'
    regressions covarying freely, at the same invariance level.
    """
    fit, why = _correlated(scores, model, measurement, options)
    found = {} if fit is None else _correlations(fit)
    rows = []
    for record in paths.to_dict("records"):
        hypothesis = next(h for h in hypotheses if h.path == record["path"])
        pair = frozenset((hypothesis.outcome, hypothesis.predictor))
        rows.append(_row(record, *found.get((record["group"], pair), (math.nan, math.nan))))
    return ZERO_ORDER.filled(rows), why


def correlation_model(model: str) -> str:
    """The measurement part of a model, with all variables of its regressions covarying freely.

    Bounds stay, and so do lines that relate labels of the parameters that are left.
    """
    syntax = parse(model)
    paths = [term for term in syntax.terms if term.op == "~" and term.rhs != "1"]
    related = dict.fromkeys(name for term in paths for name in (term.lhs, term.rhs))
    outcomes = {term.lhs for term in paths}
    kept = [term for term in syntax.terms if _is_kept(term, related, outcomes)]
    free = [f"{one} ~~ {other}" for one, other in combinations(related, 2)]
    labels = {label for term in kept for label in term.modifier.labels}
    lines = [
        f"{line.name} {line.op} {line.expression}"
        for line in (*syntax.equalities, *syntax.inequalities)
        if labels.issuperset(Expression(f"({line.name}) - ({line.expression})").names)
    ]
    return "\n".join([*map(_written, kept), *free, *lines])


def _is_kept(term: Term, related: Collection[str], outcomes: Collection[str]) -> bool:
    """Whether a parameter means the same where variables covary instead of having paths."""
    if term.op != "~~":
        return term.op in _MEASUREMENT
    if term.lhs == term.rhs:
        return term.lhs not in outcomes
    return not (term.lhs in related and term.rhs in related)


def _written(term: Term) -> str:
    modifier = term.modifier
    parts = [_vector(modifier.values), _vector(modifier.labels)]
    calls = {"start": modifier.starts, "lower": modifier.lower, "upper": modifier.upper}
    parts += [f"{name}({_entries(entries)})" for name, entries in calls.items() if entries]
    return f"{term.lhs} {term.op} {''.join(f'{part}*' for part in parts if part)}{term.rhs}"


def _vector(parts: Sequence[float | str | None]) -> str:
    return _entries(parts) if len(parts) < 2 else f"c({_entries(parts)})"


def _entries(parts: Sequence[float | str | None]) -> str:
    return ", ".join("NA" if part is None or part != part else str(part) for part in parts)


def _correlated(
    scores: pd.DataFrame, model: str, measurement: Measurement, options: AlignmentOptions
) -> tuple[sem.Fit | None, str]:
    text = correlation_model(model)
    latents = specify(text).latents
    equal = ["loadings"] if measurement.level == "metric" else []
    before = measurement.fit
    if before is None:
        return None, "no group could be fitted"
    fitted = scores[scores["group"].isin(before.groups)]
    try:
        fit = sem.fit(
            text,
            fitted.drop(columns=[name for name in latents if name in scores]),
            group="group",
            estimator=options.estimator,
            missing=options.missing,
            group_equal=equal,
            std_lv=True,
        )
    except VaarError as error:
        return None, str(error)
    return fit, ""


def _correlations(fit: sem.Fit) -> dict[tuple[str, frozenset[str]], tuple[float, float]]:
    """Standardised covariances and their standard errors, by group and pair, where usable."""

    def read() -> Iterator[tuple[tuple[str, frozenset[str]], tuple[float, float]]]:
        table = fit.params
        for row in table[table["op"].eq("~~") & table["lhs"].ne(table["rhs"])].to_dict("records"):
            if fit.group_outcome[row["group"]].usable:
                pair = frozenset((row["lhs"], row["rhs"]))
                yield (row["group"], pair), (float(row["std_all"]), float(row["std_all_se"]))

    return dict(read())


def _row(record: Record, r: float, se: float) -> dict[str, object]:
    path, path_lower, path_upper = path_interval(record)
    z = np.arctanh(np.clip(r, -0.999999, 0.999999))
    reach = Z_95 * se / (1 - min(r * r, 0.999999))
    same = "same" if path * r > 0 else "different"
    return {
        "group": record["group"],
        "path": record["path"],
        "std_path": path,
        "path_lower": path_lower,
        "path_upper": path_upper,
        "r": r,
        "r_se": se,
        "r_lower": float(np.tanh(z - reach)),
        "r_upper": float(np.tanh(z + reach)),
        "signs": same if math.isfinite(path * r) else "",
    }
