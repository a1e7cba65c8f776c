import pytest
import torch
from transformers.integrations.sdpa_attention import sdpa_attention_forward

from vaar.respondents.local import grouped_attention as module
from vaar.respondents.local.loading import load
from vaar.respondents.local.model_config import LocalModel


class Layer:
    """What a layer tells of itself."""

    is_causal = True

    def __init__(self, group):
        self.num_key_value_groups = group


@pytest.mark.parametrize("kind", ["bool", "added"])
@pytest.mark.parametrize(("heads", "shared", "tokens"), [(6, 2, 5), (4, 1, 1), (9, 3, 10)])
def test_it_is_the_attention_of_transformers(kind, heads, shared, tokens):
    history, width = 40, 8
    generator = torch.Generator().manual_seed(3)
    query = torch.randn(2, heads, tokens, width, generator=generator)
    key, value = torch.randn(2, 2, shared, history, width, generator=generator)
    allowed = torch.ones(tokens, history).tril(history - tokens).bool()[None, None]
    allowed = allowed & (torch.arange(history) >= torch.tensor([[7], [0]]))[:, None, None]
    mask = allowed if kind == "bool" else torch.where(allowed, 0.0, -torch.inf)
    given = (Layer(heads // shared), query, key, value, mask)
    ours, _ = module.grouped_attention(*given, scaling=0.3)
    theirs, _ = sdpa_attention_forward(*given, scaling=0.3)
    assert ours.shape == theirs.shape == (2, tokens, heads, width)
    torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-6)


def test_a_model_on_a_processor_computes_so(tiny, monkeypatch, say):
    seen = []
    attention = torch.nn.functional.scaled_dot_product_attention

    def noted(query, key, *more, **others):
        seen.append((query.shape[1], key.shape[1]))
        return attention(query, key, *more, **others)

    model = load(LocalModel("hf/tiny", str(tiny)))
    first = say("I worry about my data and yours.", choices=("1", "2"), response="choice")
    (reply,) = model.answer([first])
    earlier = [*first.messages[1:], {"role": "assistant", "content": reply.text}]
    monkeypatch.setattr(torch.nn.functional, "scaled_dot_product_attention", noted)
    model.answer([say("2", earlier=earlier, choices=("1", "2"), response="choice")])
    assert seen[0] == (2, 2)  # four heads that share two
