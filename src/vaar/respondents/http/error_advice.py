"""What to do about an error that every further call would get."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.http.error_meaning import Meaning
from vaar.respondents.http.refused_fields import FORCED
from vaar.respondents.wire.redaction import quote

_MOST_MODELS_LISTED = 10

_CEILINGS = frozenset(
    {"max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens"}
)
_OWN_OPTION = {
    "reasoning_effort": "reasoning_effort",
    "reasoning": "reasoning_effort",
    "thinking": "reasoning_effort",
}


def remedy(endpoint: Endpoint, meaning: Meaning, status: int, said: str) -> str | None:
    """A whole sentence on what to do; None where another session may fare better.

    Parameters
    ----------
    said : str
        Status and words of the error; safe to show.
    """
    if meaning is Meaning.SPENT:
        return f"its account has no quota left ({said}); top it up, then start again"
    if meaning is Meaning.ANOTHER_DAY:
        return (
            f"a limit is reached that will not pass soon ({said}). Give the same command again "
            "later; no session is lost"
        )
    if meaning is Meaning.LOCATION:
        return f"{said}. {endpoint.address} is not offered from this machine's location"
    if meaning is Meaning.KEY:
        return (
            f"{said}. Check the key in the environment variable {endpoint.key_variable}, and that "
            f"its owner may use {endpoint.model!r} at {endpoint.address}"
        )
    if meaning is Meaning.ADDRESS and 300 <= status < 400:
        return (
            f"{said}. {endpoint.address} redirects elsewhere; that is not followed, since the key "
            "would travel along. Give the final address as base URL"
        )
    if meaning is Meaning.ADDRESS:
        return f"{said}. {wrong_address(endpoint)}"
    return None


def wrong_address(endpoint: Endpoint) -> str:
    """What to do where an address answers that is no API of this kind."""
    return (
        f"{endpoint.address} is no address of such an API: check it (many end in /v1) and the "
        f"provider, which is {endpoint.provider.name} here"
    )


def refused(endpoint: Endpoint, field: str, said: str) -> str:
    """What to do about a field that the server refused and that is never left out unasked."""
    if field == "temperature":
        return (
            f"{said}. Write a temperature that this model takes for it in a models file "
            "(temperature: 1), or temperature: null to send none, so that it samples as its maker "
            "set it; a study's own is `sampling: temperature`"
        )
    if field == FORCED:
        return (
            f"{said}. This model takes no schema of answers: write `response: text` in the "
            "study's condition, or `response: choice` where its server tells probabilities"
        )
    if field in _CEILINGS:
        return (
            f"{said}. Write a `max_tokens` that this model takes for it in a models file, or what "
            "it calls it (max_tokens_field: max_tokens or max_completion_tokens)"
        )
    option = _OWN_OPTION.get(field, field)
    if field in endpoint.options.extra_body:
        option = f"extra_body: {field}"
    return (
        f"{said}. Change or remove `{option}` of this model in the models file, or write "
        f"`omit: [{field}]`"
    )


def begins_otherwise(endpoint: Endpoint, told: str, count: int) -> str:
    """What to do about a model that would hardly have begun its replies with an answer."""
    return (
        f"its first {count} replies hold no answer: {told}. An answer drawn from so little would "
        "not be the model's. If it thinks first, switch that off in a models file "
        "(`reasoning_effort: none`); if it begins with other words, ask for the number "
        "alone in the study's framing, or write `response: schema` or `response: text` in its "
        "condition"
    )


def without_answers(endpoint: Endpoint, told: str, count: int, ceiling: int, thinks: bool) -> str:
    """What to do about a model whose first replies were all cut or empty."""
    cause = (
        f"its first {count} replies hold no answer: {told}, at a ceiling of {ceiling:,} tokens. "
    )
    if thinks or endpoint.provider.thinking:
        advice = endpoint.provider.thinking or "`thinking_tokens: 4000` gives it room to think"
        return (
            f"{cause}A model that thinks before it answers spends the ceiling on that. For this "
            f"model in a models file: {advice}; or raise `max_tokens`"
        )
    return f"{cause}Write `max_tokens: {4 * ceiling}` for this model in a models file"


def offers(endpoint: Endpoint, names: Sequence[str], key: str | None) -> str:
    """What a server offers instead of a model that it does not know, the nearest first.

    Parameters
    ----------
    names : sequence of str
        Ids that it lists; empty where it lists none.
    """
    wanted, address = endpoint.model, endpoint.address
    if not names:
        return f"Check that {address} is right (many end in /v1) and that it knows {wanted!r}"
    near = get_close_matches(wanted, names, n=_MOST_MODELS_LISTED, cutoff=0.4)
    ordered = [*near, *(name for name in sorted(names) if name not in near)]
    shown = ", ".join(quote(name, key) for name in ordered[:_MOST_MODELS_LISTED])
    further = len(names) - _MOST_MODELS_LISTED
    also = f" and {further} more" if further > 0 else ""
    return f"{address} does not know {wanted!r}; it offers: {shown}{also}"
