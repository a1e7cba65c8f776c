"""A user's own analyses: one that counts answers, and one that needs it."""

from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from vaar.analyses.base import Outcome, Status
from vaar.tables.column import ColumnSpec
from vaar.tables.spec import TableSpec

GROUP = ColumnSpec("group", "text", "", "the group")


@dataclass(frozen=True)
class CountOptions:
    least: int = 0


class Count:
    """How many answers each group gave that are at least so high."""

    name: ClassVar = "count"
    needs: ClassVar[tuple[str, ...]] = ()
    options: ClassVar = CountOptions
    tables: ClassVar[tuple[TableSpec, ...]] = (
        TableSpec("counts", "a group", (GROUP, ColumnSpec("n", "count", "answers", "given"))),
    )

    def applies(self, study):
        return ""

    def run(self, data, options, earlier, work):
        high = data.responses["value"].ge(options.least).fillna(False)
        table = high.groupby(data.responses["group"]).sum().rename("n").reset_index()
        return Outcome(
            self.name, Status.DONE, "", options, {"counts": table}, {"least": options.least}
        )

    def section(self, outcome, groups, study):
        return None


class Share:
    """The counts as shares of their sum."""

    name: ClassVar = "share"
    needs: ClassVar[tuple[str, ...]] = ("count",)
    options: ClassVar = CountOptions
    tables: ClassVar[tuple[TableSpec, ...]] = (
        TableSpec("shares", "a group", (GROUP, ColumnSpec("share", "number", "share", "of all"))),
    )

    def applies(self, study):
        return ""

    def run(self, data, options, earlier, work):
        counts = earlier["count"].tables["counts"]
        table = pd.DataFrame({"group": counts["group"], "share": counts["n"] / counts["n"].sum()})
        return Outcome(self.name, Status.DONE, "", options, {"shares": table})

    def section(self, outcome, groups, study):
        return None
