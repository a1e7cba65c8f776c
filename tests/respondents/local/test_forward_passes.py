import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import (
    AutoModelForCausalLM,
    Gemma3TextConfig,
    GPT2Config,
    LlamaConfig,
    MistralConfig,
    Qwen3Config,
)

from vaar.errors import RespondentHaltedError
from vaar.respondents.local.forward_passes import Network, Passes

CPU = torch.device("cpu")
SMALL = dict(
    vocab_size=50,
    hidden_size=16,
    intermediate_size=16,
    num_hidden_layers=2,
    num_attention_heads=2,
    num_key_value_heads=1,
    head_dim=8,
    max_position_embeddings=256,
    initializer_range=0.3,
)
ROWS = st.lists(st.lists(st.integers(0, 49), min_size=2, max_size=12), min_size=1, max_size=5)


def network_of(config):
    with torch.random.fork_rng():
        torch.manual_seed(3)
        return Network(AutoModelForCausalLM.from_config(config).eval(), CPU)


NETWORKS = {
    "llama": (network_of(LlamaConfig(**SMALL)), True),
    "qwen3": (network_of(Qwen3Config(**SMALL)), True),
    "gpt2": (network_of(GPT2Config(vocab_size=50, n_embd=16, n_layer=2, n_head=2)), True),
    "mistral": (network_of(MistralConfig(**SMALL, sliding_window=4)), False),
    "gemma3": (network_of(Gemma3TextConfig(**SMALL, sliding_window=4)), False),
}
EACH = pytest.mark.parametrize(("network", "keeps"), NETWORKS.values(), ids=NETWORKS)


def plain(network, ids):
    """Logits after the last token, as the model computes them by itself."""
    with torch.inference_mode():
        return network.model(input_ids=torch.tensor([ids])).logits[0, -1].double()


def close(got, wanted):
    return torch.allclose(got, wanted, atol=1e-4, rtol=1e-4)


@EACH
@given(rows=ROWS, tail=st.lists(st.integers(0, 49), min_size=1, max_size=4))
@settings(max_examples=8)
def test_every_row_is_as_it_would_be_alone(network, keeps, rows, tail):
    passes = Passes(network, [None] * len(rows))
    first = passes.feed(rows)
    assert all(close(first[n], plain(network, ids)) for n, ids in enumerate(rows))
    ends = [tail if n % 2 == 0 else [] for n in range(len(rows))]
    second, third = passes.feed(ends), passes.feed([[7] if end else [] for end in ends])
    for n, ids in enumerate(rows):
        if ends[n]:
            assert close(second[n], plain(network, ids + tail))
            assert close(third[n], plain(network, [*ids, *tail, 7]))
        assert passes.ids[n] == ([*ids, *tail, 7] if ends[n] else ids)


@EACH
def test_only_a_model_that_sees_all_keeps_what_it_computed(network, keeps):
    assert network.keeps is keeps


@pytest.mark.parametrize("name", ["llama", "qwen3", "gpt2"])
@given(rows=ROWS, cut=st.integers(1, 8), tail=st.lists(st.integers(0, 49), min_size=1, max_size=5))
@settings(max_examples=8)
def test_going_on_from_what_is_known(name, rows, cut, tail):
    network = NETWORKS[name][0]
    before = Passes(network, [None] * len(rows))
    before.feed(rows)
    before.feed([[] if n % 2 else [9] for n in range(len(rows))])
    pasts = [before.past(n).until(cut) if n % 3 < 2 else None for n in range(len(rows))]
    heads = [list(past.ids) if past else [] for past in pasts]
    assert all(head == before.ids[n][: len(head)] for n, head in enumerate(heads))
    logits = Passes(network, pasts).feed([tail] * len(rows))
    assert all(close(logits[n], plain(network, head + tail)) for n, head in enumerate(heads))


def test_a_past_has_memory_of_its_own():
    network = NETWORKS["llama"][0]
    passes = Passes(network, [None, None])
    passes.feed([[1, 2, 3], [4]])
    past = passes.past(1)
    assert passes.size == 2 * 2 * 2 * 3 * 8 * 4  # layers, sides, rows, places, width, bytes
    assert passes.filled == 4 / 6
    assert passes.compacted().ids == [[1, 2, 3], [4]]
    assert all(part.untyped_storage().nbytes() == 8 * 4 for layer in past.layers for part in layer)


def test_what_is_no_number_halts():
    network = network_of(LlamaConfig(**SMALL))
    network.model.lm_head.weight.data[3] = torch.nan
    with pytest.raises(RespondentHaltedError, match=r"what is no number.*dtype: float32"):
        Passes(network, [None]).feed([[1, 2]])
