"""Do measures go together over models?"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from markupsafe import Markup

from vaar.analyses.correlation import LEAST_RELIABILITY
from vaar.comparison.correlations import FEWEST_MODELS
from vaar.comparison.report.cells import plain
from vaar.report.section import Block, Fold, Prose, Section
from vaar.tables.numbers import coefficient, count, probability
from vaar.tables.table import Record, Table, figures, number, tabulate, text

ALPHA = 0.05
_MOST_TOLD = 3

_METHOD = (
    "Correlations are over models, each with one figure of a measure, that of its latest run; "
    "simulated respondents and models are never pooled, people are in none. Pearson's r has "
    "Fisher's interval, Spearman's ρ that of Bonett and Wright (2000); both count the scatter of "
    "models together with the error of their figures, and hold for models like these that answer "
    "as often. That error draws a correlation towards 0: reliability is the share of the variance "
    "over models that is not error, and the corrected correlation is r over the root of both "
    f"reliabilities, where each is {LEAST_RELIABILITY:g} or more (Spearman 1904); it takes the "
    "errors of the two as independent, which those of one session are not quite. Models of one "
    "family are not independent, so intervals are rather too narrow. p-values are corrected by "
    f"Holm's method over all pairs. With fewer than {FEWEST_MODELS} models nothing is told."
)


def correlations_section(correlations: pd.DataFrame) -> Section | None:
    """Correlations of all pairs; None where there is only one measure."""
    if correlations.empty:
        return None
    return Section(
        "correlations",
        "Do measures go together?",
        lead(correlations),
        tuple(_blocks(correlations)),
        method=(Prose(_METHOD),),
        place=30,
    )


def lead(correlations: pd.DataFrame) -> Markup:
    """Which measures go together, or why nothing is told."""
    known = correlations[correlations["pearson"].notna()]
    if known.empty:
        most = int(correlations["models"].max())
        return Markup(
            "No correlation over models is told: that takes {} models with both figures, and no "
            "pair of measures has more than {}."
        ).format(FEWEST_MODELS, most)
    return Markup(" ").join(
        _sentence(own, bool(simulated)) for simulated, own in known.groupby("simulated")
    )


def _sentence(known: pd.DataFrame, simulated: bool) -> Markup:
    among = "simulated respondents" if simulated else "models"
    sure = known[known["p_holm"] < ALPHA].sort_values("p_holm", kind="stable")
    if sure.empty:
        return Markup("Over {}, none of {} pairs of measures goes together beyond chance.").format(
            among, len(known)
        )
    told = [
        Markup("{} and {}, r = {}").format(r["one"], r["other"], plain(r, "pearson"))
        for r in sure.head(_MOST_TOLD).to_dict("records")
    ]
    more = len(sure) - len(told)
    rest = Markup("; {} more").format(more) if more else Markup("")
    return Markup("Over {}, {} of {} pairs go together beyond chance (Holm): {}{}.").format(
        among, len(sure), len(known), Markup("; ").join(told), rest
    )


def _blocks(correlations: pd.DataFrame) -> Iterator[Block]:
    told = correlations["why_not"].eq("")
    yield correlation_table(correlations[told])
    if len(untold := correlations[~told]):
        columns = [
            text("One", "one"),
            text("other", "other"),
            figures("among", _among),
            number("models", "models", count),
            text("why not", "why_not"),
        ]
        table = tabulate("Not correlated", columns, untold.to_dict("records"))
        yield Fold(f"Pairs without a correlation ({len(untold)})", (table,))


def _among(record: Record) -> str:
    return "simulated" if record["simulated"] else "models"


def correlation_table(correlations: pd.DataFrame) -> Table:
    """Pairs with their correlations."""
    columns = [
        text("One", "one"),
        text("other", "other"),
        figures("among", _among),
        number("models", "models", count),
        figures("Pearson r [95 %]", lambda r: plain(r, "pearson")),
        figures("Spearman ρ [95 %]", lambda r: plain(r, "spearman")),
        number("p (Holm)", "p_holm", probability),
        figures(
            "reliabilities",
            lambda r: f"{coefficient(r['reliability_one'])}, {coefficient(r['reliability_other'])}",
        ),
        figures("r corrected [95 %]", lambda r: plain(r, "corrected")),
    ]
    return tabulate(
        "Correlations over models",
        columns,
        correlations.to_dict("records"),
        nothing=f"No pair of measures has {FEWEST_MODELS} models.",
    )
