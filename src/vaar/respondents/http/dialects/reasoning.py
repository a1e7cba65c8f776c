"""How much a model is to think, in the words of each family of servers."""

from __future__ import annotations

from typing import Any

from vaar.respondents.http.call_options import CallOptions

OFF = "none"
"""The effort at which a model does not think, or as little as it can."""


def effort(model: str, options: CallOptions) -> dict[str, Any]:
    """``reasoning_effort`` as it is written."""
    written = options.reasoning_effort
    return {} if written is None else {"reasoning_effort": written}


def thinking_switch(model: str, options: CallOptions) -> dict[str, Any]:
    """A switch, and beside it the effort: DeepSeek, Moonshot."""
    if options.reasoning_effort == OFF:
        return {"thinking": {"type": "disabled"}}
    return effort(model, options)


def template_switch(model: str, options: CallOptions) -> dict[str, Any]:
    """A variable of the chat template, which templates name in two ways; efforts as they are."""
    if options.reasoning_effort == OFF:
        return {"chat_template_kwargs": {"enable_thinking": False, "thinking": False}}
    return effort(model, options)


def template_variables(model: str, options: CallOptions) -> dict[str, Any]:
    """Switch and effort as variables of the chat template: llama.cpp."""
    said = template_switch(model, options)
    return {"chat_template_kwargs": said} if "reasoning_effort" in said else said


def reasoning_object(model: str, options: CallOptions) -> dict[str, Any]:
    """One object, in which effort and budget exclude each other: OpenRouter."""
    if options.reasoning_effort == OFF:
        return {"reasoning": {"enabled": False}}
    if options.reasoning_effort is not None:
        return {"reasoning": {"effort": options.reasoning_effort}}
    if options.thinking_tokens is not None:
        return {"reasoning": {"max_tokens": options.thinking_tokens}}
    return {}


def reasoning_switch(model: str, options: CallOptions) -> dict[str, Any]:
    """A switch in an object, the effort beside it: Together."""
    if options.reasoning_effort == OFF:
        return {"reasoning": {"enabled": False}}
    return effort(model, options)


def nested_effort(model: str, options: CallOptions) -> dict[str, Any]:
    """The effort in an object: OpenAI's Responses."""
    written = options.reasoning_effort
    return {} if written is None else {"reasoning": {"effort": written}}


def thinks(model: str, options: CallOptions) -> bool:
    """Whether a model that thinks unless told otherwise was not told."""
    return options.reasoning_effort != OFF
