"""Hosted services that speak chat completions: one record each."""

from __future__ import annotations

from typing import Any

from vaar.respondents.http.call_options import CallOptions
from vaar.respondents.http.dialect import Ignored, Provider
from vaar.respondents.http.dialects.openai_chat import CHAT_COMPLETIONS
from vaar.respondents.http.dialects.reasoning import (
    effort,
    reasoning_object,
    reasoning_switch,
    thinking_switch,
    thinks,
)

OPENAI_BASE_URL = "https://api.openai.com/v1"

OPENAI = Provider(
    name="openai",
    dialect=CHAT_COMPLETIONS,
    base_url=OPENAI_BASE_URL,
    any_address=True,
    key_env="OPENAI_API_KEY",
    reasoning=effort,
    thoughts_field="reasoning_content",
    thinking="`reasoning_effort: none` switches thinking off in gpt-5.1 and later; o-series, gpt-5 "
    "and -pro models always think: `reasoning_effort: low` and `thinking_tokens: 4000`",
    note="any server that speaks chat completions, too; what narrows the model's probabilities "
    "there (top_k, top_p, min_p) is as the server has it unless its own provider is named",
)

AZURE = Provider(
    name="azure",
    dialect=CHAT_COMPLETIONS,
    any_address=True,
    key_env="AZURE_OPENAI_API_KEY",
    key_header="api-key",
    reasoning=effort,
    thinking=OPENAI.thinking,
    note="base_url https://RESOURCE.openai.azure.com/openai/v1; before v1 "
    ".../openai/deployments/NAME with query: {api-version: …}",
)


def _pinned(options: CallOptions) -> dict[str, Any]:
    kept = {"allow_fallbacks": False, "require_parameters": True}
    return {"provider": kept | dict(options.routing or {}), "usage": {"include": True}}


OPENROUTER = Provider(
    name="openrouter",
    dialect=CHAT_COMPLETIONS,
    base_url="https://openrouter.ai/api/v1",
    key_env="OPENROUTER_API_KEY",
    reasoning=reasoning_object,
    thoughts_field="reasoning",
    routing=_pinned,
    thinking="`reasoning_effort: none` switches thinking off where the model can; otherwise "
    "`reasoning_effort: low` and `thinking_tokens: 4000`",
    tells_cost=True,
    hosts_path="models/{model}/endpoints",
    note="must be pinned to one provider: provider: {only: [NAME]}; "
    "top_k, top_p and min_p are as that provider has them",
)

MISTRAL = Provider(
    name="mistral",
    dialect=CHAT_COMPLETIONS,
    base_url="https://api.mistral.ai/v1",
    key_env="MISTRAL_API_KEY",
    seed_field="random_seed",
    reasoning=effort,
    logprobs="none",
    thinking="`reasoning_effort: none` switches thinking off where it is adjustable; Magistral "
    "models always think: `thinking_tokens: 4000`",
)

DEEPSEEK = Provider(
    name="deepseek",
    dialect=CHAT_COMPLETIONS,
    base_url="https://api.deepseek.com",
    key_env="DEEPSEEK_API_KEY",
    reasoning=thinking_switch,
    thoughts_field="reasoning_content",
    enum_form=None,
    ignored=(
        Ignored("seed", "it is not among DeepSeek's documented parameters"),
        Ignored("temperature", "DeepSeek's models do not heed it while they think", thinks),
        Ignored("top_p", "DeepSeek's models do not heed it while they think", thinks),
    ),
    thinking="`reasoning_effort: none` switches thinking off",
)

XAI = Provider(
    name="xai",
    dialect=CHAT_COMPLETIONS,
    base_url="https://api.x.ai/v1",
    key_env="XAI_API_KEY",
    reasoning=effort,
    thoughts_field="reasoning_content",
    most_logprobs=8,
    tells_cost=True,
    thinking="`reasoning_effort: none` switches thinking off in grok-4.3 and later; for others "
    "take the non-reasoning model, or `thinking_tokens: 4000`",
)

GROQ = Provider(
    name="groq",
    dialect=CHAT_COMPLETIONS,
    base_url="https://api.groq.com/openai/v1",
    key_env="GROQ_API_KEY",
    reasoning=effort,
    thoughts_field="reasoning",
    logprobs="none",
    thinking="`reasoning_effort: none` switches thinking off in Qwen models; gpt-oss models always "
    "think: `reasoning_effort: low` and `thinking_tokens: 2000`",
)

TOGETHER = Provider(
    name="together",
    dialect=CHAT_COMPLETIONS,
    base_url="https://api.together.xyz/v1",
    key_env="TOGETHER_API_KEY",
    plain={"top_p": 1.0, "min_p": 0.0, "repetition_penalty": 1.0},
    reasoning=reasoning_switch,
    thoughts_field="reasoning",
    logprobs="together",
    thinking="`reasoning_effort: none` switches thinking off where the model can; otherwise "
    "`reasoning_effort: low` and `thinking_tokens: 4000`",
    note="top_k is as the model's maker recommends",
)

MOONSHOT = Provider(
    name="moonshot",
    dialect=CHAT_COMPLETIONS,
    base_url="https://api.moonshot.ai/v1",
    key_env="MOONSHOT_API_KEY",
    reasoning=thinking_switch,
    thoughts_field="reasoning_content",
    logprobs="none",
    ignored=(Ignored("seed", "it is not among Moonshot's documented parameters"),),
    thinking="`reasoning_effort: none` switches thinking off in kimi-k2.5 and k2.6; kimi-k3 always "
    "thinks: `reasoning_effort: low` and `thinking_tokens: 4000`",
    note="kimi models take no temperature but their own: `temperature: null`",
)
