"""What was found, in sentences, and how it was done."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pandas as pd
from markupsafe import Markup

from vaar.analyses.order_effect import end_followed
from vaar.analyses.value_control.arms import DILEMMAS, NEUTRAL, NONE, SHIFT
from vaar.analyses.value_control.options import ValueControlOptions
from vaar.tables import html
from vaar.tables.numbers import coefficient, estimate_named, percent
from vaar.tables.table import Record
from vaar.tables.text import is_missing, shorten

_MOST = 4
_SMALL = 0.0995
_NAME_LIMIT = 60


def answer(arms: pd.DataFrame) -> Markup:
    """The answer: what the shift of each value does, and whether a random one does as much."""
    shifted = arms[(arms["arm"] == SHIFT) & (arms["kind"] == DILEMMAS)]
    told = [*_sentences(shifted.head(_MOST), arms)]
    if len(shifted) > _MOST:
        told.append(Markup("{} further shifts are in the table.").format(len(shifted) - _MOST))
    return Markup(" ").join(told) or Markup("No dilemma was answered under a shift.")


def _sentences(shifted: pd.DataFrame, arms: pd.DataFrame) -> Iterator[Markup]:
    known = arms.set_index(["respondent", "value", "kind", "arm"])["score"]
    for record in shifted.to_dict("records"):
        who, value = record["respondent"], record["value"]
        name = Markup("<b>{}</b>").format(html.name(shorten(who, _NAME_LIMIT)))
        yield Markup(
            "Pushed towards {}, {} decides for it in {} of dilemmas, against {}: {}; {}.{}{}"
        ).format(
            value,
            name,
            percent(record["score"]),
            percent(known.get((who, value, DILEMMAS, NONE))),
            effect(record),
            against_random(record),
            pulled(record),
            _neutral(known, who, value),
        )


def effect(record: Record) -> str:
    """What a shift changes.

    Parameters
    ----------
    record : mapping
        A row of ``control_arms``.
    """
    told = f"a change of {changed(record, 'change')}"
    if is_missing(record["change_lower"]):
        return told
    if record["change_lower"] <= 0 <= record["change_upper"]:
        return f"{told}, which is not to be told from none"
    return told if record["change"] > 0 else f"{told}, which is away from the value"


def changed(record: Record, name: str) -> str:
    """A change with its interval, to three places where two would show nothing of it.

    Parameters
    ----------
    record : mapping
        A row of ``control_arms``.
    name : str
        The column.
    """
    known = [abs(record[f"{name}{end}"]) for end in ("", "_lower", "_upper")]
    places = 3 if max((v for v in known if v == v), default=0.0) < _SMALL else 2
    return estimate_named(record, partial(coefficient, places=places), name)


def against_random(record: Record) -> str:
    """Whether random directions of equal length do as much."""
    if is_missing(record["beyond_random"]):
        return "no random direction was tried"
    told = changed(record, "beyond_random")
    if is_missing(record["beyond_random_lower"]):
        return f"{told} more than random directions of equal length"
    if record["beyond_random_lower"] > 0:
        return f"random directions of equal length do less (difference {told})"
    if record["beyond_random_upper"] < 0:
        return f"random directions of equal length do more for the value (difference {told})"
    return (
        "random directions of equal length do as much, as far as can be told "
        f"(difference {told}), so that nothing speaks for control of the value"
    )


def pulled(record: Record) -> str:
    """A sentence where what is taken is mostly what is listed first, or last; else empty."""
    place = end_followed(record["order_effect"])
    if not place:
        return ""
    effect = estimate_named(record, coefficient, "order_effect")
    return (
        f" It takes what is listed {place} (order effect {effect}), so that its answers tell "
        "little of what it would do."
    )


def _neutral(known: pd.Series, who: str, value: str) -> str:
    before, after = (known.get((who, value, NEUTRAL, arm)) for arm in (NONE, SHIFT))
    if is_missing(before) or is_missing(after):
        return ""
    return f" Of neutral questions {percent(before)} are right before and {percent(after)} after."


def method(options: ValueControlOptions) -> str:
    """The method text of the report."""
    return (
        "A logistic probe is fitted to the residual stream that leaves each layer at the last "
        "token of sentences that hold a value and of their opposites, each put into the model's "
        "chat template as a question is; accuracy and AUC are held out, split by pair, beside "
        "those of labels that were exchanged in a random half of the pairs. The last five layers, "
        "in a model of fewer than twenty the last quarter, are never shifted, nor is one whose "
        "accuracy is not above the threshold. In layer order, earlier shifts in force, each "
        "stream is moved along the probe's direction by the least that brings P to its target; "
        "then the vectors are fixed, and added at every position of prompt and reply. Random "
        "directions have the same length in every layer. A gate, a probe that tells sentences of "
        "the value from others, opens where its P is at least .5. A question's score is the mean "
        "over both orders of its options. Intervals are expanded percentiles (Hesterberg 2015) of "
        f"{options.replicates} bootstrap samples of questions, paired over arms. Perplexity is "
        "that of the words written, in the model as it is without a shift."
    )
