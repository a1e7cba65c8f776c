"""What a report is made of: the study, the run, and the tables of the run directory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from vaar.study.model import Study


@dataclass(frozen=True)
class ReportInputs:
    """Everything the report shows; nothing in it is fitted or fetched by the report.

    Attributes
    ----------
    run : dict
        ``run.json``: versions, seed, resolved options, respondents and which are simulated; and
        ``reported``: replies by respondent and model id that the server reported.
    fit : dict
        ``fit.json``: the level the paths were read from and why, fit measures, bootstrap counts.
    sessions : DataFrame
        One row per session: group, respondent, condition, persona, status, reason.
    responses, profile, profile_by_factor, invariance, paths, vaar, vaar_by_n, screening : DataFrame
        The files of the same names.
    """

    study: Study
    run: dict[str, Any]
    fit: dict[str, Any]
    sessions: pd.DataFrame
    responses: pd.DataFrame
    profile: pd.DataFrame
    profile_by_factor: pd.DataFrame
    invariance: pd.DataFrame
    paths: pd.DataFrame
    vaar: pd.DataFrame
    vaar_by_n: pd.DataFrame
    screening: pd.DataFrame
