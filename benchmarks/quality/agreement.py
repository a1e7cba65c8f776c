"""Compare vaar.sem with lavaan on random data sets and on HolzingerSwineford1939.

    python benchmarks/quality/agreement.py --seeds 20

Needs R with lavaan. Prints the worst difference of every quantity, and every case in which one is
beyond the tolerance the engine promises.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
from agreement_cases import Case, Population, cases_of, population, schools

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
    "degrees of freedom": 0.0,
}
_LIKELIHOODS = ("logl", "unrestricted.logl", "aic", "bic", "bic2")
_KEYS = ["name", "lhs", "op", "rhs", "group"]
_RSCRIPT_TEXT = "Rscript was not found: install R and its package lavaan, then run this again"


def main() -> int:
    options = _options()
    if shutil.which("Rscript") is None:
        print(_RSCRIPT_TEXT, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(options.keep or scratch)
        folder.mkdir(parents=True, exist_ok=True)
        sources = {source.name: source for source in _sources(options)}
        estimators = tuple(options.estimators.split(","))
        cases = [case for source in sources.values() for case in cases_of(source, estimators)]
        _write(folder, sources, cases)
        _run_lavaan(folder, options.lavaan)
        differences, failures = compare(folder, sources, cases)
    report(differences, failures, len(cases))
    return int(bool(failures["ours"].any()) or bool(differences["beyond"].any()))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=20, help="how many random data sets")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--estimators", default="ML,MLR,FIML", help="of ML,MLR,FIML,WLSMV")
    parser.add_argument(
        "--lavaan",
        choices=("default", "tight"),
        default="default",
        help="lavaan's convergence: its own (it stops early), or as tight as it goes",
    )
    parser.add_argument("--keep", help="directory to leave the data and lavaan's output in")
    return parser.parse_args()


def _sources(options: argparse.Namespace) -> Iterator[Population]:
    code = "suppressMessages(library(lavaan)); write.csv(HolzingerSwineford1939, row.names = FALSE)"
    shipped = subprocess.run(
        ["Rscript", "-e", code], capture_output=True, text=True, check=True
    ).stdout
    table = pd.read_csv(StringIO(shipped))
    yield schools(table[["school", *(f"x{i}" for i in range(1, 10))]])
    for seed in range(options.first, options.first + options.seeds):
        yield population(seed)


def _write(folder: Path, sources: Mapping[str, Population], cases: list[Case]) -> None:
    for name, source in sources.items():
        source.data.to_csv(folder / f"{name}.csv", index=False)
    pd.DataFrame([asdict(case) for case in cases]).to_csv(folder / "cases.csv", index=False)
    for name in ("params", "measures", "failed"):
        (folder / f"lavaan_{name}.csv").unlink(missing_ok=True)


def _run_lavaan(folder: Path, convergence: str) -> None:
    script = Path(__file__).with_suffix(".R")
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    command = ["Rscript", str(script), str(folder), convergence]
    subprocess.run(command, check=True, env=environment)


def compare(
    folder: Path, sources: Mapping[str, Population], cases: list[Case]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fit every case, and set it beside lavaan's output.

    Returns
    -------
    DataFrame, DataFrame
        Differences (name, quantity, what, ours, lavaan, difference, beyond), and cases that one
        program alone could fit (name, ours: whether it is vaar.sem that could not, what).
    """
    params = pd.read_csv(folder / "lavaan_params.csv", keep_default_na=False, na_values=["NA"])
    measures = pd.read_csv(folder / "lavaan_measures.csv")
    warned = _warnings(folder)
    parts, failures = [], []
    fits: dict[str, sem.Fit | None] = {}
    by_case = dict(tuple(params.groupby("name")))
    for case in cases:
        fit, problem = _fit(case, sources[case.data])
        fits[case.name] = fit
        there = case.name in by_case
        if fit is None or not there:
            if fit is not None or there:
                what = problem or "lavaan: " + warned[case.name]
                failures.append({"name": case.name, "ours": there, "what": what})
            continue
        parts.append(_params(case, fit, by_case[case.name]))
        theirs = measures[measures["name"] == case.name].set_index("measure")["value"]
        parts.append(_measures(case, fit, fits.get(case.previous), theirs))
    table = pd.concat(parts, ignore_index=True)
    table["warned"] = [warned.get(name, "") for name in table["name"]]
    table["beyond"] = table["difference"] > table["quantity"].map(TOLERANCES)
    return table, pd.DataFrame(failures, columns=["name", "ours", "what"])


def _warnings(folder: Path) -> dict[str, str]:
    path = folder / "lavaan_failed.csv"
    return pd.read_csv(path).set_index("name")["message"].to_dict() if path.exists() else {}


def _fit(case: Case, source: Population) -> tuple[sem.Fit | None, str]:
    more = {}
    if case.estimator == "WLSMV":
        more = {"ordered": True, "parameterization": case.parameterization}
    try:
        fit = sem.fit(
            case.model,
            source.data,
            group="school",
            estimator=case.estimator,
            missing=case.missing,
            group_equal=[kind for kind in case.equal.split("|") if kind],
            std_lv=case.identification == "std_lv",
            effect_coding=case.identification == "effects",
            **more,
        )
    except VaarError as error:
        return None, f"vaar.sem: {error}"
    if not fit.outcome.usable:
        return None, f"vaar.sem: {fit.outcome}"
    return fit, ""


def _params(case: Case, fit: sem.Fit, theirs: pd.DataFrame) -> pd.DataFrame:
    ours = fit.params.assign(name=case.name)
    both = ours.merge(theirs, on=_KEYS, how="outer", suffixes=("", "_lavaan"))
    labels = both[["lhs", "op", "rhs", "group"]].astype(str).agg(" ".join, axis=1)
    columns = {
        "est": ("estimate", "absolute"),
        "se": ("standard error", "relative"),
        "std_all": ("standardised", "absolute"),
        "std_all_se": ("standardised s.e.", "relative"),
    }
    parts = []
    for column, (quantity, kind) in columns.items():
        mine = both[column].to_numpy(float)
        other = both[column + "_lavaan"].to_numpy(float)
        if column.endswith("se"):
            mine, other = np.nan_to_num(mine), np.nan_to_num(other)
        parts.append(_rows(case.name, quantity, labels, mine, other, kind))
    return pd.concat(parts, ignore_index=True)


def _rows(name, quantity, what, mine, other, kind) -> pd.DataFrame:  # type: ignore[no-untyped-def]
    gap = np.abs(mine - other)
    scale = np.maximum(np.abs(other), 1e-3 if "error" in quantity or "s.e." in quantity else 1e-12)
    if kind == "absolute":
        scale = np.maximum(np.abs(other), 1.0)
    difference = np.where(np.isnan(mine) & np.isnan(other), 0.0, gap / scale)
    return pd.DataFrame(
        {
            "name": name,
            "quantity": quantity,
            "what": what,
            "ours": mine,
            "lavaan": other,
            "difference": np.where(np.isnan(difference), np.inf, difference),
        }
    )


def _measures(
    case: Case, fit: sem.Fit, previous: sem.Fit | None, theirs: pd.Series[float]
) -> pd.DataFrame:
    ours = dict(fit.measures)
    if previous is not None and "delta.chisq" in theirs:
        test = sem.compare(fit, previous)
        ours |= {"delta_chisq": test.statistic, "delta_df": test.df, "delta_pvalue": test.pvalue}
    there = theirs.dropna().index
    names = [name for name in there if name.replace(".", "_") in ours]
    parts = []
    for name in names:
        quantity = _quantity(name)
        kind = "absolute" if quantity == "fit measure" or "pvalue" in name else "relative"
        mine, other = np.array([ours[name.replace(".", "_")]]), np.array([theirs[name]])
        parts.append(_rows(case.name, quantity, [name], mine, other, kind))
    return pd.concat(parts, ignore_index=True)


def _quantity(measure: str) -> str:
    if measure.startswith("delta"):
        return "difference test"
    if "df" in measure.split(".") or measure in ("npar", "ntotal"):
        return "degrees of freedom"
    if measure in _LIKELIHOODS:
        return "log-likelihood"
    if "pvalue" in measure or not ("chisq" in measure or "scaling" in measure):
        return "fit measure"
    return "scaled test" if "scal" in measure else "chisq"


def report(differences: pd.DataFrame, failures: pd.DataFrame, cases: int) -> None:
    """Print the worst of each quantity, and what is beyond its tolerance."""
    print(f"\n{cases} cases, {differences['name'].nunique()} fitted by both programs")
    worst = differences.loc[differences.groupby("quantity")["difference"].idxmax()]
    counts = differences.groupby("quantity")["beyond"].agg(["size", "sum"])
    print(f"{'quantity':<20}{'compared':>9}{'beyond':>8}{'allowed':>9}{'worst':>10}  where")
    for row in worst.itertuples():
        size, beyond = counts.loc[row.quantity]
        print(
            f"{row.quantity:<20}{size:>9}{beyond:>8}{TOLERANCES[row.quantity]:>9.0e}"
            f"{row.difference:>10.1e}  {row.name}: {row.what}"
        )
    beyond = differences[differences["beyond"]]
    for (name, quantity), part in beyond.groupby(["name", "quantity"], sort=False):
        top = part.loc[part["difference"].idxmax()]
        warned = f"  [lavaan warned: {top['warned'][:80]}]" if top["warned"] else ""
        print(
            f"{name} {quantity}: {len(part)} beyond; {top['what']} ours {top['ours']:.8g} "
            f"lavaan {top['lavaan']:.8g}{warned}"
        )
    for (ours, what), part in failures.groupby(["ours", "what"], sort=False):
        who = "vaar.sem" if ours else "lavaan"
        names = ", ".join(part["name"])
        print(f"not fitted by {who} alone, {len(part)} cases: {names}: {what[:160]}")


if __name__ == "__main__":
    sys.exit(main())
