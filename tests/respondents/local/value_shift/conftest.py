import pytest
import torch
from transformers import AutoModelForCausalLM, GPT2Config, GPTNeoXConfig, LlamaConfig, Qwen2Config

from vaar.respondents.local.forward_passes import Network

SHAPE = dict(
    vocab_size=420,
    hidden_size=32,
    intermediate_size=32,
    num_hidden_layers=6,
    num_attention_heads=2,
    max_position_embeddings=512,
    initializer_range=0.3,
)
CONFIGS = {
    "llama": LlamaConfig(**SHAPE, num_key_value_heads=1),
    "qwen2": Qwen2Config(**SHAPE, num_key_value_heads=1),
    "gpt2": GPT2Config(vocab_size=420, n_embd=32, n_layer=6, n_head=2, n_positions=512),
    "gpt_neox": GPTNeoXConfig(**SHAPE),
}


def network_of(config):
    with torch.random.fork_rng():
        torch.manual_seed(3)
        return Network(AutoModelForCausalLM.from_config(config).eval(), torch.device("cpu"))


@pytest.fixture(scope="session", params=CONFIGS)
def architecture(request):
    """A tiny decoder with random weights, single precision."""
    return network_of(CONFIGS[request.param])
