"""An analysis of your own: how often does each respondent answer at an end of the scale?

One file. Its table, its chart and its method text stand in the report and in the run directory
beside those of the package.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import pandas as pd
from scipy import stats

import vaar
from vaar.analyses.base import Coded, Outcome, Status, Work
from vaar.report.figures.intervals import Dot, intervals
from vaar.report.groups import Groups, group_column
from vaar.report.section import Prose, Section
from vaar.study.model import Item, Study
from vaar.tables.numbers import count, estimate, share
from vaar.tables.spec import ColumnSpec, TableSpec
from vaar.tables.table import Record, figures, number, tabulate, text


@dataclass(frozen=True)
class ExtremesOptions:
    """Points at each end of a scale that count as its end."""

    points: int = 1


class Extremes:
    """The share of answers at the ends of the scale, by group and questionnaire."""

    name: ClassVar[str] = "extremes"
    needs: ClassVar[tuple[str, ...]] = ()
    options: ClassVar[type] = ExtremesOptions
    tables: ClassVar[tuple[TableSpec, ...]] = (
        TableSpec(
            "extremes",
            "a group × questionnaire",
            (
                ColumnSpec("group", "text", "", "the group: see groups.csv"),
                ColumnSpec("instrument", "text", "", "code of the questionnaire"),
                ColumnSpec("n", "count", "sessions", "with an answer", least=1),
                ColumnSpec("share", "number", "", "of answers at an end", least=0, most=1),
                ColumnSpec("lower", "number", "", "lower end of its 95 % t-interval over sessions"),
                ColumnSpec("upper", "number", "", "its upper end"),
            ),
        ),
    )

    def applies(self, study: Study) -> str:
        """Every scale has ends."""
        return ""

    def run(
        self,
        data: Coded,
        options: ExtremesOptions,
        earlier: Mapping[str, Outcome],
        work: Work,
    ) -> Outcome:
        """Count answers at an end in each session, then average over sessions."""
        answers = data.responses.dropna(subset="value")
        scales = {
            c: own.scale_of(item) for c, (item, own) in data.study.item.items() if is_coded(item)
        }
        first = answers["item"].map({code: scale.first for code, scale in scales.items()})
        last = answers["item"].map({code: scale.last for code, scale in scales.items()})
        value = answers["value"].astype(float)
        extreme = (value < first + options.points) | (value > last - options.points)
        keys = [answers[name] for name in ("group", "instrument", "session")]
        sessions = extreme.groupby(keys, sort=False).mean().rename("share").reset_index()
        rows = [
            {"group": group, "instrument": instrument, **mean(own["share"])}
            for (group, instrument), own in sessions.groupby(["group", "instrument"], sort=False)
        ]
        table = pd.DataFrame(rows, columns=list(self.tables[0].names))
        return Outcome(self.name, Status.DONE, "", options, {"extremes": table})

    def section(self, outcome: Outcome, groups: Groups, study: Study) -> Section:
        """A picture of the highest shares, then the table."""
        table = groups.sort(outcome.tables["extremes"])
        records = table.to_dict("records")
        dots = [
            Dot(f"{r['instrument']} · {groups[r['group']].label}", *ends(r), told(r))
            for r in records
        ]
        chart = intervals("extremes", "Answers at an end of the scale", dots, (0, 1), "share")
        columns = [
            group_column(groups),
            text("questionnaire", "instrument"),
            number("sessions", "n", count),
            figures("share [95 % interval]", told),
        ]
        most = table.sort_values("share", ascending=False).iloc[0]
        return Section(
            "extremes",
            "Extreme answers",
            f"Most answers at an end of the scale: {share(most['share'])} of those of "
            f"{most['group']} to {most['instrument']}.",
            (
                *((chart,) if chart else ()),
                tabulate("Share of answers at an end of the scale", columns, records),
            ),
            method=(
                Prose(
                    f"An answer is extreme where it is one of the {outcome.options.points} "
                    "outermost points at either end of its scale. Shares are taken in each "
                    "session and averaged over sessions, with Student's t."
                ),
            ),
        )


def is_coded(item: Item) -> bool:
    """Whether an item is answered on a scale, not in words."""
    return item.kind == "scale"


def mean(shares: pd.Series) -> dict[str, float]:
    """Sessions, mean share, and its 95 % t-interval; no interval where shares do not vary."""
    n, middle = len(shares), shares.mean()
    reach = stats.t.ppf(0.975, n - 1) * shares.sem() if n > 1 else float("nan")
    reach = reach if reach > 0 else float("nan")
    return {"n": n, "share": middle, "lower": middle - reach, "upper": middle + reach}


def ends(record: Record) -> tuple[float, float, float]:
    """Value and ends of the interval of one row."""
    return record["share"], record["lower"], record["upper"]


def told(record: Record) -> str:
    """The figures of one row in words."""
    return estimate(*map(share, ends(record)))


if __name__ == "__main__":
    run = vaar.run(
        models=["simulated/human-like", "simulated/contrarian"],
        sessions=40,
        out="runs/own",
        options=vaar.AnalysisOptions(replicates=0, subsamples=10),
    )
    found = vaar.analyze("runs/own", analyses=[Extremes()])
    print("SIMULATED", found.extremes.to_string(index=False), sep="\n")
    print(vaar.write_report("runs/own", analyses=[Extremes()]))
