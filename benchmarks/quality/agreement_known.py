"""Differences from lavaan 0.6-14 with a known reason, which docs/sem-quality.md tells at length."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Known:
    """A reason, and patterns of the cases, quantities and figures it holds for."""

    reason: str
    case: str = ""
    quantity: str = ""
    what: str = ""
    identification: str = ""

    def holds(self, table: pd.DataFrame) -> pd.Series[bool]:
        """For which rows."""
        inside = table["name"].str.contains(self.case)
        inside &= table["identification"].str.contains(self.identification)
        inside &= table["quantity"].str.contains(self.quantity)
        return inside & table["what"].astype(str).str.contains(self.what)


_MEASURED = r"estimate|standard|modification"
KNOWN = (
    Known("effects coding: release tests", identification="effects", quantity="release test"),
    Known("test of 2010: unlike parameters", what=r"^delta2010"),
    Known("Bartlett: second-order factors", case="^second", what="^bartlett general"),
    Known("scores without means", case="^mimic_.*_one|_weight_one$", quantity="factor score"),
    Known("scores: written moments", case="^mimic_.*_written", quantity="factor score"),
    Known("scores: observed in between", case="^odd_(?:between|among)", quantity="factor score"),
    Known("RFI below 0", what=r"^rfi(?:\.scaled)?$"),
    Known("robust measures: FIML, predictors", case=r"^sat|^design\d+gaps", what=r"\.robust$"),
    Known("two levels: another scale", case="_levels_", what="^fmin$"),
    Known("two levels: EM stops early", case="_levels_", quantity="chisq|fit measure|likelihood"),
    Known("two levels: optimiser stops early", case="_levels_", quantity="estimate|standard"),
    Known("two levels: scores of clusters", case="_levels_.*MLR", quantity=r"error|s\.e\.|scaled"),
    Known("Heywood case: Bartlett", case="^iris|^seed202", what="^bartlett"),
    Known("reflected factor", case="^iris_std_.*_scalar"),
    Known("flat minimum", case="^two_delta_partial|^two_theta_scalar", quantity=_MEASURED),
    Known("lavaan stops early", case="^hs_effects|^bfi_MLR?_configural", quantity="estim|standard"),
    Known("lavaan stops early", quantity="modification index"),
)
_LARGEST_INDEX = 0.02  # of an index that lavaan's early stop explains


def reasons(table: pd.DataFrame) -> list[str]:
    """The reason of each row beyond its tolerance; empty where there is none."""
    out = pd.Series("", index=table.index)
    for known in reversed(KNOWN):
        out[known.holds(table)] = known.reason
    unexplained = (out == "lavaan stops early") & (table["quantity"] == "modification index")
    out[unexplained & (table["difference"] > _LARGEST_INDEX)] = ""
    return list(out.where(table["beyond"], ""))
