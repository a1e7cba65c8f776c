"""The tiny chat model with random weights as a GGUF file of 32-bit numbers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

_NAMES = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}


def save_gguf(folder: Path, file: Path, template: str | None) -> Path:
    """Write a Llama model that transformers saved as one GGUF file; return the file.

    Parameters
    ----------
    folder : Path
        Holds config.json, tokenizer.json and model.safetensors.
    """
    import gguf
    from safetensors.numpy import load_file

    config = json.loads((folder / "config.json").read_text())
    writer = gguf.GGUFWriter(file, "llama")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(config["rope_parameters"]["rope_theta"])
    writer.add_file_type(0)
    _add_tokenizer(writer, json.loads((folder / "tokenizer.json").read_text()), template)
    for name, values in load_file(folder / "model.safetensors").items():
        writer.add_tensor(*_tensor(name, values.astype(np.float32), config))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


def _add_tokenizer(writer, stored, template):
    vocabulary = stored["model"]["vocab"]
    special = {token["content"]: token["id"] for token in stored["added_tokens"]}
    tokens = sorted(vocabulary | special, key=(vocabulary | special).get)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([3 if token in special else 1 for token in tokens])
    writer.add_token_merges([" ".join(pair) for pair in stored["model"]["merges"]])
    writer.add_eos_token_id(special["<|end|>"])
    writer.add_add_bos_token(False)
    if template is not None:
        writer.add_chat_template(template)


def _tensor(name, values, config):
    stem, _, kind = name.rpartition(".")
    if stem.startswith("model.layers."):
        _, _, layer, inner = stem.split(".", 3)
        heads = {
            "self_attn.q_proj": "num_attention_heads",
            "self_attn.k_proj": "num_key_value_heads",
        }
        if inner in heads:
            values = _rotated(values, config[heads[inner]])
        return f"blk.{layer}.{_NAMES[inner]}.{kind}", values
    return f"{_NAMES[stem]}.{kind}", values


def _rotated(values, heads):
    """The rows in the order in which llama.cpp turns them by position: pairs side by side."""
    half = values.shape[0] // heads // 2
    return values.reshape(heads, 2, half, -1).swapaxes(1, 2).reshape(values.shape)
