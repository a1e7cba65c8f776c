from dataclasses import replace

import pytest

from support.scripted import first_session, tiny_study, with_condition
from vaar.respondents.base import Reply
from vaar.sessions.protocol import conduct
from vaar.sessions.records import Turn
from vaar.sessions.transcript import requests, transcript
from vaar.study.model import Persona, Variation

VARIED = Variation(options="descending", persona_text="You are {age}.")


def studies():
    plain = tiny_study()
    isolated = with_condition(plain, history="isolated")
    return {
        "carried": plain,
        "isolated": isolated,
        "block": with_condition(plain, presentation="block"),
        "unframed": with_condition(plain, framing=""),
        "persona": replace(isolated, variation=VARIED, personas=(Persona("p", (("age", "30"),)),)),
    }


def asked(study, session, answer):
    """All requests and replies of a session, as they went over the wire."""
    conversation, turns, wire = conduct(study, session), [], []
    try:
        request = next(conversation)
        while True:
            reply = Reply(answer(request, len(turns)), model="m")
            turns.append(Turn(session.number, request.turn, request.attempt, reply))
            wire.append([dict(message) for message in request.messages])
            request = conversation.send(reply)
    except StopIteration:
        return turns, wire


def flaky(request, number):
    """A refusal now and then; else an answer."""
    if number % 3 == 1:
        return "I cannot answer that."
    if request.schema is None:
        return "4"
    codes = list(request.schema["properties"])
    return "{" + ", ".join(f'"{code}": 4' for code in codes[: 1 + number % 2]) + "}"


@pytest.mark.parametrize("kind", studies())
def test_the_conversation_is_what_went_over_the_wire(kind):
    study = studies()[kind]
    session = replace(first_session(study), persona="p" if study.personas else "")
    turns, wire = asked(study, session, flaky)
    found = transcript(study, session, turns, "complete", None)
    assert any(exchange.attempt for exchange in found.exchanges)
    conversations = []
    for exchange in found.exchanges:
        if exchange.system is not None:
            conversations.append([])
            if exchange.system:
                conversations[-1].append({"role": "system", "content": exchange.system})
        conversations[-1].append({"role": "user", "content": exchange.prompt})
        assert conversations[-1] == wire.pop(0)
        conversations[-1].append({"role": "assistant", "content": exchange.reply.text})
    assert not wire
    assert len(conversations) == (2 if study.conditions[0].history == "isolated" else 1)
    assert found.messages == [message for one in conversations for message in one]


def test_answers_stand_beside_the_replies():
    study = tiny_study()
    turns, _ = asked(study, first_session(study), flaky)
    found = transcript(study, first_session(study), turns, "failed", "limit: 4 turns")
    first, second, *_ = found.exchanges
    assert (first.instrument, first.answers["alpha_1"].value) == ("alpha", 4)
    assert second.answers["alpha_2"].reason == "refused"
    assert found.reason == "limit: 4 turns"


def test_what_todays_rules_would_not_have_asked_again_has_the_prompt_that_it_had():
    study = tiny_study()
    turns, _ = asked(study, first_session(study), lambda request, number: "4")
    again = replace(turns[0], attempt=1)
    found = transcript(study, first_session(study), [turns[0], again, *turns[1:]], "complete", None)
    assert found.exchanges[1].prompt is not None
    assert found.exchanges[1].prompt.startswith("Please answer with one number")
    assert len(found.messages) == 1 + 2 * (len(turns) + 1)


def test_behind_a_missing_reply_no_prompt_can_be_told():
    study = tiny_study()
    turns, _ = asked(study, first_session(study), lambda request, number: "4")
    found = transcript(study, first_session(study), [turns[0], *turns[2:]], "pending", None)
    assert [e.prompt is None for e in found.exchanges] == [False, *[True] * (len(turns) - 2)]


def test_a_reply_that_would_have_been_asked_for_again_changes_no_later_prompt():
    study = tiny_study()
    turns, wire = asked(study, first_session(study), lambda request, number: "4")
    refused = replace(turns[1], reply=Reply("I cannot answer that."))
    found = transcript(
        study, first_session(study), [turns[0], refused, *turns[2:]], "complete", None
    )
    assert [e.prompt for e in found.exchanges] == [request[-1]["content"] for request in wire]


@pytest.mark.parametrize("kind", studies())
def test_what_would_be_sent_is_what_is_sent_when_all_is_answered(kind):
    study = studies()[kind]
    session = replace(first_session(study), persona="p" if study.personas else "")

    def willing(request, number):
        if request.schema is None:
            return "1"
        return "{" + ", ".join(f'"{code}": 1' for code in request.schema["properties"]) + "}"

    _, wire = asked(study, session, willing)
    told = [[dict(message) for message in request.messages] for request in requests(study, session)]
    for messages in wire:
        for message in messages:
            if message["role"] == "assistant":
                message["content"] = ""
    assert told == wire
