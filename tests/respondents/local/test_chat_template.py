import pytest
from jinja2 import TemplateError

from support.tiny_model import NO_SYSTEM, TEMPLATE
from vaar.errors import RespondentError
from vaar.respondents.base import Message
from vaar.respondents.local.chat_template import Chat, fold

SYSTEM: Message = {"role": "system", "content": "Be honest."}
USER: Message = {"role": "user", "content": "A question."}
REPLY: Message = {"role": "assistant", "content": "4"}


@pytest.fixture
def chat(loaded_once):
    """A chat with another template, over the tiny model's tokenizer."""
    tokenizer = loaded_once.chat._tokenizer

    def make(template):
        tokenizer.chat_template = template
        return Chat("hf/tiny", tokenizer)

    yield make
    tokenizer.chat_template = TEMPLATE


def read(chat, messages):
    return chat._tokenizer.decode(chat.ids(messages))


def test_a_conversation_up_to_the_reply(chat):
    speaks = chat(TEMPLATE)
    assert not speaks.folds_system
    assert read(speaks, [SYSTEM, USER, REPLY, USER]) == (
        "<|system|>Be honest.<|end|><|user|>A question.<|end|><|assistant|>4<|end|>"
        "<|user|>A question.<|end|><|assistant|>"
    )


@pytest.mark.parametrize(
    "template", [NO_SYSTEM, TEMPLATE.replace("messages %}", "messages if m.role != 'system' %}")]
)
def test_a_template_that_refuses_or_drops_the_system_message(chat, template):
    speaks = chat(template)
    assert speaks.folds_system
    assert read(speaks, [SYSTEM, USER, REPLY]).startswith(
        "<|user|>Be honest.\n\nA question.<|end|><|assistant|>4"
    )
    assert "Be honest" not in read(speaks, [USER])


@pytest.mark.parametrize("template", [None, ""])
def test_no_template(chat, template):
    with pytest.raises(RespondentError, match="has no chat template"):
        chat(template)


def test_a_template_that_says_nothing(chat):
    with pytest.raises(RespondentError, match="of no use: it leaves the user's message out"):
        chat("Hello")


def test_a_template_that_refuses_users(chat):
    with pytest.raises(RespondentError, match="of no use: never"):
        chat("{{ raise_exception('never') }}")


def test_a_template_that_is_broken(chat):
    with pytest.raises(RespondentError, match="of no use"):
        chat("{% for %}")


def test_a_conversation_that_the_template_refuses(chat):
    picky = chat(
        TEMPLATE + "{% if messages | length > 2 %}{{ raise_exception('long') }}{% endif %}"
    )
    with pytest.raises(TemplateError, match="long"):
        picky.ids([SYSTEM, USER, REPLY])


def test_no_thinking_aloud(chat):
    thinks = chat(TEMPLATE + "{% if enable_thinking is not false %}<think>{% endif %}")
    assert not read(thinks, [USER]).endswith("<think>")


def test_folding():
    assert fold([USER, REPLY]) == [USER, REPLY]
    assert fold([SYSTEM]) == [{"role": "user", "content": "Be honest."}]
    assert fold([]) == []


def test_marks_are_no_words(chat):
    speaks = chat(TEMPLATE)
    ids = speaks._tokenizer("4<|end|>")["input_ids"]
    assert speaks.text(ids) == "4"
