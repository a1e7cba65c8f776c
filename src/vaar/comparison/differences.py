"""What differs between runs: facts of their making, their studies, and what they cannot share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import pandas as pd

from vaar.comparison.definitions import option_differences, study_differences
from vaar.comparison.runs import ComparedRun
from vaar.comparison.tables import FACTS
from vaar.tables.text import listing

SERVED = ("model as the server names it", "provider", "configuration")
"""Facts of a respondent that say who answered under its name."""


def facts_table(runs: Sequence[ComparedRun]) -> pd.DataFrame:
    """Every fact of every run, and whether another run has it otherwise.

    A respondent's fact is held against that of the same respondent in other runs only.
    """
    rows = []
    for run in runs:
        for (of, fact), value in run.facts.items():
            others = [other for other in runs if of in ("", *other.respondents)]
            differs = any(other.facts.get((of, fact)) != value for other in others)
            rows.append((run.label, of, fact, value, differs))
    return FACTS.checked(FACTS.filled(rows))


def refusals(runs: Sequence[ComparedRun]) -> Iterator[str]:
    """What is not held against each other, and why: a sentence for each pair of runs and reason.

    Only pairs that asked the same model are told.
    """
    for one, other in combinations(runs, 2):
        if not set(one.respondents) & set(other.respondents):
            continue
        between = f"{one.label} and {other.label}"
        if told := list(study_differences(one.study, other.study)):
            yield _other_study(one, other, told)
            continue
        for analysis, differing in _options(one, other).items():
            yield (
                f"{between}: the figures of {analysis} are not held against each other, as options "
                f"differ ({listing(differing)}); analyse one as the other with `vaar analyze`"
            )


def _other_study(one: ComparedRun, other: ComparedRun, told: Sequence[str]) -> str:
    between = f"{one.label} and {other.label}"
    if one.study.name != other.study.name:
        return (
            f"{between} are of different studies ({one.study.name}, {other.study.name}): their "
            "models are matched by name, and none of their figures is taken from another"
        )
    return (
        f"{between} asked different versions of {one.study.name}: {listing(told)} differ, so that "
        "no figure of one is taken from the other's"
    )


def _options(one: ComparedRun, other: ComparedRun) -> dict[str, list[str]]:
    """Options that differ, by analysis."""
    firsts = {reading.analysis: reading for reading in reversed(other.readings)}
    found: dict[str, list[str]] = {}
    for reading in {own.analysis: own for own in reversed(one.readings)}.values():
        if reading.analysis in firsts:
            told = list(option_differences(reading, firsts[reading.analysis]))
            if told:
                found[reading.analysis] = told
    return found


def served_otherwise(runs: Sequence[ComparedRun]) -> Iterator[str]:
    """Respondents of one name that other models, providers or configurations served elsewhere."""
    by_fact: dict[tuple[str, str], dict[str, str]] = {}
    for run in runs:
        for (of, fact), value in run.facts.items():
            if of and fact in SERVED:
                by_fact.setdefault((of, fact), {})[run.label] = value
    for (of, fact), named in by_fact.items():
        if len(set(named.values())) > 1:
            told = ", ".join(f"{value} in {label}" for label, value in named.items())
            yield f"{of} is not the same in all runs; {fact}: {told}"


def same_replies(runs: Sequence[ComparedRun]) -> Iterator[str]:
    """Pairs of runs that hold the same replies."""
    for one, other in combinations(runs, 2):
        if one.state and one.state == other.state:
            yield (
                f"{one.label} and {other.label} hold the same sessions and replies: one is a copy, "
                "and that nothing differs shows nothing"
            )
