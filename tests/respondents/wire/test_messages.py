from vaar.respondents.wire.messages import spoken, system_text
from vaar.respondents.wire.payloads import NO_REPLY


def test_the_system_message_stands_apart_and_no_message_is_empty(ask):
    messages = ask("One?", " ", "Two?").messages
    assert system_text(messages) == "Hello."
    assert spoken(messages) == [
        {"role": "user", "content": "One?"},
        {"role": "assistant", "content": NO_REPLY},
        {"role": "user", "content": "Two?"},
    ]
    assert messages[2]["content"] == " "


def test_without_a_system_message():
    assert system_text([{"role": "user", "content": "One?"}]) == ""
