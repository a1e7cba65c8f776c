"""Assigned values that do nothing, under carry-over: bias and coverage of the effects by analysis.

    python benchmarks/quality/induction.py --data-sets 300

Every data set is one group of simulated sessions that take both assigned values up (±.8 sd of the
trait), do not act on them, and let every answer lean on the mean of the earlier ones (.6). The
table goes to docs/quality/induction.csv: mean of the path of each assigned value to acceptance (its
truth is 0) and coverage of its 95 % interval, with Monte Carlo errors; all-positive forms beside
them.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from math import sqrt
from pathlib import Path

import numpy as np
import pandas as pd

from vaar.analyses.base import Coded
from vaar.analyses.groups import AskedGroup, groups_table
from vaar.analyses.induction.effects import Role, induced
from vaar.respondents.simulated.answer_model import answers
from vaar.respondents.simulated.artefacts import Artefacts
from vaar.respondents.simulated.populations import COUNTERFEITS
from vaar.scoring.scales import scales
from vaar.study.load import load_study
from vaar.study.model import Study

RESULTS = Path(__file__).parents[2] / "docs" / "quality" / "induction.csv"
ASSIGNED = {"assigned_privacy": "privacy", "assigned_prosocial": "prosocial"}
SHIFT, CARRY_OVER = 0.8, 0.6


def arms() -> Iterator[tuple[str, str, Study]]:
    """Forms, what is asked first, and the study that asks so."""
    own = load_study("value_induction")
    published = load_study("privacy_prosocial_published")
    positive = replace(published, variation=replace(own.variation))
    for forms, study in (("balanced", own), ("all-positive", positive)):
        privacy, prosocial, acceptance = study.instruments[:3]
        yield forms, "values", _asking(study, (privacy.code, prosocial.code, acceptance.code))
        yield forms, "acceptance", _asking(study, (acceptance.code, privacy.code, prosocial.code))


def _asking(study: Study, order: tuple[str, ...]) -> Study:
    first = replace(study.conditions[0], order=order)
    instruments = tuple(study.instrument[code] for code in order)
    return replace(study, instruments=instruments, conditions=(first,))


def data_set(study: Study, n: int, number: int) -> Coded:
    """One group, a quarter of its sessions in each cell of the assigned values."""
    parts = {item.code: (item, part) for part in study.instruments for item in part.coded_items}
    rows = []
    for k, levels in enumerate(product(("high", "low"), repeat=2)):
        population = replace(
            COUNTERFEITS["null"],
            predictor_means=tuple(SHIFT if level == "high" else -SHIFT for level in levels),
            artefacts=Artefacts(carry_over=CARRY_OVER),
        )
        seeds = range((4 * number + k) * n, (4 * number + k) * n + n // 4)
        said = pd.DataFrame(answers(population, study, seeds), columns=list(parts)).astype(float)
        rows.append(said.assign(**dict(zip(ASSIGNED, levels, strict=True))))
    table = pd.concat(rows, ignore_index=True)
    for code, (item, part) in parts.items():
        if item.keying == -1:
            table[code] = sum(part.scale_of(item).range) - table[code]
    means = {one.code: table[list(one.items)].mean(axis=1) for one in scales(study)}
    scores = table.assign(**means, group="m", session=range(len(table)))
    about = groups_table([AskedGroup("m", "m", study.conditions[0].name, True)], {}, [])
    return Coded(study, pd.DataFrame(), scores, table[list(ASSIGNED)], about)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data-sets", type=int, default=300)
    parser.add_argument("--sessions", type=int, default=200)
    parser.add_argument("--out", type=Path, default=RESULTS)
    chosen = parser.parse_args()
    with chosen.out.open("w", newline="") as file:
        table = csv.writer(file)
        heading = ("forms", "asked_first", "assigned", "mean_path", "error", "coverage")
        table.writerow((*heading, "coverage_error", "data_sets", "sessions"))
        for forms, first, study in arms():
            sets = [data_set(study, chosen.sessions, n) for n in range(chosen.data_sets)]
            found = pd.concat([pd.DataFrame(list(induced(one, ASSIGNED))) for one in sets])
            followed = found[found["role"] == Role.FOLLOWED]
            for fact, own in followed.groupby("assigned", sort=False):
                row = (forms, first, fact, *_judged(own))
                table.writerow((*row, chosen.data_sets, chosen.sessions))
                print(*row, sep="\t", flush=True)


def _judged(own: pd.DataFrame) -> tuple[str, ...]:
    covered = float(((own["path_lower"] <= 0) & (own["path_upper"] >= 0)).mean())
    error = float(own["path"].std(ddof=1) / np.sqrt(len(own)))
    spread = sqrt(covered * (1 - covered) / len(own))
    return tuple(f"{x:.3f}" for x in (own["path"].mean(), error, covered, spread))


if __name__ == "__main__":
    main()
