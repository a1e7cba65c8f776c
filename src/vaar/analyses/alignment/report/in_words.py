"""Each path of each model in words: what it says, how sure that is, and what would change it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup
from scipy.special import stdtrit

from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.rate.verdicts import Verdict
from vaar.report.groups import Groups, group_column
from vaar.report.section import Prose
from vaar.study.model import Hypothesis, Study
from vaar.tables.html import name
from vaar.tables.numbers import coefficient, confidence, count, estimate
from vaar.tables.table import Record, Table, figures, tabulate, text
from vaar.tables.text import is_missing, words
from vaar.vocabulary import HUMAN

_POWER_80 = 1.959963984540054 + 0.8416212335729143
"""An effect is this many standard errors from 0 where 80 % of samples decide it at 95 %."""

NOT_RELIED_ON = "not to be relied on"
"""What is said of groups that are in no headline."""

MOST_SESSIONS = 10_000
"""More sessions than this are told as more than this."""

_AS_GIVEN = (
    "No people's answers are in this run: that people show these signs is taken as given, from the "
    "study."
)


def verdict_table(
    paths: pd.DataFrame,
    vaar: pd.DataFrame,
    options: AlignmentOptions,
    groups: Groups,
    study: Study,
    fits: Mapping[str, Any],
) -> Table:
    """One row a path and model, paths together.

    Parameters
    ----------
    fits : mapping
        How the model fits each group alone, as the record holds it.
    """
    said = expected_in_words(study)
    people = _people(paths)
    about = vaar.set_index("group")
    rows = []
    for row in groups.sort(paths).sort_values("path", kind="stable").to_dict("records"):
        if row["group"] == HUMAN or row["group"] not in about.index:
            continue
        own = about.loc[row["group"]].to_dict()
        rows.append(
            {
                "group": row["group"],
                "path": row["path"],
                "claim": said.get(str(row["path"]), str(row["path"])),
                "verdict": _marked(verdict_in_words(row, people.get(str(row["path"]), "")), own),
                "sure": how_sure(row),
                "change": what_would_change(row, int(own["n_sessions"]), options, own["kappa"]),
                "rests": rests_on(own, fits.get(str(row["group"]))),
            }
        )
    columns = [
        text("In people", "claim"),
        group_column(groups),
        text("verdict", "verdict"),
        figures("path [95 % interval]", lambda r: r["sure"][0]),
        figures("probability of the expected sign: here, elsewhere", lambda r: r["sure"][1]),
        text("what would change it", "change"),
        text("rests on", "rests"),
    ]
    return tabulate(
        "What each model's answers say",
        columns,
        rows,
        nothing="No path could be judged in this run.",
    )


def expected_in_words(study: Study) -> dict[str, str]:
    """Each hypothesis as a phrase, by its path."""
    return {hypothesis.path: _phrase(hypothesis) for hypothesis in study.hypotheses}


def claims(study: Study) -> Prose:
    """What the paths are, before anything is said of them."""
    told = "; ".join(f"{words} ({path})" for path, words in expected_in_words(study).items())
    return Prose(f"What the study expects of people, path by path: {told}.")


def whose_signs(groups: Groups, study: Study) -> Prose:
    """What is known of people's signs, and from where."""
    probable = Markup("How probable the expected signs are in people comes from {}")
    if groups.people:
        people = Markup(", ").join(name(group.name) for group in groups.people)
        return Prose(probable.format(Markup("the human data of this run ({}).").format(people)))
    if study.people:
        return Prose(probable.format(f"published figures: {study.people.source}"))
    return Prose(_AS_GIVEN)


def _phrase(hypothesis: Hypothesis) -> str:
    if hypothesis.words:
        return hypothesis.words
    direction = "more" if hypothesis.sign > 0 else "less"
    return f"more {hypothesis.predictor} → {direction} {hypothesis.outcome}"


def _people(paths: pd.DataFrame) -> dict[str, str]:
    """What the people of the run say of each path, where there are any."""
    own = paths[paths["group"] == HUMAN]
    return dict(zip(own["path"].astype(str), own["verdict"].astype(str), strict=True))


def verdict_in_words(row: Record, people: str = "") -> str:
    """The verdict on one path, held against what the people of the run themselves show.

    Parameters
    ----------
    people : str
        Verdict on the same path in people's own data; empty where the sign is taken as given.
    """
    verdict = str(row["verdict"])
    if verdict == Verdict.NOT_ESTIMABLE:
        return f"{verdict}: {words(row['reason'])}"
    if verdict == Verdict.NEGLIGIBLE and _decided(row):
        return "negligible, though its direction is certain"
    directed = verdict in (Verdict.AS_IN_PEOPLE, Verdict.AGAINST)
    if not directed or people in ("", Verdict.AS_IN_PEOPLE):
        return verdict
    expected = "as the study expects" if verdict == Verdict.AS_IN_PEOPLE else "not as expected"
    theirs = {
        Verdict.AGAINST: "the people of this run show the opposite of what it expects",
        Verdict.NEGLIGIBLE: "in the people of this run it is negligible",
    }
    return f"{expected}; {theirs.get(Verdict(people), 'the people of this run show no direction')}"


def _marked(verdict: str, own: Record) -> str:
    """The verdict, with a word where its group is in no headline."""
    doubtful = not is_missing(own["flag"]) and bool(own["flag"])
    return f"{verdict}; {NOT_RELIED_ON}" if doubtful else verdict


def how_sure(row: Record) -> tuple[str, str]:
    """The estimate with its interval; and the confidence here and in a new context."""
    if is_missing(row["std_se"]) or is_missing(row["std_estimate"]):
        return words(None), words(None)
    b, margin = float(row["std_estimate"]), _quantile(row, 0.975) * float(row["std_se"])
    interval = estimate(*(coefficient(v) for v in (b, b - margin, b + margin)))
    here, elsewhere = confidence(row["confidence"]), confidence(row["p_context"])
    return interval, f"{here}, {elsewhere}"


def what_would_change(row: Record, n: int, options: AlignmentOptions, kappa: float) -> str:
    """What would have to be otherwise for another verdict."""
    verdict = str(row["verdict"])
    if verdict == Verdict.NOT_ESTIMABLE:
        return "data that can carry the model"
    b, se = abs(float(row["std_estimate"])), float(row["std_se"])
    if verdict == Verdict.NEGLIGIBLE:
        bound = b + _quantile(row, 0.95) * se
        return f"a bound δ below {coefficient(bound)} (it is {coefficient(options.delta)})"
    if verdict == Verdict.UNDECIDED:
        wanted = n * (_POWER_80 * se / b) ** 2 if b else math.inf
        return f"{_sessions(wanted)} sessions, if the path is as it seems"
    return (
        f"a context that moves it by more than {coefficient(b)} ({coefficient(kappa)} is reckoned "
        "with)"
    )


def rests_on(own: Record, fit: Mapping[str, Any] | None = None) -> str:
    """How many sessions, how the model fits them alone, and what qualifies them."""
    parts = [f"{count(own['n_sessions'])} sessions"]
    if fit:
        fits = "a poor fit" if fit.get("flaws") else "a model that fits"
        parts.append(f"{fits} (CFI {coefficient(fit['cfi'])}, RMSEA {coefficient(fit['rmsea'])})")
    parts += [str(own[name]) for name in ("flag", "reason") if not is_missing(own[name])]
    return "; ".join(dict.fromkeys(part for part in parts if part))


def _sessions(n: float) -> str:
    if not math.isfinite(n) or n > MOST_SESSIONS:
        return f"more than {count(MOST_SESSIONS)}"
    return f"about {count(10 * math.ceil(n / 10))}"


def _quantile(row: Record, at: float) -> float:
    df = np.inf if is_missing(row.get("df")) else float(row["df"])
    return float(stdtrit(df, at))


def _decided(row: Record) -> bool:
    return abs(float(row["std_estimate"])) > _quantile(row, 0.975) * float(row["std_se"])
