import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vaar.coding.answer import Reason
from vaar.coding.block import code_block
from vaar.coding.reply import code_reply
from vaar.respondents.simulated.populations import POPULATIONS
from vaar.respondents.simulated.reply_texts import REASK_SHARE, phrase_block, phrase_item
from vaar.study.model import ResponseScale

AGREEMENT = ResponseScale(("Disagree", "Rather disagree", "Undecided", "Rather agree", "Agree"))
SCALES = (
    AGREEMENT,
    ResponseScale(("Never", "Rarely", "Sometimes", "Often", "Always"), first=0),
    ResponseScale(("1 star", "2 stars", "3 stars")),
    ResponseScale(("low", "", "", "", "", "", "high")),
)
CLEAR = replace(POPULATIONS["human-like"], refusal=0.0, rubbish=0.0)
REFUSING = replace(CLEAR, refusal=1.0)
RAMBLING = replace(CLEAR, rubbish=1.0)

unit = st.floats(0, 1, exclude_max=True)
uniforms = st.tuples(unit, unit, unit)
shown = settings(deadline=None, max_examples=300)


@shown
@given(scale=st.sampled_from(SCALES), uniforms=uniforms, data=st.data())
def test_every_style_is_read_as_the_intended_value(scale, uniforms, data):
    value = data.draw(st.sampled_from(scale.values))
    text = phrase_item(value, scale, CLEAR, 0, uniforms)
    assert code_reply(text, scale).value == value, text


@shown
@given(uniforms=uniforms, value=st.sampled_from(AGREEMENT.values))
def test_a_refusal_is_read_as_one(uniforms, value):
    text = phrase_item(value, AGREEMENT, REFUSING, 0, uniforms)
    assert code_reply(text, AGREEMENT).reason == Reason.REFUSED, text


@shown
@given(uniforms=uniforms, value=st.sampled_from(AGREEMENT.values))
def test_rubbish_has_no_value(uniforms, value):
    text = phrase_item(value, AGREEMENT, RAMBLING, 0, uniforms)
    reason = code_reply(text, AGREEMENT).reason
    assert reason in (Reason.UNPARSEABLE, Reason.OUT_OF_RANGE), text


def test_both_kinds_of_rubbish_occur():
    texts = {phrase_item(3, AGREEMENT, RAMBLING, 0, (0.0, 0.5, n / 50)) for n in range(50)}
    reasons = {code_reply(text, AGREEMENT).reason for text in texts}
    assert reasons == {Reason.UNPARSEABLE, Reason.OUT_OF_RANGE}
    assert "" in texts


def test_a_re_ask_is_spoilt_at_its_own_rate():
    spoilt = [
        phrase_item(3, AGREEMENT, REFUSING, 1, ((n + 0.5) / 100, 0.5, 0.5)) != "3"
        for n in range(100)
    ]
    assert sum(spoilt) == pytest.approx(100 * REASK_SHARE)


def test_a_population_that_never_spoils_never_spoils_a_re_ask():
    assert phrase_item(3, AGREEMENT, CLEAR, 1, (0.0, 0.0, 0.0)) == "3"


@shown
@given(uniforms=uniforms, values=st.lists(st.sampled_from(AGREEMENT.values), min_size=1))
def test_every_block_is_read_as_intended(uniforms, values):
    told = {f"item_{n}": value for n, value in enumerate(values)}
    text = phrase_block(told, CLEAR, 0, uniforms)
    read = code_block(text, tuple(told), AGREEMENT)
    assert {code: answer.value for code, answer in read.items()} == told


def test_a_spoilt_block_lacks_one_code():
    told = {"a": 1, "b": 2, "c": 3}
    lacking = json.loads(phrase_block(told, RAMBLING, 0, (0.0, 0.5, 0.4)))
    assert lacking == {"a": 1, "c": 3}


def test_a_refused_block_is_no_json():
    answers = code_block(phrase_block({"a": 1}, REFUSING, 0, (0.0, 0.5, 0.4)), ("a",), AGREEMENT)
    assert answers["a"].value is None
