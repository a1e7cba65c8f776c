"""Set what vaar.sem says of a case beside what lavaan says.

A difference is relative where the quantity has no natural unit (χ², standard errors), and
otherwise absolute, or relative to lavaan's value where that exceeds 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from agreement_cases import Case

import vaar.sem as sem
from vaar.errors import VaarError

TOLERANCES = {
    "chisq": 1e-6,
    "estimate": 1e-4,
    "standard error": 1e-3,
    "standardised": 1e-4,
    "standardised s.e.": 1e-3,
    "fit measure": 1e-4,
    "log-likelihood": 1e-6,
    "scaled test": 1e-3,
    "difference test": 1e-3,
    "difference test (2010)": 1e-3,
    "modification index": 1e-3,
    "release test": 1e-3,
    "factor score": 1e-3,
    "degrees of freedom": 0.0,
}
_LIKELIHOODS = ("logl", "unrestricted.logl", "aic", "bic", "bic2")
_KEYS = ["lhs", "op", "rhs", "group"]
_COLUMNS = {
    "est": "estimate",
    "se": "standard error",
    "std_all": "standardised",
    "std_all_se": "standardised s.e.",
}
_SMALLEST = {
    "chisq": 1e-6,
    "standard error": 1e-3,
    "standardised s.e.": 1e-3,
    "difference test": 1e-2,
}
_SMALLEST |= {"difference test (2010)": 1e-2, "modification index": 0.1, "release test": 0.1}
_ABSOLUTE = ("estimate", "standardised", "fit measure", "factor score")


class Record:
    """What lavaan wrote into a folder."""

    def __init__(self, folder: Path) -> None:
        self._tables = {
            name: self._read(folder / f"lavaan_{name}.csv")
            for name in ("params", "measures", "indices", "releases", "scores", "failed")
        }

    @staticmethod
    def _read(path: Path) -> dict[str, pd.DataFrame]:
        if not path.exists():
            return {}
        table = pd.read_csv(path, keep_default_na=False, na_values=["NA"])
        return {str(name): part.drop(columns="name") for name, part in table.groupby("name")}

    def of(self, table: str, case: Case) -> pd.DataFrame | None:
        """The rows of a case; None where it has none."""
        return self._tables[table].get(case.name)

    def warning(self, case: Case) -> str:
        """lavaan's error or warnings, empty where it had none."""
        said = self.of("failed", case)
        return "" if said is None else str(said["message"].iloc[0])


def fit_case(case: Case, data: pd.DataFrame) -> tuple[sem.Fit | None, str]:
    """The fit, or the reason why there is none."""
    more: dict[str, object] = {}
    if case.ordered:
        ordered = True if case.ordered == "all" else case.ordered.split("|")
        more = {"ordered": ordered, "parameterization": case.parameterization}
    if case.meanstructure:
        more["meanstructure"] = case.meanstructure == "True"
    if case.moments:
        data, said = None, moments_of(case, data)
        more |= said
    try:
        fit = sem.fit(
            case.model,
            data,
            group=None if case.moments else case.group or None,
            estimator=case.estimator,
            missing=case.missing,
            group_equal=[kind for kind in case.equal.split("|") if kind],
            group_partial=[name for name in case.partial.split("|") if name],
            std_lv=case.identification == "std_lv",
            effect_coding=case.identification == "effects",
            fixed_x=case.fixed_x,
            cluster=case.cluster or None,
            sampling_weights=case.weight or None,
            bounds=case.bounds or None,
            **more,  # type: ignore[arg-type]
        )
    except VaarError as error:
        return None, f"vaar.sem: {error}"
    if not fit.outcome.usable:
        return None, f"vaar.sem: {fit.outcome}"
    return fit, ""


def moments_of(case: Case, data: pd.DataFrame) -> dict[str, object]:
    """What stands for the rows of a case."""
    number = data.select_dtypes("number").columns
    parts = dict(list(data.groupby("school"))) if case.group else {"": data}
    kind = pd.DataFrame.corr if case.moments == "cor" else pd.DataFrame.cov
    said = {
        "sample_cov": {name: kind(part[number]) for name, part in parts.items()},
        "nobs": {name: len(part) for name, part in parts.items()},
    }
    if case.group:
        said["sample_mean"] = {name: part[number].mean() for name, part in parts.items()}
        return said
    return {name: value[""] for name, value in said.items()}


def differences(case: Case, fit: sem.Fit, previous: sem.Fit | None, record: Record) -> pd.DataFrame:
    """Columns kind, name, quantity, what, ours, lavaan, difference, identification, warned."""
    parts = [*_params(fit, record.of("params", case)), *_measures(case, fit, previous, record)]
    parts += _score_tests(case, fit, record)
    if (scores := record.of("scores", case)) is not None:
        parts.append(_factor_scores(fit, scores))
    table = pd.concat(parts, ignore_index=True)
    table.insert(0, "name", case.name)
    table.insert(0, "kind", case.kind)
    table["identification"] = case.identification
    table["warned"] = record.warning(case)
    return table


def _params(fit: sem.Fit, theirs: pd.DataFrame | None) -> Iterator[pd.DataFrame]:
    assert theirs is not None
    both = _keyed(fit.params, fit).join(
        _keyed(theirs, fit), how="outer", lsuffix="", rsuffix="_lavaan"
    )
    for column, quantity in _COLUMNS.items():
        mine = both[column].to_numpy(float)
        other = both[column + "_lavaan"].to_numpy(float)
        if column.endswith("se"):
            mine, other = np.nan_to_num(mine), np.nan_to_num(other)
        yield _rows(quantity, both.index, mine, other)


def _keyed(table: pd.DataFrame, fit: sem.Fit) -> pd.DataFrame:
    """Indexed by "group: lhs op rhs", the two sides of a covariance in one order."""
    labels = []
    level = table["level"] if "level" in table else [""] * len(table)
    for (lhs, op, rhs, group), at in zip(table[_KEYS].itertuples(index=False), level, strict=True):
        if isinstance(group, (int, np.integer)):
            group = fit.groups[group - 1] if group else ""
        first, second = sorted((lhs, rhs)) if op == "~~" else (lhs, "" if op == ":=" else rhs)
        where = f" at {at}" if at and op != ":=" else ""
        labels.append(f"{group}: {first} {op} {second}{where}")
    return table.drop(columns=_KEYS).set_axis(pd.Index(labels))


def _rows(
    quantity: str, what: pd.Index | list[str], mine: np.ndarray, other: np.ndarray
) -> pd.DataFrame:
    scale = np.maximum(np.abs(other), _SMALLEST.get(quantity, 1e-12))
    if quantity in _ABSOLUTE:
        scale = np.maximum(np.abs(other), 1.0)
    gap = np.where(np.isnan(mine) & np.isnan(other), 0.0, np.abs(mine - other) / scale)
    return pd.DataFrame(
        {
            "quantity": quantity,
            "what": what,
            "ours": mine,
            "lavaan": other,
            "difference": np.where(np.isnan(gap), np.inf, gap),
        }
    )


def _measures(
    case: Case, fit: sem.Fit, previous: sem.Fit | None, record: Record
) -> Iterator[pd.DataFrame]:
    said = record.of("measures", case)
    assert said is not None
    theirs = said.set_index("measure")["value"].dropna()
    ours = {name: value for name, value in fit.measures.items() if not np.isnan(value)}
    if previous is not None and "delta.chisq" in theirs:
        ours |= _difference_test("delta", fit, previous, None)
    if previous is not None and "delta2010.chisq" in theirs:
        ours |= _difference_test("delta2010", fit, previous, "satorra.bentler.2010")
    for name in theirs.index:
        if name.replace(".", "_") in ours:
            mine, other = np.array([ours[name.replace(".", "_")]]), np.array([theirs[name]])
            yield _rows(_quantity(name), [name], mine, other)


def _difference_test(
    stem: str, fit: sem.Fit, previous: sem.Fit, method: str | None
) -> dict[str, float]:
    test = sem.compare(fit, previous, method=method)
    return {
        f"{stem}_chisq": test.statistic,
        f"{stem}_df": test.df,
        f"{stem}_pvalue": test.pvalue,
    }


def _quantity(measure: str) -> str:
    if "df" in measure.split(".") or measure in ("npar", "ntotal"):
        return "degrees of freedom"
    if measure.startswith("delta"):
        if "pvalue" in measure:
            return "fit measure"
        return "difference test" + (" (2010)" if "2010" in measure else "")
    if measure in _LIKELIHOODS:
        return "log-likelihood"
    if "pvalue" in measure or not ("chisq" in measure or "scaling" in measure):
        return "fit measure"
    return "scaled test" if "scal" in measure else "chisq"


def _score_tests(case: Case, fit: sem.Fit, record: Record) -> Iterator[pd.DataFrame]:
    """Those that both programs list."""
    pairs = (
        ("indices", "modification index", sem.modification_indices),
        ("releases", "release test", sem.equality_tests),
    )
    for name, quantity, function in pairs:
        theirs = record.of(name, case)
        if theirs is None:
            continue
        mine = _keyed(function(fit), fit)
        both = mine.join(_keyed(theirs, fit), how="inner", lsuffix="", rsuffix="_lavaan")
        both = both[both["mi"].notna() & both["mi_lavaan"].notna()]
        yield _rows(quantity, both.index, both["mi"].to_numpy(), both["mi_lavaan"].to_numpy())


def _factor_scores(fit: sem.Fit, theirs: pd.DataFrame) -> pd.DataFrame:
    parts = []
    for method, said in theirs.groupby("method"):
        table = sem.factor_scores(fit, str(method))
        for (group, latent), rows in said.groupby(["group", "latent"]):
            mine = table.loc[table["group"] == fit.groups[group - 1], latent]
            what = [f"{method} {latent} {fit.groups[group - 1]} {row}" for row in rows["row"]]
            ours = mine.head(len(rows)).to_numpy(float)
            parts.append(_rows("factor score", what, ours, rows["score"].to_numpy(float)))
    return pd.concat(parts, ignore_index=True)
