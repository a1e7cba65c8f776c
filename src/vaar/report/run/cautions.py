"""What must be said of a run whatever was found: simulated answers, models that changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup

from vaar.report.section import Caution
from vaar.tables.html import name, several
from vaar.tables.numbers import count


def simulated(
    names: Sequence[str], respondents: int, where: str = "this run", *, people: bool = False
) -> Iterator[Caution]:
    """Say that some or all respondents are simulated, and which.

    Parameters
    ----------
    respondents : int
        How many there are in all.
    people : bool
        Whether people's answers are there beside them.
    """
    if not names:
        return
    scope = Markup(
        "{} of {} respondents are simulated, and marked so wherever they appear."
    ).format(len(names), respondents)
    if len(names) == respondents:
        scope = Markup(
            "Every respondent of {} is simulated. No language model{} was asked; no figure here "
            "describes one.{}"
        ).format(
            where,
            "" if people else " and no person",
            " People's answers come from the file that was given." if people else "",
        )
    yield Caution("simulated", scope + Markup(" Simulated: {}.").format(_names(names)))


def changed_models(reported: Mapping[str, Mapping[str, int]]) -> Iterator[Caution]:
    """Name every respondent whose replies name more than one model.

    Parameters
    ----------
    reported : mapping
        By respondent: replies by the model that the server named.
    """
    for respondent, models in reported.items():
        if len(models) > 1:
            told = Markup(", ").join(
                Markup("{} ({} replies)").format(name(model), count(n))
                for model, n in models.items()
            )
            yield Caution(
                "model changed",
                Markup(
                    "{} answered as {} models: {}. Sessions that two of them answered are left "
                    "out; the figures of this respondent mix the rest."
                ).format(name(respondent), len(models), told),
            )


def changed_servers(changes: Mapping[str, Mapping[str, Mapping[str, int]]]) -> Iterator[Caution]:
    """Name every respondent whose provider, configuration or class of service changed.

    Parameters
    ----------
    changes : mapping
        By what changed and respondent: replies by what the server named.
    """
    for what, respondents in changes.items():
        for respondent, named in respondents.items():
            told = Markup(", ").join(
                Markup("{} ({} replies)").format(name(value), count(n))
                for value, n in named.items()
            )
            yield Caution(
                f"{what} changed",
                Markup(
                    "The {} that served {} changed: {}. The figures of this respondent mix them."
                ).format(what, name(respondent), told),
            )


def _names(names: Sequence[str]) -> Markup:
    return several([name(one) for one in names])
