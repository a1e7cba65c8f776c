"""Servers for one's own machines that speak chat completions."""

from __future__ import annotations

from dataclasses import replace

from support.providers.chat import CORE, Answer, Body, Chat, pydantic_error

_TELLING = frozenset({"logprobs", "top_logprobs", "response_format"})


def _off(body: Body) -> bool:
    return body.get("chat_template_kwargs", {}).get("enable_thinking", True)


def _alternatives(pattern: str | None) -> list[str]:
    """The answers of a pattern such as ``(1|2|3)``."""
    return [] if pattern is None else pattern.replace("\\", "")[1:-1].split("|")


def _in_grammar(body: Body) -> list[str]:
    if "grammar" not in body:
        return []
    head, rest = body["grammar"].split("::=")
    assert head == "root "
    return [part.strip().strip('"') for part in rest.split("|")]


def vllm() -> Chat:
    """vLLM.

    Source: vllm-project/vllm, vllm/entrypoints/openai/chat_completion/protocol.py (other fields are
    passed over; thoughts in ``reasoning``; the model's generation_config gives the defaults).
    """
    return Chat(
        takes=CORE
        | _TELLING
        | {"top_k", "min_p", "repetition_penalty", "chat_template_kwargs", "reasoning_effort"}
        | {"structured_outputs", "guided_choice"},
        header="",
        allowed=lambda body: body.get("structured_outputs", {}).get("choice", []),
        bare=True,
        thinks=_off,
        thoughts=lambda said: {"reasoning": said},
        text=lambda said: said or None,
        more=lambda body: {"prompt_logprobs": None, "kv_transfer_params": None},
    )


def sglang() -> Chat:
    """SGLang.

    Source: sgl-project/sglang, python/sglang/srt/entrypoints/openai/protocol.py.
    """
    ours = vllm()
    return replace(
        ours,
        takes=(ours.takes - {"structured_outputs", "guided_choice"}) | {"regex"},
        thoughts=lambda said: {"reasoning_content": said},
        allowed=lambda body: _alternatives(body.get("regex")),
        seen=[],
    )


def llama_cpp() -> Chat:
    """llama.cpp's server.

    Source: ggml-org/llama.cpp, tools/server/README.md (top_k 40, top_p .95, min_p .05 unless they
    are sent; every field of /completion is taken by chat completions too).
    """
    sampling = {"top_k", "min_p", "typical_p", "repeat_penalty", "chat_template_kwargs"}
    return Chat(
        takes=CORE | _TELLING | sampling | {"grammar"},
        header="",
        allowed=_in_grammar,
        bare=True,
        thinks=_off,
        more=lambda body: {"system_fingerprint": "b7000-abc", "timings": {"prompt_n": 3}},
    )


def ollama() -> Chat:
    """Ollama.

    Source: ollama/ollama, openai/openai.go (fields that its request does not have are passed over).
    """
    return Chat(
        takes=CORE | {"response_format", "reasoning_effort", "reasoning"},
        refuses=None,
        header="",
        thoughts=lambda said: {"reasoning": said},
        more=lambda body: {"system_fingerprint": "fp_ollama"},
    )


def lm_studio() -> Chat:
    """LM Studio.

    Source: lmstudio.ai/docs/developer/openai-compat/chat-completions; the counts of tokens may be
    missing.
    """
    return Chat(
        takes=CORE | {"top_k", "repeat_penalty", "response_format", "reasoning_effort"},
        refuses=None,
        header="",
        usage=lambda sent, received, thought: {},
    )


def _tgi_check(body: Body) -> Answer | None:
    if body.get("top_logprobs", 0) > 5:
        return 422, {"error": "`top_n_tokens` must be >= 0 and <= 5", "error_type": "validation"}
    for name, wrong in (
        ("temperature", body.get("temperature", 1.0) <= 0),
        ("top_p", not 0 < body.get("top_p", 0.5) < 1),
    ):
        if wrong:
            said = f"Input validation error: `{name}` must be strictly positive"
            return 422, {"error": said, "error_type": "validation"}
    return None


def tgi() -> Chat:
    """Text Generation Inference.

    Source: huggingface/text-generation-inference, router/src/validation.rs (no temperature of 0, no
    top_p of 1) and router/src/lib.rs (ChatRequest).
    """
    return Chat(
        takes=CORE | _TELLING,
        refuses=pydantic_error,
        header="",
        check=_tgi_check,
        thinks=lambda body: True,
        thoughts=lambda said: {},
        allowed=lambda body: _alternatives(body.get("response_format", {}).get("value")),
        bare=True,
    )
