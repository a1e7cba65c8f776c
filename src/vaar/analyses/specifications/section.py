"""The specifications in the report: counted in words, drawn as curves, listed with their ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from vaar.analyses.alignment.rate.verdicts import Verdict
from vaar.analyses.specifications.declared import MAIN, MOST, read
from vaar.analyses.specifications.estimate import Ended
from vaar.analyses.specifications.options import SpecificationsOptions
from vaar.analyses.specifications.summary import Agreement, agreement, failed_lines
from vaar.report.figures.figure import Figure
from vaar.report.figures.intervals import Dot, Mark, forest, intervals
from vaar.report.groups import Group, Groups, group_column
from vaar.report.section import Block, Fold, Heading, Items, Prose, Section
from vaar.study.model import Study
from vaar.tables.numbers import coefficient, count, estimate_named, estimate_of, share
from vaar.tables.table import Record, Table, figures, number, tabulate, text

PLACE = 15
_MARKS: dict[str, Mark] = {
    str(Verdict.AS_IN_PEOPLE): "solid",
    str(Verdict.AGAINST): "opposite",
}
_LEFT_OUT = {
    Ended.FAILED: "could not be estimated",
    Ended.NOT_POSSIBLE: "cannot be had of this study",
    Ended.SAME: "change nothing here",
}
Tables = Mapping[str, pd.DataFrame]


def specifications_section(
    tables: Tables,
    record: Mapping[str, Any],
    options: SpecificationsOptions,
    groups: Groups,
    study: Study,
) -> Section:
    """Arrange the tables of the specifications."""
    found = _agreements(tables, groups)
    return Section(
        "specifications",
        "Robustness: the same data under other choices",
        _lead(found, tables["specifications"]),
        tuple(_blocks(tables, found, groups, study)),
        method=tuple(_method(record, options)),
        summary=tuple(map(Prose, [_lead(found, tables["specifications"]), *_lines(found)])),
        place=PLACE,
    )


def _agreements(tables: Tables, groups: Groups) -> list[tuple[Group, str, Agreement]]:
    paths = groups.sort(tables["specification_paths"])
    failed = failed_lines(tables["specifications"])
    return [
        (groups[str(group)], str(path), agreement(own, failed))
        for (group, path), own in paths.groupby(["group", "path"], sort=False)
    ]


def _lead(found: Sequence[tuple[Group, str, Agreement]], listed: pd.DataFrame) -> str:
    counts = listed["ended"].value_counts()
    judged = [one for _, _, one in found if one.counted]
    told = [f"{len(listed)} specifications were declared"]
    for ended, words in _LEFT_OUT.items():
        if n := int(counts.get(str(ended), 0)):
            told.append(f"{n} {words}")
    same = sum(one.unanimous for one in judged)
    return (
        f"{'; '.join(told)}. {same} of {len(judged)} verdicts are the same under all that could be "
        "estimated."
    )


def _lines(found: Sequence[tuple[Group, str, Agreement]]) -> list[str]:
    return [f"{group.label}, {path}: {one.text}." for group, path, one in found]


def _blocks(
    tables: Tables,
    found: Sequence[tuple[Group, str, Agreement]],
    groups: Groups,
    study: Study,
) -> Iterator[Block]:
    yield Items(
        tuple(
            Markup("{}, {}: {}.").format(group.strong, path, one.text) for group, path, one in found
        )
    )
    yield _listed(tables["specifications"])
    for place, group in enumerate(groups, start=1):
        paths, rates = tables["specification_paths"], _rates(tables)
        own = paths[paths["group"] == group.name], rates[rates["group"] == group.name]
        drawn = tuple(_figures(group, place, *own, study))
        if drawn:
            yield Fold(
                f"Specification curves of {group.label}", drawn, open=group is _first(groups)
            )
    yield Heading("Figures", "specification-figures")
    yield Fold("Paths under every specification", (_path_table(tables, groups),))
    yield Fold("VAAR under every specification", (_rate_table(tables, groups),))


def _first(groups: Groups) -> Group | None:
    return groups.asked[0] if groups.asked else None


def _rates(tables: Tables) -> pd.DataFrame:
    """Rates without those of specifications that cannot move them."""
    rates = tables["specification_rates"]
    moving = [read(str(line)).can_move_rates for line in rates["specification"]]
    return rates[pd.Series(moving, rates.index, dtype=bool)]


def _figures(
    group: Group, place: int, paths: pd.DataFrame, rates: pd.DataFrame, study: Study
) -> Iterator[Figure]:
    """A curve for each path, its specifications from the lowest estimate up, and one of VAAR."""
    for number_, hypothesis in enumerate(study.hypotheses, start=1):
        own = paths[(paths["path"] == hypothesis.path) & paths["std_estimate"].notna()]
        moving = [read(str(line)).can_move_verdicts for line in own["specification"]]
        own = own[pd.Series(moving, own.index, dtype=bool)].sort_values("std_estimate")
        curve = forest(
            f"specifications-{place}-path-{number_}",
            f"{group.label}: {hypothesis.path} under every specification",
            [_path_dot(r) for r in own.to_dict("records")],
            hypothesis.sign,
            "standardised path",
            caption="Solid: as in people; square: against; hollow: negligible or undecided.",
        )
        if curve:
            yield curve
    curve = intervals(
        f"specifications-{place}-vaar",
        f"{group.label}: VAAR under every specification",
        [_rate_dot(r) for r in rates.sort_values("vaar_uncorrected").to_dict("records")],
        (0.0, 1.0),
        "VAAR at the estimates",
        reference=0.5,
        caption="Bars: intervals by test inversion, where there are replicates.",
    )
    if curve:
        yield curve


def _path_dot(record: Record) -> Dot:
    words = estimate_of(record, coefficient, "std_estimate")
    ends = record["std_estimate"], record["lower"], record["upper"]
    mark = _MARKS.get(str(record["verdict"]), "hollow")
    return Dot(_label(record), *ends, words, mark)


def _rate_dot(record: Record) -> Dot:
    ends = record["vaar_uncorrected"], record["vaar_lower"], record["vaar_upper"]
    main: Mark = "solid" if record["specification"] == MAIN else "hollow"
    return Dot(_label(record), *ends, share(record["vaar_uncorrected"]), main)


def _label(record: Record) -> str:
    return "main analysis" if record["specification"] == MAIN else str(record["specification"])


def _listed(listed: pd.DataFrame) -> Table:
    columns = [
        text("Specification", "specification"),
        text("in words", "words"),
        text("ended", "ended"),
        text("why", "reason"),
        text("level", "level"),
        number("CFI", "cfi", coefficient),
        number("RMSEA", "rmsea", coefficient),
        number("replicates", "replicates", count),
    ]
    return tabulate("The declared list", columns, listed.to_dict("records"))


def _path_table(tables: Tables, groups: Groups) -> Table:
    columns = [
        group_column(groups),
        text("Path", "path"),
        text("specification", "specification"),
        figures("estimate [95 %]", lambda r: estimate_of(r, coefficient, "std_estimate")),
        text("verdict", "verdict"),
        text("reason", "reason"),
    ]
    records = groups.sort(tables["specification_paths"]).to_dict("records")
    return tabulate("Paths under every specification", columns, records)


def _rate_table(tables: Tables, groups: Groups) -> Table:
    columns = [
        group_column(groups),
        text("Specification", "specification"),
        number("VAAR at the estimates", "vaar_uncorrected", share),
        figures("VAAR [95 %]", lambda r: estimate_named(r, share, "vaar")),
        number("κ", "kappa", coefficient),
        number("δ", "delta", coefficient),
    ]
    records = groups.sort(tables["specification_rates"]).to_dict("records")
    return tabulate("VAAR under every specification", columns, records)


def _method(record: Mapping[str, Any], options: SpecificationsOptions) -> Iterator[Block]:
    yield Prose(
        f"A list of at most {MOST} specifications, declared before the data (SHA-256 of the list "
        f"{record['hash']}): each is the main analysis with the changes it names. What only "
        "changes κ is not counted among verdicts, nor what only changes δ among rates. What alters "
        "nothing in these data, or cannot be had of the study, is named and not counted. What "
        "cannot be fitted, or does not converge, is counted as not estimable."
    )
    items = (
        f"{options.item_replicates} replicates"
        if options.item_replicates
        else "none, so that their VAAR has no interval"
    )
    yield Prose(
        f"Intervals of VAAR come from {options.replicates} bootstrap replicates, fewer than in the "
        f"main analysis; models of items have {items}. Standard errors of paths are those of the "
        "fit where sessions are independent. Composites are corrected by Cronbach's α of the "
        "parcels, their errors are the bootstrap's."
    )
