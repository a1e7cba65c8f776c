"""The analyses of this package, and the order in which those asked for are run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter

from vaar.analyses.alignment.analysis import AlignmentAnalysis
from vaar.analyses.answer_forms.analysis import AnswerFormsAnalysis
from vaar.analyses.base import Analysis
from vaar.analyses.conflict.analysis import ConflictAnalysis
from vaar.analyses.contrasts.analysis import ContrastsAnalysis
from vaar.analyses.induction.analysis import InductionAnalysis
from vaar.analyses.national_values.analysis import NationalValuesAnalysis
from vaar.analyses.persona_paths.analysis import PersonaPathsAnalysis
from vaar.analyses.profile.analysis import ProfileAnalysis
from vaar.analyses.release.analysis import ReleaseAnalysis
from vaar.analyses.sensitivity.analysis import SensitivityAnalysis
from vaar.analyses.shifted_sessions.analysis import (
    ShiftedPathsAnalysis,
    ShiftedSessionsAnalysis,
)
from vaar.analyses.social_value_orientation.analysis import SocialValueAnalysis
from vaar.analyses.specifications.analysis import SpecificationsAnalysis
from vaar.analyses.stability.analysis import StabilityAnalysis
from vaar.analyses.value_conflict.analysis import ValueConflictAnalysis
from vaar.analyses.value_control.analysis import ValueControlAnalysis
from vaar.errors import DataError

ANALYSES: tuple[Analysis, ...] = (
    ProfileAnalysis(),
    AlignmentAnalysis(),
    ReleaseAnalysis(),
    ConflictAnalysis(),
    PersonaPathsAnalysis(),
    InductionAnalysis(),
    ContrastsAnalysis(),
    SpecificationsAnalysis(),
    SensitivityAnalysis(),
    StabilityAnalysis(),
    SocialValueAnalysis(),
    AnswerFormsAnalysis(),
    ValueConflictAnalysis(),
    NationalValuesAnalysis(),
    ValueControlAnalysis(),
    ShiftedSessionsAnalysis(),
    ShiftedPathsAnalysis(),
)

RESERVED = ("groups", "human")
"""Names of CSV files of a run directory that no analysis writes."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ALLOWED = "a name is made of a–z, 0–9 and _, and begins with a letter"


def known(own: Sequence[Analysis] = ()) -> dict[str, Analysis]:
    """All analyses by name, each after those it needs: this package's and a user's own.

    Raises
    ------
    DataError
        A name, of an analysis or of a table, is used twice or cannot name a file; or an analysis
        needs one that there is not, or needs itself.
    """
    everything = (*ANALYSES, *own)
    by_name = {analysis.name: analysis for analysis in everything}
    if twice := [name for name, n in Counter(a.name for a in everything).items() if n > 1]:
        raise DataError(f"there are two analyses named {', '.join(twice)}: rename one")
    for analysis in own:
        _check(analysis, by_name)
    _check_tables(everything)
    needs = TopologicalSorter({name: one.needs for name, one in by_name.items()})
    try:
        needs.prepare()
    except CycleError as error:
        raise DataError(f"analyses need each other: {' → '.join(error.args[1])}") from None
    ordered: dict[str, Analysis] = {}
    for name in by_name:
        _place(name, by_name, ordered)
    return ordered


def _place(name: str, by_name: dict[str, Analysis], ordered: dict[str, Analysis]) -> None:
    """Put an analysis behind those that it needs, and else where it was listed."""
    for need in by_name[name].needs:
        _place(need, by_name, ordered)
    ordered.setdefault(name, by_name[name])


def with_needs(names: Iterable[str], analyses: dict[str, Analysis]) -> set[str]:
    """Names of the analyses asked for and of all that they need.

    Raises
    ------
    DataError
        There is no such analysis.
    """
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in analyses:
            raise DataError(f"there is no analysis {name!r}; there are {', '.join(analyses)}")
        if name not in found:
            found.add(name)
            waiting += analyses[name].needs
    return found


def done_unasked(analyses: dict[str, Analysis], given: Iterable[str] = ()) -> set[str]:
    """Names of the analyses that are done where none is named.

    Parameters
    ----------
    given : iterable of str
        Those of which options are given: that asks for one that is else done on request only,
        as its attribute ``on_request`` says.
    """
    asked = set(given)
    return {
        name
        for name, one in analyses.items()
        if name in asked or not getattr(one, "on_request", False)
    }


def _check(analysis: Analysis, by_name: dict[str, Analysis]) -> None:
    if not _NAME.fullmatch(analysis.name) or analysis.name in RESERVED:
        raise DataError(f"an analysis is named {analysis.name!r}; {_ALLOWED}: rename it")
    if absent := [name for name in analysis.needs if name not in by_name]:
        raise DataError(
            f"the analysis {analysis.name} needs {', '.join(absent)}, and there is none of that "
            f"name; there are {', '.join(by_name)}"
        )


def _check_tables(analyses: Sequence[Analysis]) -> None:
    names = [spec.name for analysis in analyses for spec in analysis.tables]
    for name, count in Counter([*names, *RESERVED]).items():
        if count > 1:
            raise DataError(f"a table is named {name!r}, and that name is taken: rename it")
        if not _NAME.fullmatch(name):
            raise DataError(f"a table is named {name!r}; {_ALLOWED}: rename it")
