"""Compare vaar.sem with lavaan: on random models, and on a catalogue of kinds of models.

    python benchmarks/quality/agreement.py --cases drawn --seeds 20
    python benchmarks/quality/agreement.py --cases catalogue,ordinal --lavaan tight --keep DIR
    python benchmarks/quality/agreement.py --cases designs --seeds 8 --lavaan tight
    python benchmarks/quality/agreement.py --again DIR --table agreement.csv

Needs R with lavaan; data sets of the R packages psychTools and sem are used where installed. Prints
the worst difference of every quantity, and every case in which one is beyond the tolerance the
engine promises.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import pandas as pd
from agreement_cases import Case, cases_of, population
from agreement_catalogue import catalogue
from agreement_compare import TOLERANCES, Record, differences, fit_case
from agreement_designs import design_sets
from agreement_known import reasons
from agreement_ordinal import ordinal_catalogue, ordinal_sets

import vaar.sem as sem

_HERE = Path(__file__).parent
_RSCRIPT_TEXT = "Rscript was not found: install R and its package lavaan, then run this again"


def main() -> int:
    options = _options()
    if not options.again and shutil.which("Rscript") is None:
        print(_RSCRIPT_TEXT, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(options.again or options.keep or scratch)
        folder.mkdir(parents=True, exist_ok=True)
        if not options.again:
            _write(folder, options)
            _run_r("agreement.R", folder, options.lavaan)
        cases = [Case(**case) for case in json.loads((folder / "cases.json").read_text())]
        table, failures = compare(folder, cases)
    report(table, failures, len(cases))
    if options.table:
        by_kind(table).to_csv(options.table, index=False, float_format="%.2g")
    unexplained = table["beyond"] & (table["reason"] == "")
    return int(bool(failures["ours"].any()) or bool(unexplained.any()))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", default="drawn", help="of drawn,designs,catalogue,ordinal")
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
    parser.add_argument("--again", help="such a directory: compare with what lavaan said there")
    parser.add_argument("--table", help="CSV to write: worst difference by kind and quantity")
    return parser.parse_args()


def _write(folder: Path, options: argparse.Namespace) -> None:
    """Data sets and cases, for lavaan to read."""
    for old in folder.glob("lavaan_*.csv"):
        old.unlink()
    chosen, cases = options.cases.split(","), []
    sets: dict[str, pd.DataFrame] = {}
    if "drawn" in chosen:
        for seed in range(options.first, options.first + options.seeds):
            source = population(seed)
            sets[source.name] = source.data
            cases += cases_of(source, tuple(options.estimators.split(",")))
    if "designs" in chosen:
        for name, data, own in design_sets(range(options.first, options.first + options.seeds)):
            sets[name] = data
            cases += own
    if "catalogue" in chosen:
        cases += catalogue()
    if "ordinal" in chosen:
        sets |= ordinal_sets()
        cases += ordinal_catalogue()
    for name, data in sets.items():
        data.to_csv(folder / f"{name}.csv", index=False)
    _run_r("agreement_data.R", folder)
    rows = [asdict(case) for case in cases if (folder / f"{case.data}.csv").exists()]
    (folder / "cases.json").write_text(json.dumps(rows))
    pd.DataFrame(rows).to_csv(folder / "cases.csv", index=False)


def _run_r(script: str, folder: Path, *more: str) -> None:
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    subprocess.run(
        ["Rscript", str(_HERE / script), str(folder), *more], check=True, env=environment
    )


def compare(folder: Path, cases: list[Case]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fit every case, and set it beside lavaan's output.

    Returns
    -------
    DataFrame, DataFrame
        Differences (kind, name, quantity, what, ours, lavaan, difference, beyond, reason), and
        cases that one program alone could fit (name, ours: whether it is vaar.sem that could not,
        what).
    """
    record = Record(folder)
    parts, failures = [], []
    fits: dict[str, sem.Fit | None] = {}
    for case in cases:
        data = pd.read_csv(folder / f"{case.data}.csv", dtype={"school": str})
        fit, problem = fit_case(case, data)
        fits[case.name] = fit
        there = record.of("params", case) is not None
        if fit is not None and there:
            parts.append(differences(case, fit, fits.get(case.previous), record))
        elif fit is not None or there:
            what = problem or f"lavaan: {record.warning(case)}"
            failures.append({"name": case.name, "ours": there, "what": what})
    table = pd.concat(parts, ignore_index=True)
    table["beyond"] = table["difference"] > table["quantity"].map(TOLERANCES)
    table["reason"] = reasons(table)
    return table, pd.DataFrame(failures, columns=["name", "ours", "what"])


def by_kind(table: pd.DataFrame) -> pd.DataFrame:
    """Fits, figures compared, how many are beyond, and the worst of those without a reason."""
    left = table["difference"].where(table["reason"] == "")
    grouped = table.assign(left=left).groupby(["kind", "quantity"], sort=False)
    return grouped.agg(
        fits=("name", "nunique"),
        compared=("difference", "size"),
        explained=("reason", lambda reason: (reason != "").sum()),
        beyond=("beyond", "sum"),
        worst=("left", "max"),
    ).reset_index()


def report(table: pd.DataFrame, failures: pd.DataFrame, cases: int) -> None:
    """Print the worst of each quantity, and what is beyond its tolerance.

    Differences with a known reason count as beyond; they are left out of the worst.
    """
    print(f"\n{cases} cases, {table['name'].nunique()} fitted by both programs")
    left = table[table["reason"] == ""]
    worst = left.loc[left.groupby("quantity")["difference"].idxmax()]
    counts = table.groupby("quantity")["beyond"].agg(["size", "sum"])
    print(f"{'quantity':<24}{'compared':>9}{'beyond':>8}{'allowed':>9}{'worst':>10}  where")
    for row in worst.itertuples():
        size, beyond = counts.loc[row.quantity]
        print(
            f"{row.quantity:<24}{size:>9}{beyond:>8}{TOLERANCES[row.quantity]:>9.0e}"
            f"{row.difference:>10.1e}  {row.name}: {row.what}"
        )
    for reason, part in table[table["reason"] != ""].groupby("reason"):
        print(f"set aside, {len(part)} in {part['name'].nunique()} cases: {reason}")
    _report_beyond(left[left["beyond"]])
    _report_failures(failures)


def _report_beyond(beyond: pd.DataFrame) -> None:
    for (name, quantity), part in beyond.groupby(["name", "quantity"], sort=False):
        top = part.loc[part["difference"].idxmax()]
        warned = f"  [lavaan warned: {top['warned'][:80]}]" if top["warned"] else ""
        print(
            f"{name} {quantity}: {len(part)} beyond; {top['what']} ours {top['ours']:.8g} "
            f"lavaan {top['lavaan']:.8g}{warned}"
        )


def _report_failures(failures: pd.DataFrame) -> None:
    for (ours, what), part in failures.groupby(["ours", "what"], sort=False):
        who = "vaar.sem" if ours else "lavaan"
        names = ", ".join(part["name"])
        print(f"not fitted by {who} alone, {len(part)} cases: {names}: {what[:160]}")


if __name__ == "__main__":
    sys.exit(main())
