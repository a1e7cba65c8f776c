"""How often a path is decided where there is none: populations that counterfeit a value.

    make quality                                        # or, with other numbers:
    python benchmarks/quality/counterfeits.py --data-sets 200 --only carry-over --forms balanced

Every data set is one group of simulated sessions without any effect, answering the all-positive
forms as they are, and the balanced forms as the package analyses them: straight-lined sessions and
copies left out, what the design varied taken out. The table goes to docs/quality/counterfeits.csv:
share of groups whose path is decided at 95 %, with its Monte Carlo error.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import permutations
from math import sqrt
from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

import vaar.sem as sem
from vaar.analyses.alignment.screening.adjustment import adjusted_scores
from vaar.analyses.alignment.screening.screen import screen
from vaar.errors import DataError
from vaar.respondents.simulated.answer_model import answers
from vaar.respondents.simulated.artefacts import Artefacts
from vaar.respondents.simulated.populations import COUNTERFEITS, Population
from vaar.sem.model.parameters import specify
from vaar.study.load import load_study
from vaar.study.model import Study
from vaar.vocabulary import Z_95

RESULTS = Path(__file__).parents[2] / "docs" / "quality" / "counterfeits.csv"
STUDIES = {"all-positive": "privacy_prosocial_published", "balanced": "privacy_prosocial"}
ORDER_EFFECT = 0.6


@dataclass(frozen=True)
class Case:
    """One way of answering, and what the study varied."""

    name: str
    population: Population
    options: bool = False
    orders: str = ""
    distinct: int = 0


def cases() -> Iterator[Case]:
    """The rows of the table."""
    null = COUNTERFEITS["null"]
    yield Case("content only", null)
    for sd in (0.25, 0.5, 0.8):
        yield Case(f"yes-saying, sd {sd:g}", replace(COUNTERFEITS["yes-saying"], style_sd=sd))
    for share in (0.3, 0.6, 1.0):
        yield Case(f"carry-over {share:g}", replace(null, artefacts=Artefacts(carry_over=share)))
    yield Case("first option .2, alternating", COUNTERFEITS["first-option"], options=True)
    for share in (0.05, 0.1):
        lined = replace(null, artefacts=Artefacts(straight_lining=share))
        yield Case(f"straight-lining in {share:.0%}", lined)
    for drawn in ("counterbalanced", "all orders"):
        yield Case(f"order effect {ORDER_EFFECT:g} sd, {drawn}", null, orders=drawn)
    for distinct in (12, 50, 100, 150, 180):
        share = f"{distinct} of 200 sessions different, the others copies"
        yield Case(share, null, distinct=distinct)
    yield Case("ceiling", COUNTERFEITS["ceiling"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data-sets", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="number of the first, for new ones")
    parser.add_argument("--sessions", type=int, default=200)
    parser.add_argument("--only", default="", help="rows whose name holds this")
    parser.add_argument("--forms", choices=list(STUDIES), help="these forms only")
    parser.add_argument("--out", type=Path, default=RESULTS)
    chosen = parser.parse_args()
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    with chosen.out.open("w", newline="") as file, threadpool_limits(1):
        table = csv.writer(file)
        heading = ("artefact", "forms", "path", "decided", "error", "analysed", "data_sets")
        table.writerow((*heading, "sessions"))
        for case in cases():
            for forms, name in STUDIES.items():
                if chosen.only not in case.name or forms != (chosen.forms or forms):
                    continue
                study = load_study(name)
                for row in shares(case, study, forms == "balanced", chosen):
                    table.writerow((case.name, forms, *row, chosen.data_sets, chosen.sessions))
                    print(case.name, forms, *row, sep="\t", flush=True)


def shares(
    case: Case, study: Study, guarded: bool, chosen: argparse.Namespace
) -> Iterator[tuple[str, str, str, int]]:
    """For each path the share of data sets that decide it, its error, and how many were fitted."""
    numbers = range(chosen.first, chosen.first + chosen.data_sets)
    decided = np.array([decide(case, study, guarded, chosen.sessions, n) for n in numbers])
    fitted = int(np.isfinite(decided).all(axis=1).sum())
    for k, hypothesis in enumerate(study.hypotheses):
        share = float(np.nansum(decided[:, k]) / len(decided))  # what is refused decides nothing
        error = sqrt(share * (1 - share) / len(decided))
        yield hypothesis.path, f"{share:.3f}", f"{error:.3f}", fitted


def decide(case: Case, study: Study, guarded: bool, n: int, number: int) -> list[float]:
    """Whether each path of one data set is decided at 95 %; NaN where it is not estimable."""
    scores, factors = data_set(case, study, n, number)
    nothing = [np.nan] * len(study.hypotheses)
    if guarded:
        scores = screen(scores, study).scores
        if scores.empty:
            return nothing
        observed = specify(study.structural_model).observed
        scores, _ = adjusted_scores(scores, factors, observed, list(factors))
    latents = [name for name in specify(study.structural_model).latents if name in scores]
    try:
        fit = sem.fit(
            study.structural_model,
            scores.drop(columns=[*latents, "group"]),
            estimator="MLR",
            missing="fiml",
            std_lv=True,
        )
    except DataError:
        return nothing
    rows = fit.params[fit.params["op"] == "~"].set_index(["lhs", "rhs"])
    z = [rows.loc[(h.outcome, h.predictor)] for h in study.hypotheses]
    return [float(abs(row["std_all"]) > Z_95 * row["std_all_se"]) for row in z]


def data_set(case: Case, study: Study, n: int, number: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Scores of one group without effects, and what its sessions were given."""
    distinct = round(case.distinct * n / 200) or n
    seeds = [number * n + k % distinct for k in range(n)]
    codes = [item.code for part in study.instruments for item in part.coded_items]
    said = answers(case.population, study, seeds)
    listed = np.arange(n) % 2 == 1
    if case.options:
        said[listed] = answers(case.population, study, np.array(seeds)[listed], descending=True)
    keyed = pd.DataFrame(said, columns=codes).astype(float)
    for part in study.instruments:
        for item in part.coded_items:
            if item.keying == -1:
                low, high = part.scale_of(item).range
                keyed[item.code] = low + high - keyed[item.code]
    scores = keyed.assign(
        **{
            s.code: keyed[list(s.items)].mean(axis=1)
            for p in study.instruments
            for s in p.subscales
        }
    )
    orders = orders_of(case, [part.code for part in study.instruments])
    asked = [orders[k % len(orders)] for k in range(n)]
    if case.orders:
        for part in study.instruments:
            first = np.array([own[0] == part.code for own in asked])  # these answer higher
            for scale in part.subscales:
                scores[scale.code] += ORDER_EFFECT * scores[scale.code].std() * first
    given = {
        "order": [" ".join(own) for own in asked],
        "options": np.where(listed & case.options, "descending", "ascending"),
    }
    return scores.assign(group="m"), pd.DataFrame(given)


def orders_of(case: Case, codes: list[str]) -> list[tuple[str, ...]]:
    """One order, or each questionnaire first once, or all orders there are."""
    if case.orders == "all orders":
        return list(permutations(codes))
    turned = [(*codes[k:], *codes[:k]) for k in range(len(codes))]
    return turned if case.orders else turned[:1]


if __name__ == "__main__":
    main()
