"""The human reference: its own paths, and how far people agree with people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from vaar.analyses.alignment.measurement import measure
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.paths import PathIndex, estimates
from vaar.analyses.alignment.rate.same_sign import log_rate, log_same_sign, reference_probability
from vaar.analyses.alignment.rate.verdicts import path_interval
from vaar.analyses.contrasts.table_specs import CEILING, PEOPLE
from vaar.study.model import Hypothesis
from vaar.tables.table import Record
from vaar.vocabulary import HUMAN

AS_EXPECTED, AGAINST, UNDECIDED = "as expected", "against", "undecided"
NOT_ESTIMABLE = "not estimable"

FEWEST_TO_SPLIT = 100
"""With fewer people a half cannot carry the model well enough to be held against the other."""


def people_table(
    paths: pd.DataFrame, n_people: int, hypotheses: Sequence[Hypothesis]
) -> pd.DataFrame:
    """The table :data:`PEOPLE`; without rows where there is no human reference."""
    signs = {h.path: h.sign for h in hypotheses}
    rows = [
        _row(record, n_people, signs[record["path"]])
        for record in paths[paths["group"] == HUMAN].to_dict("records")
    ]
    return PEOPLE.filled(rows)


def _row(record: Record, n: int, sign: int) -> dict[str, object]:
    b, lower, upper = path_interval(record)
    nearest, farthest = sorted((sign * lower, sign * upper))
    finding = UNDECIDED
    if not np.isfinite(lower):
        finding = NOT_ESTIMABLE
    elif nearest > 0:
        finding = AS_EXPECTED
    elif farthest < 0:
        finding = AGAINST
    return {
        "path": record["path"],
        "n": n,
        "expected_sign": sign,
        "std_path": b,
        "lower": lower,
        "upper": upper,
        "finding": finding,
    }


def ceiling_table(
    scores: pd.DataFrame,
    model: str,
    hypotheses: Sequence[Hypothesis],
    kappa: float,
    options: AlignmentOptions,
    splits: int,
    seed: int,
    between_studies: float = 0.0,
) -> pd.DataFrame:
    """The VAAR of one half of the people, the other half being the reference.

    Parameters
    ----------
    scores : DataFrame
        All sessions; only those of people are used.
    kappa : float
        κ of the people's rate.
    splits : int
        Ways to split them, at random.
    between_studies : float
        τ: standard deviation of a path between studies of people.

    Returns
    -------
    DataFrame
        As :data:`CEILING` describes. Splits in which a half could not be fitted are left out;
        none with fewer than :data:`FEWEST_TO_SPLIT` people.
    """
    people = scores[scores["group"] == HUMAN]
    found: list[dict[str, object]] = []
    if len(people) >= FEWEST_TO_SPLIT:
        rng = np.random.default_rng(seed)
        half = np.arange(len(people)) % 2
        for split in range(1, splits + 1):
            halves = people.assign(group=np.where(rng.permutation(half), "one", "other"))
            asked = (halves, model, hypotheses, kappa, options, between_studies)
            vaar = list(_each_against_the_other(*asked))
            if vaar:
                n = len(people) // 2
                found.append({"split": split, "n": n, "vaar": float(np.mean(vaar))})
    return CEILING.filled(found)


def _each_against_the_other(
    halves: pd.DataFrame,
    model: str,
    hypotheses: Sequence[Hypothesis],
    kappa: float,
    options: AlignmentOptions,
    tau: float,
) -> Iterator[float]:
    fit = measure(halves, model, options).fit
    if fit is None or len(fit.groups) < 2:
        return
    own = estimates(fit, PathIndex.of(fit, hypotheses))
    signs = np.array([h.sign for h in hypotheses], float)
    weights = np.array([h.weight for h in hypotheses], float)
    for one, other in ((0, 1), (1, 0)):
        q = reference_probability(own.std_estimate[other], own.std_se[other], signs, tau)
        vaar = float(
            np.exp(log_rate(log_same_sign(own.std_estimate[one], signs, q, kappa), weights))
        )
        if np.isfinite(vaar):
            yield vaar
