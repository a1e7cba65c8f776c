"""Which sessions a run consists of, and what they are expected to send."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from vaar.session.prompts import block_question, item_question
from vaar.session.records import Session
from vaar.study.model import Condition, Study

CHARACTERS_PER_TOKEN = 4  # usual for English prose; the plan says it is an estimate
REPLY_TOKENS = 2  # one number


def plan_sessions(
    study: Study, respondents: Sequence[str], sessions: int, seed: int
) -> list[Session]:
    """Lay out a run: every respondent, in every condition, ``sessions`` times.

    Replicates come in rounds, so that every group grows at the same pace. A replicate has the
    same sampling seed for every respondent and in every condition.
    """
    planned = (
        (respondent, condition, replicate)
        for replicate in range(1, sessions + 1)
        for respondent in respondents
        for condition in study.conditions
    )
    return [
        Session(
            number=number,
            group=group_name(study, respondent, condition.name),
            respondent=respondent,
            condition=condition.name,
            replicate=replicate,
            seed=session_seed(seed, replicate),
            order=condition.order,
        )
        for number, (respondent, condition, replicate) in enumerate(planned, start=1)
    ]


def group_name(study: Study, respondent: str, condition: str) -> str:
    """Name the group: the respondent, with the condition where a study has several."""
    return f"{respondent} [{condition}]" if len(study.conditions) > 1 else respondent


def session_seed(run_seed: int, replicate: int) -> int:
    """A 31-bit seed (the widest that all servers take), distinct for every replicate of a run."""
    digest = hashlib.blake2b(str(run_seed).encode(), digest_size=4).digest()
    return (int.from_bytes(digest) + replicate) % 2**31


@dataclass(frozen=True)
class Workload:
    """What one session is expected to send if no item is re-asked.

    Attributes
    ----------
    turns : int
        Requests.
    input_tokens, output_tokens : int
        Estimated from the length of the text; history is counted each time it is sent.
    """

    turns: int
    input_tokens: int
    output_tokens: int


def expected_workload(study: Study, condition: Condition) -> Workload:
    """Estimate one session's turns and tokens."""
    turns = total_in = total_out = history = 0
    framing = len(condition.framing)
    for position, code in enumerate(condition.order):
        if position == 0 or condition.history == "isolated":
            history = framing
        instrument = study.instrument[code]
        if condition.presentation == "block":
            asked = [(block_question(instrument), 8 * len(instrument.items))]
        else:
            asked = [
                (item_question(instrument, item, first=n == 0), REPLY_TOKENS)
                for n, item in enumerate(instrument.items)
            ]
        for question, reply_tokens in asked:
            history += len(question)
            turns += 1
            total_in += history // CHARACTERS_PER_TOKEN
            total_out += reply_tokens
            history += reply_tokens * CHARACTERS_PER_TOKEN
    return Workload(turns, total_in, total_out)
