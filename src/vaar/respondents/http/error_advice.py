"""What to do about an error response that every further call would get."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.wire.redaction import quote

_MOST_MODELS_LISTED = 10


def remedy(endpoint: Endpoint, status: int, said: str) -> str | None:
    """What to do, in words; None where another session may fare better.

    Parameters
    ----------
    said : str
        The text of the error. Hostile.
    """
    if status in (401, 403):
        return (
            f"Check the key in the environment variable {endpoint.api_key_env}, and that its "
            f"owner may use {endpoint.model!r} at {endpoint.base_url}"
        )
    if 300 <= status < 400:
        return (
            f"{endpoint.base_url} redirects elsewhere; that is not followed, since the key "
            "would travel along. Give the final address as base URL"
        )
    if endpoint.max_tokens_field == "max_tokens" and "max_completion_tokens" in said:
        return "Write max_tokens_field: max_completion_tokens for this model in a models file"
    if status == 400 and "temperature" in said:
        return (
            "Write a temperature that this model takes for it in a models file, or as `sampling: "
            "temperature` of the study"
        )
    return None


def offers(endpoint: Endpoint, names: Sequence[str], key: str | None) -> str:
    """What a server offers instead of a model that it does not know, the nearest first.

    Parameters
    ----------
    names : sequence of str
        Ids that it lists; empty where it lists none.
    """
    wanted, base_url = endpoint.model, endpoint.base_url
    if not names:
        return f"Check that {base_url} is right (many end in /v1) and that it knows {wanted!r}"
    near = get_close_matches(wanted, names, n=_MOST_MODELS_LISTED, cutoff=0.4)
    ordered = [*near, *(name for name in sorted(names) if name not in near)]
    shown = ", ".join(quote(name, key) for name in ordered[:_MOST_MODELS_LISTED])
    further = len(names) - _MOST_MODELS_LISTED
    also = f" and {further} more" if further > 0 else ""
    return f"{base_url} does not know {wanted!r}; it offers: {shown}{also}"
