import hashlib

import pytest

from support.tiny_model import TEMPLATE
from vaar.errors import RespondentError
from vaar.respondents.llama_cpp.model_file import find
from vaar.respondents.local import published_models


def test_what_is_known_of_a_file(tiny_gguf):
    file = find("gguf/tiny", str(tiny_gguf))
    assert (file.template, file.quantisation, file.trained_context) == (TEMPLATE, "F32", 8192)
    assert file.sha256 == hashlib.sha256(tiny_gguf.read_bytes()).hexdigest()


def test_a_published_model_is_fetched(tiny_gguf, monkeypatch):
    monkeypatch.setattr("vaar.respondents.llama_cpp.model_file.weights", lambda model: tiny_gguf)
    assert find("gguf/smollm2", published_models.SMOLLM2.name).path == tiny_gguf


def test_a_file_without_a_chat_template(write_gguf):
    with pytest.raises(RespondentError, match=r"gguf/x: .*no chat template.*Give a chat model"):
        find("gguf/x", str(write_gguf(None)))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda at: at.mkdir(), r"a directory without a \.gguf file; .*hf/"),
        (lambda at: (at.mkdir(), (at / "b.gguf").touch()), r"a directory; .*b\.gguf"),
        (lambda at: at.write_bytes(b"GGUF"), "is no GGUF file that can be used.*ends too early"),
        (lambda at: at.write_text("{}"), "is no GGUF file.*Fetch it again"),
        (lambda at: None, "there is no file .*nothing is downloaded"),
    ],
)
def test_what_is_no_file_of_a_model(make, said, tmp_path):
    make(tmp_path / "a")
    with pytest.raises(RespondentError, match=said):
        find("gguf/a", str(tmp_path / "a"))
