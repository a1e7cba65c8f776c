"""The social value orientation in the report: the answer in words, the plane, then the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from vaar.analyses.deviation import deviations_table
from vaar.analyses.social_value_orientation.deviations import DEVIATIONS, PAPER
from vaar.analyses.social_value_orientation.figure import Spot, plane
from vaar.analyses.social_value_orientation.method import method
from vaar.analyses.social_value_orientation.options import SocialValueOptions
from vaar.analyses.social_value_orientation.orientation import VALUES
from vaar.analyses.social_value_orientation.wording import answer, arm_name, degrees
from vaar.report.groups import Groups, group_column
from vaar.report.section import Block, Fold, Prose, Section
from vaar.tables.numbers import count, decimal, estimate_named, percent, share
from vaar.tables.table import Column, Record, Table, figures, number, tabulate, text
from vaar.tables.text import without_marks

_NULLS = {"random": "options at random", "first_printed": "always the first option"}


def svo_section(
    tables: Mapping[str, pd.DataFrame], groups: Groups, options: SocialValueOptions
) -> Section:
    """Arrange the tables of the analysis."""
    arms = groups.sort(tables["svo_arms"])
    nulls = {str(r["null"]): r for r in tables["svo_nulls"].to_dict("records")}
    said = answer(arms, nulls, groups)
    return Section(
        "social-value",
        "Social value orientation",
        said,
        tuple(_blocks(arms, nulls, groups)),
        method=(Prose(method(options)), deviations_table(PAPER, DEVIATIONS)),
        summary=(Prose(without_marks(said)), _summary(arms, groups)),
        place=15,
    )


def _blocks(arms: pd.DataFrame, nulls: Mapping[str, Record], groups: Groups) -> Iterator[Block]:
    planes = [
        plane(f"svo-plane-{n}", f"Divisions of {name}", [*_spots(own, groups), *_null_spots(nulls)])
        for n, (name, own) in enumerate(_by_respondent(arms, groups), start=1)
    ]
    yield from (figure for figure in planes if figure)
    yield _angles(arms, groups)
    yield Prose(
        "Options taken at random look prosocial in "
        f"{percent(nulls['random']['prosocial'])} of trials and transitive in "
        f"{percent(nulls['random']['transitive'])}, and whoever always takes the option printed "
        "first looks prosocial as well. Neither is a value: the distance from both stands beside "
        "every angle.",
        "note",
    )
    assigned = arms[arms["value"].ne("")]
    if not assigned.empty:
        yield _assigned(assigned, groups)
    yield _consistency(arms, groups)
    yield Fold("Share of trials in each category", (_categories(arms, groups),))
    yield Fold("What choices without a value show", (_null_table(nulls),))


def _by_respondent(arms: pd.DataFrame, groups: Groups) -> Iterator[tuple[str, pd.DataFrame]]:
    names = arms["group"].map(lambda name: groups[name].respondent or name)
    for name in dict.fromkeys(names):
        yield name, arms[names == name]


def _spots(arms: pd.DataFrame, groups: Groups) -> Iterator[Spot]:
    for record in arms.to_dict("records"):
        yield Spot(
            arm_name(record, groups),
            record["own"],
            record["other"],
            record["angle_lower"],
            record["angle_upper"],
            estimate_named(record, degrees, "angle"),
        )


def _null_spots(nulls: Mapping[str, Record]) -> Iterator[Spot]:
    nan = float("nan")
    for name, record in nulls.items():
        words = degrees(record["angle"])
        yield Spot(_NULLS[name], record["own"], record["other"], nan, nan, words, null=True)


def _arm_columns(groups: Groups) -> list[Column]:
    return [group_column(groups), text("Assigned", "value")]


def _share(heading: str, field: str) -> Column:
    return figures(heading, lambda record: estimate_named(record, share, field))


def _angles(arms: pd.DataFrame, groups: Groups) -> Table:
    columns = [
        *_arm_columns(groups),
        number("trials", "trials", count),
        number("complete", "complete", count),
        figures("angle [95 % interval]", lambda r: estimate_named(r, degrees, "angle")),
        number("SD", "angle_sd", degrees),
        number("less random", "from_random", degrees),
        number("less always first, as printed", "from_first_printed", degrees),
        number("less always first, as listed", "from_first_listed", degrees),
    ]
    return tabulate(
        "Angle of each arm, and its distance from choices without a value",
        columns,
        arms.to_dict("records"),
        nothing="No trial answered an allocation item.",
    )


def _summary(arms: pd.DataFrame, groups: Groups) -> Table:
    """What a terminal has room for."""
    columns = [
        *_arm_columns(groups),
        figures("angle [95 % interval]", lambda r: estimate_named(r, degrees, "angle")),
    ]
    return tabulate("Social value orientation", columns, arms.to_dict("records"))


def _assigned(arms: pd.DataFrame, groups: Groups) -> Table:
    columns = [
        *_arm_columns(groups),
        _share("in the assigned category", "hit"),
        _share("value rationality", "rationality"),
        _share("understood", "understood"),
        _share("understood, chose otherwise", "understood_not_done"),
    ]
    return tabulate("Arms with an assigned value", columns, arms.to_dict("records"))


def _consistency(arms: pd.DataFrame, groups: Groups) -> Table:
    columns = [
        *_arm_columns(groups),
        _share("transitive", "transitive"),
        _share("inequality aversion (0) to joint gain (1)", "inequality_aversion"),
        figures(
            "pull to the end listed first", lambda r: estimate_named(r, decimal, "order_effect")
        ),
        number("reversal consistency", "reversal_consistency", share),
    ]
    return tabulate("Consistency of the choices", columns, arms.to_dict("records"))


def _categories(arms: pd.DataFrame, groups: Groups) -> Table:
    columns = [*_arm_columns(groups), *(_share(value, value) for value in VALUES)]
    return tabulate("Categories", columns, arms.to_dict("records"))


def _null_table(nulls: Mapping[str, Record]) -> Table:
    columns = [
        text("Choices", "name"),
        number("angle", "angle", degrees),
        number("SD", "angle_sd", degrees),
        *(number(value, value, share) for value in VALUES),
        number("transitive", "transitive", share),
    ]
    records = [{**record, "name": _NULLS[name]} for name, record in nulls.items()]
    return tabulate("Choices without a value", columns, records)
