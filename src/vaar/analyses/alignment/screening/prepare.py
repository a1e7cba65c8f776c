"""The scores that a model is fitted to: screened, adjusted for the design, with covariates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from vaar.analyses.alignment import notes
from vaar.analyses.alignment.covariates import Covariate, code_covariates
from vaar.analyses.alignment.options import AlignmentOptions, check_apart
from vaar.analyses.alignment.screening.adjustment import DESIGN, adjusted_scores, varies
from vaar.analyses.alignment.screening.cells import without_small_cells
from vaar.analyses.alignment.screening.screen import Screened, screen
from vaar.analyses.alignment.screening.second_names import without_second_names
from vaar.analyses.base import Coded
from vaar.errors import DataError
from vaar.scoring.design_factors import require_known
from vaar.scoring.yes_saying import YES_SAYING, yes_saying
from vaar.sem.model.parameters import specify
from vaar.vocabulary import HUMAN


@dataclass(frozen=True)
class Prepared:
    """What is fitted.

    Attributes
    ----------
    scores : DataFrame
        One row a session that is analysed.
    screened : Screened
        What was left out before.
    covariates : tuple of Covariate
        Their variables are columns of the scores.
    adjusted_for : mapping of str to list of str
        By group, what of the design was taken out of its scores.
    """

    scores: pd.DataFrame
    screened: Screened
    covariates: tuple[Covariate, ...]
    adjusted_for: Mapping[str, list[str]]

    @property
    def columns(self) -> list[str]:
        """The variables of the covariates in the model."""
        return [name for covariate in self.covariates for name in covariate.columns]


def prepare(data: Coded, options: AlignmentOptions, model: str) -> Prepared:
    """Screen the scores, add the covariates, take the design out of what the model observes.

    Parameters
    ----------
    model : str
        Its observed variables are adjusted, and all items.

    Raises
    ------
    DataError
        A covariate does not vary, makes the groups, or is not known of people.
    """
    covariates, columns = _covariates(data, options)
    screened = screen(data.scores.join(columns), data.study)
    screened = without_second_names(without_small_cells(screened, data), data)
    scores, adjusted_for = without_design(screened.scores, data, options, model)
    if options.adjust == "design" and options.estimator != "WLSMV":
        screened = _with_left_in(screened, data, options, adjusted_for)
    return Prepared(scores, screened, covariates, adjusted_for)


def without_design(
    scores: pd.DataFrame, data: Coded, options: AlignmentOptions, model: str
) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Scores without the effects of the design, and by group of which parts of it."""
    if options.adjust == "none" or scores.empty:
        return scores, {}
    names = _to_be_taken_out(data, options)
    items = [item.code for part in data.study.instruments for item in part.coded_items]
    used = dict.fromkeys([*specify(model).observed, *items])
    observed = [name for name in used if name in scores]
    freed, told = adjusted_scores(scores, data.design_factors, observed, names)
    return (scores if options.estimator == "WLSMV" else freed), told


def _to_be_taken_out(data: Coded, options: AlignmentOptions) -> list[str]:
    return [name for name in DESIGN if name not in (*options.covariates, *data.by)]


def _with_left_in(
    screened: Screened,
    data: Coded,
    options: AlignmentOptions,
    adjusted_for: Mapping[str, list[str]],
) -> Screened:
    """With a note on groups in which something varied that could not be taken out."""
    said = {group: list(own) for group, own in screened.notes.items()}
    for group, rows in screened.scores.groupby("group", sort=False, observed=True):
        own = data.design_factors.loc[rows.index]
        left_in = [
            name
            for name in _to_be_taken_out(data, options)
            if varies(own[name]) and name not in adjusted_for.get(str(group), [])
        ]
        if left_in:
            said.setdefault(str(group), []).append(notes.not_adjusted(left_in, len(rows)))
    return replace(screened, notes=said)


def _covariates(
    data: Coded, options: AlignmentOptions
) -> tuple[tuple[Covariate, ...], pd.DataFrame]:
    names = tuple(name for name in options.covariates if name != YES_SAYING)
    require_known(data.study, names)
    check_apart(data.by, names)
    found, people = data.design_factors, data.scores["group"] == HUMAN
    if names and data.people is not None:
        if absent := [name for name in names if name not in data.people]:
            raise DataError(
                f"human.csv: has no column {', '.join(absent)}, so the people's paths cannot be "
                "adjusted as the models' are. Add the column, leave --covariate out, or leave the "
                "people out"
            )
        for name in names:
            own = data.scores.loc[people, "session"].map(data.people[name])
            found = found.assign(**{name: found[name].mask(people, own.astype("string"))})
    if YES_SAYING in options.covariates:
        index = yes_saying(data.scores, data.study)
        found = found.assign(**{YES_SAYING: index.map("{:.17g}".format, na_action="ignore")})
    return code_covariates(found, options.covariates)
