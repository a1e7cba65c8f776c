"""Servers for one's own machines that speak chat completions: one record each."""

from __future__ import annotations

from vaar.respondents.http.choosing.enum_forms import (
    LLAMA_GRAMMAR,
    SGLANG_PATTERN,
    TGI_PATTERN,
    VLLM_CHOICE,
)
from vaar.respondents.http.dialect import Provider
from vaar.respondents.http.dialects.openai_chat import CHAT_COMPLETIONS
from vaar.respondents.http.dialects.reasoning import effort, template_switch, template_variables

_TEMPLATE = (
    "`reasoning_effort: none` switches thinking off where the chat template can; otherwise "
    "`thinking_tokens: 4000`"
)

VLLM = Provider(
    name="vllm",
    dialect=CHAT_COMPLETIONS,
    base_url="http://127.0.0.1:8000/v1",
    any_address=True,
    needs_key=False,
    key_env="VLLM_API_KEY",
    plain={"top_p": 1.0, "top_k": -1, "min_p": 0.0, "repetition_penalty": 1.0},
    reasoning=template_switch,
    enum_form=VLLM_CHOICE,
    thoughts_field="reasoning",
    thinking=_TEMPLATE,
)

SGLANG = Provider(
    name="sglang",
    dialect=CHAT_COMPLETIONS,
    base_url="http://127.0.0.1:30000/v1",
    any_address=True,
    needs_key=False,
    key_env="SGLANG_API_KEY",
    plain={"top_p": 1.0, "top_k": -1, "min_p": 0.0, "repetition_penalty": 1.0},
    reasoning=template_switch,
    enum_form=SGLANG_PATTERN,
    thoughts_field="reasoning_content",
    thinking=_TEMPLATE,
)

LLAMA_CPP = Provider(
    name="llamacpp",
    dialect=CHAT_COMPLETIONS,
    base_url="http://127.0.0.1:8080/v1",
    any_address=True,
    needs_key=False,
    key_env="LLAMA_API_KEY",
    plain={"top_k": 0, "top_p": 1.0, "min_p": 0.0, "typical_p": 1.0, "repeat_penalty": 1.0},
    reasoning=template_variables,
    enum_form=LLAMA_GRAMMAR,
    thoughts_field="reasoning_content",
    thinking=_TEMPLATE,
)

OLLAMA = Provider(
    name="ollama",
    dialect=CHAT_COMPLETIONS,
    base_url="http://127.0.0.1:11434/v1",
    any_address=True,
    needs_key=False,
    key_env="OLLAMA_API_KEY",
    plain={"top_p": 1.0},
    reasoning=effort,
    thoughts_field="reasoning",
    thinking="`reasoning_effort: none` switches thinking off; otherwise `thinking_tokens: 4000`",
    note="top_k and min_p are the model's own (40 and 0 by default; PARAMETER in a Modelfile sets "
    "them); a conversation longer than OLLAMA_CONTEXT_LENGTH is cut in silence, which is found",
)

LM_STUDIO = Provider(
    name="lmstudio",
    dialect=CHAT_COMPLETIONS,
    base_url="http://127.0.0.1:1234/v1",
    any_address=True,
    needs_key=False,
    key_env="LM_STUDIO_API_KEY",
    plain={"top_p": 1.0, "top_k": 0, "repeat_penalty": 1.0},
    reasoning=effort,
    thoughts_field="reasoning_content",
    logprobs="none",
    thinking=f"{_TEMPLATE}, or switch it off in LM Studio",
    note="min_p is as LM Studio's settings for the model have it",
)

TGI = Provider(
    name="tgi",
    dialect=CHAT_COMPLETIONS,
    base_url="http://127.0.0.1:3000/v1",
    any_address=True,
    needs_key=False,
    key_env="TGI_API_KEY",
    most_logprobs=5,
    enum_form=TGI_PATTERN,
    thinking="TGI has no switch for it: `thinking_tokens: 4000`",
    note="takes no temperature of 0; top_k and top_p are off unless they are sent",
)
