import itertools
from dataclasses import replace

import pytest

from support.scripted import first_session, with_condition
from vaar.respondents.base import Reply
from vaar.sessions.protocol import conduct
from vaar.sessions.questions import questions


def drive(study, replies):
    """Conduct the first condition's session with the given replies; return the asks as sent."""
    conversation = conduct(study, first_session(study))
    asks = []
    answers = iter(replies)
    try:
        ask = next(conversation)
        while True:
            asks.append((ask.turn, ask.attempt, [dict(m) for m in ask.messages], ask))
            ask = conversation.send(Reply(next(answers)))
    except StopIteration:
        assert next(answers, None) is None, "the session ended before its replies did"
    return asks


def test_one_item_a_turn_in_order(study):
    asks = drive(study, ["1", "2", "3", "4", "5"])
    assert [(turn, attempt) for turn, attempt, _, _ in asks] == [(n, 0) for n in range(5)]
    shown = [messages[-1]["content"] for _, _, messages, _ in asks]
    for text, code in zip(shown, ["alpha 1", "alpha 2", "beta 1", "beta 2", "beta 3"], strict=True):
        assert f"Statement {code}." in text
        assert "Answer with one number from 1 to 5." in text


def test_instructions_and_scale_open_each_instrument_only(study):
    shown = [messages[-1]["content"] for _, _, messages, _ in drive(study, "12345")]
    assert ["About" in text for text in shown] == [True, False, True, False, False]
    assert ["4 = Often" in text for text in shown] == [True, False, True, False, False]


def test_carried_history_holds_every_earlier_message(study):
    asks = drive(study, "12345")
    last = asks[-1][2]
    assert last[0] == {"role": "system", "content": "You answer a survey."}
    assert [m["role"] for m in last] == ["system", *["user", "assistant"] * 4, "user"]
    assert [m["content"] for m in last if m["role"] == "assistant"] == list("1234")
    for (_, _, earlier, _), (_, _, later, _) in itertools.pairwise(asks):
        assert later[: len(earlier)] == earlier, "history must only grow at its end"


def test_isolated_history_starts_afresh_for_each_instrument(study):
    asks = drive(with_condition(study, history="isolated"), "12345")
    lengths = [len(messages) for _, _, messages, _ in asks]
    assert lengths == [2, 4, 2, 4, 6]
    assert all("alpha" not in str(messages) for turn, _, messages, _ in asks if turn >= 2)


def test_no_framing_sends_no_system_message(study):
    asks = drive(with_condition(study, framing=""), "12345")
    assert asks[0][2][0]["role"] == "user"


def test_order_of_instruments_follows_the_condition(study):
    asks = drive(with_condition(study, order=("beta", "alpha")), "12345")
    assert "Statement beta 1." in asks[0][2][-1]["content"]


def test_unreadable_reply_is_asked_again_in_the_same_conversation(study):
    asks = drive(study, ["maybe", "no idea", "2", "1", "1", "1", "1"])
    assert [(t, a) for t, a, _, _ in asks[:4]] == [(0, 0), (0, 1), (0, 2), (1, 0)]
    reminder = asks[1][2][-1]["content"]
    assert reminder == "Please answer with one number from 1 to 5, and nothing else."
    assert asks[1][2][-2] == {"role": "assistant", "content": "maybe"}


@pytest.mark.parametrize("reasks", [0, 1, 2])
def test_reasks_are_bounded(study, reasks):
    study = replace(study, limits=replace(study.limits, reasks=reasks))
    asks = drive(study, ["?"] * 5 * (reasks + 1))
    assert len(asks) == 5 * (reasks + 1)


def test_block_asks_an_instrument_a_turn_with_a_schema(study):
    asks = drive(
        with_condition(study, presentation="block"),
        ['{"alpha_1": 1, "alpha_2": 2}', '{"beta_1": 1, "beta_2": 2, "beta_3": 3}'],
    )
    assert [(t, a) for t, a, _, _ in asks] == [(0, 0), (1, 0)]
    first = asks[0][3]
    assert first.schema["required"] == ["alpha_1", "alpha_2"]
    assert first.schema["properties"]["alpha_1"]["enum"] == [1, 2, 3, 4, 5]
    assert first.max_tokens == 2 * study.limits.reply_tokens
    assert "alpha_2: Statement alpha 2." in asks[0][2][-1]["content"]


def test_block_asks_again_only_for_what_is_missing(study):
    asks = drive(
        with_condition(study, presentation="block"),
        [
            '{"alpha_1": 1}',
            '{"alpha_2": 2}',
            '{"beta_1": 1, "beta_2": 2, "beta_3": 3}',
        ],
    )
    again = asks[1]
    assert (again[0], again[1]) == (0, 1)
    assert again[3].schema["required"] == ["alpha_2"]
    assert "alpha_1" not in again[2][-1]["content"]


def test_questions_cover_every_item_once(study):
    for presentation in ("item", "block"):
        changed = with_condition(study, presentation=presentation)
        codes = [c for q in questions(changed, first_session(changed)) for c in q.codes]
        assert codes == ["alpha_1", "alpha_2", "beta_1", "beta_2", "beta_3"]


@pytest.mark.parametrize("response", ["choice", "schema"])
def test_a_forced_answer_is_asked_for_once(study, response):
    asks = drive(with_condition(study, response=response), ["1", "", "3", "nothing", "5"])
    assert [(turn, attempt) for turn, attempt, _, _ in asks] == [(n, 0) for n in range(5)]
    assert {(ask.response, ask.choices) for _, _, _, ask in asks} == {(response, tuple("12345"))}
    said = [m["content"] for m in asks[-1][2] if m["role"] == "assistant"]
    assert said == ["1", "", "3", "nothing"]
