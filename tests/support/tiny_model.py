"""A tiny chat model with random weights, and a tokenizer trained on a study's own words."""

from __future__ import annotations

from pathlib import Path

from vaar.sessions.prompts import answer_rule, opening
from vaar.study.load import load_study

ROLES = ("<|system|>", "<|user|>", "<|assistant|>", "<|end|>")
TEMPLATE = (
    "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
NO_SYSTEM = (
    "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system role') }}"
    "{% endif %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}<|assistant|>"
)


def save_tiny_model(folder: Path, template: str | None = TEMPLATE, **config: object) -> Path:
    """Save one where transformers finds it; return its directory."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = _tokenizer()
    tokenizer.chat_template = template
    tokenizer.save_pretrained(folder)
    shape = dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4)
    settings = shape | dict(
        vocab_size=len(tokenizer),
        num_key_value_heads=2,
        max_position_embeddings=8192,
        initializer_range=0.3,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None,
    )
    with torch.random.fork_rng():
        torch.manual_seed(5)
        LlamaForCausalLM(LlamaConfig(**(settings | config))).save_pretrained(folder)
    return folder


def _tokenizer():
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    whole = Tokenizer(models.BPE())
    whole.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    whole.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=420,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        special_tokens=list(ROLES),
        show_progress=False,
    )
    whole.train_from_iterator(_words(), trainer)
    return PreTrainedTokenizerFast(tokenizer_object=whole, eos_token="<|end|>")


def _words() -> list[str]:
    study = load_study("privacy_prosocial_published")
    return [
        text
        for part in study.instruments
        for text in (
            opening(part),
            answer_rule(part.scale_of(part.items[0])),
            *(item.text for item in part.items),
        )
    ]
