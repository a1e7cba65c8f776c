import pytest

from support.scripted import first_session, tiny_study, with_condition
from vaar.respondents.base import Reply
from vaar.sessions.plan import plan_sessions
from vaar.sessions.protocol import conduct
from vaar.sessions.workload import expected_total, expected_workload


def load(study, **options):
    return expected_workload(study, first_session(study), **options)


def test_workload_counts_turns_and_growing_history(study):
    carried = load(study, reasks=0)
    isolated = load(with_condition(study, history="isolated"), reasks=0)
    block = load(with_condition(study, presentation="block"), reasks=0)
    assert (carried.turns, isolated.turns, block.turns) == (5, 5, 2)
    assert carried.input_tokens > isolated.input_tokens
    assert carried.output_tokens == 10


@pytest.mark.parametrize("presentation", ["item", "block"])
@pytest.mark.parametrize("reasks", [0, 1, 2])
def test_it_is_what_a_session_sends_where_every_question_is_asked_so_often(presentation, reasks):
    """Replies have as many characters as are reckoned with; the last of each turn is an answer."""
    study = with_condition(tiny_study(), presentation=presentation)
    reckoned = load(study, reasks=reasks)
    conversation = conduct(study, first_session(study))
    turns, characters = 0, 0
    asked = next(conversation)
    try:
        while True:
            turns += 1
            characters += sum(len(message["content"]) for message in asked.messages)
            codes = 1 if presentation == "item" else {0: 2, 1: 3}[asked.turn]
            length = 8 if presentation == "item" else 32 * codes
            answer = "4" if asked.attempt == reasks else "?"
            if presentation == "block" and answer == "4":
                names = {0: "alpha", 1: "beta"}[asked.turn]
                pairs = ", ".join(f'"{names}_{n}": 4' for n in range(1, codes + 1))
                answer = f"{{{pairs}}}"
            asked = conversation.send(Reply(answer.ljust(length)))
    except StopIteration:
        pass
    assert reckoned.turns == turns
    assert reckoned.input_tokens == pytest.approx(characters / 4, rel=0.01)


def test_thoughts_come_on_top_of_every_reply(study):
    without, with_thoughts = load(study), load(study, thoughts=1000)
    assert with_thoughts.reasoning_tokens == with_thoughts.turns * 1000
    assert with_thoughts.output_tokens == without.output_tokens + with_thoughts.reasoning_tokens
    assert with_thoughts.input_tokens == without.input_tokens


def test_one_question_in_ten_is_expected_to_be_asked_again(study):
    assert load(study).turns == pytest.approx(5.5)


def test_a_groups_sessions_together(study):
    sessions = plan_sessions(study, ["m"], 100, seed=1)
    whole, one = expected_total(study, sessions), load(study)
    assert whole.turns == pytest.approx(100 * one.turns)
    assert whole.input_tokens == pytest.approx(100 * one.input_tokens)


def test_a_forced_answer_is_one_token_and_never_asked_again(study):
    words = load(study, reasks=0)
    choice, schema = (
        load(with_condition(study, response=response), reasks=2)
        for response in ("choice", "schema")
    )
    assert (choice.turns, choice.output_tokens) == (5, 5)
    assert (schema.turns, schema.output_tokens) == (5, 35)
    assert choice.input_tokens == schema.input_tokens < words.input_tokens
