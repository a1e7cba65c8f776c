import asyncio
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vaar.respondents.base import Message, Request
from vaar.respondents.simulated.answer_model import answers
from vaar.respondents.simulated.populations import POPULATIONS
from vaar.respondents.simulated.respondent import SimulatedRespondent, count_tokens
from vaar.sessions.prompts import item_question, item_reminder


def simulated(study, name="human-like"):
    return SimulatedRespondent(POPULATIONS[name], study)


def reply(respondent, request):
    return asyncio.run(respondent.reply(request))


@pytest.mark.parametrize("condition", ["item", "block"])
@pytest.mark.parametrize("name", POPULATIONS)
def test_conversations_tell_the_intended_answers(small, run_sessions, name, condition):
    seeds = range(40)
    codes = [item.code for part in small.instruments for item in part.items]
    told, _ = asyncio.run(
        run_sessions(simulated(small, name), small, small.condition[condition], seeds)
    )
    intended = answers(POPULATIONS[name], small, seeds)
    for seed, row in zip(seeds, intended.tolist(), strict=True):
        full = dict(zip(codes, row, strict=True))
        assert told[seed] == {code: full[code] for code in told[seed]}
    assert sum(map(len, told.values())) > 0.97 * intended.size


@pytest.mark.parametrize("name", POPULATIONS)
def test_few_answers_stay_missing(bundled, run_sessions, name):
    seeds = range(60)
    told, replies = asyncio.run(
        run_sessions(simulated(bundled, name), bundled, bundled.conditions[0], seeds)
    )
    asked = 60 * bundled.n_items
    assert sum(map(len, told.values())) >= 0.985 * asked
    assert len(replies) < 1.12 * asked


def test_replies_are_mostly_numbers_and_sometimes_not(bundled, run_sessions):
    _, replies = asyncio.run(
        run_sessions(simulated(bundled, "noisy"), bundled, bundled.conditions[0], range(30))
    )
    counted = Counter(text.isdigit() for text in replies)
    assert 0.6 < counted[True] / len(replies) < 0.85
    assert {"", "four", "**4**", "I'd say 4."} <= set(replies)
    assert any("As an AI" in text for text in replies)


def test_a_fresh_conversation_has_fresh_traits(bundled, ask):
    privacy, _, acceptance = bundled.instruments
    respondent = simulated(bundled)
    opening = item_question(privacy, privacy.items[0], True)
    last = acceptance.items[-1]
    carried = item_question(acceptance, last, False)
    isolated = item_question(acceptance, acceptance.items[0], True)
    pairs = [
        (
            reply(respondent, ask(opening, "4", carried, seed=seed)).text,
            reply(respondent, ask(isolated, "4", carried, seed=seed)).text,
        )
        for seed in range(300)
    ]
    numbers = np.array([pair for pair in pairs if all(text.isdigit() for text in pair)], float)
    assert len(numbers) > 120
    assert abs(np.corrcoef(numbers.T)[0, 1]) < 0.25


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**63 - 1), position=st.integers(0, 15), reminders=st.integers(0, 2))
def test_a_reply_is_a_pure_function_of_name_seed_and_messages(bundled, seed, position, reminders):
    instrument = bundled.instruments[1]
    users = [item_question(instrument, instrument.items[position], True)]
    users += [item_reminder(instrument)] * reminders
    contents = [text for user in users for text in (user, "?")][:-1]
    request = _request(contents, seed)
    used = simulated(bundled)
    for other in range(5):
        reply(used, _request(contents, other))
    assert reply(used, request) == reply(simulated(bundled), request)


def _request(contents, seed):
    messages: list[Message] = [
        {"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(contents)
    ]
    return Request(messages, seed, 1.0, 64)


def test_the_framing_changes_nothing(bundled, ask):
    instrument = bundled.instruments[0]
    request = ask(item_question(instrument, instrument.items[0], True))
    bare = _request([request.messages[1]["content"]], request.seed)
    assert reply(simulated(bundled), request).text == reply(simulated(bundled), bare).text


def test_unknown_questions_get_words(bundled, ask):
    assert "not sure" in reply(simulated(bundled), ask("How are you?")).text


def test_tokens_are_estimated_and_long_replies_cut(bundled, ask):
    whole = reply(simulated(bundled), ask("How are you?"))
    assert whole.output_tokens == count_tokens(len(whole.text)) == 10
    assert whole.input_tokens == count_tokens(len("Hello.How are you?"))
    assert (whole.finish_reason, whole.latency) == ("stop", 0.0)
    cut = reply(simulated(bundled), ask("How are you?", max_tokens=2))
    assert (cut.text, cut.finish_reason, cut.output_tokens) == (whole.text[:8], "length", 2)


def test_it_says_what_it_is(bundled, ask):
    respondent = simulated(bundled, "noisy")
    assert respondent.simulated
    assert respondent.name == reply(respondent, ask("Hello?")).model == "simulated/noisy"


def test_the_distribution_is_that_of_the_answer_and_changes_nothing_else(small, ask):
    instrument = small.instruments[0]
    question = item_question(instrument, instrument.items[0], True)
    choices = tuple(str(value) for value in instrument.scale.values)
    for name in POPULATIONS:
        respondent = simulated(small, name)
        plain = reply(respondent, ask(question, seed=3))
        told = reply(respondent, ask(question, seed=3, choices=choices))
        assert sum(told.distribution) == pytest.approx(1)
        assert len(told.distribution) == len(choices) and 0.7 < told.mass < 1
        assert replace(told, distribution=None, mass=None) == plain
        assert respondent.choices(ask(question).messages) == choices


@pytest.mark.parametrize("choices", [("1", "2"), ("1", "2", "3", "4", "5", "6")])
def test_choices_of_another_scale_have_no_distribution(small, ask, choices):
    instrument = small.instruments[0]
    question = item_question(instrument, instrument.items[0], True)
    assert reply(simulated(small), ask(question, choices=choices)).distribution is None


def test_a_constant_respondent_is_certain(small, ask):
    instrument = small.instruments[0]
    question = item_question(instrument, instrument.items[0], True)
    told = reply(simulated(small, "constant"), ask(question, choices=tuple("12345")))
    assert told.distribution == (0, 0, 1, 0, 0)


def forced(ask, question, seed, response="choice", choices=tuple("12345")):
    asked = ask(question, choices=choices)
    return replace(asked, seed=seed, session_seed=7, response=response, temperature=0.0)


def test_a_forced_answer_is_drawn_from_the_distribution_with_the_turns_seed(small, ask):
    respondent, calm = simulated(small, "noisy"), small.instruments[0]
    question = item_question(calm, calm.items[0], True)
    replies = [reply(respondent, forced(ask, question, seed)) for seed in range(3000)]
    counted = Counter(one.text for one in replies)
    (given,) = {one.distribution for one in replies}
    for answer, share in zip("12345", given, strict=True):
        assert counted[answer] / 3000 == pytest.approx(share, abs=4 * (share / 3000) ** 0.5 + 1e-3)
    assert {one.output_tokens for one in replies} == {1}
    assert {one.mass for one in replies} == {reply(respondent, forced(ask, question, 1)).mass}


def test_a_schema_gives_the_same_answers_and_tells_no_probabilities(small, ask):
    respondent, calm = simulated(small), small.instruments[0]
    question = item_question(calm, calm.items[0], True)
    for seed in range(20):
        drawn, written = (
            reply(respondent, forced(ask, question, seed, form)) for form in ("choice", "schema")
        )
        assert drawn.text == written.text
        assert (written.distribution, written.mass) == (None, None)
