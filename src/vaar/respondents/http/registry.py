"""The providers there are: one line each."""

from __future__ import annotations

from vaar.respondents.http.dialect import Provider
from vaar.respondents.http.dialects.anthropic import ANTHROPIC
from vaar.respondents.http.dialects.gemini import GOOGLE
from vaar.respondents.http.dialects.hosted_chat import (
    AZURE,
    DEEPSEEK,
    GROQ,
    MISTRAL,
    MOONSHOT,
    OPENAI,
    OPENROUTER,
    TOGETHER,
    XAI,
)
from vaar.respondents.http.dialects.openai_responses import OPENAI_RESPONSES
from vaar.respondents.http.dialects.own_servers import (
    LLAMA_CPP,
    LM_STUDIO,
    OLLAMA,
    SGLANG,
    TGI,
    VLLM,
)

HTTP_PROVIDERS: dict[str, Provider] = {
    provider.name: provider
    for provider in (
        OPENAI,
        OPENAI_RESPONSES,
        AZURE,
        ANTHROPIC,
        GOOGLE,
        OPENROUTER,
        MISTRAL,
        DEEPSEEK,
        XAI,
        GROQ,
        TOGETHER,
        MOONSHOT,
        VLLM,
        SGLANG,
        LLAMA_CPP,
        OLLAMA,
        LM_STUDIO,
        TGI,
    )
}
"""By name."""
