"""Hosted services that speak chat completions."""

from __future__ import annotations

from support.providers.chat import CORE, Answer, Body, Chat, openai_error, pydantic_error

PLAIN_OFF = frozenset({"top_k", "min_p"})


def _openai_check(body: Body) -> Answer | None:
    """Reasoning models take no ``max_tokens``, and no temperature but 1 while they reason."""
    if body["model"] != "thinker":
        return None
    if "max_tokens" in body:
        said = "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
        error = {"message": f"{said}'max_completion_tokens' instead.", "param": "max_tokens"}
        return 400, {"error": error | {"code": "unsupported_parameter"}}
    if body.get("temperature", 1) != 1 and body.get("reasoning_effort") != "none":
        said = "Unsupported value: 'temperature' does not support 0.7 with this model. Only the "
        error = {"message": f"{said}default (1) value is supported.", "param": "temperature"}
        return 400, {"error": error | {"code": "unsupported_value"}}
    return None


def openai() -> Chat:
    """OpenAI.

    Sources: platform.openai.com/docs/api-reference/chat/create, .../docs/guides/reasoning;
    openai-python, src/openai/types/chat/completion_create_params.py.
    """
    newer = {"max_completion_tokens", "reasoning_effort", "service_tier", "response_format"}
    return Chat(
        takes=CORE | newer | {"logprobs", "top_logprobs"},
        ceilings=("max_completion_tokens", "max_tokens"),
        thoughts=lambda said: {},
        check=_openai_check,
        more=lambda body: {"system_fingerprint": "fp_1", "service_tier": "default"},
    )


def azure(path: str) -> Chat:
    """Azure OpenAI, v1 and before.

    Sources: learn.microsoft.com/azure/ai-foundry/openai/reference and .../api-version-lifecycle:
    the key in ``api-key``; v1 below /openai/v1; before, below /openai/deployments/NAME with
    ``api-version``.
    """
    ours = openai()
    return Chat(
        takes=ours.takes,
        header="api-key",
        bearer="",
        path=path,
        ceilings=ours.ceilings,
        thoughts=ours.thoughts,
        check=ours.check,
    )


def _openrouter_check(body: Body) -> Answer | None:
    routing = body["provider"]
    if not routing["require_parameters"] or routing["allow_fallbacks"]:
        return 418, "drops parameters in silence, and mixes providers"
    if routing["only"] != ["someone"]:
        said = "No endpoints found that can handle the requested parameters."
        return 404, {"error": {"message": said, "code": 404}}
    return None


def openrouter() -> Chat:
    """OpenRouter.

    Sources: openrouter.ai/docs/guides/routing/provider-selection (``provider``),
    /docs/use-cases/reasoning-tokens (``reasoning``), /docs/use-cases/usage-accounting (``cost``).
    """
    own = {"provider", "reasoning", "usage", "top_k", "min_p", "response_format"}
    return Chat(
        takes=CORE | own | {"logprobs", "top_logprobs"},
        refuses=None,
        path="/v1/chat/completions",
        thinks=lambda body: body.get("reasoning", {}).get("enabled", True),
        thoughts=lambda said: {
            "reasoning": said,
            "reasoning_details": [{"type": "reasoning.text", "text": said}],
        },
        check=_openrouter_check,
        more=lambda body: {"provider": "Someone"},
        usage=lambda sent, received, thought: {
            "prompt_tokens": sent,
            "completion_tokens": received,
            "total_tokens": sent + received,
            "cost": 0.001,
            "completion_tokens_details": {"reasoning_tokens": thought},
        },
    )


def _mistral_error(name: str) -> Answer:
    _, said = pydantic_error(name)
    return 422, {"object": "error", "message": said, "type": "invalid_request_error", "code": None}


def mistral() -> Chat:
    """Mistral.

    Sources: docs.mistral.ai/api (``random_seed``; other fields are refused with 422),
    docs.mistral.ai/inference/conversations/reasoning (thoughts as parts of the content).
    """
    return Chat(
        takes=(CORE - {"seed"}) | {"random_seed", "reasoning_effort", "response_format"},
        refuses=_mistral_error,
        thoughts=lambda said: {
            "content": [
                {"type": "thinking", "thinking": [{"type": "text", "text": said}]},
            ]
        },
    )


def deepseek() -> Chat:
    """DeepSeek.

    Sources: api-docs.deepseek.com/guides/thinking_mode (on unless ``thinking: {type: disabled}``;
    temperature then not heeded), /api/create-chat-completion (``prompt_cache_hit_tokens``).
    """
    return Chat(
        takes=CORE | {"thinking", "reasoning_effort", "logprobs", "top_logprobs"},
        refuses=None,
        path="/chat/completions",
        thinks=lambda body: body.get("thinking", {}).get("type") != "disabled",
        usage=lambda sent, received, thought: {
            "prompt_tokens": sent,
            "prompt_cache_hit_tokens": sent // 2,
            "prompt_cache_miss_tokens": sent - sent // 2,
            "completion_tokens": received,
            "total_tokens": sent + received,
            "completion_tokens_details": {"reasoning_tokens": thought},
        },
    )


def xai() -> Chat:
    """xAI.

    Sources: docs.x.ai/docs/api-reference; docs.cloud.google.com, Reasoning for Grok Models
    (completion tokens without those of thoughts).
    """
    return Chat(
        takes=CORE | {"reasoning_effort", "response_format", "logprobs", "top_logprobs"},
        thoughts=lambda said: {},
        usage=lambda sent, received, thought: {
            "prompt_tokens": sent,
            "completion_tokens": received - thought,
            "total_tokens": sent + received,
            "completion_tokens_details": {"reasoning_tokens": thought},
            "cost_in_usd_ticks": 10_000_000,
        },
    )


def _groq_check(body: Body) -> Answer | None:
    return openai_error("logprobs") if "logprobs" in body else None


def groq() -> Chat:
    """Groq.

    Source: console.groq.com/docs/api-reference and /docs/openai (``logprobs`` is a 400).
    """
    return Chat(
        takes=CORE | {"reasoning_effort", "response_format", "service_tier"},
        path="/openai/v1/chat/completions",
        check=_groq_check,
        thoughts=lambda said: {"reasoning": said},
        more=lambda body: {"service_tier": "on_demand", "system_fingerprint": "fp_2"},
    )


def together() -> Chat:
    """Together.

    Source: docs.together.ai/reference/chat-completions-1 (``logprobs`` is a number; a field that it
    does not know is passed over).
    """
    return Chat(
        takes=CORE | PLAIN_OFF | {"repetition_penalty", "reasoning", "logprobs", "response_format"},
        refuses=None,
        thinks=lambda body: body.get("reasoning", {}).get("enabled", True),
        thoughts=lambda said: {"reasoning": said},
    )


def _moonshot_check(body: Body) -> Answer | None:
    if any(not message["content"] for message in body["messages"]):
        said = "Invalid request: message at position 2 with role 'assistant' must not be empty"
        return 400, {"error": {"message": said, "type": "invalid_request_error"}}
    if body["model"] == "thinker" and "temperature" in body:
        said = "invalid temperature: only 1 is allowed for this model"
        return 400, {"error": {"message": said, "type": "invalid_request_error"}}
    return None


def moonshot() -> Chat:
    """Moonshot.

    Sources: platform.moonshot.ai/docs/api/chat and /docs/guide/use-kimi-k2-thinking-model (thinks
    unless ``thinking: {type: disabled}``; sampling is fixed; empty messages are refused). Whether a
    model takes a JSON schema is disputed: newer ones do.
    """
    return Chat(
        takes=CORE | {"thinking", "reasoning_effort", "max_completion_tokens", "response_format"},
        refuses=None,
        check=_moonshot_check,
        thinks=lambda body: body.get("thinking", {}).get("type") != "disabled",
        usage=lambda sent, received, thought: {
            "prompt_tokens": sent,
            "completion_tokens": received,
            "total_tokens": sent + received,
            "cached_tokens": sent // 2,
        },
    )
