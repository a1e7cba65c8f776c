"""Attention in which several heads share their keys and values, without a copy for each head.

A turn adds a few tokens to a long history. Where transformers has a mask, it copies the whole
history's keys and values for every head of a group, in every layer and turn. Here the heads of a
group stand behind each other as if they were further tokens of one head, which is the same sum.
"""

from __future__ import annotations

from typing import Any

import torch
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

NAME = "vaar_grouped"
_OF_TRANSFORMERS = "sdpa"


def use(model: Any) -> None:
    """Let a model compute its attention so, where it does as transformers usually does."""
    if getattr(model.config, "_attn_implementation", None) == _OF_TRANSFORMERS:
        AttentionInterface.register(NAME, grouped_attention)
        AttentionMaskInterface.register(NAME, sdpa_mask)
        model.set_attn_implementation(NAME)


def grouped_attention(
    module: Any, query: Any, key: Any, value: Any, attention_mask: Any, **others: Any
) -> tuple[Any, None]:
    """Attention as transformers computes it, to rounding.

    Parameters
    ----------
    query : tensor (batch, heads, tokens, width)
    key, value : tensor (batch, shared heads, history, width)
        The heads are a multiple of the shared heads.
    attention_mask : tensor (batch, 1, tokens, history) or None

    Returns
    -------
    (tensor (batch, tokens, heads, width), None)
    """
    batch, heads, tokens, width = query.shape
    shared, history = key.shape[1], key.shape[2]
    group = heads // shared
    plain = others.get("position_bias") is None and not others.get("dropout")
    if not plain or group == 1 or attention_mask is None or group * tokens > history:
        done: tuple[Any, None] = sdpa_attention_forward(
            module, query, key, value, attention_mask, **others
        )
        return done
    out = torch.nn.functional.scaled_dot_product_attention(
        query.reshape(batch, shared, group * tokens, width),
        key,
        value,
        attn_mask=attention_mask[..., :history].repeat(1, 1, group, 1),
        scale=others.get("scaling"),
    )
    return out.reshape(batch, heads, tokens, -1).transpose(1, 2).contiguous(), None
