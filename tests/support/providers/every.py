"""Every provider's service, with what its users write about it."""

from __future__ import annotations

from typing import Any

from support.providers import hosted, native, own

PINNED = {"provider": {"only": ["someone"]}}
DEPLOYMENT = "/openai/deployments/plain"

SERVICES: dict[str, tuple[Any, dict[str, Any]]] = {
    "openai": (hosted.openai, {}),
    "openai-responses": (lambda: native.responses, {}),
    "azure": (lambda: hosted.azure("/openai/v1/chat/completions"), {}),
    "anthropic": (lambda: native.anthropic, {}),
    "google": (lambda: native.google, {}),
    "openrouter": (hosted.openrouter, PINNED),
    "mistral": (hosted.mistral, {}),
    "deepseek": (hosted.deepseek, {}),
    "xai": (hosted.xai, {}),
    "groq": (hosted.groq, {}),
    "together": (hosted.together, {}),
    "moonshot": (hosted.moonshot, {}),
    "vllm": (own.vllm, {}),
    "sglang": (own.sglang, {}),
    "llamacpp": (own.llama_cpp, {}),
    "ollama": (own.ollama, {}),
    "lmstudio": (own.lm_studio, {}),
    "tgi": (own.tgi, {}),
}
BASES = {
    "azure": "/openai/v1",
    "deepseek": "",
    "groq": "/openai/v1",
}


def plain(name: str) -> str:
    """Its model that answers at once."""
    return "gemini-plain" if name == "google" else "plain"


def thinker(name: str) -> str:
    """Its model that thinks."""
    return "gemini-2.5-flash" if name == "google" else "thinker"
