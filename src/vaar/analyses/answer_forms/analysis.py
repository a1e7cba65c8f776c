"""Forced answers: what they left out, and how they differ from answers in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from vaar.analyses.answer_forms.compare import compare
from vaar.analyses.answer_forms.pairs import Pair, pairs, response_of
from vaar.analyses.answer_forms.section import forms_section
from vaar.analyses.answer_forms.tables import FORCED_ANSWERS, FORMS_COMPARED
from vaar.analyses.base import Coded, Outcome, Status, Work
from vaar.analyses.options import Options
from vaar.report.groups import Groups
from vaar.report.section import Section
from vaar.scoring.scales import scales
from vaar.study.model import Study
from vaar.tables.spec import TableSpec


@dataclass(frozen=True)
class AnswerFormsOptions(Options):
    """There is nothing to choose."""


class AnswerFormsAnalysis:
    """Forced answers, beside the same respondent's answers in words where there are any."""

    name: ClassVar[str] = "answer_forms"
    needs: ClassVar[tuple[str, ...]] = ()
    options: ClassVar[type] = AnswerFormsOptions
    tables: ClassVar[tuple[TableSpec, ...]] = (FORCED_ANSWERS, FORMS_COMPARED)

    def applies(self, study: Study) -> str:
        """Every study; there is nothing to say where all answers are given in words."""
        return ""

    def run(self, data: Coded, options: Any, earlier: Mapping[str, Outcome], work: Work) -> Outcome:
        """Describe the forced answers, and compare them: the two tables."""
        random = np.random.default_rng(work.seed)
        found = [
            row for pair in pairs(data.study, data.groups) for row in _rows(pair, data, random)
        ]
        tables = {
            "forced_answers": forced_answers(data),
            "forms_compared": FORMS_COMPARED.checked(FORMS_COMPARED.filled(found)),
        }
        return Outcome(self.name, Status.DONE, "", options, tables)

    def section(self, outcome: Outcome, groups: Groups, study: Study) -> Section | None:
        """What was left out, then the comparison; None where no answers were forced."""
        tables = {spec.name: spec.of(outcome.tables) for spec in self.tables}
        return forms_section(tables, groups) if len(tables["forced_answers"]) else None


def forced_answers(data: Coded) -> pd.DataFrame:
    """What forced answers left out, for every group and instrument."""
    response = response_of(data.study, data.groups)
    coded = {item.code for part in data.study.instruments for item in part.coded_items}
    forced = [group for group, form in response.items() if form != "text"]
    of_them = data.responses["group"].isin(forced) & data.responses["item"].isin(coded)
    asked = data.responses[of_them]
    rows = [
        _left_out(str(group), str(instrument), response[str(group)], answers)
        for (group, instrument), answers in asked.groupby(["group", "instrument"], sort=False)
    ]
    table = FORCED_ANSWERS.filled(rows)
    return FORCED_ANSWERS.checked(table)


def _left_out(group: str, instrument: str, response: str, answers: pd.DataFrame) -> tuple[Any, ...]:
    outside = 1 - answers["mass"].dropna().to_numpy(float)
    known = len(outside) > 0
    return (
        group,
        instrument,
        response,
        len(answers),
        answers["value"].isna().mean(),
        answers["distribution"].notna().mean(),
        outside.mean() if known else np.nan,
        np.quantile(outside, 0.95) if known else np.nan,
        (outside > 0.5).mean() if known else np.nan,
    )


def _rows(pair: Pair, data: Coded, random: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Every item and scale of a pair, compared over the replicates that both have."""
    sides = [_by_replicate(data, group) for group in (pair.words, pair.forced)]
    names = [scale.code for scale in scales(data.study)]
    items = [item.code for part in data.study.instruments for item in part.coded_items]
    for kind, variables in (("item", items), ("scale", names)):
        for variable in variables:
            both = pd.concat(
                [side[variable] for side in sides if variable in side], axis=1
            ).dropna()
            if both.shape[1] < 2:
                continue
            values = both.to_numpy(float)
            yield {
                "words_group": pair.words,
                "forced_group": pair.forced,
                "response": pair.response,
                "kind": kind,
                "variable": variable,
                **asdict(compare(values[:, 0], values[:, 1], random)),
            }


def _by_replicate(data: Coded, group: str) -> pd.DataFrame:
    """Keyed items and scale scores of a group, one row a replicate."""
    own = data.responses[data.responses["group"] == group]
    replicate = own.drop_duplicates("session").set_index("session")["replicate"]
    scored = data.scores[data.scores["group"] == group].set_index("session")
    return scored.set_index(replicate.loc[scored.index].to_numpy())
