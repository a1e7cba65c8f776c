"""What may have to be said of a group's paths."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import vaar.sem as sem
from vaar.analyses.notes import Note
from vaar.tables.text import number_of


class Kind(StrEnum):
    """The notes there are."""

    NOT_FITTED = "not_fitted"
    NO_SOLUTION = "no_solution"
    FEW_REPLICATES = "few_replicates"
    INDISPENSABLE_PERSONA = "indispensable_persona"
    INADMISSIBLE = "inadmissible"
    BOOTSTRAP_ERRORS = "bootstrap_errors"
    PERSONAS_REPEAT = "personas_repeat"
    FEW_PERSONAS = "few_personas"
    FEW_CLUSTERS = "few_clusters"
    FEW_SESSIONS = "few_sessions"
    REPEATED = "repeated"
    NEAR_COPIES = "near_copies"
    STRAIGHT_LINED = "straight_lined"
    CONSTANT_ONE_WAY = "constant_one_way"
    NOT_ADJUSTED = "not_adjusted"
    POOR_FIT = "poor_fit"
    FIT_NOT_JUDGED = "fit_not_judged"
    NOTHING_SHARED = "nothing_shared"


UNRANKED = (
    *(Kind.FEW_PERSONAS, Kind.FEW_CLUSTERS, Kind.NEAR_COPIES, Kind.POOR_FIT),
    Kind.NOTHING_SHARED,
)
"""Notes of groups that are in no ranking and no headline."""


def not_fitted(reason: str) -> Note:
    """Its data cannot carry the model."""
    return Note(Kind.NOT_FITTED, reason)


def no_solution(outcome: sem.Outcome) -> Note:
    """The fit ended without a solution for it."""
    return Note(Kind.NO_SOLUTION, str(outcome), {"outcome": str(outcome)})


def few_replicates(fitted: float) -> Note:
    """Most of its bootstrap replicates could not be fitted; `fitted` is the share that could."""
    text = f"only {fitted:.0%} of its bootstrap replicates could be fitted"
    return Note(Kind.FEW_REPLICATES, text, {"fitted": float(fitted)})


def indispensable_persona() -> Note:
    """Without one of its personas, which are few, the model cannot be fitted."""
    text = (
        "its paths hang on single personas: the model cannot be fitted without each of them in "
        "turn, as their standard errors would need"
    )
    return Note(Kind.INDISPENSABLE_PERSONA, text)


def inadmissible(outcome: sem.Outcome) -> Note:
    """Its solution is outside of what parameters can be, such as a negative variance."""
    return Note(Kind.INADMISSIBLE, str(outcome), {"outcome": str(outcome)})


def bootstrap_errors() -> Note:
    """Its standard errors come from the bootstrap, not from the fit."""
    return Note(Kind.BOOTSTRAP_ERRORS, "standard errors from the bootstrap")


def personas_repeat(personas: int, bootstrapped: bool, few: bool) -> Note:
    """Some of its personas gave several sessions."""
    errors = "standard errors take them as independent, as there are no bootstrap replicates"
    if bootstrapped and few:
        errors = "standard errors from leaving out each of them in turn"
    elif bootstrapped:
        errors = "standard errors from a bootstrap of whole personas"
    text = f"sessions come from {personas} personas; {errors}"
    return Note(Kind.PERSONAS_REPEAT, text, {"personas": personas, "bootstrapped": bootstrapped})


def few_personas(personas: int) -> Note:
    """Its personas are too few to stand for others."""
    text = f"its {personas} personas are taken as given: too few to speak for others"
    return Note(Kind.FEW_PERSONAS, text, {"personas": personas})


def few_clusters(personas: int, wanted: int) -> Note:
    """Its personas carry standard errors, but no headline."""
    text = f"{personas} personas are too few for a headline: {wanted} are needed"
    return Note(Kind.FEW_CLUSTERS, text, {"personas": personas})


def few_sessions(sessions: int, wanted: int) -> Note:
    """Its verdicts err more often than they promise."""
    text = (
        f"its paths rest on {_sessions(sessions)} (below {wanted} verdicts may err more often than "
        "they promise)"
    )
    return Note(Kind.FEW_SESSIONS, text, {"sessions": sessions, "wanted": wanted})


def repeated(sessions: int) -> Note:
    """Sessions that are another one of the same seed over again; they are left out."""
    are = "is" if sessions == 1 else "are"
    text = (
        f"{_sessions(sessions)} {are} another one of the same seed word for word, and count once "
        "with it"
    )
    return Note(Kind.REPEATED, text, {"sessions": sessions})


def near_copies(sessions: int, of: int) -> Note:
    """Sessions that are an earlier one but for a few items."""
    text = (
        f"{sessions:,} of {of:,} sessions that depart from its most frequent answers are an "
        "earlier one but for a few items, so that they are no independent evidence"
    )
    return Note(Kind.NEAR_COPIES, text, {"sessions": sessions, "of": of})


def straight_lined(sessions: int) -> Note:
    """Sessions that gave one answer to items of both keys; they are left out."""
    are = "is" if sessions == 1 else "are"
    text = f"{_sessions(sessions)} gave one answer to all items of both keys and {are} left out"
    return Note(Kind.STRAIGHT_LINED, text, {"sessions": sessions})


def constant_one_way(sessions: int) -> Note:
    """Sessions that gave one answer to a questionnaire whose items all point the same way."""
    kept = "it is kept" if sessions == 1 else "they are kept"
    text = (
        f"{_sessions(sessions)} gave one answer to a whole questionnaire whose items all point the "
        f"same way; {kept}"
    )
    return Note(Kind.CONSTANT_ONE_WAY, text, {"sessions": sessions})


def not_adjusted(factors: Sequence[str], sessions: int) -> Note:
    """What varied in it, and in too many ways to be taken out of so few sessions."""
    text = (
        f"{' and '.join(factors)} varied in too many ways to be taken out of {sessions:,} sessions"
    )
    return Note(Kind.NOT_ADJUSTED, text, {"factors": list(factors), "sessions": sessions})


def poor_fit(flaws: Sequence[str]) -> Note:
    """The model does not describe its answers."""
    text = f"the model does not describe its answers ({'; '.join(flaws)})"
    return Note(Kind.POOR_FIT, text, {"flaws": list(flaws)})


def fit_not_judged(df: int) -> Note:
    """The model has too few degrees of freedom to fail."""
    text = f"its fit cannot be judged: the model has {df} degrees of freedom"
    return Note(Kind.FIT_NOT_JUDGED, text, {"df": df})


def nothing_shared() -> Note:
    """Its questionnaires were answered in conversations that have nothing in common."""
    return Note(
        Kind.NOTHING_SHARED,
        "each questionnaire had a conversation of its own and no persona, so that they share "
        "nothing: a path near zero says nothing of the model",
    )


def _sessions(n: int) -> str:
    return number_of(n, "session", "sessions")
