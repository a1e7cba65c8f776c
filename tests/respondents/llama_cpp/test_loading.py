from dataclasses import replace

import pytest

from support.tiny_model import NO_SYSTEM
from vaar.errors import RespondentError
from vaar.respondents.llama_cpp import loading
from vaar.respondents.llama_cpp.model_config import LlamaModel
from vaar.respondents.llama_cpp.model_file import find

DROPS_SYSTEM = (
    "{% for m in messages %}{% if m.role != 'system' %}<|{{ m.role }}|>{{ m.content }}<|end|>"
    "{% endif %}{% endfor %}<|assistant|>"
)
DROPS_USER = "{% for m in messages %}<|{{ m.role }}|><|end|>{% endfor %}<|assistant|>"


def loaded(file, **others):
    wanted = LlamaModel("gguf/x", str(file), slots=1, **others)
    return loading.load(wanted, find(wanted.name, wanted.path))


@pytest.mark.parametrize("template", [NO_SYSTEM, DROPS_SYSTEM], ids=["refuses", "drops"])
def test_a_system_message_that_the_template_does_not_take_is_said_all_the_same(
    template, write_gguf, say
):
    """llama.cpp itself puts it before the question."""
    model = loaded(write_gguf(template), context=512)
    request = say("?", max_tokens=1)
    bare = replace(request, messages=request.messages[1:])
    more = model.answer(request).input_tokens - model.answer(bare).input_tokens
    assert more > 10  # "You answer a survey."


class Counting:
    """Counts the words of those messages that its template says."""

    def __init__(self, *roles):
        self.roles = roles

    def handle_chat_completions(self, body):
        said = [m["content"].split() for m in body["messages"] if m["role"] in self.roles]
        return {"usage": {"prompt_tokens": sum(map(len, said))}}


def test_a_system_message_that_is_dropped_nevertheless_is_put_before_the_question():
    wanted = LlamaModel("gguf/x", "x")
    assert loading._system_role(wanted, Counting("system", "user")) == "system"
    assert loading._system_role(wanted, Counting("user")) == "user"


def test_a_template_that_leaves_out_what_the_user_says(write_gguf):
    with pytest.raises(RespondentError, match="template is of no use"):
        loaded(write_gguf(DROPS_USER), context=512)


def test_weights_that_are_cut_off(tiny_gguf, tmp_path):
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(tiny_gguf.read_bytes()[:-20_000])
    with pytest.raises(RespondentError, match=r"cannot load .*cut\.gguf: the file is damaged"):
        loaded(cut, context=512)


def test_the_number_of_threads_is_tried(tiny_gguf, monkeypatch):
    made = []
    server = loading._server

    def noted(wanted, file, threads, context, slots):
        made.append((threads, context, slots))
        return server(wanted, file, threads, context, slots)

    monkeypatch.setattr(loading, "_server", noted)
    monkeypatch.setattr(loading, "usable_cores", lambda: 2)
    loaded(tiny_gguf, context=1024)
    assert made[:2] == [(1, 512, 1), (2, 512, 1)]
    assert made[2][1:] == (1024, 1)


@pytest.mark.parametrize(
    ("asked", "trained", "given"),
    [(None, 131_072, 8192), (None, 2048, 2048), (20_000, 131_072, 20_000), (20_000, 512, 512)],
)
def test_the_context_is_what_is_asked_for_as_far_as_the_model_goes(asked, trained, given):
    assert LlamaModel("x", "x", context=asked).context_of(trained) == given
