"""Only the names of a proper end are proper: every other reason is cut, withheld, or failed."""

from __future__ import annotations

import pytest

from support.scales import AGREEMENT
from vaar.coding.answer import Answer, Reason
from vaar.coding.finish import Ending, ending
from vaar.coding.reply import code_reply, declines
from vaar.coding.words import words_of

PROPER = words_of(
    "stop STOP stopped end eos EOS eos_token stop_sequence stop_token stop_str end_turn endTurn "
    "END_OF_TURN COMPLETE completed done finished finish FinishReason.STOP FINISH_REASON_STOP "
    "tool_calls tool_use function_call null None"
)
CUT = words_of(
    "length LENGTH FINISH_REASON_LENGTH max_tokens MAX_TOKENS maxTokens max_output_tokens "
    "max_new_tokens max_completion_tokens model_length token_limit context_length "
    "context_length_exceeded model_context_window_exceeded context_window_full ERROR_LIMIT "
    "incomplete truncated pause_turn max_turns CONTINUATION unknown"
)
WITHHELD = words_of(
    "content_filter content-filter contentFilter content_filtered CONTENT_FILTERED SAFETY safety "
    "IMAGE_SAFETY refusal sensitive BLOCKLIST blocked PROHIBITED_CONTENT IMAGE_PROHIBITED_CONTENT "
    "RECITATION IMAGE_RECITATION SPII pii ERROR_TOXIC guardrail_intervened moderation MODEL_ARMOR "
    "policy_violation flagged data_inspection_failed"
)
FAILED = words_of(
    "error ERROR server_error network_error abort aborted cancelled canceled USER_CANCEL timeout "
    "insufficient_system_resource engine_overloaded failed OTHER other LANGUAGE ESCALATION "
    "MALFORMED_RESPONSE MALFORMED_FUNCTION_CALL UNEXPECTED_TOOL_CALL NO_IMAGE repetition 2 ? "
    "something_new"
)


@pytest.mark.parametrize("name", ["", *PROPER])
def test_a_proper_end(name: str) -> None:
    assert ending(name) is Ending.PROPER
    assert code_reply("I would say 3", AGREEMENT, name) == Answer(value=3)


@pytest.mark.parametrize("name", CUT)
def test_a_cut_reply_counts_only_where_the_whole_of_it_is_an_answer(name: str) -> None:
    assert ending(name) is Ending.CUT
    assert code_reply("I would say 3", AGREEMENT, name) == Answer(reason=Reason.TRUNCATED)
    assert code_reply("3", AGREEMENT, name) == Answer(value=3)


@pytest.mark.parametrize("name", WITHHELD)
def test_a_withheld_reply_is_a_refusal(name: str) -> None:
    assert ending(name) is Ending.WITHHELD
    assert code_reply("3", AGREEMENT, name) == Answer(reason=Reason.REFUSED)
    assert declines("3", name)


@pytest.mark.parametrize("name", FAILED)
def test_a_failed_reply_has_no_value(name: str) -> None:
    assert ending(name) is Ending.FAILED
    assert code_reply("3", AGREEMENT, name) == Answer(reason=Reason.PROVIDER_ERROR)
    assert not declines("I can't answer that.", name)


@pytest.mark.parametrize("name", PROPER)
def test_a_longer_name_is_no_proper_end(name: str) -> None:
    assert ending(f"{name}_x") is not Ending.PROPER
    assert ending(f"un{name}") is not Ending.PROPER
