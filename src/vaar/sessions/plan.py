"""Which sessions a run consists of, and what they are expected to send."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from vaar.sessions.administered import framing_of
from vaar.sessions.design import variants
from vaar.sessions.protocol import questions, wording
from vaar.sessions.records import Session
from vaar.study.model import Study

CHARACTERS_PER_TOKEN = 4  # usual for English prose; the plan says it is an estimate
REPLY_TOKENS = 2  # one number
BLOCK_REPLY_TOKENS = 8  # a code and its number, for each item
SAMPLED = 32  # sessions of which the plan estimates the length


def plan_sessions(
    study: Study, respondents: Sequence[str], sessions: int, seed: int
) -> list[Session]:
    """Lay out a run: every respondent, in every condition, ``sessions`` times.

    Replicates come in rounds, so that every group grows at the same pace. A replicate has the
    same sampling seed for every respondent and in every condition.
    """
    varied = {
        condition.name: list(variants(study, condition, sessions, seed))
        for condition in study.conditions
    }
    planned = (
        (respondent, condition.name, replicate)
        for replicate in range(1, sessions + 1)
        for respondent in respondents
        for condition in study.conditions
    )
    return [
        Session(
            number=number,
            group=group_name(study, respondent, condition),
            respondent=respondent,
            condition=condition,
            replicate=replicate,
            seed=session_seed(seed, replicate),
            persona=variant.persona,
            instrument_order=variant.instrument_order,
            item_order=study.variation.items,
            scale_direction=variant.scale_direction,
            paraphrase=variant.paraphrase,
        )
        for number, (respondent, condition, replicate) in enumerate(planned, start=1)
        for variant in (varied[condition][replicate - 1],)
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
    """What sessions are expected to send if no item is re-asked.

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


def expected_workload(study: Study, session: Session) -> Workload:
    """Estimate one session's turns and tokens."""
    condition = study.condition[session.condition]
    framing = len(framing_of(study, condition, session))
    turns = total_in = total_out = history = 0
    for question in questions(study, session):
        if not turns or (condition.history == "isolated" and question.opens_instrument):
            history = framing
        reply_tokens = BLOCK_REPLY_TOKENS * len(question.codes) if question.block else REPLY_TOKENS
        history += len(wording(question, question.codes))
        turns += 1
        total_in += history // CHARACTERS_PER_TOKEN
        total_out += reply_tokens
        history += reply_tokens * CHARACTERS_PER_TOKEN
    return Workload(turns, total_in, total_out)


def expected_total(study: Study, sessions: Sequence[Session]) -> Workload:
    """Estimate the turns and tokens of a group's sessions from the first of them."""
    loads = [expected_workload(study, session) for session in sessions[:SAMPLED]]
    scale = len(sessions) / max(len(loads), 1)
    return Workload(*(round(scale * sum(part)) for part in zip(*map(astuple, loads), strict=True)))
