import asyncio
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.scripted import first_session
from vaar.respondents.base import Request
from vaar.respondents.simulated.answer_model import AnswerModel, identity
from vaar.respondents.simulated.populations import POPULATIONS
from vaar.respondents.simulated.respondent import SimulatedRespondent
from vaar.sessions.administered import administered, direction_of, framing_of
from vaar.sessions.plan import plan_sessions
from vaar.sessions.protocol import code_turn, conduct
from vaar.sessions.questions import questions
from vaar.sessions.transcript import requests
from vaar.sessions.workload import expected_workload
from vaar.study.load import load_study
from vaar.study.model import Item, Persona, Variation

BUNDLED = load_study("privacy_prosocial_published")


def paraphrased(instrument):
    items = (
        replace(i, paraphrases=(("plain", f"Put plainly: {i.text}"),)) for i in instrument.items
    )
    return replace(instrument, items=tuple(items))


@pytest.fixture
def worded(study):
    return replace(study, instruments=tuple(map(paraphrased, study.instruments)))


def test_an_item_without_the_paraphrase_keeps_its_text():
    item = Item("a", "As it is.", paraphrases=(("plain", "So."),))
    assert (item.worded("plain"), item.worded("other")) == ("So.", "As it is.")
    assert item.texts == ("As it is.", "So.")


def test_a_wording_changes_texts_and_nothing_else(worded):
    alpha = worded.instruments[0]
    session = replace(first_session(worded), paraphrase="plain")
    shown = administered(alpha, session)
    assert [item.text for item in shown.items] == [f"Put plainly: {i.text}" for i in alpha.items]
    assert [item.code for item in shown.items] == [item.code for item in alpha.items]
    assert administered(alpha, first_session(worded)) is alpha


@given(st.integers(0, 2**31 - 1))
def test_shuffled_items_are_asked_once_each_in_an_order_of_the_session(seed):
    study = BUNDLED
    session = replace(first_session(study, seed), item_order="shuffled")
    asked = [code for question in questions(study, session) for code in question.codes]
    plain = [item.code for part in study.instruments for item in part.items]
    assert sorted(asked) == sorted(plain)
    again = [code for question in questions(study, session) for code in question.codes]
    assert asked == again
    place = {code: n for n, part in enumerate(study.instruments) for code in part.by_code}
    assert [place[code] for code in asked] == sorted(place[code] for code in asked)


def test_the_scale_is_listed_from_either_end(study):
    shown = {}
    for options in ("ascending", "descending"):
        session = replace(first_session(study), scale_direction=options)
        shown[options] = next(conduct(study, session)).messages[-1]["content"]
    scale = ["1 = Never", "2 = Rarely", "3 = Sometimes", "4 = Often", "5 = Always"]
    assert "\n".join(scale) in shown["ascending"]
    assert "\n".join(reversed(scale)) in shown["descending"]


def test_a_persona_is_told_after_the_framing_in_every_conversation(study):
    who = Persona("p1", (("age", "34"), ("place", "{age}")))
    variation = Variation(persona_text="You are {age}, {id}, in {place}.")
    isolated = replace(study.conditions[0], history="isolated")
    told = replace(study, conditions=(isolated,), variation=variation, personas=(who,))
    session = replace(first_session(told), persona="p1")
    words = "You answer a survey.\n\nYou are 34, p1, in {age}."
    assert framing_of(told, isolated, session, told.instruments[0].items[0]) == words
    conversation = conduct(told, session)
    asks = [next(conversation)]
    for _ in range(4):
        asks.append(conversation.send(replies("3")))
    assert all(ask.messages[0] == {"role": "system", "content": words} for ask in asks)


def replies(text):
    from vaar.respondents.base import Reply

    return Reply(text)


variations = st.builds(
    Variation,
    order=st.sampled_from(["fixed", "counterbalanced"]),
    items=st.sampled_from(["fixed", "shuffled"]),
    options=st.sampled_from(["ascending", "descending", "alternating"]),
    wordings=st.sampled_from([("original",), ("plain",), ("original", "plain")]),
)


@settings(deadline=None, max_examples=40)
@given(variations, st.sampled_from(["item", "block"]), st.integers(1, 30))
def test_what_a_simulated_respondent_means_is_what_is_coded(variation, presentation, number):
    """From plan over prompts, an answer in words and its coding, whatever varies."""
    bundled = BUNDLED
    condition = replace(bundled.conditions[0], presentation=presentation)
    study = replace(
        bundled,
        instruments=tuple(map(paraphrased, bundled.instruments)),
        conditions=(condition,),
        variation=variation,
    )
    population = replace(POPULATIONS["human-like"], refusal=0.0, rubbish=0.0)
    respondent = SimulatedRespondent(population, study)
    session = plan_sessions(study, ["r"], number, seed=4)[-1]
    coded = {}
    conversation = conduct(study, session)
    ask = next(conversation)
    for question in questions(study, session):
        request = Request(ask.messages, session.seed, 1.0, 4096)
        reply = asyncio.run(respondent.reply(request))
        coded |= code_turn(question, question.codes, reply)
        try:
            ask = conversation.send(reply)
        except StopIteration:
            break
    opening = questions(study, session)[0].codes[0]
    model = AnswerModel(population, study)
    meant = model.values(model.normals(identity(population.name, session.seed, opening)))
    assert {code: answer.value for code, answer in coded.items()} == dict(
        zip(model.codes, meant.tolist(), strict=True)
    )


def test_mirrored_sessions_list_every_item_from_its_other_end():
    svo = load_study("social_value_orientation")
    session = plan_sessions(svo, ["r"], 1, seed=4)[0]
    directions = {
        way: [
            direction_of(replace(session, scale_direction=way), part, item)
            for part in svo.instruments
            for item in part.coded_items
        ]
        for way in ("drawn", "drawn_mirrored")
    }
    assert all(a != b for a, b in zip(*directions.values(), strict=True))
    assert len(set(directions["drawn"])) == 2


def test_where_each_item_has_its_conversation_the_framing_may_name_its_facts(study):
    part = study.instruments[0]
    items = tuple(
        replace(item, facts=(("rule", f"Rule {n}."),)) for n, item in enumerate(part.items)
    )
    condition = replace(
        study.conditions[0], history="fresh", order=(part.code,), framing="", system="{rule} Go."
    )
    told = replace(study, instruments=(replace(part, items=items),), conditions=(condition,))
    session = replace(first_session(told), instrument_order=())
    asked = list(requests(told, session))
    assert [one.messages[0]["content"] for one in asked] == ["Rule 0. Go.", "Rule 1. Go."]
    assert all(len(one.messages) == 2 for one in asked)
    assert all(one.messages[1]["content"].startswith(part.instructions) for one in asked)
    loads = [expected_workload(told, session, reasks=0.0)]
    assert loads[0].turns == 2
