"""What cannot be missed: small samples, poor fit, people against a hypothesis, ignored options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from vaar.analyses.alignment.notes import Kind
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.rate.verdicts import Verdict
from vaar.analyses.alignment.report.answer import drawable, flagged
from vaar.analyses.alignment.report.wording import sign
from vaar.report.groups import Groups
from vaar.report.section import Caution
from vaar.tables.html import name, several
from vaar.tables.numbers import coefficient, count
from vaar.vocabulary import HUMAN

_FEW_SESSIONS = (
    "The paths of {} rest on fewer than {} sessions or people. Only large effects can be seen, and "
    "verdicts are not known to err as seldom as they promise: in simulations with 60 sessions and "
    "no effect at all, up to 9 % of verdicts on a path were wrong, where 5 % should be "
    "(docs/vaar.md, “How good that is”)."
)

_NO_REPLICATES = (
    "Personas repeat, and this analysis had no bootstrap replicates: its standard errors take "
    "sessions as independent, and are too small."
)
_NOT_COMPARABLE = (
    "The groups do not use the scales alike (equal loadings are not tenable), so the sizes of "
    "their paths, and their rates, must not be compared. Nobody is ranked."
)
_IGNORED = (
    "The confidence was asked for as a share of bootstrap replicates, and there are none: it is "
    "the normal one."
)
_ORDINAL = (
    "What the study varied (order, options, wording) is not taken out of ordinal items, so it may "
    "make paths of its own. Use MLR, or a study that does not vary it."
)


def cautions(
    found: Mapping[str, pd.DataFrame],
    record: Mapping[str, Any],
    options: AlignmentOptions,
    groups: Groups,
) -> Iterator[Caution]:
    """Every caution that the results call for, the gravest first."""
    yield from _people(found["paths"])
    yield from _published(found["paths"], record)
    vaar = found["vaar"]
    for one in flagged(vaar, groups):
        text = Markup("{}: {}. It is in no ranking and no headline.")
        yield Caution("not to be relied on", text.format(one.group.strong, one.reason))
    if len(drawable(vaar)) > 1 and _not_tenable(found["invariance"], options):
        yield Caution("not comparable", _NOT_COMPARABLE)
    yield from _repeated(record, groups)
    yield from _not_adjusted(record, groups)
    yield from _few_sessions(record, groups)
    if record["bootstrap"].get("personas") and not options.replicates:
        yield Caution("standard errors too small", _NO_REPLICATES)
    if options.estimator == "WLSMV" and record.get("adjusted_for"):
        yield Caution("option ignored", _ORDINAL)
    if options.confidence == "bootstrap" and not options.replicates:
        yield Caution("option ignored", _IGNORED)


def _people(paths: pd.DataFrame) -> Iterator[Caution]:
    """People whose own data go against a hypothesis: reversed columns, or another question."""
    own = paths[(paths["group"] == HUMAN) & (paths["verdict"] == Verdict.AGAINST)]
    for row in own.to_dict("records"):
        yield Caution(
            "people against the hypothesis",
            Markup(
                "In the people of this run {} is {}, and the study expects {}. If their columns "
                "are keyed the other way round, every comparison with them is upside down: check "
                "the keys of their file. Else these people differ from the literature, and a model "
                "that goes against the study goes with them."
            ).format(
                name(str(row["path"])),
                coefficient(row["std_estimate"]),
                sign(float(row["expected_sign"])),
            ),
        )


def _published(paths: pd.DataFrame, record: Mapping[str, Any]) -> Iterator[Caution]:
    """Published paths whose sign is not the one that the study expects."""
    if HUMAN in set(paths["group"]):
        return
    expected = paths.drop_duplicates("path").set_index("path")["expected_sign"]
    for path, own in record.get("published", {}).items():
        if own["std_se"] is None or own["std_estimate"] * expected[path] >= 0:
            continue
        yield Caution(
            "people against the hypothesis",
            Markup("What is published of people has {} at {}, and the study expects {}.").format(
                name(path), coefficient(own["std_estimate"]), sign(float(expected[path]))
            ),
        )


def _not_tenable(invariance: pd.DataFrame, options: AlignmentOptions) -> bool:
    level = "scalar" if options.estimator == "WLSMV" else "metric"
    metric = invariance.loc[invariance["level"] == level, "tenable"]
    return not metric.dropna().astype(bool).all()


def _repeated(record: Mapping[str, Any], groups: Groups) -> Iterator[Caution]:
    """Sessions that are another one over again."""
    counts = [
        Markup("{} ({})").format(groups[group].strong, count(note["sessions"]))
        for group, note in _noted(record, Kind.REPEATED)
    ]
    text = Markup(
        "Sessions that are another one of the same seed word for word count once with it, and are "
        "in no number below: {}."
    )
    if counts:
        yield Caution("the same session twice", text.format(several(counts)))


def _not_adjusted(record: Mapping[str, Any], groups: Groups) -> Iterator[Caution]:
    """What the study varied and the analysis could not take out."""
    told = [
        Markup("{}: {}").format(groups[group].strong, note["text"])
        for group, note in _noted(record, Kind.NOT_ADJUSTED)
    ]
    text = Markup("{}. It may make paths of its own: ask more sessions, or vary less.")
    if told:
        yield Caution("not adjusted", text.format(several(told, "; ")))


def _noted(record: Mapping[str, Any], kind: Kind) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The notes of a kind, each with its group."""
    for group, own in record.get("notes", {}).items():
        yield from ((group, note) for note in own if note["kind"] == kind)


def _few_sessions(record: Mapping[str, Any], groups: Groups) -> Iterator[Caution]:
    """Groups of fewer sessions than intervals and verdicts were tried with."""
    noted = list(_noted(record, Kind.FEW_SESSIONS))
    counts = [
        Markup("{} ({})").format(groups[group].strong, count(note["sessions"]))
        for group, note in noted
    ]
    if counts:
        told = Markup(_FEW_SESSIONS).format(several(counts), count(noted[0][1]["wanted"]))
        yield Caution("few sessions", told)
