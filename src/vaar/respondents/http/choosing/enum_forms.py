"""How families of servers are told that a reply is to be one of a few answers.

Sources: OpenAI, guides/structured-outputs (an object at the top); anthropic-sdk-python,
types/output_config_param.py; ai.google.dev, structured-output (``text/x.enum``); vllm-project/vllm,
docs/features/structured_outputs.md; docs.sglang.io, structured_outputs; ggml-org/llama.cpp,
grammars/README.md; huggingface/text-generation-inference, router/src/lib.rs (``GrammarType``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

ANSWER = "answer"
"""Key of the answer where it stands in an object."""


@dataclass(frozen=True)
class EnumForm:
    """One way to allow nothing but a few answers.

    Attributes
    ----------
    fields : callable
        From the answers to members of the body.
    bare : bool
        Whether the reply is the answer itself; else it is a JSON object that holds it.
    """

    fields: Callable[[Sequence[str]], dict[str, Any]]
    bare: bool = False


def answer_schema(choices: Sequence[str]) -> dict[str, Any]:
    """JSON schema of an object whose one key holds one of the answers, as text.

    Some services take no numbers in an ``enum``, and some nothing but an object at the top.
    """
    return {
        "type": "object",
        "properties": {ANSWER: {"type": "string", "enum": list(choices)}},
        "required": [ANSWER],
        "additionalProperties": False,
    }


def _response_format(choices: Sequence[str]) -> dict[str, Any]:
    schema = {"name": ANSWER, "strict": True, "schema": answer_schema(choices)}
    return {"response_format": {"type": "json_schema", "json_schema": schema}}


def _text_format(choices: Sequence[str]) -> dict[str, Any]:
    schema = {"type": "json_schema", "name": ANSWER, "strict": True}
    return {"text": {"format": {**schema, "schema": answer_schema(choices)}}}


def _output_format(choices: Sequence[str]) -> dict[str, Any]:
    return {"output_config": {"format": {"type": "json_schema", "schema": answer_schema(choices)}}}


def _enum_text(choices: Sequence[str]) -> dict[str, Any]:
    schema = {"type": "STRING", "enum": list(choices)}
    return {
        "generationConfig": {"responseMimeType": "text/x.enum", "responseSchema": schema},
    }


def _guided_choice(choices: Sequence[str]) -> dict[str, Any]:
    """The name of today, and that of versions before 0.11; each passes over the other's."""
    listed = list(choices)
    return {"structured_outputs": {"choice": listed}, "guided_choice": listed}


def _pattern(choices: Sequence[str]) -> str:
    return f"({'|'.join(map(re.escape, choices))})"


def _grammar(choices: Sequence[str]) -> dict[str, Any]:
    return {"grammar": f"root ::= {' | '.join(map(json.dumps, choices))}"}


CHAT_SCHEMA = EnumForm(_response_format)
"""``response_format`` of chat completions."""

RESPONSES_SCHEMA = EnumForm(_text_format)
"""``text.format`` of OpenAI's Responses."""

ANTHROPIC_SCHEMA = EnumForm(_output_format)
"""``output_config.format`` of Anthropic's Messages."""

GEMINI_ENUM = EnumForm(_enum_text, bare=True)
"""``responseSchema`` of Gemini, whose reply is the bare value."""

VLLM_CHOICE = EnumForm(_guided_choice, bare=True)
"""vLLM's list of choices."""

SGLANG_PATTERN = EnumForm(lambda choices: {"regex": _pattern(choices)}, bare=True)
"""SGLang's regular expression."""

TGI_PATTERN = EnumForm(
    lambda choices: {"response_format": {"type": "regex", "value": _pattern(choices)}}, bare=True
)
"""TGI's regular expression."""

LLAMA_GRAMMAR = EnumForm(_grammar, bare=True)
"""llama.cpp's grammar."""
