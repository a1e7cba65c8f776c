import pytest

from support.tiny_gguf import save_gguf
from support.tiny_model import TEMPLATE, save_tiny_model
from vaar.respondents.base import Message, Request
from vaar.respondents.llama_cpp import loading
from vaar.respondents.llama_cpp.model_config import LlamaModel
from vaar.respondents.llama_cpp.model_file import find


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    """Tests run side by side, and a trial would only measure the others."""
    monkeypatch.setattr(loading, "usable_cores", lambda: 1)


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory):
    """The tiny model as transformers has it."""
    return save_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def write_gguf(tiny_folder, tmp_path_factory):
    """Writes the tiny model as a GGUF file with this chat template."""

    def write(template=TEMPLATE):
        return save_gguf(tiny_folder, tmp_path_factory.mktemp("gguf") / "tiny.gguf", template)

    return write


@pytest.fixture(scope="session")
def tiny_gguf(write_gguf):
    return write_gguf()


@pytest.fixture(scope="session")
def loaded(tiny_gguf):
    wanted = LlamaModel("gguf/tiny", str(tiny_gguf), slots=2, context=512)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "usable_cores", lambda: 1)
        return loading.load(wanted, find(wanted.name, wanted.path))


@pytest.fixture
def say():
    """A request with this user message, in a conversation with a system message."""

    def make(words, seed=1, temperature=1.0, max_tokens=12, choices=(), **more):
        messages: list[Message] = [
            {"role": "system", "content": "You answer a survey."},
            {"role": "user", "content": words},
        ]
        return Request(messages, seed, temperature, max_tokens, None, choices, **more)

    return make
