"""The reply in the JSON of a chat completion, in which any field may be missing or odd."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vaar.respondents.base import Reply, Request
from vaar.respondents.http.dialect import UnusableReplyError
from vaar.respondents.wire.answer_probabilities import Told, first_tokens, weigh
from vaar.respondents.wire.payloads import amount, count, encodable, line, mapping, objects, texts

FINGERPRINT = "vaar-simulated"
"""``system_fingerprint`` of the server behind which simulated respondents stand."""

REFUSAL = "refusal"
"""Finish reason of a reply that a server gives as a refusal, in a field of its own."""

_TEXT = frozenset({"text", "output_text"})
_THOUGHTS = ("reasoning_content", "reasoning", "thinking", "reasoning_details")
_TICK = 1e-10  # xAI counts money in these parts of a US dollar


def read_reply(payload: object, request: Request, latency: float) -> Reply:
    """The reply in a server's JSON.

    Only what is marked as text is the reply; thoughts are kept apart from it. A refusal in its own
    field counts as the text.

    Raises
    ------
    UnusableReplyError
        It has no choice with a message.
    """
    choice, message = _choice(payload)
    usage = mapping(payload, "usage")
    told = _told(choice, request.choices) if request.choices else None
    text, refused = _text(message)
    sent, received, thought = _tokens(usage)
    assert isinstance(payload, dict)
    fingerprint = payload.get("system_fingerprint")
    return Reply(
        text=text,
        finish_reason=REFUSAL if refused else line(choice.get("finish_reason")) or "stop",
        input_tokens=sent,
        output_tokens=received,
        cached_tokens=min(sent, _cached(usage)),
        latency=latency,
        model=line(payload.get("model")),
        simulated=fingerprint == FINGERPRINT,
        distribution=told and told.shares,
        mass=told and told.mass,
        reasoning_tokens=thought,
        cache_write_tokens=count(mapping(usage, "prompt_tokens_details"), "cache_write_tokens"),
        cost=_cost(usage),
        provider=line(payload.get("provider")),
        system_fingerprint=line(fingerprint),
        service_tier=line(payload.get("service_tier")),
        thoughts=_thoughts(message),
    )


def choice_error(payload: object) -> object:
    """What went wrong while a reply was written, as gateways tell it on the choice; else None."""
    for choice in objects(payload, "choices"):
        return choice.get("error") or None
    return None


def _choice(payload: object) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    if not isinstance(payload, dict):
        raise UnusableReplyError("something that is no JSON object")
    choices = payload.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise UnusableReplyError("JSON without choices")
    message = choices[0].get("message")
    if not isinstance(message, dict):
        raise UnusableReplyError("a choice without a message")
    return choices[0], message


def _text(message: Mapping[str, Any]) -> tuple[str, bool]:
    """What was said, and whether it is a refusal in its own field."""
    content = message.get("content")
    refusal = message.get("refusal")
    if isinstance(content, list):
        parts = [part for part in content if isinstance(part, dict)]
        said = (part.get("text") for part in parts if _is_text(part))
        content = "".join(text for text in said if isinstance(text, str))
        refusal = refusal or "".join(
            text for part in parts if isinstance(text := part.get("refusal"), str)
        )
    if isinstance(content, str) and content:
        return encodable(content), False
    if isinstance(refusal, str) and refusal:
        return encodable(refusal), True
    return "", False


def _is_text(part: Mapping[str, Any]) -> bool:
    return part.get("type", "text") in _TEXT and not part.get("thought")


def _thoughts(message: Mapping[str, Any]) -> str:
    """The first field for thoughts that holds any, else the content's parts of that kind."""
    if message.keys().isdisjoint(_THOUGHTS) and not isinstance(message.get("content"), list):
        return ""
    for key in _THOUGHTS:
        if found := "".join(texts(message.get(key))):
            return encodable(found)
    parts = (part for part in objects(message, "content") if not _is_text(part))
    return encodable("".join(text for part in parts for text in texts(part)))


def _tokens(usage: Mapping[str, Any]) -> tuple[int, int, int]:
    """Tokens read, tokens written with the thoughts among them, and tokens of the thoughts.

    Some servers count thoughts apart from what they call the completion; there the total shows it.
    """
    sent, received = count(usage, "prompt_tokens"), count(usage, "completion_tokens")
    details = usage.get("completion_tokens_details")
    if not details and "reasoning_tokens" not in usage:
        return sent, received, 0
    thought = count(mapping(usage, "completion_tokens_details"), "reasoning_tokens")
    thought = thought or count(usage, "reasoning_tokens")
    if thought and count(usage, "total_tokens") == sent + received + thought:
        received += thought
    return sent, received, min(thought, received)


def _cached(usage: Mapping[str, Any]) -> int:
    """Tokens read from the cache, under the names that servers have for them."""
    return (
        count(mapping(usage, "prompt_tokens_details"), "cached_tokens")
        or count(usage, "prompt_cache_hit_tokens")
        or count(usage, "cached_tokens")
    )


def _cost(usage: Mapping[str, Any]) -> float | None:
    ticks = amount(usage, "cost_in_usd_ticks", _TICK)
    return amount(usage, "cost") if ticks is None else ticks


def _told(choice: Mapping[str, Any], choices: Sequence[str]) -> Told | None:
    logprobs = mapping(choice, "logprobs")
    content = logprobs.get("content") or list(_together(logprobs))
    return weigh(first_tokens(content), choices)


def _together(logprobs: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Tokens as chat completions write them, from three lists side by side."""
    tokens, own, others = (
        value if isinstance(value := logprobs.get(key), list) else []
        for key in ("tokens", "token_logprobs", "top_logprobs")
    )
    for place, (token, logprob) in enumerate(zip(tokens, own, strict=False)):
        top = others[place] if place < len(others) and isinstance(others[place], dict) else {}
        listed = [{"token": text, "logprob": number} for text, number in top.items()]
        yield {"token": token, "logprob": logprob, "top_logprobs": listed}
