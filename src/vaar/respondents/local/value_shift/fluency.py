"""How probable a reply is in the model as it is without a shift."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from vaar.respondents.local.forward_passes import Network


def log_probability(network: Network, ids: Sequence[int], written: Sequence[int]) -> float:
    """Natural logarithm of the probability that a conversation goes on with these tokens.

    Parameters
    ----------
    ids : sequence of int
        The conversation, up to where the reply begins.
    written : sequence of int
        The reply; at least one token.
    """
    whole = torch.tensor([[*ids, *written]], device=network.device)
    known = {"logits_to_keep": len(written) + 1} if network.takes("logits_to_keep") else {}
    with torch.inference_mode():
        logits = network.model(input_ids=whole, use_cache=False, **known).logits
    last = logits[0, -len(written) - 1 : -1].float().log_softmax(-1)
    return float(last[range(len(written)), list(written)].double().sum())
