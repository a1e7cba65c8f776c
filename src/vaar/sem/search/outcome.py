"""How a fit ended: data, not an exception."""

from __future__ import annotations

from enum import Enum


class Outcome(Enum):
    """How a fit, or the fit of one group, ended. Members read as messages."""

    CONVERGED = "converged"
    INADMISSIBLE = (
        "converged to an inadmissible solution: a variance is not positive or a correlation "
        "exceeds 1; trust bootstrap intervals only, or simplify the model"
    )
    NOT_IDENTIFIED = (
        "not identified: the data cannot tell some parameters apart, so there are no standard "
        "errors; fix or equate parameters"
    )
    NOT_CONVERGED = (
        "not converged: no maximum of the likelihood was found; simplify the model, give start() "
        "values, or collect more data"
    )

    def __str__(self) -> str:
        return self.value

    @property
    def message(self) -> str:
        """What happened, and a way out, in words."""
        return self.value

    @property
    def admissible(self) -> bool:
        """Whether there are estimates and standard errors, and all are possible values."""
        return self is Outcome.CONVERGED

    @property
    def usable(self) -> bool:
        """Whether estimates with standard errors exist."""
        return self in (Outcome.CONVERGED, Outcome.INADMISSIBLE)


def worst(outcomes: list[Outcome]) -> Outcome:
    """The gravest of several outcomes."""
    order = list(Outcome)
    return max(outcomes, key=order.index, default=Outcome.CONVERGED)
