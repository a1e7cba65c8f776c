"""Checks of single values of a models file; each says what is wrong and what to write."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from vaar.respondents.http.call_options import Structured
from vaar.respondents.http.dialects.hosted_chat import OPENAI_BASE_URL
from vaar.respondents.http.endpoint import url_problem
from vaar.respondents.http.request_form import names_in
from vaar.respondents.wire.payloads import json_depth
from vaar.respondents.wire.redaction import looks_like_key

_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_SECRET_NAME = re.compile(
    r"auth|key|token|secret|password|passwd|cookie|credential|signature|\bsig\b|session", re.I
)
_TRANSPORT = frozenset({"host", "content-length", "content-type", "connection", "te", "upgrade"})
_DEEPEST = 20

OWN_FIELDS = {
    **dict.fromkeys(
        ("messages", "contents", "input", "prompt", "instructions"), "the conversation"
    ),
    **dict.fromkeys(("system", "systemInstruction"), "the system message"),
    **dict.fromkeys(("model", "models"), "`model`"),
    **dict.fromkeys(
        ("stream", "n", "candidateCount", "best_of", "store"), "one whole reply a call"
    ),
    **dict.fromkeys(("seed", "random_seed"), "`seed` and `seed_field`"),
    **dict.fromkeys(
        ("max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens"),
        "`max_tokens` and `thinking_tokens`",
    ),
    **dict.fromkeys(("temperature",), "`temperature`"),
    **dict.fromkeys(("top_p", "topP"), "`top_p`"),
    **dict.fromkeys(("logprobs", "top_logprobs", "responseLogprobs"), "--distributions"),
    **dict.fromkeys(("response_format", "responseJsonSchema"), "`structured`"),
    **dict.fromkeys(("tools", "tool_choice", "functions"), "a questionnaire, which has no tools"),
}
"""Fields of a body that no `extra_body` may set, and what sets them."""


def address(base_url: str) -> str:
    """An address below which services lie."""
    if looks_like_key(base_url):
        raise ValueError("holds what looks like a key; a key stands in the environment only")
    if problem := url_problem(base_url):
        raise ValueError(
            f"{problem}; write an address such as http://127.0.0.1:8000/v1 or {OPENAI_BASE_URL}"
        )
    return base_url


def structured(value: Any) -> Structured:
    """Whether a schema is sent."""
    if value is True or value is False:
        return "always" if value else "never"
    if value == "auto":
        return "auto"
    raise ValueError("is none of true, false and auto; write one of them")


def effort(value: Any) -> str:
    """How much a model is to think; ``off`` and ``false``, which YAML takes for one, are none."""
    if value is False:
        return "none"
    if isinstance(value, str) and re.fullmatch(r"[a-z][a-z_]{0,29}", value):
        return value
    raise ValueError(
        "is no effort; write none, minimal, low, medium, high, or another that the model takes"
    )


def headers(written: Mapping[str, str]) -> dict[str, str]:
    """Further headers, none of which may hold a secret."""
    for name, value in written.items():
        if not _HEADER.fullmatch(name) or name.lower() in _TRANSPORT:
            raise ValueError(f"cannot set the header {name[:100]!r}; remove it")
        if _SECRET_NAME.search(name) or looks_like_key(value):
            raise ValueError(
                f"has the header {name!r}, which looks like a secret. Name the environment "
                "variable of a key with api_key_env, and its header with key_header"
            )
        if not (value.isascii() and value.isprintable()):
            raise ValueError(f"has a value for {name!r} that no header can hold; use plain ASCII")
    return dict(written)


def query(written: Mapping[str, str]) -> dict[str, str]:
    """What stands behind every address, none of which may be a secret."""
    for name, value in written.items():
        if _SECRET_NAME.search(name) or name.lower() == "code" or looks_like_key(value):
            raise ValueError(
                f"has {name!r}, which looks like a secret and would be shown wherever the address "
                "is. Name the environment variable of a key with api_key_env, and its header with "
                "key_header"
            )
    return dict(written)


def header_name(name: str) -> str:
    """The name of a header."""
    if not _HEADER.fullmatch(name) or name.lower() in _TRANSPORT:
        raise ValueError("is no header that may hold a key; write one such as api-key")
    return name


def body(written: Mapping[str, Any]) -> dict[str, Any]:
    """Further fields of the body."""
    if json_depth(written) > _DEEPEST:
        raise ValueError("is nested too deeply for a server to read; make it flatter")
    try:
        json.dumps(written, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ValueError(f"holds what JSON cannot ({error}); put it in quotes") from None
    for place in names_in(written):
        parts = place.split(".")
        if parts[-1] in OWN_FIELDS and parts[:-1] in ([], ["generationConfig"]):
            raise ValueError(f"may not set {place!r}: that is set by {OWN_FIELDS[parts[-1]]}")
    for text in _texts(written):
        if looks_like_key(text):
            raise ValueError("holds what looks like a key; a key stands in the environment only")
    return dict(written)


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = (
        value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    )
    return [text for part in inner for text in _texts(part)]
