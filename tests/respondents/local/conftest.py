import pytest
import torch

from support.tiny_model import save_tiny_model
from vaar.respondents.base import Request
from vaar.respondents.local.loading import load
from vaar.respondents.local.model_config import LocalModel


@pytest.fixture(autouse=True)
def one_thread():
    """Tests run side by side, and more threads only slow a tiny model down."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """The directory of a tiny chat model with random weights."""
    return save_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def loaded_once(tiny):
    return load(LocalModel("hf/tiny", str(tiny)))


@pytest.fixture
def network(loaded_once):
    return loaded_once.network


@pytest.fixture
def loaded(tiny):
    """A loaded model that the test may change."""
    return load(LocalModel("hf/tiny", str(tiny)))


@pytest.fixture
def say():
    """A request with this user message, in a conversation with a system message."""

    def make(words, seed=1, temperature=1.0, max_tokens=12, choices=(), earlier=(), **more):
        messages = [{"role": "system", "content": "You answer a survey."}, *earlier]
        messages.append({"role": "user", "content": words})
        return Request(messages, seed, temperature, max_tokens, None, choices, **more)

    return make
