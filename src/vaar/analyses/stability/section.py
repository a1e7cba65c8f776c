"""The stability of profiles in the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from vaar.analyses.stability.samples import FEWEST_SESSIONS
from vaar.report.figures.figure import Figure
from vaar.report.figures.intervals import Dot, intervals
from vaar.report.groups import Groups, group_column
from vaar.report.section import Block, Heading, Prose, Section
from vaar.tables.numbers import (
    coefficient,
    count,
    decimal,
    estimate_named,
    percent,
    probability,
    share,
)
from vaar.tables.table import Record, Table, figures, number, tabulate, text

PLACE = 25
ALPHA = 0.05

Tables = Mapping[str, pd.DataFrame]


def stability_section(tables: Tables, options: Any, groups: Groups) -> Section:
    """Arrange the tables of the stability analysis."""
    return Section(
        "stability",
        "Stability of profiles",
        _lead(tables),
        tuple(_blocks(tables, groups)),
        method=tuple(_method(options)),
        place=PLACE,
    )


def _lead(tables: Tables) -> Markup:
    matched, tests = tables["profile_matched"], tables["profile_tests"]
    own = tests[tests["test"] == "profile"]
    differ = ""
    if own["p"].notna().any():
        sure = int((own["p"] < ALPHA).sum())
        said = "differ beyond chance" if sure == len(own) else "do not differ beyond chance"
        if 0 < sure < len(own):
            said = f"differ beyond chance under {sure} of {len(own)} conditions"
        differ = f"The respondents' profiles {said}. "
    return Markup(
        "{}Of random halves of a respondent's sessions {} are nearest to their own other half "
        "(by chance {})."
    ).format(differ, percent(matched["matched"].mean()), percent(matched["chance"].mean()))


def _blocks(tables: Tables, groups: Groups) -> Iterator[Block]:
    if figure := _figure(tables["retest"]):
        yield figure
    yield _retest(tables["retest"])
    yield Heading("Split halves", "split-halves")
    yield _halves(tables["profile_halves"])
    yield _matched(tables["profile_matched"], groups)
    yield Heading("Do profiles differ?", "profile-tests")
    yield _tests(tables["profile_tests"])


def _figure(retest: pd.DataFrame) -> Figure | None:
    dots = [
        Dot(
            f"{row['scale']}{_where(row)}",
            row["between"],
            row["between_lower"],
            row["between_upper"],
            _bounded(row, "between"),
        )
        for row in retest.to_dict("records")
    ]
    return intervals(
        "between-respondents",
        "Share of the variance of sessions between respondents",
        dots,
        (0.0, 1.0),
        "share between respondents",
        caption="The rest lies between the sessions of one respondent.",
    )


def _where(row: Record) -> str:
    levels = "" if row["levels"] in ("", "{}") else f" {row['levels']}"
    return f" ({row['condition']}{levels}{', simulated' if row['simulated'] else ''})"


def _retest(retest: pd.DataFrame) -> Table:
    columns = [
        text("Scale", "scale"),
        figures("where", lambda r: _where(r).strip(" ()")),
        number("respondents", "models", count),
        figures("batches", lambda r: f"{count(r['batches'])} of ≥ {count(r['batch_size'])}"),
        figures("agreement of batches, ICC(A,1) [95 %]", lambda r: _bounded(r, "icc")),
        figures("share between respondents [95 %]", lambda r: _bounded(r, "between")),
        number("share within", "within", coefficient),
    ]
    return tabulate("Retest and shares of variance", columns, retest.to_dict("records"))


def _halves(halves: pd.DataFrame) -> Table:
    columns = [
        figures("Where", lambda r: _where(r).strip(" ()")),
        number("respondents", "models", count),
        number("scales", "scales", count),
        figures("correlation of halves [middle 95 % of splits]", lambda r: _bounded(r, "r")),
        number("reliability of whole profiles", "reliability", coefficient),
    ]
    return tabulate("Correlation of random halves", columns, halves.to_dict("records"))


def _matched(matched: pd.DataFrame, groups: Groups) -> Table:
    columns = [
        group_column(groups),
        number("sessions", "sessions", count),
        number("halves matched", "matched", share),
        number("by chance", "chance", share),
    ]
    records = groups.sort(matched).to_dict("records")
    return tabulate("Halves that are nearest to their own other half", columns, records)


def _tests(tests: pd.DataFrame) -> Table:
    said = {"profile": "all means equal", "shape": "profiles parallel"}
    columns = [
        figures("If it held", lambda r: said[str(r["test"])]),
        figures("where", lambda r: _where(r).strip(" ()")),
        number("respondents", "models", count),
        figures(
            "F (df)", lambda r: f"{decimal(r['f'])} ({count(r['df1'])}, {decimal(r['df2'], 1)})"
        ),
        number("p", "p", probability),
    ]
    return tabulate(
        "Tests that profiles differ",
        columns,
        tests.dropna(subset="p").to_dict("records"),
        nothing="No two respondents vary on every scale, so there is no test.",
    )


def _bounded(record: Record, name: str) -> str:
    return estimate_named(record, coefficient, name)


def _method(options: Any) -> Iterator[Block]:
    yield Prose(
        "Stability is that of the means of whole questionnaires, over respondents under the same "
        "condition, simulated ones apart, with "
        f"{FEWEST_SESSIONS} sessions or more that have all scales. Sessions in the order they "
        f"were planned make {options.batches} batches; ICC(A,1) is the agreement of their means "
        "(McGraw and Wong 1996). The share between respondents is ICC(1) of single sessions, with "
        "the F interval. Sessions are taken as independent: where personas repeat, differences "
        "between personas are within a respondent."
    )
    yield Prose(
        f"Halves are drawn {options.splits} times; scales are standardised over respondents, "
        "halves correlated over respondents × scales, and each half matched to the nearest of the "
        "others (Euclidean). Profiles are tested by Johansen's Welch–James statistic, which asks "
        "for no equal covariances; respondents that do not vary on every scale are left out of it."
    )
